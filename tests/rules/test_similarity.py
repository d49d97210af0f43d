"""How texts are cut and compared, and the index of it, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from conversations.similarity import Problem, common, likeness, rarity, terms, worth_showing
from storage import case_terms
from storage.case_terms import CaseTerm
from storage.customers import Customer
from tests.support.storage import House, a_case

TEXTS = st.text(max_size=80)
MIXED = st.text(alphabet="右前控制臂衬套生锈异响 abc 12-,。", max_size=40)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A database on either engine."""
    house = House(database_url, tmp_path)
    yield house
    house.close()


@given(TEXTS, TEXTS, st.lists(MIXED, max_size=3))
def test_no_text_crashes_and_every_likeness_is_a_share(one: str, other: str, names: list[str]) -> None:
    """
    Whatever people type is cut and compared, both ways round the same, from 0 to 1.
    """
    ours, theirs = terms(one, names), terms(other, names)
    weights = {term: rarity(1, 10) for term in ours}

    assert 0 <= common(ours, theirs, weights) <= 1
    assert common(ours, theirs, weights) == common(theirs, ours, weights)
    assert not ours or common(ours, ours, weights) == pytest.approx(1)
    assert len(set(ours)) == len(ours)


@given(MIXED)
def test_the_way_of_typing_makes_no_difference(text: str) -> None:
    """
    Full width, capitals and spaces at the ends are the same text.
    """
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)

    assert terms(f"  {text.upper()} ") == terms(text) == terms(wide)


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("衬套异响", (), ("衬套", "套异", "异响")),
        ("B柱异响", (), ("b", "柱异", "异响")),
        ("一汽大众朗逸异味", ("一汽-大众", "朗逸"), ("异味",)),
        ("控制臂异响", ("前下控制臂总成",), ("异响",)),
        ("CX-4异响", ("CX-4",), ("异响",)),
        ("凌岳", ("凌岳",), ("凌岳",)),
        ("The parts are rusted, rusting", (), ("part", "rust", "part rust", "rust rust")),
        ("", (), ()),
    ],
)
def test_a_text_is_cut_into_what_it_says(text: str, names: tuple[str, ...], found: tuple[str, ...]) -> None:
    """
    Chinese in pairs, English in words without endings; names of customer and product say nothing new.
    """
    assert terms(text, names) == found


def test_what_is_shared_counts_more_the_rarer_it_is() -> None:
    """
    The same customer and product alone show nothing, nor do the words alone of another customer's other product.
    """
    ours = Problem(text="异响", customer="K01", product="LG-1010")

    assert rarity(1, 1000) > rarity(500, 1000) > 0
    assert not worth_showing(likeness(ours, ours, 0.0), 0.0)
    assert worth_showing(likeness(ours, ours, 0.3), 0.3)
    assert not worth_showing(likeness(ours, Problem(text="异响", customer="K02", product="LG-1020"), 1.0), 1.0)


def test_the_closest_come_first_and_the_newest_of_equals(house: House) -> None:
    """
    More of the same words before fewer, the same words in the order of their receipt, and never what was taken back.
    """
    told = (
        ("衬套处生锈", "sales_handling"), ("衬套处开裂", "closed"), ("衬套处生锈", "closed"), ("衬套处生锈", "void"),
        ("标签贴错", "closed"),
    )  # fmt: skip
    for title, step in told:
        with house.database.begin() as uow:
            uow.case_terms.remember(a_case(uow, title=title, step=step, customer="K01", product="P"))
        house.clock.later(minutes=1)
    with house.database.begin() as uow:
        found = uow.similar.closest("complaint", Problem(text="衬套处生锈了", customer="K01", product="P"))
        titles = [uow.cases.get(alike.case_id).title for alike in found]  # type: ignore[union-attr]  # they are there
        assert titles == ["衬套处生锈", "衬套处生锈", "衬套处开裂"]
        assert found[0].case_id > found[1].case_id
        assert found[0].likeness > found[2].likeness
        assert uow.similar.closest("task", Problem(text="衬套处生锈了", customer="K01", product="P")) == []
        assert uow.similar.closest("complaint", Problem(text="", customer="K01")) == []


def test_another_customers_case_is_found_by_its_rare_words(house: House) -> None:
    """
    The same product at another customer with the same words is the same problem, too.
    """
    with house.database.begin() as uow:
        uow.customers.add(Customer(code="K01", name="凌岳汽车有限公司", short="凌岳"))
        uow.case_terms.remember(a_case(uow, title="凌岳反映衬套处生锈", customer="K01", product="P"))
    with house.database.begin() as uow:
        (found,) = uow.similar.closest("complaint", Problem(text="反映衬套处生锈", customer="K02", product="P"))
        assert found.text == pytest.approx(1)
        assert worth_showing(found.likeness, found.text)


def test_a_rebuilt_index_is_the_same(house: House) -> None:
    """
    What a rebuild enters is what was entered case by case.
    """
    with house.database.begin() as uow:
        for title in ("衬套处生锈", "Rust on the knuckle", ""):
            uow.case_terms.remember(a_case(uow, title=title, customer="K01"))
        before = _index(uow.session.connection())
        case_terms.rebuild(uow.session.connection())
        assert _index(uow.session.connection()) == before
        assert len(before) == 7


def _index(connection: sa.Connection) -> list[tuple[object, ...]]:
    order = (CaseTerm.case_id, CaseTerm.term)
    return [tuple(row) for row in connection.execute(sa.select(CaseTerm.case_id, CaseTerm.term).order_by(*order))]
