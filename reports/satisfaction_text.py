"""The text with the pictures of a survey: who cannot see reads the same numbers, to the last digit."""

from collections.abc import Iterator

from conversations.words import N_, Said, people, said
from reports.satisfaction_figures import SatisfactionFigures
from reports.satisfaction_phrases import Panel
from reports.satisfaction_pictures import Picture, planned
from reports.voice import Voice


def picture_texts(figures: SatisfactionFigures, voice: Voice) -> tuple[str, ...]:
    """One text to each picture, in their order."""
    return tuple(_text(picture, figures, voice) for picture in planned(figures))


def _text(picture: Picture, figures: SatisfactionFigures, voice: Voice) -> str:
    lines = [
        picture.title,
        picture.kicker,
        *picture.notes,
        *(key.words for key in picture.keys),
        *(said(N_("{name}: {figures}"), name=row.name, figures=row.figures) for row in picture.rows),
        *(line for panel in picture.panels for line in _panel(panel)),
        picture.source,
        people(figures.campaign.form),
    ]
    return "\n".join(filter(None, map(voice.say, lines)))


def _panel(panel: Panel) -> Iterator[Said]:
    yield said(N_("{name}: {figures}"), name=panel.name, figures=panel.figures)
    yield said("{list}", list=tuple(f"{answer}: {count}" for answer, count, _ in panel.columns))
