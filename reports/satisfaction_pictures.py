"""What the pictures of a survey show: planned once, then drawn by ``charts.satisfaction`` and told by its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Literal, TypeAlias, TypeVar

from conversations.words import N_, Said, people, said
from reports import satisfaction_phrases as phrases
from reports.satisfaction_figures import Campaign, Response, SatisfactionFigures
from reports.satisfaction_phrases import Panel, Row

T = TypeVar("T")
ITEMS_ON_A_SHEET, CUSTOMERS, CAMPAIGNS = 10, 10, 5
PAIRS, SINGLES = 8, 4
"""So many histograms have room on a sheet, side by side or one under the other."""
HALF, DIGIT, APART = 470, 22, 8
"""Pixels: half a sheet, a digit, and what keeps two numbers apart."""
ALSO = 11
"""So many bars have room on one sheet."""
Mark: TypeAlias = Literal["target", "competitor", "threshold", "previous", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Key:
    """A line or a colour, what it means, and the score where the line stands."""

    mark: Mark
    words: Said
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One sheet: its name in a file, what it is about, its finding, and either bars or histograms."""

    name: str
    kicker: Said
    title: Said
    source: Said
    keys: Sequence[Key]
    notes: Sequence[Said] = ()
    rows: Sequence[Row] = ()
    panels: Sequence[Panel] = ()
    across: int = 1


def planned(figures: SatisfactionFigures) -> tuple[Picture, ...]:
    """The pictures of a survey: scores, histograms, groups with the trend, and customers where they are named."""
    return (*_scores(figures), *_histograms(figures), *_trend(figures), *_customers(figures))


def _scores(figures: SatisfactionFigures) -> Iterator[Picture]:
    rows = phrases.item_rows(figures)
    for at, some in enumerate(_sheets(rows, ITEMS_ON_A_SHEET)):
        first = at == 0
        shown = [phrases.overall_row(figures), *some] if first else some
        yield Picture(
            name=_numbered("1-scores", at),
            kicker=_kicker(figures.campaign),
            title=_scores_title(figures),
            source=_source(figures),
            keys=(*_levels(figures.campaign, threshold=True), *_before(shown)),
            notes=_notes(figures) if first else (),
            rows=shown,
        )


def _histograms(figures: SatisfactionFigures) -> Iterator[Picture]:
    kicker = said(N_("{title} · {period} · number of answers"), title=figures.campaign.title, period=_period(figures))
    panels = phrases.panels(figures)
    across = 2 if all(map(_narrow, panels)) else 1
    for at, some in enumerate(_sheets(panels, PAIRS if across == 2 else SINGLES)):
        yield Picture(
            name=_numbered("2-answers", at),
            kicker=kicker,
            title=_answers_title(figures),
            source=_source(figures),
            keys=_grades(figures),
            panels=some,
            across=across,
        )


def _narrow(panel: Panel) -> bool:
    """Tell whether a histogram's numbers stand beside each other on half a sheet."""
    longest = max((len(words) for answer, count, _ in panel.columns for words in (answer, str(count))), default=0)
    return len(panel.columns) * (longest * DIGIT + APART) <= HALF


def _trend(figures: SatisfactionFigures) -> Iterator[Picture]:
    campaigns = phrases.trend_rows(figures, CAMPAIGNS + 1)
    groups = phrases.group_rows(figures)[: ALSO - len(campaigns)]
    yield Picture(
        name="3-groups",
        kicker=_kicker(figures.campaign),
        title=_trend_title(figures),
        source=_source(figures),
        keys=(*_levels(figures.campaign), *_before([*campaigns, *groups])),
        rows=[*campaigns, *groups],
    )


def _customers(figures: SatisfactionFigures) -> Iterator[Picture]:
    rows = phrases.customer_rows(figures)
    if not rows:
        return
    lowest = rows[0]
    more = len(rows) - CUSTOMERS
    yield Picture(
        name="4-customers",
        kicker=_kicker(figures.campaign),
        title=said(
            N_("Lowest of {count} customers: {name} {score}"),
            count=len(rows), name=lowest.name, score=phrases.score_said(figures.campaign, lowest.score),
        ),
        source=_source(figures),
        keys=_levels(figures.campaign),
        notes=(said(N_("and {count} customers with higher scores"), count=more),) if more > 0 else (),
        rows=rows[:CUSTOMERS],
    )  # fmt: skip


def _scores_title(figures: SatisfactionFigures) -> Said:
    campaign, overall = figures.campaign, figures.overall
    if overall is None:
        return Said(N_("Nobody has answered yet"))
    score = phrases.told(overall, campaign.target, campaign.threshold)
    if campaign.target is None:
        first = said(N_("Overall score {score}"), score=score)
    elif overall >= campaign.target:
        first = said(N_("Overall score {score}, target {target} reached"), score=score, target=_plain(campaign.target))
    else:
        target = _plain(campaign.target)
        first = said(N_("Overall score {score}, below the target of {target}"), score=score, target=target)
    counted = [item for item in figures.items if item.score is not None and item.weight]
    lowest = min(counted, key=lambda item: item.score or 0)
    words = said(N_("lowest: {item} {score}"), item=lowest.label, score=phrases.score_said(campaign, lowest.score))
    return said(N_("{first}; {rest}"), first=first, rest=words)


def _answers_title(figures: SatisfactionFigures) -> Said:
    known = [item for item in figures.items if item.mean is not None]
    if not known:
        return Said(N_("Nobody has answered yet"))
    if figures.scale:
        low, high = (pick(known, key=lambda item: item.mean or 0) for pick in (min, max))
        return said(
            N_("Mean answers from {low} ({lowest}) to {high} ({highest})"),
            low=phrases.told(low.mean or Decimal(0)), lowest=low.label,
            high=phrases.told(high.mean or Decimal(0)), highest=high.label,
        )  # fmt: skip
    worst = max(known, key=lambda item: Decimal(phrases.dissatisfied(item)) / item.n)
    if not phrases.dissatisfied(worst):
        return Said(N_("Nobody is dissatisfied with anything"))
    return said(
        N_("Most are dissatisfied with: {item}, {count} of {n}"),
        item=worst.label, count=phrases.dissatisfied(worst), n=worst.n,
    )  # fmt: skip


def _trend_title(figures: SatisfactionFigures) -> Said:
    campaign = figures.campaign
    if campaign.previous and figures.overall is not None:
        name, before = campaign.previous[-1]
        return said(
            N_("Overall {change} since {before}"), change=phrases.change(figures.overall, before), before=name
        )  # fmt: skip
    known = [group for group in figures.groups if group.score is not None]
    if not known:
        return Said(N_("Nobody has answered yet"))
    lowest = min(known, key=lambda group: group.score or 0)
    score = phrases.score_said(campaign, lowest.score)
    return said(N_("Lowest group: {group} {score}"), group=lowest.label, score=score)


def _notes(figures: SatisfactionFigures) -> tuple[Said, ...]:
    response = figures.campaign.response
    return (response_said(response),) if response else ()


def response_said(response: Response) -> Said:
    """回收率 with both numbers, and whether the wanted rate is reached."""
    if response.target is None:
        return said(N_("Response {ratio}"), ratio=response.rate.said())
    reached = Said(N_("reached")) if response.reached else Said(N_("not reached"))
    return said(
        N_("Response {ratio}, target {target}%: {reached}"),
        ratio=response.rate.said(), target=response.target, reached=reached,
    )  # fmt: skip


def _kicker(campaign: Campaign) -> Said:
    return said(N_("{title} · {period} · scores 0 to 100"), title=campaign.title, period=people(campaign.period))


def _period(figures: SatisfactionFigures) -> Said:
    return people(figures.campaign.period)


def _source(figures: SatisfactionFigures) -> Said:
    at = figures.campaign.cut_off.astimezone(figures.campaign.zone)
    when = said("{day} {time}", day=at.date(), time=f"{at:%H:%M}")
    return said(N_("n = {total} · data as of {at}"), total=figures.respondents, at=when)


def _levels(campaign: Campaign, *, threshold: bool = False) -> list[Key]:
    """The lines that scores are measured by; the threshold is for items alone (requirements A-13)."""
    keys = []
    if campaign.target is not None:
        keys.append(Key("target", said(N_("target {score}"), score=_plain(campaign.target)), campaign.target))
    if campaign.competitor is not None:
        name = people(campaign.competitor_name) if campaign.competitor_name else Said(N_("competitor"))
        words = said("{name} {score}", name=name, score=_plain(campaign.competitor))
        keys.append(Key("competitor", words, campaign.competitor))
    if threshold and campaign.threshold is not None:
        words = said(N_("must act below {score}"), score=_plain(campaign.threshold))
        keys.append(Key("threshold", words, campaign.threshold))
    return keys


def _before(rows: Sequence[Row]) -> tuple[Key, ...]:
    """The mark of the time before, where any bar has one."""
    return (Key("previous", Said(N_("time before"))),) if any(row.previous is not None for row in rows) else ()


def _grades(figures: SatisfactionFigures) -> list[Key]:
    """What the numbers under the columns mean; a scale says it itself."""
    if figures.scale or not figures.items:
        return []
    shares = figures.items[0].shares
    return [
        Key("bad" if each.score < phrases.CONTENT else "good",
            said("{score} {grade}", score=_plain(each.score), grade=each.label))
        for each in shares
    ]  # fmt: skip


def _sheets(all_: Sequence[T], most: int) -> list[Sequence[T]]:
    """Spread over as few sheets as will do, evenly."""
    sheets = max(ceil(len(all_) / most), 1)
    size = ceil(len(all_) / sheets)
    return [all_[at : at + size] for at in range(0, len(all_), max(size, 1))]


def _numbered(name: str, at: int) -> str:
    return f"{name}-{at + 1}" if at else name


_plain = phrases.plain
