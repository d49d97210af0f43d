"""What the fake knows of its WeCom: the company, the apps, what was sent to whom, and every call that came in."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.wecom.crypto import Secrets
from tests.support.wecom.rates import DAY, HOUR, MINUTE, Limit, Rates

Json = dict[str, Any]

AGENT, OTHER_AGENT = 1000002, 1000003
SECRETS = Secrets("standToken", "c3RhbmQgb2YgdGhlIHRlc3RzIGZvciBjYWxsYmFja3M", "ww0123456789abcdef")
DOMAIN = "guke.example.com"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the company; where an app is not visible to them they cannot be written to."""

    userid: str
    name: str = ""
    parties: tuple[int, ...] = (1,)
    tags: tuple[int, ...] = ()
    visible: bool = True


@dataclass(slots=True)
class App:
    """A self-built app as its administrator set it up."""

    agent: int
    secret: str
    callback: bool = True
    """Whether 接收消息 has an address; without one there are no interactive cards (43012)."""
    root: bool = True
    """Whether it sees the whole company; only then it may have group chats (48002)."""
    domain: str = DOMAIN
    menu: Json | None = None


@dataclass(slots=True)
class Token:
    """An access_token."""

    agent: int
    until: datetime


@dataclass(slots=True)
class Media:
    """A file for three days: of the company, or of one robot."""

    kind: str
    name: str
    content: bytes
    made: datetime
    robot: str = ""


@dataclass(slots=True)
class Message:
    """What an app said to members or in a group chat, or a robot; `states` is what single readers see instead."""

    number: str
    sender: int | str
    kind: str
    body: Json
    at: datetime
    readers: tuple[str, ...] = ()
    recalled: bool = False
    states: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class ResponseCode:
    """May change one card once, within 72 hours."""

    agent: int
    message: str
    made: datetime
    used: bool = False


@dataclass(slots=True)
class Chat:
    """A group chat that an app made."""

    chatid: str
    name: str
    owner: str
    members: list[str]
    agent: int
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Robot:
    """A group's webhook."""

    key: str
    name: str
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Code:
    """What OAuth2 gives out: once, for five minutes."""

    who: Json
    made: datetime
    used: bool = False


@dataclass(slots=True)
class Call:
    """One call as it came in: `path` without /cgi-bin/, `answer` empty until there is one, `http` its status."""

    path: str
    query: Mapping[str, str]
    args: Json
    at: datetime
    answer: Json = field(default_factory=dict)
    http: int = 0
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that was answered with an errcode which no test had planned."""

    path: str
    code: int
    errmsg: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message that somebody never got though the answer was errcode 0: too many for one member."""

    userid: str
    message: Message


@dataclass
class Limits:
    """How much WeCom takes; a test may make them smaller."""

    api: tuple[Limit, ...] = ((10_000, MINUTE), (150_000, HOUR))
    member: tuple[Limit, ...] = ((30, MINUTE), (1_000, HOUR))
    accounts: int = 1_000
    """A day's messages of an app are 200 for each of so many accounts."""
    chats: tuple[Limit, ...] = ((1_000, DAY),)
    chat_people: tuple[Limit, ...] = ((20_000, MINUTE),)
    chat_member: tuple[Limit, ...] = ((200, MINUTE), (10_000, DAY))
    robot: tuple[Limit, ...] = ((20, MINUTE),)


@dataclass
class World:
    """The state of one story; made anew for the next."""

    base: str
    secrets: Secrets = SECRETS
    clock: Callable[[], datetime] | None = None
    trusted_ips: frozenset[str] | None = None
    """Who may call (60020); None is everybody."""
    expired_as: int = 42001
    """WeCom says 40014 of an expired token, too."""
    limits: Limits = field(default_factory=Limits)
    members: dict[str, Member] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    codes: dict[str, ResponseCode] = field(default_factory=dict)
    logins: dict[str, Code] = field(default_factory=dict)
    task_ids: set[tuple[int, str]] = field(default_factory=set)
    said: dict[tuple[int, str], datetime] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    robots: dict[str, Robot] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)
    calls: list[Call] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """The instant of the story's clock, else the machine's."""
        return self.clock() if self.clock else datetime.now(UTC)

    def counts(self) -> Counter[str]:
        return Counter(call.path for call in self.calls)

    def fresh(self, made: datetime, life: timedelta) -> bool:
        """Whether what was made then is still good."""
        return self.now() - made < life

    # ------------------------------------------------------------ who is there

    def add(self, members: Iterable[Member]) -> None:
        """People join the company."""
        self.members.update({each.userid.lower(): each for each in members})

    def member(self, userid: str) -> Member | None:
        """Somebody the app may write to; capitals do not matter."""
        found = self.members.get(userid.lower())
        return found if found and found.visible else None

    def people(self, userids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Those who are there, as they are written there, and the others in lower case."""
        found = {userid: self.member(userid) for userid in userids}
        there = dict.fromkeys(each.userid for each in found.values() if each)
        return list(there), [userid.lower() for userid, each in found.items() if not each]

    # ------------------------------------------------------------ what is kept

    def keep(self, kind: str, name: str, content: bytes, robot: str = "") -> str:
        """A file for three days; its media_id."""
        number = f"3{secrets.token_urlsafe(32)}"
        self.media[number] = Media(kind, name, content, self.now(), robot)
        return number

    def picture_url(self, content: bytes) -> str:
        """Where a picture can be had by everybody."""
        number = secrets.token_urlsafe(12)
        self.pictures[number] = content
        return f"{self.base}/pictures/{number}"

    def picture(self, url: str) -> bytes | None:
        """The picture behind an address of ours."""
        return self.pictures.get(url.removeprefix(f"{self.base}/pictures/"))

    def response_code(self, message: Message, agent: int) -> str:
        """A new code for a card."""
        code = secrets.token_urlsafe(32)
        self.codes[code] = ResponseCode(agent, message.number, self.now())
        return code

    def message(self, number: str) -> Message | None:
        """A message of an app by its msgid."""
        return next((each for each in self.messages if each.number == number), None)

    # ------------------------------------------------------------ what reaches people

    def reaches(self, userids: Iterable[str], message: Message, key: str, limits: tuple[Limit, ...]) -> tuple[str, ...]:
        """Those who get a message; whoever had too many gets nothing, and nobody is told."""
        readers = []
        for userid in userids:
            if self.rates.take((key, message.sender, userid), message.at, *limits):
                readers.append(userid)
            else:
                self.dropped.append(Dropped(userid, message))
                self.bad.append(f"dropped silently: a message to {userid}, who had too many")
        return tuple(readers)

    def new(self, sender: int | str, kind: str, body: Json) -> Message:
        """A message that nobody has got yet."""
        return Message(secrets.token_urlsafe(24), sender, kind, body, self.now())
