"""Scoring a file of answers, put together: its questionnaire, its rows, its figures, and how they are shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wcwidth import wcswidth

from bot import clock as clocks
from bot.clock import Clock
from conversations.questionnaire import Questionnaire
from conversations.questionnaires.shelf import SHELF
from handlers.imports.answers import ReadAnswers, read_answers
from handlers.imports.questionnaire_plain import Filed, QuestionnaireFileError
from handlers.imports.questionnaire_toml import read_toml
from handlers.imports.questionnaire_workbook import read_workbook
from handlers.imports.tables import nearest
from reports.drawing import draw_survey_in_process
from reports.satisfaction_figures import Campaign, SatisfactionFigures
from reports.satisfaction_text import survey_lines
from reports.scoring import figures, tally
from reports.voice import Voice
from reports.words import Words

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What scores are measured by."""

    target: Decimal | None = None
    competitor: Decimal | None = None
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A file's figures, and what was read of it."""

    figures: SatisfactionFigures
    read: ReadAnswers


def score(file: Path, asked: str, wanted: Wanted, clock: Clock = clocks.now) -> Scored:
    """Read and score a file. Raises QuestionnaireFileError, or SheetError where an item has no column."""
    filed = filed_as(asked)
    read = read_answers(file.read_bytes(), filed)
    campaign = Campaign(
        title=filed.questionnaire.name,
        period=file.name,
        cut_off=clock(),
        zone=ZONE,
        target=wanted.target,
        competitor=wanted.competitor,
        threshold=wanted.threshold,
        sample=filed.questionnaire.sample,
    )
    return Scored(figures(filed.questionnaire, tally(filed.questionnaire, read.answers), campaign), read)


def filed_as(asked: str) -> Filed:
    """The questionnaire of a file, or of the shelf. Raises QuestionnaireFileError with what to do."""
    if asked in SHELF:
        return Filed(SHELF[asked])
    file = Path(asked)
    if not file.is_file():
        known = ", ".join(SHELF)
        raise QuestionnaireFileError(
            [f"{asked} is no file and no questionnaire{nearest(asked, list(SHELF))}. There are: {known}."]
        )
    read = read_workbook if file.suffix.lower() == ".xlsx" else read_toml
    return read(file.read_bytes(), file.stem)


def voice_of(scored: SatisfactionFigures, language: str) -> Voice:
    """The reader's language."""
    return Voice(Words(ZONE), language, scored.campaign.cut_off)


def draw(scored: SatisfactionFigures, language: str, directory: Path) -> list[Path]:
    """Draw the pictures into a folder, which is made where it is not there."""
    directory.mkdir(parents=True, exist_ok=True)
    return draw_survey_in_process(scored, language, directory)


def table(scored: SatisfactionFigures, voice: Voice) -> str:
    """The figures as a table for a terminal, Chinese names as broad as they are."""
    return "\n".join(_lines(scored, voice))


def _lines(scored: SatisfactionFigures, voice: Voice) -> Iterator[str]:
    lines = list(survey_lines(scored))
    names = [voice.say(line[0]) for line in lines if isinstance(line, tuple)]
    broadest = max(map(wcswidth, names), default=0)
    for line in lines:
        if isinstance(line, tuple):
            name, words = map(voice.say, line)
            yield f"  {name}{' ' * (broadest - wcswidth(name))}  {words}"
        else:
            yield voice.say(line)


def plain(scored: Scored) -> dict[str, Any]:
    """The figures as data for a program."""
    found, read = scored.figures, scored.read
    return {
        "name": found.campaign.title.of("zh"),
        "respondents": found.respondents,
        "items": {
            item.key: {
                "mean": _number(item.mean), "score": _number(item.score), "n": item.n, "missing": item.missing,
                "weight": _number(item.weight), "below": item.below,
                "answers": {f"{share.answer:f}": share.count for share in item.shares},
            }
            for item in found.items
        },
        "groups": {group.key: _number(group.score) for group in found.groups},
        "overall": _number(found.overall),
        "overall_item_weighted": _number(found.overall_item_weighted),
        "missing": found.missing,
        "customers": {
            each.name: {"score": _number(each.score), "respondents": each.respondents, "n": each.n}
            for each in found.customers
        },
        "out_of_scale": [{"row": each.row, "item": each.item, "value": each.value} for each in read.uncounted],
        "duplicates": dict(read.duplicates),
        "encoding": read.encoding,
    }  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 6))


def shown(asked: Questionnaire, language: str) -> Iterator[str]:
    """A questionnaire as it is asked, line by line."""
    yield f"{asked.name.of(language)}  {asked.key} v{asked.version}"
    if asked.source:
        yield asked.source
    for group in asked.groups:
        yield group.label.of(language)
        for item in asked.of_group(group.key):
            yield f"  {item.weight:<5f} {item.label.of(language)}  {item.key}"
    for grade in asked.grades:
        yield f"{grade.score:>5f}  {grade.label.of(language)}  {grade.help.of(language)}".rstrip()
    yield from (question.label.of(language) for question in asked.questions)
    yield Voice(Words(ZONE), language, clocks.now()).say(asked.formula())
