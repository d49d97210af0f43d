"""Figures of every shape for the pictures' proofs: made from a seed, without a database."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from conversations.words import people
from reports import months as calendar
from reports import statistics
from reports.figures import (
    ByCustomer,
    ByDefect,
    Corrective,
    Count,
    Headline,
    MonthlyFigures,
    NotCounted,
    OpenCase,
    Rectification,
    Recurring,
    Remarks,
    Standing,
    YearlyFigures,
)
from reports.statistics import CustomerShare, Ratio

ZONE = ZoneInfo("Asia/Shanghai")
NAMES = (
    "凌岳", "瀚途", "云麓农业机械", "Arvenholm", "BMW OF NORTH AMERICA, LLC", "CHRYSLER (FCA US, LLC)", "一汽-大众",
    "某某新能源汽车(集团)股份有限公司华东分公司", "Łódź Części Sp. z o.o.", "$x^2$ & <b>", "😀汽车", "𠮷野工业", "",
    "A", "Škoda\nAuto", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "客户 \u202e逆序", "0",
)  # fmt: skip
STEPS = ("handed_over", "qa_handling", "awaiting_customer", "implementing", "analysing", "某个没有名字的状态")


@dataclass(frozen=True)
class Dice:
    """Chances of one data set, all from one seed."""

    random: random.Random
    scale: int

    def count(self) -> int:
        """Zero often, small mostly, now and then as large as this data set goes."""
        return self.random.choice((0, 1, 2, self.random.randint(0, 9), self.random.randint(0, self.scale)))

    def name(self, number: int) -> str:
        name = self.random.choice(NAMES)
        return f"{name}{number}" if name and self.random.random() < 0.8 else name

    def ratio(self) -> Ratio:
        of = self.count()
        return Ratio(self.random.randint(0, of), of)

    def headline(self, total: int) -> Headline:
        major = self.random.randint(0, total)
        unjudged = total if not major and self.random.random() < 0.5 else 0
        count = Count(total, major, total * self.random.choice((0, 1, 37)), unjudged)
        opened = self.count()
        return Headline(count, self.ratio(), Standing(opened, self.random.randint(0, opened)), self.count())


def dice(seed: int) -> Dice:
    """Chances from a seed: data sets of a handful, of thousands, and of a million."""
    chance = random.Random(seed)
    return Dice(chance, chance.choice((3, 20, 400, 15_000, 1_500_000)))


def monthly(chance: Dice) -> MonthlyFigures:
    """One month's figures, consistent in themselves."""
    month = f"20{chance.random.randint(20, 30)}-{chance.random.randint(1, 12):02d}"
    months = {at: _count(chance) for at in calendar.until(month, chance.random.randint(1, 70))}
    customers = _customers(chance)
    total = sum(each.count for each in customers)
    months[month] = Count(total, min(total, chance.count()), chance.count())
    totals = {at: count.total for at, count in months.items()}
    limits = statistics.limits(totals, month)
    now = Headline(months[month], chance.ratio(), _standing(chance), chance.count())
    shares = [CustomerShare(each.name, each.count, each.previous) for each in customers]
    return MonthlyFigures(
        month=month,
        cut_off=_instant(month),
        zone=ZONE,
        now=now,
        previous=_earlier(chance, months, calendar.shifted(month, -1)),
        last_year=_earlier(chance, months, calendar.shifted(month, -12)),
        first_measure=chance.ratio(),
        months=months,
        limits=limits,
        customers=customers,
        defects=_defects(chance, total),
        recurring=_recurring(chance),
        sporadic=chance.count(),
        season=statistics.season(totals, month),
        open_cases=_open_cases(chance, now.standing.open),
        anomalies=statistics.anomalies(totals, month, shares),
        year_to_date=sum(totals.values()),
        last_year_to_date=chance.random.choice((None, chance.count())),
        not_counted=NotCounted(chance.count(), chance.count(), chance.count()),
        target_48_hours=chance.random.choice((None, 95, 100)),
    )


def yearly(chance: Dice) -> YearlyFigures:
    """One year's figures; the year may not be over."""
    year = f"20{chance.random.randint(20, 30)}"
    before = f"{int(year) - 1}"
    last = f"{year}-{chance.random.randint(1, 12):02d}"
    months = {at: _count(chance) for at in calendar.between(f"{before}-01", last)}
    customers = _customers(chance)
    total = sum(each.count for each in customers)
    now = chance.headline(total)
    known = chance.random.random() < 0.8
    return YearlyFigures(
        year=year,
        cut_off=_instant(last),
        zone=ZONE,
        now=now,
        previous=chance.headline(chance.count()) if known else None,
        first_measure=chance.ratio(),
        months=months,
        customers=customers,
        defects=_defects(chance, total),
        recurring=_recurring(chance),
        sporadic=chance.count(),
        season=statistics.season({at: count.total for at, count in months.items()}, last),
        open_cases=_open_cases(chance, now.standing.open),
        rectified=chance.ratio(),
        effective=chance.ratio(),
        days_to_close=chance.random.choice((None, 0.04, 12.345, 987.6)),
        previous_days_to_close=chance.random.choice((None, 7.0)),
        not_counted=NotCounted(chance.count(), chance.count(), chance.count()),
    )


def remarks(chance: Dice) -> Remarks:
    """What people added: nothing, or up to five sentences and tasks."""
    if chance.random.random() < 0.5:
        return Remarks()
    tasks = [
        Rectification("生产部", "完成压装参数点检", date(2026, 11, 20), "JZ-2026-0029"),
        Rectification(chance.name(1), "很长的整改要求" * 9, None, ""),
    ]
    sentences = [people("结论" * chance.random.randint(1, 60)) for _ in range(chance.random.randint(1, 3))]
    return Remarks(sentences, tasks[: chance.random.randint(0, 2)], "丁雨禾", "顾晓岚", date(2026, 11, 2))


def _instant(month: str) -> datetime:
    return calendar.start(calendar.shifted(month, 1), ZONE) + timedelta(hours=8, minutes=5)


def _count(chance: Dice) -> Count:
    total = chance.count()
    return Count(total, chance.random.randint(0, total), total * 3)


def _standing(chance: Dice) -> Standing:
    opened = chance.count()
    return Standing(opened, chance.random.randint(0, opened))


def _earlier(chance: Dice, months: dict[str, Count], month: str) -> Headline | None:
    return chance.headline(months[month].total) if month in months else None


def _customers(chance: Dice) -> list[ByCustomer]:
    found = {}
    for number in range(chance.random.randint(0, 40)):
        name, count = chance.name(number), max(chance.count(), 1)
        found[name] = ByCustomer(name, count, chance.count(), chance.name(number), chance.random.randint(1, count))
    if chance.random.random() < 0.1:
        found["巨头"] = ByCustomer("巨头", chance.scale * 20, 0, "锈蚀", chance.scale)
    return sorted(found.values(), key=lambda each: (-each.count, each.name))


def _defects(chance: Dice, total: int) -> Sequence[ByDefect]:
    found = []
    left, number = total, 0
    while left:
        count = chance.random.randint(1, left) if number < 12 else left
        found.append(ByDefect(f"{chance.name(number)}-{number}" if number else chance.name(0), count, chance.count()))
        left, number = left - count, number + 1
    return sorted(found, key=lambda each: (-each.count, each.name))


def _recurring(chance: Dice) -> list[Recurring]:
    def one(number: int) -> Recurring:
        numbers = tuple(f"TS-2026-{at:04d}" for at in range(chance.random.randint(0, 6)))
        actions = (Corrective("JZ-2026-0029", chance.random.choice(STEPS)),) if chance.random.random() < 0.5 else ()
        count = max(chance.count(), 2)
        customer, product, defect = (chance.name(number) or "x" for _ in range(3))
        return Recurring(customer, product, defect, count, count, numbers, actions)

    return [one(number) for number in range(chance.random.choice((0, 1, 2, 3, 5, 30)))]


def _open_cases(chance: Dice, opened: int) -> list[OpenCase]:
    def one(number: int) -> OpenCase:
        over = chance.random.choice((None, 0, chance.random.randint(1, 400)))
        return OpenCase(
            number=f"TS-2026-{number:04d}",
            customer=chance.name(number),
            problem=chance.random.choice(("异响", "少送两箱,门店断货" * 5, "")),
            severity=chance.random.choice(("", "major", "general")),
            department=chance.random.choice(("生产部", "", "变更管理委员会")),
            person=chance.random.choice(("方大勇", "", "Abdul-Rahman al-Something-Long")),
            step=chance.random.choice(STEPS),
            days=chance.random.randint(0, 4000),
            over=over,
            promised=chance.random.choice((None, datetime(2026, 11, 5, tzinfo=UTC).date())),
        )

    return [one(number) for number in range(min(opened, 10))]
