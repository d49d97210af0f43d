"""到哪了: one word finds a case: number, customer, product, contact, a phone's tail, words of the matter (U21)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice

from conversations.fields import Option, folded
from conversations.replies import Button, Reply, say
from conversations.similarity import normal, terms
from conversations.words import N_, people, said
from handlers import listings
from handlers.names import called, sounds_like, standing_in
from handlers.standing import SEES_ALL, acting_as, may_see
from handlers.turn import Turn
from storage.cases import Case
from storage.finding import Found, Named, Scope, Wanted

AT_MOST = 5
LOOKED_AT = 40
"""So many of the likeliest are looked at for some that the asker may see."""

CUSTOMER, PRODUCT, WORDS, DAY = 3.0, 2.0, 3.0, 2.0
"""What each part counts that a case fits; the defect that was said counts like most of the words."""

DEFECT = 2.5
FITS = 0.5
"""A case that fits less than this share of what was said is not what was meant."""

NEARLY = 1.0
"""What fits worse than the best by more than this is not listed beside it."""

DAYS: Mapping[str, int] = {"今天": 0, "昨天": 1, "前天": 2, "today": 0, "yesterday": 1}
IDLE = (
    "那个",
    "这个",
    "哪个",
    "一个",
    "那件",
    "这件",
    "投诉",
    "客诉",
    "事项",
    "在哪",
    "complaint",
    "case",
    "the ",
    "的",
)
"""What people say around the thing they look for."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a text names; whether it is one word that may be half a name as well as one of the matter."""

    wanted: Wanted
    one_word: bool

    def full(self) -> float:
        """What a case counts that fits in every way."""
        wanted = self.wanted
        name = CUSTOMER * bool(wanted.customers) + PRODUCT * bool(wanted.products)
        return self._both(name, WORDS * bool(wanted.terms or wanted.defects)) + DAY * (wanted.since is not None)

    def fit(self, found: Found) -> float:
        """What a case counts."""
        wanted = self.wanted
        name = CUSTOMER * (found.customer in wanted.customers) + PRODUCT * (found.product in wanted.products)
        matter = max(WORDS * _share(wanted.terms, found.title), DEFECT * (found.defect in wanted.defects))
        score = self._both(name, matter)
        if wanted.since is not None and wanted.until is not None:
            score += DAY * (wanted.since <= found.received_at < wanted.until)
        return score

    def _both(self, name: float, matter: float) -> float:
        """One word that is half a name and a word of the matter, too, means one of them."""
        return max(name, matter) if self.one_word else name + matter


def _share(wanted: tuple[str, ...], title: str) -> float:
    """How much of the words stands in a title."""
    text = normal(title)
    single = [term for term in wanted if " " not in term]
    return sum(term in text for term in single) / len(single) if single else 0.0


def find(turn: Turn, text: str) -> list[Case]:
    """The cases a person may mean and may see, likeliest first, at most five."""
    numbered = listings.find(turn, text)
    if numbered:
        return numbered[:AT_MOST]
    asked = _read(turn, folded(text))
    full = asked.full()
    if not full:
        return []
    fitting = [(asked.fit(found), found) for found in turn.uow.finding.gather(asked.wanted, scope_of(turn))]
    best = max((score for score, _ in fitting), default=0.0)
    least = max(FITS * full, best - NEARLY)
    ordered = sorted((each for each in fitting if each[0] >= least), key=_order, reverse=True)
    cases = (turn.uow.cases.get(found.id) for _, found in ordered[:LOOKED_AT])
    return list(islice((case for case in cases if case is not None and may_see(turn, case)), AT_MOST))


def _order(each: tuple[float, Found]) -> tuple[float, bool, datetime, int]:
    score, found = each
    return round(score, 3), found.closed_at is None, found.received_at, found.id


def scope_of(turn: Turn) -> Scope | None:
    """What the person may see, as far as a query can tell; None for everything. ``may_see`` has the last word."""
    acting = list(acting_as(turn))
    if any(SEES_ALL & set(person.roles) for person in acting):
        return None
    ids = {person.id for person in acting}
    led = {each.code for each in turn.uow.organisation.departments() if each.lead_id in ids}
    theirs = {
        customer.code
        for customer in turn.uow.customers.all()
        if customer.owner_sales_id in ids or customer.service_engineer_id in ids
    }
    return Scope(
        people=frozenset(ids),
        departments=frozenset({person.department for person in acting} | led) - {""},
        customers=frozenset(theirs),
    )


def _read(turn: Turn, line: str) -> _Asked:
    """Find the names in a line; what is left are words of the matter."""
    since, until, line = _day(turn, line)
    for idle in IDLE:
        line = line.replace(idle, " ")
    customers, products = turn.uow.finding.customers(), turn.uow.finding.products()
    whose = standing_in(line, customers)
    what = standing_in(whose.left, products)
    own = [folded(word) for each in customers if each.code in whose.codes for word in each.words]
    # 森迪转向: once the customer is known, the rest of its own name says nothing new
    pieces = [piece for piece in what.left.replace(",", " ").split() if not any(piece in word for word in own)]
    parts = {piece: (_part(piece, customers, whose.codes), _part(piece, products, what.codes)) for piece in pieces}
    # a name in letters is no word of the matter; half a Chinese name may be both
    words = " ".join(piece for piece, both in parts.items() if not (piece.isascii() and any(both)))
    wanted = Wanted(
        customers=whose.codes.union(*(of_customer for of_customer, _ in parts.values())),
        products=what.codes.union(*(of_product for _, of_product in parts.values())),
        defects=_defects(turn, what.left),
        terms=terms(words),
        since=since,
        until=until,
    )
    return _Asked(wanted, one_word=len(parts) == 1 and not whose.codes and not what.codes)


def _part(piece: str, named: list[Named], known: frozenset[str]) -> frozenset[str]:
    """Whom half a name means; nobody where a whole one was said."""
    return frozenset() if known else called(piece, named)


def _defects(turn: Turn, text: str) -> frozenset[str]:
    return frozenset(
        defect.code
        for defect in turn.uow.customers.defects()
        if any(word and folded(word) in text for word in (defect.code, defect.name, *defect.said))
    )


def _day(turn: Turn, line: str) -> tuple[datetime | None, datetime | None, str]:
    """昨天: the day of the company that a line names, and the line without it."""
    for word, back in DAYS.items():
        if word in line:
            day = turn.today - timedelta(days=back)
            start = datetime.combine(day, time(), turn.company.zone)
            return start, start + timedelta(days=1), line.replace(word, " ")
    return None, None, line


def named(turn: Turn, line: str) -> bool:
    """Whether a folded line is, as a whole, the name of a customer, a contact or a product, or a phone's tail."""
    every = [*turn.uow.finding.customers(), *turn.uow.finding.products()]
    if any(line == folded(word) for each in every for word in each.words if word):
        return True
    return line.isdigit() and bool(called(line, every))


def sounding(turn: Turn, line: str) -> list[Named]:
    """The customers and products whose pinyin or initials a folded line is."""
    if not line.isascii() or len(line) < 2:
        return []
    every = [*turn.uow.finding.customers(), *turn.uow.finding.products()]
    found = {each.code: each for each in every if any(sounds_like(line, word) for word in each.words)}
    return list(found.values())


def shown(turn: Turn, text: str, found: list[Case]) -> Reply:
    """One case in full, several as a short list with a button for each; for none what can be tried."""
    if not found:
        return nothing(text)
    if len(found) == 1:
        return listings.details(turn, found[0])
    head = said(N_("“{text}” may mean one of these:"), text=text[:40])
    buttons = tuple(Button("details", people(case.number), case.number) for case in found if case.number)
    return say(head, *(listings.row_of(turn, case) for case in found), buttons=buttons)


def offered(turn: Turn, text: str) -> tuple[Option, ...]:
    """The cases to choose from for what was typed, each in a line; without a word those nearest to the person."""
    cases = find(turn, text) if text.strip() else listings.near(turn)
    return tuple(Option(case.number, listings.row_of(turn, case)) for case in cases if case.number)


def what(turn: Turn) -> Reply:
    """查 alone: what can be looked for, and what one is likeliest to look for."""
    return replace(listings.mine(turn), lines=(*HOW, *listings.mine(turn).lines))


HOW = (
    said(N_("Type a number (82), a customer or a part of the name, its pinyin initials (ly),")),
    said(N_("the last four digits of a phone, or words of the matter (rust bushing).")),
)


def nothing(text: str) -> Reply:
    """Nothing that this person may see is called so: what can be typed instead."""
    return say(
        said(N_("No case “{text}” that you may see."), text=text[:40]),
        *HOW,
        buttons=(Button("mine", said(N_("My cases"))), Button("help", said(N_("Help")))),
    )
