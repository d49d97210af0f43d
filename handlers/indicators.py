"""Indicators of a customer's month: kept with what was there before, worked out and said in words (M-42, M-40)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from conversations import indicators as asked
from conversations.words import N_, Said, Value, people, said
from handlers.turn import Turn
from reports.survey_indicators import on_time, ppm
from storage.indicators import OURS, Indicator

FORM = asked.INDICATORS.key
FIGURES = tuple(field.key for field in asked.FIGURES)
LABELS = {field.key: field.label for field in asked.FIGURES}
CENTS = 100
"""Money is kept in 分, a share in hundredths of a percent."""


def row_of(turn: Turn, answers: Mapping[str, object]) -> Indicator:
    """The month as it is kept; what was left out is None, never nought."""
    numbers = {key: value for key in FIGURES if isinstance(value := answers.get(key), int)}
    hundredths = {
        key: int(value * CENTS)
        for key in ("extra_freight", "on_time_rate")
        if isinstance(value := answers.get(key), Decimal)
    }
    lost = {"yes": True, "no": False}.get(str(answers.get("lost")))
    return Indicator(
        customer=str(answers["customer"]), month=str(answers["month"]), source=str(answers["source"]), lost=lost,
        entered_by=turn.person.id if turn.person else None, entered_at=turn.now, **numbers, **hundredths,
    )  # fmt: skip


def keep(turn: Turn, row: Indicator, actor: str) -> bool:
    """Keep a month in the place of what was there, which the audit trail keeps. False: it says the same."""
    old = turn.uow.indicators.get(row.customer, row.month, row.source)
    was = figures(old) if old is not None else {}
    if old is not None and was == figures(row):
        return False
    turn.uow.indicators.keep(row)
    data = {"source": row.source, "was": was, "is": figures(row)}
    turn.uow.audit.write(f"indicator:{row.customer}/{row.month}", "indicators", actor, data=data)
    return True


def figures(row: Indicator) -> dict[str, int]:
    """The figures that a month has."""
    return {key: value for key in FIGURES if (value := getattr(row, key)) is not None}


def ppm_of(row: Indicator) -> int | None:
    """Parts per million: worked out from our own pieces, as it stands on a scorecard."""
    return ppm([row]) if row.source == OURS else row.ppm


def preview(turn: Turn, answers: Mapping[str, object]) -> list[Said]:
    """What the figures come to, and what is there already and would give way."""
    if not answers.get("customer") or not answers.get("source"):
        return []
    row = row_of(turn, answers)
    old = turn.uow.indicators.get(row.customer, row.month, row.source)
    found = list(worked_out(row))
    if old is not None:
        known = N_("There already, {time}: {figures}. It will be replaced.")
        found.append(said(known, time=old.entered_at, figures=tuple(in_words(old))))
    return found


def worked_out(row: Indicator) -> Iterator[Said]:
    """PPM and the share on time, where both numbers of it are known."""
    if row.source != OURS:
        return
    parts, met = ppm([row]), on_time([row])
    if parts is not None:
        yield said(N_("{label}: {value}"), label=said(N_("PPM")), value=parts)
    if met is not None:
        yield said(N_("{label}: {value}"), label=said(N_("Delivered on time")), value=met.said())


def in_words(row: Indicator) -> Iterator[Said]:
    """Every figure that a month has, with what is worked out of them."""
    for key, number in figures(row).items():
        yield said(N_("{label}: {value}"), label=said(LABELS[key]), value=_shown(key, number))
    yield from worked_out(row)


def _shown(key: str, number: int) -> Value:
    if key == "lost":
        return said(N_("Yes") if number else N_("No"))
    if key == "extra_freight":
        return said(N_("CNY {amount}"), amount=Decimal(number) / CENTS)
    return people(f"{Decimal(number) / CENTS}%") if key == "on_time_rate" else number
