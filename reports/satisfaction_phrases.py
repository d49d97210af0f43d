"""Lines about a survey that stand both in a picture and in its text, so that the two never say different numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from conversations.words import N_, Said, Text, people, said
from reports.satisfaction_figures import (
    Campaign,
    CustomerFigures,
    GroupFigures,
    ItemFigures,
    SatisfactionFigures,
    Share,
)

DASH = Said("–")
CONTENT = Decimal(60)
"""A grade below this is told as dissatisfaction: 较不满意 and 不满意 of the usual four."""
FINEST = 6
NAMED = 2
"""So many items that a customer left out are named; more are counted."""
MOST_COLUMNS = 11
"""A longer scale is drawn in ten classes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its name, what is said beside it, its score, that of the time before, and how it is coloured."""

    name: Said
    figures: Said
    score: Decimal | None
    previous: Decimal | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One item's histogram: how many gave each answer."""

    name: Said
    figures: Said
    columns: Sequence[tuple[str, int, bool]]
    """Each answer, how many gave it, and whether it is a bad one."""


def told(score: Decimal, *sides: Decimal | None, digits: int = 1) -> Decimal:
    """A score with one digit, or with as many as it takes to show on which side of a limit it is: 59.96 is not 60.0."""
    for more in range(digits, FINEST):
        rounded = score.quantize(Decimal(1).scaleb(-more), ROUND_HALF_UP)
        if all((rounded < side) is (score < side) for side in sides if side is not None):
            return rounded
    return score.quantize(Decimal(1).scaleb(-FINEST), ROUND_HALF_UP)


def score_said(campaign: Campaign, score: Decimal | None) -> Said:
    """A score, or a dash where nobody answered."""
    return DASH if score is None else said("{score}", score=told(score, campaign.target, campaign.threshold))


def change(score: Decimal | None, previous: Decimal | None) -> str:
    """By how much a score changed, as the two are told: +3.2, −0.5, ±0. Empty where one is not known."""
    if score is None or previous is None:
        return ""
    moved = told(score) - told(previous)
    sign = "+" if moved > 0 else "−" if moved < 0 else "±"
    return f"{sign}{abs(moved)}"


def overall_row(figures: SatisfactionFigures) -> Row:
    """The survey as a whole, compared with the newest campaign before."""
    campaign = figures.campaign
    previous = campaign.previous[-1][1] if campaign.previous else None
    beside = said(N_("by items {score}"), score=score_said(campaign, figures.overall_item_weighted))
    words = _beside(_compared(campaign, figures.overall, previous), beside)
    return Row(Said(N_("Overall")), words, figures.overall, previous, "whole")


def item_rows(figures: SatisfactionFigures) -> list[Row]:
    """Every item, in the order in which it is asked."""
    return [_item_row(figures.campaign, item) for item in figures.items]


def _item_row(campaign: Campaign, item: ItemFigures) -> Row:
    words = _beside(_compared(campaign, item.score, item.previous), answered(item))
    if item.below and campaign.threshold is not None:
        words = _beside(said(N_("< {threshold}"), threshold=plain(campaign.threshold)), words)
    name = said("{name}", name=item.label)
    if not item.weight:
        name = said(N_("{name} (not counted)"), name=item.label)
    return Row(name, words, item.score, item.previous, "bad" if item.below else "" if item.weight else "rest")


def answered(item: ItemFigures) -> Said:
    """How many answered an item, and how many did not."""
    if item.missing:
        return said(N_("n {n}, {missing} missing"), n=item.n, missing=item.missing)
    return said(N_("n {n}"), n=item.n)


def group_rows(figures: SatisfactionFigures) -> list[Row]:
    """Every group with what weighs in it."""
    return [_group_row(figures.campaign, group) for group in figures.groups]


def _group_row(campaign: Campaign, group: GroupFigures) -> Row:
    words = _beside(_compared(campaign, group.score, group.previous), said(N_("n {n}"), n=group.n))
    return Row(said("{name}", name=group.label), words, group.score, group.previous)


def trend_rows(figures: SatisfactionFigures, most: int) -> list[Row]:
    """The campaigns before, as many of the newest as have room, and this one."""
    campaign = figures.campaign
    before: Decimal | None = None
    rows = []
    for name, score in campaign.previous:
        rows.append(Row(people(name), _compared(campaign, score, before), score, before, "rest"))
        before = score
    words = _compared(campaign, figures.overall, before)
    return [*rows, Row(people(campaign.period), words, figures.overall, before, "whole")][-most:]


def customer_rows(figures: SatisfactionFigures) -> list[Row]:
    """Every customer, the lowest score first."""
    return [_customer_row(figures.campaign, customer) for customer in figures.customers]


def _customer_row(campaign: Campaign, customer: CustomerFigures) -> Row:
    words = _beside(score_said(campaign, customer.score), said(N_("n {n}"), n=customer.respondents))
    if len(customer.missing) > NAMED:
        words = _beside(words, said(N_("{count} items incomplete"), count=len(customer.missing)))
    elif customer.missing:
        words = _beside(words, said(N_("without {items}"), items=tuple(customer.missing)))
    return Row(people(customer.name), words, customer.score)


def panels(figures: SatisfactionFigures) -> list[Panel]:
    """A histogram for every item, the best answer first."""
    found = []
    for item in figures.items:
        shares = item.shares if len(item.shares) <= MOST_COLUMNS else None
        columns = (
            [(f"{plain(each.answer):f}", each.count, not figures.scale and each.score < CONTENT) for each in shares]
            if shares
            else _classes(item.shares)
        )
        found.append(Panel(said("{name}", name=item.label), answered(item), columns))
    return found


def _classes(shares: Sequence[Share]) -> list[tuple[str, int, bool]]:
    """Ten classes of ten points each, the best first; 100 is in the highest."""
    classes = {
        at: sum(each.count for each in group)
        for at, group in groupby(shares, key=lambda each: min(int(each.score // 10), 9))
    }
    return [(f"{at * 10}+", classes.get(at, 0), False) for at in range(9, -1, -1)]


def plain(number: Decimal) -> Decimal:
    """Without zeros at its end."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def dissatisfied(item: ItemFigures) -> int:
    """How many gave a grade that is told as dissatisfaction."""
    return sum(share.count for share in item.shares if share.score < CONTENT)


def label(text: Text) -> Said:
    """A label that a company gave, as a sentence of its own."""
    return said("{label}", label=text)


def _compared(campaign: Campaign, score: Decimal | None, previous: Decimal | None) -> Said:
    moved = change(score, previous)
    if not moved:
        return score_said(campaign, score)
    return said(N_("{score} ({change})"), score=score_said(campaign, score), change=moved)


def _beside(first: Said, rest: Said) -> Said:
    return said("{first} · {rest}", first=first, rest=rest)
