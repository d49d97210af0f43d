"""The workspace: what every listener works with, and how an event of Slack's becomes an answer of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk import WebClient

from bot.app import App
from bot.slack.afters import Afters
from bot.slack.modals import Say, Shown
from bot.slack.people import People, named
from bot.slack.translating import PLATFORM, home_of, user_of
from conversations.fields import Kind
from conversations.replies import Reply
from conversations.words import Said
from handlers import switchboard, whole
from handlers.company import Company
from handlers.events import Event, Sender
from handlers.turn import Turn
from storage.database import Database
from storage.unit_of_work import UnitOfWork

Json = Mapping[str, Any]
Told = Literal["nothing", "changes", "everything"]
Forms = Literal["asked", "offered", "opened"]


@dataclass(frozen=True)
class Workspace:
    """One Slack workspace, and the app of the company that works in it."""

    app: App
    client: WebClient
    people: People
    afters: Afters

    @property
    def database(self) -> Database:
        return self.app.database

    @property
    def company(self) -> Company:
        return self.app.company

    def sender(self, body: Json, told: Told, forms: Forms = "opened") -> Sender:
        """Who did it. Somebody from elsewhere is nobody here, whatever their account is called, and hears nothing."""
        user = user_of(body)
        ours, theirs = home_of(body)
        if ours and theirs and ours != theirs:
            return Sender(PLATFORM, f"{theirs}/{user}")
        self.people.meet(user)
        return Sender(PLATFORM, user, told=told, forms=forms)

    def receive(self, event: Event) -> Reply:
        """Deal with an event, once; what it queued is sent at once."""
        reply = switchboard.receive(self.database, self.company, event)
        self.app.bell.ring()
        return reply

    def turn(self, uow: UnitOfWork, user: str) -> Turn:
        """Somebody's turn, to look at what they may see."""
        return Turn(uow, self.company, uow.organisation.person_by_platform(PLATFORM, user), PLATFORM)

    def say(self, user: str) -> Say:
        """How to say a sentence to somebody."""
        return self.database.look(lambda uow: self._say(self.turn(uow, user)))

    def _say(self, turn: Turn) -> Say:
        language, now = turn.language, turn.now
        return lambda sentence: self.company.words.say(sentence, language, now)

    def plainly(self, sentence: Said) -> str:
        """A sentence in the company's language, without a look at the database."""
        return self.company.words.say(sentence, self.company.language, self.database.clock())

    def shown(self, user: str, draft: str, given: Mapping[str, str] | None = None) -> Shown | None:
        """A form of theirs as they see it now; None when it was submitted or dropped."""

        def look(uow: UnitOfWork) -> Shown | None:
            turn = self.turn(uow, user)
            found = whole.shown(turn, draft, given)
            if found is None:
                return None
            people = any(question.field.kind is Kind.PERSON for question in found.questions)
            users = {each.name: each.slack_id for each in uow.organisation.people() if each.slack_id} if people else {}
            return Shown(found, self._say(turn), users)

        return self.database.look(look)

    def named(self, user: str) -> str:
        """The name of somebody; "" for whom we do not know, also once they were asked for."""
        self.people.meet(user)
        return self.database.look(lambda uow: named(uow, user))
