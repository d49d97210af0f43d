"""Questionnaires: the samples are sound, files bring back what was written, and a fault is named with its place."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.questionnaire import (
    DuplicateKeyError,
    Grade,
    GradesError,
    Group,
    Item,
    Questionnaire,
    QuestionnaireError,
    Scale,
    ScaleError,
    UnknownGroupError,
    WeightsError,
)
from conversations.questionnaires.shelf import SHELF
from conversations.words import Text
from handlers.imports.questionnaire_plain import QuestionnaireFileError
from handlers.imports.questionnaire_toml import read_toml, write_toml
from handlers.imports.questionnaire_workbook import read_workbook, write_workbook
from tests.support.surveys import GRADES, asked

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=20).map(str.strip)
TEXTS = st.builds(Text, WORDS, WORDS)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def changed(**values: object) -> Callable[[], Questionnaire]:
    """The customers' questionnaire with something else in it."""
    return lambda: replace(SHELF["customer"], **values)  # type: ignore[arg-type]  # what is refused may be anything


ITEMS, GROUPS = SHELF["customer"].items, SHELF["customer"].groups


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (changed(items=ITEMS[1:]), WeightsError, "the weights are 0.6 together; they must be 1"),
        (changed(items=(replace(ITEMS[0], weight=Decimal("0.400001")), *ITEMS[1:])), WeightsError, "must be 1"),
        (changed(items=(replace(ITEMS[0], weight=Decimal(-1)), *ITEMS[1:])), WeightsError, "quality.weight is -1"),
        (changed(items=(replace(ITEMS[0], weight=Decimal("0.4000001")), *ITEMS[1:])), WeightsError, "six decimals"),
        (changed(items=(*ITEMS, ITEMS[1])), DuplicateKeyError, "items.packaging is there twice"),
        (changed(groups=GROUPS[1:]), UnknownGroupError, "items.quality.group “product” is no group"),
        (changed(grades=GRADES[:1]), GradesError, "there must be two at least"),
        (changed(grades=(*GRADES, Grade("x", Text(), Decimal(101)))), GradesError, "grades.x.score is 101"),
        (changed(grades=(*GRADES, Grade("x", Text(), Decimal("0.005")))), GradesError, "two decimals at most"),
        (changed(grades=(*GRADES, Grade("x", Text(), Decimal("80.0")))), GradesError, "is that of “yes” too"),
        (changed(grades=()), GradesError, "with grades or on a scale"),
        (changed(scale=Scale(Decimal(1), Decimal(5))), GradesError, "one of the two"),
        (changed(items=()), QuestionnaireError, "there is nothing to ask"),
        (lambda: asked({"a": "0"}, scale=Scale(Decimal(1), Decimal(5))), WeightsError, "every weight is 0"),
        (lambda: Scale(Decimal(5), Decimal(5)), ScaleError, "scale.max must be above scale.min"),
    ],
)  # fmt: skip
def test_what_gives_no_score_is_refused(
    make: Callable[[], object], error: type[QuestionnaireError], sentence: str
) -> None:
    """
    A questionnaire that could not be scored is refused where it is made, with the place to mend.
    """
    with pytest.raises(error, match=sentence):
        make()


def test_the_samples_are_what_the_procedures_ask_for() -> None:
    """
    产品质量 0.4, 交货期, 服务, 价格 0.2 each; four grades of 100/80/50/0; every one says that it is a sample (A-03).
    """
    customer = SHELF["customer"]

    assert {item.label.zh: item.weight for item in customer.items if item.weight} == {
        "产品质量": Decimal("0.4"), "交货期": Decimal("0.2"), "服务": Decimal("0.2"), "价格": Decimal("0.2"),
    }  # fmt: skip
    assert [item.label.zh for item in customer.items if not item.weight] == ["包装", "竞争力"]
    for each in SHELF.values():
        assert {grade.label.zh: int(grade.score) for grade in each.grades} == {
            "很满意": 100, "满意": 80, "较不满意": 50, "不满意": 0,
        }  # fmt: skip
        assert [question.key for question in each.questions] == ["suggestions", "expectations"]
        assert each.sample
        assert "请公司批准" in each.source
    assert len(SHELF["employee"].items) == 10
    assert "相对其他厂家我公司具备优势" in customer.grades[0].help.zh


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Any questionnaire: graded with weights that are 1 together, or on a scale."""
    groups = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
    items = draw(st.lists(KEYS, min_size=1, max_size=5, unique=True))
    scale = draw(st.sampled_from((None, Scale(Decimal(1), Decimal(5)), Scale(Decimal("-0.5"), Decimal(10)))))
    weights = [Decimal(draw(st.integers(0, 999))) / 10_000 for _ in items[1:]]
    grades = st.lists(st.decimals(0, 100, places=2), min_size=2, max_size=5, unique=True)
    return Questionnaire(
        key=draw(KEYS),
        version=draw(st.integers(0, 99)),
        name=draw(TEXTS),
        items=tuple(
            Item(key, draw(TEXTS), draw(st.sampled_from(groups)), weight)
            for key, weight in zip(items, (1 - sum(weights, Decimal(0)), *weights), strict=True)
        ),
        groups=tuple(Group(key, draw(TEXTS)) for key in groups),
        grades=() if scale else tuple(Grade(f"g{at}", draw(TEXTS), each) for at, each in enumerate(draw(grades))),
        scale=scale,
        sample=draw(st.booleans()),
        source=draw(WORDS),
    )


@settings(max_examples=60)
@given(questionnaires())
@example(replace(SHELF["customer"], name=Text("=1+1", "@SUM(A1)"), source="https://a.example 'x' \"y\" \\ \x7f"))
def test_what_is_written_comes_back(questionnaire: Questionnaire) -> None:
    """
    As TOML and as a workbook, whatever stands in it: quotation marks, formulas, other scripts, numbers as names.
    """
    assert read_toml(write_toml(questionnaire).encode()).questionnaire == questionnaire
    assert read_workbook(write_workbook(questionnaire)).questionnaire == questionnaire


def test_a_few_lines_are_enough_for_a_scale() -> None:
    """
    A name, the respondents' column, the scale, and a group and a weight for each item.
    """
    filed = read_toml(
        b"""
        name = "Phones"
        respondent = "id"
        [scale]
        min = 1
        max = 10
        [items.CUSA1]
        group = "satisfaction"
        weight = 2
        [items."\xe6\x9c\x8d\xe5\x8a\xa1 \xe6\x80\x81\xe5\xba\xa6"]
        """,
        "phones",
    )
    questionnaire = filed.questionnaire

    assert (filed.respondent, questionnaire.key, questionnaire.name.zh) == ("id", "phones", "Phones")
    assert [(item.key, item.label.en, item.group, int(item.weight)) for item in questionnaire.items] == [
        ("CUSA1", "CUSA1", "satisfaction", 2), ("服务 态度", "服务 态度", "all", 1),
    ]  # fmt: skip
    assert [group.key for group in questionnaire.groups] == ["satisfaction", "all"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[items.a", ["this is not TOML: "]),
        ("[scale]\nmin = 1\nmax = 5\n", ["items: there is nothing to ask"]),
        ("[scale]\nmin = 5\nmax = 1\n[items.a]\n", ["scale.max must be above scale.min"]),
        ("[scale]\nmin = 1\n[items.a]\nwait = 1\n",
         ["items.a.wait is not known here; did you mean “weight”?", "scale.max is missing: write a number"]),
        ("[items.a]\nweight = true\n[grades.x]\nscore = '1'\n",
         ["items.a.weight must be a number without quotes", "grades.x.score must be a number without quotes"]),
        ("[items.a]\nweight = nan\n[scale]\nmin = 0\nmax = 1\n", ["items.a.weight must be a number without quotes"]),
        ("items = 3\n", ["items must be tables: start each with [items.NAME]"]),
        ("[items]\na = 3\n", ["items holds “a”, which is no table: start it with [items.a]"]),
        ("[items.a.label]\nfr = 'x'\n", ["items.a.label.fr is not known here"]),
        ("[items.a]\ngroup = 'x'\n[groups.y]\n[scale]\nmin = 0\nmax = 1\n", ["items.a.group “x” is no group"]),
        ("[items.a]\nweight = 0.3\n[items.b]\nweight = 0.3\n[grades.x]\nscore = 1\n[grades.y]\nscore = 2\n",
         ["the weights are 0.6 together"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_file_is_named_with_its_place(text: str, faults: list[str]) -> None:
    """
    One run finds all faults that can be seen together, each with the path of its key.
    """
    with pytest.raises(QuestionnaireFileError) as refused:
        read_toml(text.encode())

    assert len(refused.value.faults) == len(faults)
    assert all(fault in found for fault, found in zip(faults, refused.value.faults, strict=True))


def workbook(**sheets: list[list[object]]) -> bytes:
    """A workbook as people make it."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return file.getvalue()


HEAD: list[list[object]] = [["key", "value"], ["key", "own"], ["scale.min", 1], ["scale.max", "5"]]


def test_a_workbook_made_by_hand_is_read() -> None:
    """
    Numbers typed as texts, texts that are numbers, blank rows, sheets of one's own, columns in any order.
    """
    filed = read_workbook(
        workbook(
            questionnaire=HEAD,
            items=[["weight", "key", "label.zh"], [0.4, 1, "质量"], ["", "", ""], ["1.5", "b", "=1+1"]],
            notes=[["anything"]],
        )
    )

    assert [(item.key, item.label.zh, item.weight) for item in filed.questionnaire.items] == [
        ("1", "质量", Decimal("0.4")), ("b", "0", Decimal("1.5")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"key,value", "this is not an XLSX workbook"),
        (b"PK\x03\x04" + b"\0" * 200, "this is not an XLSX workbook"),
        (workbook(items=[["key"]]), "there is no sheet “questionnaire”"),
        (workbook(questionnaire=HEAD, items=[["name"], ["a"]]), "items: the first row must name the columns: key"),
        (workbook(questionnaire=HEAD, items=[["key"], ["a"], ["a"]]), "items: the key in row 3 is there twice"),
        (workbook(questionnaire=HEAD, items=[["key", "weight"], ["", 1]]), "items: the key in row 2 is empty"),
        (workbook(questionnaire=HEAD, items=[["key", "wait"], ["a", 1]]), "items.a.wait is not known here"),
        (workbook(questionnaire=HEAD, items=[["key", "weight"], ["a", "viel"]]), "items.a.weight must be a number"),
    ],
)  # fmt: skip
def test_a_workbook_that_is_no_questionnaire_says_why(content: bytes, sentence: str) -> None:
    """
    Whatever it holds, the answer is a sentence with the place.
    """
    with pytest.raises(QuestionnaireFileError, match=sentence):
        read_workbook(content)


def test_text_is_the_readers() -> None:
    """
    A text of the company is told in the reader's language, and where there is one alone, in that.
    """
    assert [Text("中", "en").of(language) for language in ("zh", "zh_CN", "en", "fr")] == ["中", "中", "en", "en"]
    assert Text("中").of("en") == "中"
    assert not Text()
