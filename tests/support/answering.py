"""Surveys that were sent, and those who answer them: by a browser without a script, in any language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx

from bot import web
from bot.surveys import web as surveys
from handlers.tokens import Links
from storage.surveys import AnswerRow, Campaign, Invitation, Response
from storage.unit_of_work import UnitOfWork
from tests.support.browser import Browser
from tests.support.customer import HIDDEN, KEY, PUBLIC
from tests.support.desk import Desk

SURVEY, STAFF_SURVEY = "DC-2026-0001", "YG-2026-0001"
LINK = re.compile(r"https?://[^/\s]+/s/[\w.-]+")
ALL = {
    "quality": "very_satisfied", "packaging": "satisfied", "delivery": "satisfied", "service": "very_satisfied",
    "price": "rather_dissatisfied", "competitiveness": "satisfied",
}  # fmt: skip
NO_FILE = [("none", ("", b""))]


def sent(desk: Desk, public: str = PUBLIC) -> list[str]:
    """Customers are asked: planned, approved and sent. The links as they are to be forwarded, in the order of names."""
    _reachable(desk, public)
    desk.say("程小满", "发问卷", "顾客满意度", "所有顾客", "提交")
    desk.decide("顾晓岚", "approve_plan", SURVEY)
    desk.say("程小满", f"发送问卷 {SURVEY}")
    desk.deliver()
    return links(desk)


def sent_to_staff(desk: Desk, public: str = PUBLIC) -> None:
    """Employees are asked."""
    _reachable(desk, public)
    desk.say("尹秋萍", "员工满意度", "员工满意度", "提交")
    desk.decide("陆明舟", "approve_plan", STAFF_SURVEY)
    desk.say("尹秋萍", f"发送问卷 {STAFF_SURVEY}")
    desk.deliver()


def _reachable(desk: Desk, public: str) -> None:
    desk.company = replace(desk.company, links=Links(public, KEY))
    desk.consoles.clear()  # who sat down before has a company without an address


def links(desk: Desk, person: str = "程小满") -> list[str]:
    """The links that somebody was sent, each once."""
    assert desk.company.links is not None
    texts = (desk.company.links.signed(letter.text) for letter in desk.heard(person, "/s/"))
    return list(dict.fromkeys(found for text in texts for found in LINK.findall(text)))


def browser(desk: Desk) -> Browser:
    """An invitee's browser, without a script."""
    app = web.application(lambda: (), lambda: b"", surveys.routes(desk.database, desk.company))
    return Browser(app, PUBLIC)


def form(page: httpx.Response, what: str, grades: Mapping[str, str] | None = None, **texts: str) -> dict[str, str]:
    """The form of a page, filled in."""
    ticked = {f"g.{item}": grade for item, grade in (ALL if grades is None else grades).items()}
    return {**dict(HIDDEN.findall(page.text)), **ticked, **{f"t.{k}": v for k, v in texts.items()}, "what": what}


def press(
    client: Browser, page: httpx.Response, what: str = "submit", grades: Mapping[str, str] | None = None, **texts: str
) -> httpx.Response:
    """Fill in the form of a page and press a button."""
    return client.post(page.url.path, data=form(page, what, grades, **texts), files=NO_FILE)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was kept of one invitee's answers."""

    mode: str
    counts: bool
    entered_by: int | None
    grades: dict[str, tuple[str, int | None]]
    texts: dict[str, str]


def answers(desk: Desk, number: str = SURVEY) -> list[Answered]:
    """Everything that customers answered, submitted or not."""

    def look(uow: UnitOfWork) -> list[Answered]:
        found = []
        for invitation in _invitations(uow, number):
            response = uow.surveys.response(invitation)
            if response is not None:
                found.append(_answered(response, list(uow.surveys.answers(response))))
        return found

    return desk.do(look)


def states(desk: Desk, number: str = SURVEY) -> list[str]:
    """Whether each invitee has answered."""
    return desk.do(lambda uow: [each.state for each in _invitations(uow, number)])


def campaign(uow: UnitOfWork, number: str = SURVEY) -> Campaign:
    """The campaign of a survey."""
    case = uow.cases.find(number)
    assert case is not None
    found = uow.surveys.of_case(case.id)
    assert found is not None
    return found


def _invitations(uow: UnitOfWork, number: str) -> list[Invitation]:
    return list(uow.surveys.invitations(campaign(uow, number)))


def _answered(response: Response, rows: list[AnswerRow]) -> Answered:
    return Answered(
        mode=response.mode,
        counts=response.submitted_at is not None,
        entered_by=response.entered_by,
        grades={row.item: (row.grade, row.points) for row in rows if row.grade},
        texts={row.item: row.text for row in rows if row.text},
    )
