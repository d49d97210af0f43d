"""A questionnaire as the tables of a file, and back: the one shape that TOML and a workbook share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from conversations.questionnaire import (
    OPEN_QUESTIONS,
    Grade,
    Group,
    Item,
    OpenQuestion,
    Questionnaire,
    QuestionnaireError,
    Scale,
)
from conversations.words import Text
from handlers.imports.tables import Table

Plain: TypeAlias = "str | int | bool | Decimal | Mapping[str, Plain]"
ALL = Group("all", Text("全部", "All"))
"""Where items are in no group."""


class QuestionnaireFileError(ValueError):
    """A file that is no questionnaire; ``faults`` names every place with what to write there."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Filed:
    """A questionnaire from a file, and the columns that name respondents and customers in a sheet of answers."""

    questionnaire: Questionnaire
    respondent: str = ""
    customer: str = ""


def of_tables(values: Mapping[str, object], name: str = "questionnaire") -> Filed:
    """Read and check a questionnaire; ``name`` is its key where the file names none.

    A label that is missing is the key of what it names, and groups need not be described: a scale needs no more
    than its items and weights. Raises QuestionnaireFileError with every fault and its path.
    """
    faults: list[str] = []
    file = Table(values, "", faults)
    key = file.text("key", name)
    title, version = file.bilingual("name", key), file.whole("version")
    respondent, customer, source = (file.text(each, "") for each in ("respondent", "customer", "source"))
    sample = file.flag("sample", default=False)
    items = tuple(_item(key, table) for key, table in file.named("items"))
    grades = tuple(
        Grade(key, table.bilingual("label", key), table.number("score"), table.bilingual("help"))
        for key, table in file.named("grades")
    )
    described, questions, scale = _groups(file), _questions(file), _scale(file)
    file.done()
    if faults:
        raise QuestionnaireFileError(faults)
    try:
        questionnaire = Questionnaire(
            key=key,
            version=1 if version is None else version,
            name=title,
            items=items,
            groups=described or tuple(_implied(items)),
            grades=grades,
            scale=Scale(*scale) if scale else None,
            questions=questions,
            sample=sample,
            source=source,
        )
    except QuestionnaireError as error:
        raise QuestionnaireFileError([str(error)]) from error
    return Filed(questionnaire, respondent, customer)


def _item(key: str, table: Table) -> Item:
    label, group = table.bilingual("label", key), table.text("group", ALL.key)
    return Item(key, label, group, table.number("weight", Decimal(1)))


def _groups(file: Table) -> tuple[Group, ...]:
    return tuple(Group(key, table.bilingual("label", key)) for key, table in file.named("groups"))


def _implied(items: Sequence[Item]) -> list[Group]:
    """The groups that the items name, in their order."""
    keys = dict.fromkeys(item.group for item in items)
    return [ALL if key == ALL.key else Group(key, Text(key, key)) for key in keys]


def _questions(file: Table) -> tuple[OpenQuestion, ...]:
    """建议和期望 are always asked; a file may word them anew, and ask more."""
    asked = {question.key: question for question in OPEN_QUESTIONS}
    asked |= {key: OpenQuestion(key, table.bilingual("label", key)) for key, table in file.named("questions")}
    return tuple(asked.values())


def _scale(file: Table) -> tuple[Decimal, Decimal] | None:
    if "scale" not in file.written():
        file.inner("scale")
        return None
    scale = file.inner("scale")
    both = scale.number("min"), scale.number("max")
    scale.done()
    return both


def as_tables(questionnaire: Questionnaire) -> dict[str, Plain]:
    """A questionnaire as ``of_tables`` reads it."""
    tables: dict[str, Plain] = {
        "key": questionnaire.key,
        "version": questionnaire.version,
        "sample": questionnaire.sample,
        "source": questionnaire.source,
        "name": _text(questionnaire.name),
        "groups": {group.key: {"label": _text(group.label)} for group in questionnaire.groups},
        "items": {
            item.key: {"label": _text(item.label), "group": item.group, "weight": item.weight}
            for item in questionnaire.items
        },
    }
    if questionnaire.scale is not None:
        tables["scale"] = {"min": questionnaire.scale.minimum, "max": questionnaire.scale.maximum}
    if questionnaire.grades:
        tables["grades"] = {
            grade.key: {"label": _text(grade.label), "score": grade.score, "help": _text(grade.help)}
            for grade in questionnaire.grades
        }
    tables["questions"] = {each.key: {"label": _text(each.label)} for each in questionnaire.questions}
    return tables


def _text(text: Text) -> dict[str, Plain]:
    return {"zh": text.zh, "en": text.en}
