"""流程图 as a picture: asked for in the chat, drawn by the tick while no transaction is open, then sent (M-54)."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import TypeAlias, cast

from conversations.words import said
from handlers.addresses import Address
from handlers.company import Company
from handlers.outgoing import How, send
from handlers.turn import Turn
from notifications.notices import Notice
from reports.flow import Flow, flow_of
from storage.cases import Case
from storage.database import Database
from storage.files import Belongs
from storage.unit_of_work import UnitOfWork

DrawFlow: TypeAlias = Callable[[Flow], bytes]
"""Draws a procedure as PNG; no transaction is open meanwhile."""

WANTED = "flows.wanted"
DRAWN = "flows.drawn"
MOST = 20
"""So many pictures may wait at once; who asks when there are more has the text."""


def want(turn: Turn, procedure: str, case: Case | None) -> bool:
    """Remember that a person asked for the picture; False when too many wait already."""
    if turn.person is None:
        return False
    if turn.uow.state.get(WANTED) is None:
        turn.uow.state.put(WANTED, [])
    waiting = cast("list[dict[str, object]]", turn.uow.state.held(WANTED) or [])
    if len(waiting) >= MOST:
        return False
    asked = {
        "key": turn.event_key, "person": turn.person.id, "procedure": procedure, "language": turn.language,
        "step": case.step if case is not None else "",
    }  # fmt: skip
    turn.uow.state.put(WANTED, [*waiting, asked])
    return True


def _wanted(uow: UnitOfWork) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", uow.state.get(WANTED) or [])


def tick(database: Database, company: Company, draw: DrawFlow) -> None:
    """Draw what was asked for and send it; a picture that was drawn before is sent again."""
    for asked in database.do(_wanted):
        flow = database.do(partial(_flow, company, asked))
        mark = hashlib.sha256(repr(flow).encode()).hexdigest()
        known = database.do(lambda uow: cast("dict[str, str]", uow.state.get(DRAWN) or {}))
        drawn = flow, mark, None if mark in known else draw(flow)
        database.do(partial(_send, company, asked, drawn))


def _flow(company: Company, asked: dict[str, object], uow: UnitOfWork) -> Flow:
    turn = Turn(uow, company)
    departments = {department.code: department.name for department in turn.uow.organisation.departments()}
    procedure = turn.company.handbook[str(asked["procedure"])]
    return flow_of(procedure, str(asked["language"]), departments, str(asked["step"]))


def _send(company: Company, asked: dict[str, object], drawn: tuple[Flow, str, bytes | None], uow: UnitOfWork) -> None:
    """Keep the picture, queue it, and forget that it was asked for: in one transaction."""
    turn = Turn(uow, company)
    flow, mark, content = drawn
    waiting = cast("list[dict[str, object]]", turn.uow.state.held(WANTED) or [])
    if asked not in waiting:
        return
    known = cast("dict[str, str]", turn.uow.state.get(DRAWN) or {})
    if content is not None:
        known[mark] = turn.uow.files.put(content, name="flow.png", mime="image/png", to=Belongs()).sha256
        turn.uow.state.put(DRAWN, known)
    notice = Notice("flow", said("{title}", title=flow.title), picture=known[mark])
    send(turn, notice, [Address(f"person:{asked['person']}", "asked")], How(key=f"flow/{asked['key']}"))
    turn.uow.state.put(WANTED, [each for each in waiting if each != asked])
