"""Finding what people mean: cases by their tail, departments by any name, who stands in, which rule holds."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.customers import Contact, Customer, CustomerRule, Product, ProductCustomer
from storage.deadlines import Deadline, Escalation
from storage.drafts import DraftRow
from storage.errors import ConflictError, DelegateCircleError
from storage.organisation import Department, DepartmentAlias, Duty, Person
from storage.rules import RuleVersion
from storage.unit_of_work import UnitOfWork
from tests.support.storage import START, House, a_case

DAY = date(2026, 11, 20)


@pytest.fixture
def uow(database_url: str, tmp_path: Path) -> Iterator[UnitOfWork]:
    """A unit of work on an empty database."""
    with closing(House(database_url, tmp_path)) as house, house.database.begin() as begun:
        yield begun


def person(uow: UnitOfWork, name: str, **values: object) -> Person:
    """Keep a person of the sales department, unless told otherwise."""
    facts: dict[str, object] = {"department": "XS", **values}
    made = Person(name=name, **facts)  # type: ignore[arg-type]  # the values of a test
    uow.organisation.add(made)
    return made


def numbers(uow: UnitOfWork, said: str) -> list[str | None]:
    """The numbers of the cases that may be meant."""
    return [case.number for case in uow.cases.tail(said)]


@pytest.fixture
def numbered(uow: UnitOfWork) -> UnitOfWork:
    """Three series over two years."""
    for series, last in (("TS-2025", 90), ("TS-2026", 82), ("JZ-2026", 82)):
        uow.numbers.start_after(series, last)
    for number in ("TS-2025-0082", "TS-2026-0082", "TS-2025-0090", "JZ-2026-0082"):
        a_case(uow, number)
    return uow


@pytest.mark.parametrize("said", ["82", "0082", "082", " 82 ", "８２"])
def test_a_tail_that_fits_several_asks_which(numbered: UnitOfWork, said: str) -> None:
    """
    A bare count finds every series of the newest year, for the person to choose from.
    """
    assert numbers(numbered, said) == ["JZ-2026-0082", "TS-2026-0082"]


@pytest.mark.parametrize("said", ["TS82", "ts82", "TS-82", "TS0082", "TS-2026-0082", "ＴＳ82", "ts-2026-82"])
def test_a_tail_with_its_letters_finds_the_newest_year(numbered: UnitOfWork, said: str) -> None:
    """
    With the letters of its series one case is meant: the newest year's.
    """
    assert numbers(numbered, said) == ["TS-2026-0082"]


def test_an_older_year_is_found_when_it_is_named_or_alone(numbered: UnitOfWork) -> None:
    """
    A number of last year is found by its whole name, or when this year has none like it.
    """
    assert numbers(numbered, "TS-2025-0082") == ["TS-2025-0082"]
    assert numbers(numbered, "90") == ["TS-2025-0090"]


@pytest.mark.parametrize("said", ["", "83", "凌岳", "TS", "82%", "TS-2027-0082", "99999999", "-82-"])
def test_what_is_no_tail_finds_nothing(numbered: UnitOfWork, said: str) -> None:
    """
    Other words, and numbers nobody has, find nothing and break nothing.
    """
    assert numbers(numbered, said) == []


def test_a_series_never_goes_back(uow: UnitOfWork) -> None:
    """
    A series starts after the numbers given elsewhere, and stays there.
    """
    uow.numbers.start_after("TS-2026", 81)
    uow.numbers.start_after("TS-2026", 5)
    assert uow.numbers.issue("TS-2026") == "TS-2026-0082"
    assert uow.numbers.last("TS-2026") == 82
    assert uow.numbers.last("JZ-2026") == 0


def test_open_cases_are_found_by_whoever_has_them(uow: UnitOfWork) -> None:
    """
    By department, owner, reporter or step, the nearest deadline first, closed ones left out.
    """
    owner, other = person(uow, "程小满"), person(uow, "罗一帆")
    a_case(uow, "TS-2026-0001", department="XS", owner_id=owner.id, reporter_id=other.id)
    a_case(uow, "TS-2026-0002", department="XS", owner_id=other.id, due_at=START)
    a_case(uow, "TS-2026-0003", department="XS", owner_id=owner.id, closed_at=START)

    def found(**by: object) -> list[str | None]:
        return [case.number for case in uow.cases.open_of(**by)]  # type: ignore[arg-type]  # as above

    assert found(department="XS") == ["TS-2026-0002", "TS-2026-0001"]
    assert found(owner=owner.id) == ["TS-2026-0001"]
    assert found(reporter=other.id) == ["TS-2026-0001"]
    assert found(department="XS", owner=other.id) == ["TS-2026-0002"]
    assert len(uow.cases.of_step("complaint", "sales_handling")) == 2


def test_a_tie_between_cases_is_kept_once(uow: UnitOfWork) -> None:
    """
    The same tie twice is one row, seen from both ends.
    """
    one, other = a_case(uow), a_case(uow)
    assert uow.cases.link(one.id, other.id, "spawned") is uow.cases.link(one.id, other.id, "spawned")
    assert len(uow.cases.links_of(one.id)) == len(uow.cases.links_of(other.id)) == 1


def a_deadline(uow: UnitOfWork, key: str, next_level_at: datetime | None) -> Deadline:
    """Keep a running deadline of 48 hours."""
    return uow.deadlines.add(
        Deadline(
            case_id=a_case(uow).id,
            key=key,
            basis="natural",
            span_minutes=2880,
            started_at=START,
            due_at=START + timedelta(hours=48),
            next_level=None if next_level_at is None else "L1",
            next_level_at=next_level_at,
        )
    )


def test_what_is_due_is_a_question_to_the_index(uow: UnitOfWork) -> None:
    """
    Due levels come oldest first, no more than asked for; those that wait for nothing are never looked at.
    """
    for key, hours in (("late", 2), ("early", 1), ("future", 9)):
        a_deadline(uow, key, START + timedelta(hours=hours))
    done = a_deadline(uow, "done", None)

    assert [due.key for due in uow.deadlines.due(START + timedelta(hours=2))] == ["early", "late"]
    assert [due.level for due in uow.deadlines.due(START + timedelta(hours=2), limit=1)] == ["L1"]
    assert uow.deadlines.next_at() == START + timedelta(hours=1)
    assert list(uow.deadlines.running(done.case_id)) == list(uow.deadlines.of(done.case_id)) == [done]


def test_the_sweep_uses_its_partial_index(sqlite_url: str, tmp_path: Path) -> None:
    """
    The plan of the due query names the partial index, so a million open deadlines cost as little as ten.
    """
    with closing(House(sqlite_url, tmp_path)) as house, house.database.begin() as uow:
        query = (
            "EXPLAIN QUERY PLAN SELECT id FROM deadlines WHERE next_level_at <= 'x' ORDER BY next_level_at, id LIMIT 5"
        )
        plan = " ".join(str(row) for row in uow.session.execute(text(query)))
    assert "ix_deadlines_next_level_at" in plan


def test_a_level_is_reached_once(uow: UnitOfWork) -> None:
    """
    The second to write the same level down is told so.
    """
    deadline = a_deadline(uow, "K1", START)

    def reach() -> frozenset[str]:
        return uow.deadlines.reach(
            Escalation(deadline_id=deadline.id, level="L1", due_at=START, fired_at=START, addresses=["person:1"])
        )

    assert [reach(), reach()] == [frozenset({"L1"}), frozenset()]
    assert [level.addresses for level in uow.deadlines.reached(deadline.id)] == [["person:1"]]


def a_draft(uow: UnitOfWork, owner: Person, form: str) -> DraftRow:
    """Start a draft that lives seven days."""
    ends = uow.now + timedelta(days=7)
    return uow.drafts.add(
        DraftRow(person_id=owner.id, form=form, started_at=uow.now, updated_at=uow.now, expires_at=ends)
    )


def test_one_draft_of_a_person_is_active(uow: UnitOfWork) -> None:
    """
    A new draft puts the others back, which can be taken up again with their answers.
    """
    owner = person(uow, "程小满")
    first, second = a_draft(uow, owner, "complaint"), a_draft(uow, owner, "measure")
    assert uow.drafts.active_of(owner.id) is second
    assert not first.active

    uow.drafts.activate(first)
    uow.drafts.keep(first, [{"key": "customer", "value": "K07"}], uow.now + timedelta(days=8))

    assert uow.drafts.active_of(owner.id) is first
    assert uow.drafts.find(owner.id, "complaint") is first
    assert len(uow.drafts.of(owner.id)) == 2
    assert list(uow.drafts.expiring(uow.now + timedelta(days=7, hours=1))) == [second]
    uow.drafts.end(first)
    assert uow.drafts.active_of(owner.id) is None


def test_two_active_drafts_are_impossible(database_url: str, tmp_path: Path) -> None:
    """
    The database refuses a second active draft of a person, whoever writes it.
    """

    def write(uow: UnitOfWork) -> None:
        owner = person(uow, "程小满")
        for form in ("complaint", "measure"):
            draft = DraftRow(person_id=owner.id, form=form, started_at=START, updated_at=START, expires_at=START)
            uow.session.add(draft)
            uow.session.flush()

    with closing(House(database_url, tmp_path)) as house, pytest.raises(ConflictError):
        house.do(write)


def test_a_department_has_many_names(uow: UnitOfWork) -> None:
    """
    Code, name and alias mean the same department (A-07), with its lead, deputy and channel.
    """
    lead, deputy = person(uow, "沈知衡", roles=["qa_lead"]), person(uow, "梁可欣", roles=["qa"], department="PB")
    quality = Department(code="PB", name="品保部", lead_id=lead.id, deputy_id=deputy.id, channels={"console": "PB"})
    uow.organisation.add(quality, DepartmentAlias(alias="品质部", department="PB"))

    for said in ("PB", "pb", "品保部", "品质部"):
        assert uow.organisation.department(said) is quality
        assert uow.organisation.lead(said) is lead
        assert uow.organisation.deputy(said) is deputy
        assert uow.organisation.channel(said, "console") == "PB"
    assert uow.organisation.department("财务部") is None
    assert uow.organisation.channel("PB", "slack") is None
    assert uow.organisation.people_with("qa", "PB") == [deputy]
    assert uow.organisation.people_with("qa", "XS") == []


def test_people_are_known_by_their_platforms(uow: UnitOfWork) -> None:
    """
    Slack and WeCom ids find their person, the console takes the name; who left is nobody.
    """
    found = person(uow, "程小满", slack_id="U1", wecom_id="cheng")
    gone = person(uow, "丁雨禾", slack_id="U2", active=False)
    for platform, key in (("slack", "U1"), ("wecom", "cheng"), ("console", "程小满")):
        assert uow.organisation.person_by_platform(platform, key) is found
    assert uow.organisation.person_by_platform("slack", "U2") is None
    assert uow.organisation.person(gone.id) is gone


def test_delegates_hand_on_three_times_at_most(uow: UnitOfWork) -> None:
    """
    Leave hands on to the delegate, and theirs; after three hands whoever is reached keeps it.
    """
    away = {"leave_from": DAY, "leave_to": DAY}
    people = [person(uow, f"p{count}", **away) for count in range(6)]
    for one, following in pairwise(people):
        one.delegate_id = following.id

    assert uow.organisation.stand_in(people[0], DAY) is people[3]
    assert uow.organisation.stand_in(people[0], DAY + timedelta(days=1)) is people[0]
    people[1].leave_to = DAY - timedelta(days=1)
    assert uow.organisation.stand_in(people[0], DAY) is people[1]


def test_a_circle_of_delegates_is_refused(uow: UnitOfWork) -> None:
    """
    Two people on leave who name each other: a person must be named.
    """
    one = person(uow, "a", leave_from=DAY)
    other = person(uow, "b", leave_to=DAY, delegate_id=one.id)
    one.delegate_id = other.id
    with pytest.raises(DelegateCircleError):
        uow.organisation.stand_in(one, DAY)


def test_the_roster_says_who_is_on_duty(uow: UnitOfWork) -> None:
    """
    On a day with a duty the person is found, on another nobody is.
    """
    there = person(uow, "石松涛")
    uow.organisation.add(Duty(day=DAY, person_id=there.id))
    assert list(uow.organisation.on_duty(DAY)) == [there]
    assert list(uow.organisation.on_duty(DAY + timedelta(days=1))) == []


def test_customers_are_found_by_what_people_call_them(uow: UnitOfWork) -> None:
    """
    Code, short name or a part of the name; a whole match stands alone, and a percent sign is no wildcard.
    """
    uow.customers.add(
        Customer(code="K01", name="凌岳汽车有限公司", short="凌岳"),
        Customer(code="K06", name="Arvenholm Axle AB", short="Arvenholm"),
        Customer(code="K07", name="凌岳东方有限公司", short="凌东"),
        Contact(customer="K01", name="唐工", business_relation="质量"),
        Contact(customer="K01", name="former", active=False),
        CustomerRule(customer="K01", key="complaint.K1", value="24", unit="h", source="TY-2026-0001"),
        Product(code="LG-1010", name="前下控制臂总成"),
        ProductCustomer(product="LG-1010", customer="K01"),
    )

    def found(said: str) -> list[str]:
        return [customer.code for customer in uow.customers.search(said)]

    assert found("凌岳") == ["K01"]
    assert found("有限公司") == ["K01", "K07"]
    assert found("arvenHOLM") == found("k06") == ["K06"]
    assert found("%") == found("") == found("无") == []
    assert [contact.name for contact in uow.customers.contacts("K01")] == ["唐工"]
    assert [rule.value for rule in uow.customers.rules("K01", "complaint.K1")] == ["24"]
    assert list(uow.customers.rules("K01", "complaint.K2")) == []
    assert [product.code for product in uow.customers.products_of("K01")] == ["LG-1010"]


def test_the_rule_in_force_depends_on_the_day(uow: UnitOfWork) -> None:
    """
    A version holds from its day on; of two for the same day the later written; none before the first.
    """
    for value, day in (("48", 1), ("36", 20), ("24", 20), ("12", 25)):
        at = datetime(2026, 10, 1, tzinfo=UTC)
        uow.rules.append(RuleVersion(key="complaint.K1", value=value, effective_from=date(2026, 11, day), at=at))

    values = [(found := uow.rules.at("complaint.K1", date(2026, 11, day))) and found.value for day in (1, 19, 20, 30)]
    assert values == ["48", "48", "24", "12"]
    assert uow.rules.at("complaint.K1", date(2026, 10, 31)) is None
    assert uow.rules.current(date(2026, 11, 21))["complaint.K1"].value == "24"
    assert len(uow.rules.history("complaint.K1")) == 4


def test_days_of_the_calendar_are_changed_and_forgotten(uow: UnitOfWork) -> None:
    """
    Days are kept with their note and source, may be forgotten again, and the calendar's revision grows each time.
    """
    before = uow.calendar.revision()
    uow.calendar.change({date(2027, 3, 1): ("rest", "搬迁")}, source="company")
    uow.calendar.change({date(2027, 1, 1): ("holiday", "元旦"), date(2027, 1, 2): ("holiday", "")}, [2027], source="x")
    uow.calendar.change({date(2027, 1, 2): None}, source="y")

    stored = {str(day): row.source for day, row in uow.calendar.stored().items() if day.year == 2027}
    assert stored == {"2027-01-01": "x", "2027-03-01": "company"}
    assert uow.calendar.notes()[date(2027, 1, 1)] == "元旦"
    assert 2027 in uow.calendar.known_years()
    assert uow.calendar.revision() == before + 3
