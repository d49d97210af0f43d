"""A questionnaire as plain JSON, and back: what a database row keeps of a version, whole."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from conversations.questionnaire import Grade, Group, Item, OpenQuestion, Questionnaire
from conversations.words import Text

Plain = dict[str, object]
Rows = list[Mapping[str, str]]


def to_plain(asked: Questionnaire) -> Plain:
    """Everything of a questionnaire with grades; numbers as text, so that none is rounded."""
    return {
        "key": asked.key, "version": asked.version, "sample": asked.sample, "source": asked.source,
        "name": [asked.name.zh, asked.name.en],
        "groups": [{"key": each.key, **_text("label", each.label)} for each in asked.groups],
        "items": [
            {"key": each.key, **_text("label", each.label), "group": each.group, "weight": str(each.weight)}
            for each in asked.items
        ],
        "grades": [
            {"key": each.key, **_text("label", each.label), "score": str(each.score), **_text("help", each.help)}
            for each in asked.grades
        ],
        "questions": [{"key": each.key, **_text("label", each.label)} for each in asked.questions],
    }  # fmt: skip


def from_plain(kept: Mapping[str, object]) -> Questionnaire:
    """The questionnaire that was kept. Raises QuestionnaireError for one that never could have been."""
    name = cast("list[str]", kept["name"])
    return Questionnaire(
        key=str(kept["key"]), version=int(str(kept["version"])), name=Text(*name), sample=bool(kept["sample"]),
        source=str(kept["source"]),
        groups=tuple(Group(each["key"], _of(each, "label")) for each in _rows(kept, "groups")),
        items=tuple(
            Item(each["key"], _of(each, "label"), each["group"], Decimal(each["weight"]))
            for each in _rows(kept, "items")
        ),
        grades=tuple(
            Grade(each["key"], _of(each, "label"), Decimal(each["score"]), _of(each, "help"))
            for each in _rows(kept, "grades")
        ),
        questions=tuple(OpenQuestion(each["key"], _of(each, "label")) for each in _rows(kept, "questions")),
    )  # fmt: skip


def _text(name: str, text: Text) -> dict[str, str]:
    return {f"{name}_zh": text.zh, f"{name}_en": text.en}


def _of(row: Mapping[str, str], name: str) -> Text:
    return Text(row[f"{name}_zh"], row[f"{name}_en"])


def _rows(kept: Mapping[str, object], name: str) -> Rows:
    return cast("Rows", kept[name])
