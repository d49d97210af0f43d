"""A survey of employees that is played through, with the truth about it, which only the test knows."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from handlers.invitations import link_of
from handlers.surveys import ballots
from handlers.tokens import Links
from handlers.turn import Turn
from storage.cases import Case
from storage.organisation import Person
from storage.surveys import Invitation
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.answering import browser, press
from tests.support.attacker import Guess, Night, Seen
from tests.support.customer import KEY, PUBLIC
from tests.support.desk import Desk, at
from tests.support.evidence import ANSWERS, Copy, taken

VOTERS, INVITED = (300, 375) if LONG else (60, 75)
DAYS = (0, VOTERS // 2 + 2, VOTERS - 1, VOTERS)
"""Where the days divide those who answer: two busy ones, and one on which a single person does."""

OFFICE, LEAD = "张宁", "尹秋萍"
NUMBER = "YG-2026-0001"
MONDAY = at(11, 23, 8)

Cast: TypeAlias = Callable[[Turn, Invitation, Mapping[str, str], Mapping[str, str]], bool]


@dataclass
class Poll:
    """One survey of employees at a desk, and the truth about it, which only the test knows."""

    desk: Desk
    url: str
    folder: Path
    number: str
    campaign: int
    invitations: dict[int, str]
    monday: datetime
    rng: random.Random
    cast: Cast | None = None
    ticks: dict[int, frozenset[tuple[str, str]]] = field(default_factory=dict)
    wrote: dict[int, str] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)

    def answer(self, person: int) -> bool:
        """One of ours opens the page, ticks something that nobody else ticked, and sends it."""
        items, grades = self.asked()
        ticked = {item: self.rng.choice(grades) for item in items if self.rng.random() < 0.9}
        self.ticks[person] = frozenset(ticked.items())
        comments = {}
        if self.rng.random() < 0.5:
            self.wrote[person] = comments["suggestions"] = f"mark{person:05d}" + "字" * self.rng.randrange(80)
        self.moments.append(self.desk.clock())
        if self.cast is not None:
            return self.desk.do(lambda uow: self.send(uow, person, ticked, comments))
        client = browser(self.desk)
        page = client.get(self.desk.do(partial(self.link, person=person)))
        sent = press(client, page, "sure", ticked, **comments)
        return sent.status_code == HTTPStatus.OK

    def link(self, uow: UnitOfWork, person: int) -> str:
        """The link that a person was sent."""
        turn, campaign = Turn(uow, self.desk.company), uow.surveys.campaign(self.campaign)
        invitation = uow.surveys.invitation(self.invitations[person])
        assert turn.company.links is not None
        assert campaign is not None
        assert invitation is not None
        return turn.company.links.url(link_of(turn, campaign, invitation))

    def send(self, uow: UnitOfWork, person: int, ticked: Mapping[str, str], comments: Mapping[str, str]) -> bool:
        """What the page does with a ballot, in one transaction, or what a careless one would do."""
        invitation = uow.surveys.invitation(self.invitations[person])
        assert invitation is not None
        return (self.cast or ballots.cast)(Turn(uow, self.desk.company, surface="page"), invitation, ticked, comments)

    def asked(self) -> tuple[list[str], list[str]]:
        """The keys of items and of grades."""
        return self.desk.do(self._asked)

    def _asked(self, uow: UnitOfWork) -> tuple[list[str], list[str]]:
        campaign = uow.surveys.campaign(self.campaign)
        assert campaign is not None
        asked = ballots.asked_in(Turn(uow, self.desk.company), campaign)
        return list(asked.by_key), [grade.key for grade in asked.grades]

    def copy(self, name: str) -> Copy:
        """Somebody takes a copy of everything."""
        return taken(self.url, self.folder / f"{self.number}-{name}.db")

    def play(self) -> Seen:
        """Three days on which everybody answers at some time; copies in the evening and after the night."""
        people = self.rng.sample(sorted(self.invitations), VOTERS)
        nights = [self._day(number, people[slice(*each)]) for number, each in enumerate(pairwise(DAYS))]
        self.desk.until(at(12, 12, 9))
        self.desk.do(self.finish)
        self.desk.later(days=1)
        return Seen(self.campaign, nights, self.copy("end"), self.invitations)

    def _day(self, number: int, voters: list[int]) -> Night:
        morning = self.monday + timedelta(days=number)
        for seconds, person in zip(sorted(self.rng.sample(range(36_000), len(voters))), voters, strict=True):
            self.desk.clock.set(morning + timedelta(seconds=seconds))
            assert self.answer(person)
        evening = self.copy(f"{number}-evening")
        self.desk.until(morning + timedelta(hours=19))
        return Night(voters, evening, self.copy(f"{number}-morning"))

    def finish(self, uow: UnitOfWork) -> int:
        """What the report does before it counts: how many ballots there are."""
        campaign = uow.surveys.campaign(self.campaign)
        assert campaign is not None
        return ballots.finish(Turn(uow, self.desk.company), campaign)

    def hits(self, guesses: list[Guess], copy: Copy) -> int:
        """How many of the guesses are true."""
        held: dict[str, set[tuple[str, str]]] = {}
        for row in copy.tables[ANSWERS]:
            held.setdefault(str(row["ballot_id"]), set()).add((str(row["item"]), str(row["grade"])))
        return sum(frozenset(held.get(ballot, ())) == self.ticks.get(person) for person, ballot in guesses)

    def remembered(self, guesses: list[Guess]) -> int:
        """How many remarks were given to whoever wrote them."""
        return sum(self.wrote.get(person) == text for person, text in guesses)


def launched(url: str, folder: Path, cast: Cast | None = None, *, seed: int = 7, invited: int = INVITED) -> Poll:
    """A company in which everybody is invited, at eight on Monday morning."""
    Desk.furnished(url, folder).leave()
    desk = Desk.open(url, folder, start=MONDAY)
    desk.company = replace(desk.company, links=Links(PUBLIC, KEY))
    desk.do(partial(_hire, everybody=invited))
    desk.say(OFFICE, "staffsurvey", "a", "提交批准")
    desk.decide(LEAD, "approve_plan", NUMBER)
    desk.say(OFFICE, f"发送问卷 {NUMBER}")
    desk.deliver()
    campaign, by_person = desk.look(NUMBER, _invited)
    return Poll(desk, url, folder, NUMBER, campaign, by_person, MONDAY, random.Random(seed), cast)


def _hire(uow: UnitOfWork, everybody: int) -> None:
    here = len(uow.organisation.people())
    uow.session.add(Person(name=OFFICE, department="BG", roles=["office"]))
    for number in range(everybody - here - 1):
        uow.session.add(Person(name=f"员工{number:03d}", department=("SC", "PB", "JS")[number % 3]))


def _invited(uow: UnitOfWork, case: Case) -> tuple[int, dict[int, str]]:
    campaign = uow.surveys.of_case(case.id)
    assert campaign is not None
    return campaign.id, {each.person_id or 0: each.id for each in uow.surveys.invitations(campaign)}


@contextmanager
def closing(poll: Poll) -> Iterator[Poll]:
    """Nobody stays at the database."""
    try:
        yield poll
    finally:
        poll.desk.leave()
