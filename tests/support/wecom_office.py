"""A desk with WeCom: the sample company on the fake, phones in its hands, the server's application behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from bot import serve
from bot.app import App, build
from bot.settings import Settings
from bot.wecom.outbound import gateways
from bot.wecom.transport import Transport
from notifications.delivery import Post, deliver_due
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk
from tests.support.wecom.crypto import Encrypter
from tests.support.wecom.driver import WeCom
from tests.support.wecom.phone import Phone
from tests.support.wecom.reading import Bubble
from tests.support.wecom.senders import through
from tests.support.wecom.stand import Stand, userid_of

SOON = timedelta(minutes=2)


@dataclass(repr=False)
class Office:
    """The product with WeCom, all but its delivery threads: what goes out is delivered when a story says so.

    ``more`` is said in its configuration besides, from the next start on, and it waits so many ``seconds`` for WeCom.
    """

    desk: Desk
    stand: Stand
    folder: Path
    more: Mapping[str, Any] = field(default_factory=dict)
    encrypter: Encrypter | None = None
    seconds: float = 3
    app: App = field(init=False)
    wecom: WeCom = field(init=False)
    posts: list[Post] = field(init=False)
    rooms: list[serve.Room] = field(init=False)

    @classmethod
    def open(cls, desk: Desk, stand: Stand, folder: Path, encrypter: Encrypter | None = None) -> Self:
        """WeCom is used at this desk from now on."""
        stand.set_clock(desk.clock)
        desk.do(lambda uow: entered(uow, stand))
        office = cls(desk, stand, folder)
        office.start(encrypter)
        return office

    def start(self, encrypter: Encrypter | None = None) -> None:
        """A new process: nothing is known but what the database keeps."""
        app = build(settings(self.stand, self.folder, self.more), self.desk.database, self.desk.clock, [])
        self.app = replace(app, company=replace(app.company, handbook=self.desk.company.handbook))
        self.desk.company = self.app.company
        self.rooms = serve.rooms(self.app)
        self.encrypter = encrypter or self.encrypter
        self.wecom = WeCom(self.stand, through(serve.application(self.app, *self.rooms)), self.encrypter)
        asked = self.app.settings.wecom
        transport = Transport(asked, self.app.database, timeout=self.seconds, sleep=lambda _seconds: None)
        ways = gateways(transport, self.app.database, self.app.company)
        self.posts = [Post(self.app.database, way, self.app.company.words, owner=self.app.owner) for way in ways]

    def stop(self) -> None:
        """The process ends."""
        self.wecom.settle()
        for room in self.rooms:
            room.stop()

    def restart(self) -> None:
        """The process ends, and another begins."""
        self.stop()
        self.start()

    def phone(self, name: str) -> "Hand":
        """Somebody's phone."""
        return Hand(self, self.wecom.phone(name))

    def group(self, code: str) -> list[Bubble]:
        """What a department's group read."""
        key = str(self.desk.do(lambda uow: uow.organisation.channel(code, "wecom"))).removeprefix("robot:")
        return self.stand.robot(key)

    def later(self, **span: float) -> None:
        """Let a span pass, in which everything happens that is due."""
        self.until(self.desk.clock() + timedelta(**span))

    def until(self, instant: datetime) -> None:
        """Let time pass up to an instant."""
        while (following := self._following()) is not None and following < instant:
            self.desk.clock.set(max(following, self.desk.clock() + timedelta(milliseconds=1)))
            self._tick()
        self.desk.clock.set(max(instant, self.desk.clock()))
        self._tick()

    def _tick(self) -> None:
        self.desk.tick()
        while sum(deliver_due(post) for post in self.posts):
            pass

    def _following(self) -> datetime | None:
        moments = [self.desk.following(), self._next()]
        return min((moment for moment in moments if moment is not None), default=None)

    def deliver(self, within: timedelta = SOON) -> None:
        """Deliver everything that is due so soon; the clock goes on meanwhile, and nothing else happens."""
        until = self.desk.clock() + within
        while True:
            if sum(deliver_due(post) for post in self.posts):
                continue
            following = self._next()
            if following is None or following > until:
                return
            self.desk.clock.set(max(following, self.desk.clock() + timedelta(milliseconds=1)))

    def _next(self) -> datetime | None:
        moments = [self.desk.do(partial(_next, platform=post.gateway.platform)) for post in self.posts]
        return min((moment for moment in moments if moment is not None), default=None)


@dataclass
class Hand:
    """A person with their phone: after each thing they do, what follows is delivered."""

    office: Office
    phone: Phone

    def say(self, *lines: str) -> str:
        """Write lines, one after another; the last answer."""
        before = 0
        for line in lines:
            before = len(self.phone.messages())
            assert self.phone.say(line).taken, f"{line!r} was not taken"
            self.office.deliver()
        return "\n".join(each.text for each in self.phone.messages()[before:])

    def menu(self, choice: str) -> str:
        """Choose from the menu; the answer."""
        before = len(self.phone.messages())
        assert self.phone.menu(choice).taken
        self.office.deliver()
        return "\n".join(each.text for each in self.phone.messages()[before:])

    def tap(self, card: Bubble, button: str = "", choose: Any = None, *, stale: bool = False) -> str:
        """Tap a card; the answer."""
        before = len(self.phone.messages())
        assert self.phone.tap(card, button, choose, stale=stale).taken
        self.office.deliver()
        return "\n".join(each.text for each in self.phone.messages()[before:])

    def photos(self, *contents: bytes) -> str:
        """Send pictures one by one; the answer."""
        before = len(self.phone.messages())
        assert all(sent.taken for sent in self.phone.photo(*contents))
        self.office.deliver()
        return "\n".join(each.text for each in self.phone.messages()[before:])

    @property
    def card(self) -> Bubble:
        """The newest card."""
        return self.phone.cards()[-1]

    @property
    def messages(self) -> list[Bubble]:
        return self.phone.messages()


def entered(uow: UnitOfWork, stand: Stand) -> None:
    """Everybody has their userid, every department the robot of its group."""
    for person in uow.organisation.people():
        person.wecom_id = userid_of(person.email) if person.email else None
    for department in uow.organisation.departments():
        if department.channel_name:
            department.channels = {**department.channels, "wecom": f"robot:{stand.key(department.channel_name)}"}


def _next(uow: UnitOfWork, platform: str) -> datetime | None:
    # what is due and was not sent waits for another one
    return uow.outbox.next_at(platform, after=uow.now)


def settings(stand: Stand, folder: Path, more: Mapping[str, Any] | None = None) -> Settings:
    """The configuration of a server that talks to the stand."""
    return Settings.model_validate({"data": {"directory": folder}, "wecom": stand.settings, **(more or {})})
