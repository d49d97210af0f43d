"""The text with the pictures of a survey: who cannot see reads the same numbers, to the last digit."""

from collections.abc import Iterator

from conversations.words import N_, Said, people, said
from reports import satisfaction_phrases as phrases
from reports.satisfaction_figures import ItemFigures, SatisfactionFigures
from reports.satisfaction_phrases import Panel
from reports.satisfaction_pictures import Picture, planned, response_said
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


def survey_lines(figures: SatisfactionFigures) -> Iterator[tuple[Said, Said] | Said]:
    """The whole survey, heading by heading: a heading, or a name with what is said of it; the formula is the last."""
    yield said("{title} {period}", title=figures.campaign.title, period=figures.campaign.period)
    if figures.campaign.response is not None:
        yield response_said(figures.campaign.response)
    yield said(N_("{n} respondents, {missing} answers missing"), n=figures.respondents, missing=figures.missing)
    overall = phrases.overall_row(figures)
    yield overall.name, overall.figures
    yield Said(N_("Groups"))
    yield from ((row.name, row.figures) for row in phrases.group_rows(figures))
    yield Said(N_("Items"))
    for row, item in zip(phrases.item_rows(figures), figures.items, strict=True):
        yield row.name, _with_mean(row.figures, item) if figures.scale else row.figures
    if figures.customers:
        yield Said(N_("Customers"))
        yield from ((row.name, row.figures) for row in phrases.customer_rows(figures))
    yield figures.formula


def _with_mean(words: Said, item: ItemFigures) -> Said:
    if item.mean is None:
        return words
    return said(N_("{figures} · mean answer {mean}"), figures=words, mean=phrases.told(item.mean, digits=2))
