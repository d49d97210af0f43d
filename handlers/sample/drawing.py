"""Drawing the sample company's past from a fixed seed: every machine draws the same."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from conversations.calendar import Calendar
from handlers.sample.course import Corrective, Course, Past, Remedy, Triple

SEED = 20261101
APART = 4
"""So many months lie between two complaints of the same customer, product and defect, or they would recur."""

LATE, REFUSED, MAJOR_OF_RISK = 0.07, 0.17, 0.35
CORRECTIVES = {2025: 8, 2026: 28}
"""How many led to a corrective action, by the year in which it was opened."""

IMPACTS: Mapping[str, Mapping[str, int]] = {
    "quality": {"line_down": 3, "line_risk": 12, "return": 14, "exchange": 30, "sort_rework": 26, "notice": 15},
    "packaging": {"exchange": 35, "notice": 65},
    "delivery": {"line_risk": 8, "notice": 92},
}

Buyers = Mapping[str, Sequence[str]]


def counted(past: Past) -> dict[str, Counter[str]]:
    """Split the months that are only counted over the customers: month -> customer -> how many."""
    random = _random()
    months = [month for month in sorted(past.months) if month < past.cases_from]
    return {month: Counter(_customers(random, past, past.months[month])) for month in months}


def courses(past: Past, buyers: Buyers, calendar: Calendar) -> list[Course]:
    """Every case of the past by the time it was received, those that were told among them."""
    drawing = _Drawing(past, buyers, calendar)
    drawn = [course for month in sorted(past.months) if month >= past.cases_from for course in drawing.month(month)]
    return _with_correctives(sorted([*drawn, *past.told], key=lambda course: course.received), past, calendar)


def _random() -> Random:
    return Random(SEED)  # noqa: S311 - the same story every time is what is wanted, nothing is secret


def _customers(random: Random, past: Past, count: int, given: Sequence[str] = ()) -> list[str]:
    """Draw customers by their weights until there are so many; none gets 40 % of a month of three or more."""
    most = max(2, int(count * 0.39))
    customers = list(given)
    while len(customers) < count:
        customer = random.choices(list(past.weights), list(past.weights.values()))[0]
        if customers.count(customer) < most:
            customers.append(customer)
    return customers[len(given) :]


def _with_correctives(all_courses: list[Course], past: Past, calendar: Calendar) -> list[Course]:
    """Let so many of the drawn cases of each year lead to a corrective action."""
    random = _random()
    for year, count in CORRECTIVES.items():
        free = [
            at
            for at, course in enumerate(all_courses)
            if course.analysed.year == year and course not in past.told
        ]  # fmt: skip
        for at in random.sample(free, count):
            course = all_courses[at]
            due = _working_day(course.analysed + timedelta(days=random.choice((14, 18, 21))), calendar)
            title = past.looks[course.defect].prevention
            all_courses[at] = replace(course, corrective=Corrective(title=title, due=due))
    return all_courses


def _working_day(at: datetime, calendar: Calendar) -> date:
    return calendar.next_start(at).astimezone(calendar.zone).date()


class _Drawing:
    """One run of the seed through the months."""

    def __init__(self, past: Past, buyers: Buyers, calendar: Calendar) -> None:
        self._random = _random()
        self._past = past
        self._buyers = buyers
        self._calendar = calendar
        self._used = defaultdict[Triple, list[int]](list)
        for month, triples in past.given.items():
            for triple in triples:
                self._used[triple].append(_count(month))
        for course in past.told:
            triple = (course.customer, course.product, course.defect)
            self._used[triple].append(_count(f"{course.received:%Y-%m}"))

    def month(self, month: str) -> Iterator[Course]:
        """The cases of one month, in the order they came."""
        given = self._past.given.get(month, ())
        already = [customer for customer, _, _ in given]
        customers = _customers(self._random, self._past, self._past.months[month], already)
        triples = [*given, *(self._triple(month, customer) for customer in customers)]
        times = sorted(self._received(month) for _ in triples)
        return (self._course(triple, at) for triple, at in zip(triples, times, strict=True))

    def _triple(self, month: str, customer: str) -> Triple:
        """A product that the customer buys and a defect it can have, not seen together for some months."""
        here = _count(month)
        free = [
            (customer, product, look.code)
            for look in self._past.looks.values()
            for product in look.products
            if customer in self._buyers[product]
            and all(abs(here - other) >= APART for other in self._used[customer, product, look.code])
        ]
        triple = self._random.choice(free)
        self._used[triple].append(here)
        return triple

    def _received(self, month: str) -> datetime:
        """Some minute of work between the 4th and the 26th."""
        while True:
            day = date.fromisoformat(f"{month}-{self._random.randint(4, 26):02d}")
            if spans := self._calendar.intervals(day):
                start, end = spans[self._random.randrange(len(spans))]
                minutes = int((end - start).total_seconds()) // 60 - 30
                return (start + timedelta(minutes=self._random.randrange(minutes))).astimezone(self._calendar.zone)

    def _course(self, triple: Triple, received: datetime) -> Course:
        customer, product, defect = triple
        look = self._past.looks[defect]
        impacts = IMPACTS[look.category]
        impact = self._random.choices(list(impacts), list(impacts.values()))[0]
        risky = impact == "line_risk" and self._random.random() < MAJOR_OF_RISK
        alone = look.category == "delivery" and impact == "notice"
        accepted = None if alone else received + timedelta(minutes=self._random.randint(20, 70))
        major = not alone and (impact == "line_down" or risky)
        course = Course(
            customer=customer,
            product=product,
            defect=defect,
            impact=impact,
            severity="major" if major else "general",
            quantity=self._random.choice(look.quantities),
            received=received,
            accepted=accepted,
            meeting=accepted + timedelta(minutes=20) if major and accepted else None,
            remedies=(),
            implemented=received,
            analysed=received,
            closed=received,
        )
        return self._ended(replace(course, remedies=tuple(self._remedies(course))))

    def _remedies(self, course: Course) -> Iterator[Remedy]:
        """One measure, or a second one after the customer refused the first."""
        first = self._remedy(self._first_contact(course))
        if self._random.random() >= REFUSED:
            yield first
            return
        yield replace(first, satisfied=False, remedy="请客户先挑选使用", reason="影响生产,要求更换")
        yield self._remedy(self._later(first.judged, 3, 30))

    def _remedy(self, contact: datetime) -> Remedy:
        proposed = contact - timedelta(minutes=self._random.randint(15, 40))
        return Remedy(proposed=proposed, contact=contact, judged=self._later(contact, 3, 26), satisfied=True)

    def _first_contact(self, course: Course) -> datetime:
        """Within the time as a rule; now and then some hours late."""
        if self._random.random() < LATE:
            return course.received + course.limit + timedelta(minutes=self._random.randint(40, 400))
        share = self._random.uniform(0.1, 0.7)
        latest = course.received + course.limit - timedelta(minutes=self._random.randint(20, 90))
        return min(self._at_work(course.received + course.limit * share), latest)

    def _ended(self, course: Course) -> Course:
        last = course.remedies[-1]
        implemented = self._later(last.judged, 10, 60)
        analysed = self._later(implemented, 6, 80)
        planned = self._calendar.add(last.proposed, timedelta(hours=40)).astimezone(self._calendar.zone).date()
        closed = self._later(analysed, 3, 40)
        return replace(course, implemented=implemented, analysed=analysed, planned=planned, closed=closed)

    def _later(self, start: datetime, least: int, most: int) -> datetime:
        """So many hours later, when people are at work."""
        return self._at_work(start + timedelta(minutes=self._random.randint(least * 60, most * 60)))

    def _at_work(self, at: datetime) -> datetime:
        start = self._calendar.next_start(at)
        if start > at:
            start += timedelta(minutes=self._random.randint(5, 50))
        return start.astimezone(self._calendar.zone)


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
