"""A busy company: complaints of all ages, a corrective action, two surveys and a month; looked at all the while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self

from reports.auditor.look import Finding, Scope, look
from tests.support import actions
from tests.support.answering import LINK, browser, press, sent, sent_to_staff
from tests.support.desk import Desk, at
from tests.support.pictures import small_edition

END = at(12, 1, 9)
VOTERS = 6


@dataclass
class Busy(Desk):
    """A desk at which the auditor looks whenever the clock has asked for what is due."""

    url: str = ""
    folder: Path = Path()
    found: list[Finding] = field(default_factory=list)
    looks: int = 0

    @classmethod
    def working(cls, url: str, folder: Path) -> Self:
        """The sample company at its work, from the twentieth of November to the first of December."""
        desk = cls.furnished(url, folder)
        desk.url, desk.folder, desk.draw = url, folder, small_edition
        desk.tick()
        _surveys(desk)
        actions.simple(desk)
        actions.plan(desk)
        _reports(desk)
        desk.until(at(11, 23, 10))
        actions.approve(desk)
        _first_one(desk)
        desk.until(at(12, 1, 8, 5))
        desk.tap("顾晓岚", "confirm", "YB-2026-11")
        _reports(desk)
        desk.until(END)
        return desk

    def tick(self) -> None:
        """What the clock asks for, and the auditor's look at it."""
        super().tick()
        self.found += self.audit()
        self.looks += 1

    def audit(self, after: timedelta = timedelta()) -> tuple[Finding, ...]:
        """Whatever the auditor finds, now or later."""
        scope = Scope(now=self.clock() + after, zone=self.company.zone, attachments=self.folder / "files")
        with self.database.reading() as session:
            return look(session, scope).findings


def _surveys(desk: Busy) -> None:
    """Two customers have answered and one has begun; six employees have."""
    customers = sent(desk)
    for link, what in zip(customers[:3], ("submit", "submit", "save"), strict=True):
        client = browser(desk)
        press(client, client.get(link), what, suggestions="包装再结实些")
    sent_to_staff(desk)
    people = desk.do(lambda uow: [person.name for person in uow.organisation.people()])
    voted = 0
    for name in people:
        if voted < VOTERS and (mine := desk.heard(name, "/s/")):
            voted += _vote(desk, mine[-1].text)


def _vote(desk: Busy, letter: str) -> bool:
    assert desk.company.links is not None
    client = browser(desk)
    page = client.get(LINK.findall(desk.company.links.signed(letter))[-1])
    return press(client, page, "sure", {"safety": "satisfied", "wages": "dissatisfied"}).status_code == 200


def _reports(desk: Busy) -> None:
    """Five more complaints, one of them major, with photos."""
    for report in (desk.report, desk.transmit) * 2:
        desk.photos("程小满", 2)
        answer: Callable[..., str] = report
        answer(photos="好了")
        desk.later(minutes=25)
    desk.transmit(customer="凌岳", impact="有停线风险")


def _first_one(desk: Busy) -> None:
    """The first complaint goes through to its end."""
    for tell in (desk.remedy, desk.refused, desk.remedy, desk.satisfied, desk.implemented):
        tell("梁可欣")
        desk.later(minutes=50)
    desk.close()
