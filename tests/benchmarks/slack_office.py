"""The sample company in a Slack workspace, and what its people send: whole complaints, lines, taps."""

import itertools
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update

from bot import clock
from bot.app import build
from bot.settings import Settings
from bot.slack import modals
from bot.slack.room import furnish
from handlers import switchboard
from handlers.events import Pressed, Sender
from storage.drafts import DraftRow
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.rig import Rig, analyse
from tests.benchmarks.slack_traffic import Post
from tests.support.desk import Desk
from tests.support.faults.driver import SALES
from tests.support.slack.filling import state_of
from tests.support.slack.payloads import as_interaction, as_json
from tests.support.slack.stand import SIGNING_SECRET

TEAM, TOKEN, FIRST = "T0BENCH", "xoxb-bench", "first"
ANSWERS = {
    "customer": "K07", "product": "LG-1040", "category": "delivery", "impact": "notice", "quantity": "11-100",
    "received_at": "now", "handling": "self",
}  # fmt: skip
Json = dict[str, Any]


class Office:
    """A database in which people are known at Slack; its server is another process."""

    def __init__(self, rig: Rig, url: str) -> None:
        rig.made += 1
        self.url, self.folder = url, rig.folder / f"office-{rig.made}"
        self.folder.mkdir()
        self.desk = Desk.open(url, self.folder, start=clock.now())
        self.desk.people()
        self.users: dict[str, str] = self.desk.do(_known_at_slack)
        self._numbers = itertools.count(1)
        self._view = self._form()
        self.desk.do(_put_aside)
        analyse(url)

    def settings(self, api: str) -> Mapping[str, str]:
        """How a server talks to Slack."""
        return {
            "GUKEBOT_SLACK__BOT_TOKEN": TOKEN, "GUKEBOT_SLACK__SIGNING_SECRET": SIGNING_SECRET,
            "GUKEBOT_SLACK__API_BASE_URL": api,
        }  # fmt: skip

    def close(self) -> None:
        """Leave the database."""
        self.desk.database.dispose()

    def _form(self) -> Json:
        """The modal of a complaint as it stands filled, with a word for what differs from one to the next."""
        words = {"bot_token": TOKEN, "signing_secret": SIGNING_SECRET}
        settings = Settings.model_validate({"data": {"directory": self.folder}, "slack": words})
        room = furnish(build(settings, self.desk.database, clock.now, []))
        user = self.users[SALES[0]]
        begun = switchboard.receive(
            self.desk.database, self.desk.company, Pressed("first", Sender("slack", user), "start:complaint")
        )
        shown = room.workspace.shown(user, begun.draft, {**ANSWERS, "received_at": ""})
        room.stop()
        assert shown is not None
        view = modals.form(shown)
        return {**view, "private_metadata": "DRAFT", "state": state_of(view, {**ANSWERS, "description": "MATTER"})}

    def complaints(self, count: int) -> list[Post]:
        """So many forms that are filled and not submitted yet, each its own draft: the requests that submit them."""
        rows = [f"draft-{next(self._numbers)}" for _ in range(count)]
        people = [SALES[index % len(SALES)] for index in range(count)]
        self.desk.do(partial(_drafts, rows=list(zip(rows, people, strict=True))))
        analyse(self.url)
        return [self._submission(row, person) for row, person in zip(rows, people, strict=True)]

    def _submission(self, draft: str, person: str) -> Post:
        view = json.dumps(self._view).replace("DRAFT", draft).replace("MATTER", f"A{next(self._numbers):06}")
        asked = {"view": {**json.loads(view), "id": f"V{draft}", "hash": "1.a", "team_id": TEAM, "type": "modal"}}
        return Post(as_interaction({**self._who("view_submission", person), **asked, "response_urls": []})[0])

    def lines(self, text: str) -> Iterator[Post]:
        """Everybody types this to the bot, again and again."""
        everybody = list(self.users.values())
        for number in self._numbers:
            event = {
                "type": "message", "channel_type": "im", "channel": "D0BENCH", "text": text,
                "user": everybody[number % len(everybody)], "ts": f"1800000000.{number:06}",
            }  # fmt: skip
            told = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event}
            yield Post(*as_json(told))

    def shortcuts(self, name: str) -> Iterator[Post]:
        """Somebody uses a shortcut again and again."""
        for _ in self._numbers:
            yield Post(as_interaction({**self._who("shortcut", SALES[0]), "callback_id": name})[0])

    def _who(self, kind: str, person: str) -> Json:
        user = {"id": self.users[person], "username": "someone", "name": "someone", "team_id": TEAM}
        number = next(self._numbers)
        return {
            "type": kind, "team": {"id": TEAM, "domain": "bench"}, "user": user, "api_app_id": "A0BENCH",
            "token": "unused", "enterprise": None, "is_enterprise_install": False, "action_ts": f"1800000000.{number}",
            "trigger_id": f"{number}.123.abc",
        }  # fmt: skip


def _known_at_slack(uow: UnitOfWork) -> dict[str, str]:
    for count, department in enumerate(uow.organisation.departments()):
        department.channels = {**department.channels, "slack": f"C{count:08}"}
    found = {}
    for person in uow.organisation.people():
        person.slack_id = found[person.name] = f"U{person.id:08}"
    return found


def _put_aside(uow: UnitOfWork) -> None:
    """The form that the others are made after is nobody's open form."""
    uow.session.execute(update(DraftRow).values(active=False, id=FIRST))


def _drafts(uow: UnitOfWork, rows: list[tuple[str, str]]) -> None:
    opened = uow.session.scalars(select(DraftRow).where(DraftRow.id == FIRST)).one()
    own = {"id", "person_id", "active"}
    shared = {c.name: getattr(opened, c.name) for c in DraftRow.__table__.columns if c.name not in own}
    ids = {person.name: person.id for person in uow.organisation.people()}
    made = [{**shared, "id": row, "person_id": ids[person], "active": False} for row, person in rows]
    uow.session.execute(insert(DraftRow), made)
