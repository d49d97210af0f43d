"""Lines that stand both in a picture and in its text, so that the two never say different numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conversations.words import N_, Said, said
from reports import labels
from reports.edition import Edition
from reports.figures import OpenCase, Rectification, Recurring, Remarks
from reports.findings import suggested
from reports.labels import brief, named
from reports.statistics import RECURRING_DAYS, RECURRING_IN_MONTH, RECURRING_IN_WINDOW, pareto

Say: TypeAlias = Callable[[Said], str]

OTHER = Said(N_("others"))
RULE = said(
    N_("Rule: same customer, product and defect {window} times in {days} days, or {month} in the month"),
    window=RECURRING_IN_WINDOW, days=RECURRING_DAYS, month=RECURRING_IN_MONTH,
)  # fmt: skip
GUIDE = 80
REACHED = Said(N_("80% reached"))
"""Where four fifths of a falling diagram are reached."""
OPEN_ROWS = 6
"""So many open cases are drawn: more would leave no room for what follows from them."""
NAMED = 2
"""So many of the largest customers are shown with their main defect."""
NUMBERS = 2
"""So many case numbers of a recurring group are named."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a falling diagram, in words and in numbers."""

    name: str
    count: int
    cumulative: int
    figures: str
    note: str = ""
    rest: bool = False


def customer_bars(edition: Edition, say: Say, top: int) -> list[Bar]:
    """The largest customers and 其他, each with the period before, two with their main defect."""
    before = {each.name: each.previous for each in edition.customers}
    notes = {
        each.name: say(said(N_("mostly {defect}: {count}"), defect=brief(each.defect), count=each.of_defect))
        for each in edition.customers[:NAMED]
        if each.of_defect > 1
    }
    return _bars(edition, say, [(each.name, each.count) for each in edition.customers], (top, before, notes))


def defect_bars(edition: Edition, say: Say, top: int) -> list[Bar]:
    """The most frequent defects and 其他, each with the period before."""
    before = {each.name: each.previous for each in edition.defects}
    return _bars(edition, say, [(each.name, each.count) for each in edition.defects], (top, before, {}))


def _bars(
    edition: Edition, say: Say, counts: Sequence[tuple[str, int]], plan: tuple[int, dict[str, int], dict[str, str]]
) -> list[Bar]:
    top, before, notes = plan
    bars = []
    for piece in pareto(counts, top, say(OTHER)):
        percent = piece.cumulative.percent or 0
        words = edition.bar if edition.bar and not piece.rest else N_("{count}, cum. {percent}%")
        figures = said(words, count=piece.count, previous=before.get(piece.name, 0), percent=percent)
        note = "" if piece.rest else notes.get(piece.name, "")
        bars.append(Bar(say(named(piece.name)), piece.count, percent, say(figures), note, piece.rest))
    return bars


def sporadic(edition: Edition) -> Said:
    """偶发性 as one number."""
    return said(N_("sporadic: {number}"), number=edition.sporadic)


def recurring_lines(
    each: Recurring, name: Callable[[str], Said] = named, most: int = NUMBERS
) -> tuple[Said, Said, Said]:
    """How often, who with what (in full, or ``name``-d more shortly), the corrective action and the numbers.

    At most ``most`` numbers are told, the newest.
    """
    who = joined([name(each.customer), name(each.product), name(each.defect)])
    return (
        said(N_("{number} times"), number=each.count),
        who,
        said("{state} · {numbers}", numbers=_numbers(each, most), state=corrective(each)),
    )


def corrective(each: Recurring) -> Said:
    """What was done about it: the newest corrective action and where it stands."""
    if not each.correctives:
        return Said(N_("no corrective action"))
    last = each.correctives[-1]
    return said("{number} {step}", number=last.number, step=labels.corrective_step(last.step))


def _numbers(each: Recurring, most: int) -> Said:
    if not each.numbers:
        return Said(N_("imported, no numbers"))
    tails = tuple(each.numbers[-most:])
    if len(tails) == len(each.numbers):
        return said("{numbers}", numbers=tails)
    return said(N_("{numbers} and others"), numbers=tails)


@dataclass(frozen=True, slots=True)
class OpenLines:
    """An open case in words: how long, what, how serious (where it is judged), and in whose hands."""

    time: Said
    what: Said
    severity: Said | None
    hands: Said
    promise: Said | None

    def all(self) -> Said:
        """Everything in one line."""
        parts = (self.what, self.time, self.severity, self.hands, self.promise)
        return joined([part for part in parts if part])


def open_lines(row: OpenCase) -> OpenLines:
    """Say an open case: days over or open, the case itself, its severity, who has it, step and promise."""
    time = said(N_("open {days} d"), days=row.days)
    if row.over is not None:
        time = said(N_("{days} d over"), days=row.over) if row.over else Said(N_("over since today"))
    what = said(
        "{number} {customer} {problem}", number=row.number, customer=named(row.customer), problem=named(row.problem)
    )  # fmt: skip
    who = said("{department} {person}", department=named(row.department), person=row.person)
    return OpenLines(
        time,
        what,
        labels.severity(row.severity) if row.severity else None,
        joined([who, labels.step(row.step)]),
        said(N_("promised {day}"), day=row.promised) if row.promised else None,
    )


def more_open(edition: Edition) -> int:
    """How many open cases the picture does not show."""
    return edition.now.standing.open - len(edition.open_cases[:OPEN_ROWS])


def as_of(edition: Edition) -> Said:
    """The cut-off, day and hour: never 今天, for a picture is looked at later."""
    return said("{day} {time}", day=edition.cut_off.date(), time=f"{edition.cut_off:%H:%M}")


def joined(parts: Sequence[Said]) -> Said:
    """Set parts beside each other with a middle dot."""
    line = parts[0]
    for part in parts[1:]:
        line = said("{first} · {rest}", first=line, rest=part)
    return line


def numbered(sentences: Sequence[Said]) -> list[Said]:
    """Count sentences from one; a single one needs no number."""
    if len(sentences) == 1:
        return list(sentences)
    return [said("{number}. {sentence}", number=at, sentence=each) for at, each in enumerate(sentences, start=1)]


def closing(edition: Edition, trend: Said, remarks: Remarks) -> list[Said]:
    """结论 (people's own sentences, or the three that the figures suggest), 异常 with its rule, and 整改."""
    sentences = numbered(remarks.conclusions or suggested(edition, trend))
    odd = [said(N_("Out of the ordinary: {list}"), list=each.text) for each in edition.anomalies]
    return [*sentences, *odd, *(rectification(each) for each in remarks.rectifications)]


def left_out(edition: Edition) -> Said:
    """What the total does not hold."""
    left = edition.not_counted
    return said(
        N_("Not counted: {merged} merged, {withdrawn} withdrawn, {opinions} opinions"),
        merged=left.merged, withdrawn=left.withdrawn, opinions=left.opinions,
    )  # fmt: skip


def rectification(each: Rectification) -> Said:
    """Who puts what right, and by when."""
    words = (
        N_("Rectification: {department}, {content}")
        if each.due is None
        else N_("Rectification: {department}, by {day}, {content}")
    )
    line = said(words, department=each.department, content=each.content, day=each.due or "")
    return said("{line} ({number})", line=line, number=each.number) if each.number else line
