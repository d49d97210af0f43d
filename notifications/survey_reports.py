"""What is told of a survey's report: that it is drafted, what the general manager will decide on, and the report."""

from collections.abc import Sequence

from conversations.replies import Button
from conversations.words import N_, Said, Text, people, said
from notifications.notices import Notice, buttons

TOPIC = "summary"
"""A report goes the way of the monthly summary: nobody is rung for it at night."""


def analysed(number: str, period: str, score: Said, lines: tuple[Sequence[Said], Sequence[Said]]) -> Notice:
    """To whoever finishes it: the sections as they are drafted, the items too low; it waits for a conclusion."""
    sections, low = lines
    title = said(N_("{n}: the survey {period} is counted, overall {score}. Please look at the report and submit it."),
                 n=number, period=people(period), score=score)  # fmt: skip
    taps = (Button("submit_report", said(N_("Submit the report")), number),
            Button("edit_report", said(N_("Edit the report")), number))  # fmt: skip
    return Notice(TOPIC, title, (*sections, *_low(low)), (*taps, *buttons(number, "details")))


def low_items(number: str, period: str, low: Sequence[Said]) -> Notice:
    """To the general manager, once for all of them: which items are too low, and what comes of it (2.0-14)."""
    title = said(N_("{n}: {k} items of the survey {period} are below the threshold."), n=number, k=len(low),
                 period=people(period))  # fmt: skip
    then = said(N_("The office proposes a measure for each; you approve them."))
    return Notice(TOPIC, title, (*low, then), buttons(number, "details"))


def _low(low: Sequence[Said]) -> tuple[Said, ...]:
    return (said(N_("Below the threshold, to be rectified:")), *low) if low else ()


def report(number: str, title: Text, period: str, lines: Sequence[Said]) -> Notice:
    """To every department: the report, to be read."""
    head = said(N_("[Report] {title} {period} ({n})"), title=title, period=people(period), n=number)
    ask = said(N_("Please confirm that your department has read it."))
    taps = (Button("read_report", said(N_("I have read it")), number), *buttons(number, "details"))
    return Notice(TOPIC, head, (*lines, ask), taps)


def not_read(number: str, period: str, departments: Sequence[str]) -> Notice:
    """To whoever answers for the report: which departments have not read it yet."""
    title = said(N_("{n}: the report on {period} is not read yet by: {departments}."), n=number,
                 period=people(period), departments=tuple(map(people, departments)))  # fmt: skip
    archive = Button("archive_report", said(N_("Archive")), number)
    return Notice(TOPIC, title, (), (*buttons(number, "details"), archive))
