"""The console: the whole product in a terminal, over the same handlers as every platform.

It needs the data directory, and records the operating-system user as acting for the person (design 8).
"""

import getpass
import re
import sys
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot.settings import Settings
from conversations.replies import Reply
from handlers import switchboard
from handlers.company import Company
from handlers.events import Attached, Event, Pressed, Sender, Upload, Wrote
from handlers.tokens import unsigned
from notifications.gateway import Letter
from notifications.manners import NONE
from storage.database import Database
from storage.mailbox import NewLetter

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SEPARATED = re.compile(r" *[,,、 ] *")
QUIT = frozenset({"quit", "exit", "退出"})
PLATFORM = "console"


class NoSuchPersonError(Exception):
    """The organisation has nobody of that name."""


class NoSuchChannelError(Exception):
    """The organisation has no department of that code."""


class ConsoleGateway:
    """Delivers into the post box that ``gukebot console`` reads."""

    platform = PLATFORM
    pace: Mapping[str, tuple[timedelta, int]] = {}
    manners = NONE
    can_find = True
    fault = ""

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(self, letter: Letter) -> str:
        """Put it into the box, once; a link loses its signature there: what is kept opens nothing."""
        new = NewLetter(
            key=letter.key,
            address=letter.address,
            text=unsigned(letter.text),
            picture=letter.picture_sha256 or None,
            card=letter.card,
        )
        self._database.do(lambda uow: uow.mailbox.put(new))
        return letter.key

    def find(self, letter: Letter) -> str | None:
        """Whether it lies there."""
        return self._database.do(lambda uow: letter.key if uow.mailbox.find(letter.key) else None)


class Console:
    """One person's terminal: lines in, text out. Options are tapped by their letter."""

    def __init__(self, database: Database, company: Company, person: str, via: str = "") -> None:
        self._database = database
        self._company = company
        self._sender = Sender(PLATFORM, person, via)
        self._reply = Reply(())
        self._read = 0

    def say(self, line: str) -> str:
        """Send a line, or tap what its letter stands for; the answer as text."""
        chosen = self._tapped(line.strip())
        event = chosen or Wrote(_key(), self._sender, self._several(line.strip()) or line)
        return self.receive(event)

    def tap(self, action: str, subject: str = "") -> str:
        """Tap a button by its action."""
        return self.receive(Pressed(_key(), self._sender, action, subject))

    def attach(self, *paths: Path) -> str:
        """Send files."""
        files = tuple(Upload(path.name, "", path.read_bytes()) for path in paths)
        return self.receive(Attached(_key(), self._sender, files))

    def receive_photos(self, photos: list[bytes]) -> str:
        """Send pictures that are no files."""
        files = tuple(Upload(f"photo-{index}.png", "image/png", content) for index, content in enumerate(photos, 1))
        return self.receive(Attached(_key(), self._sender, files))

    def receive(self, event: Event) -> str:
        """Hand an event to the switchboard and write down its answer."""
        self._reply = switchboard.receive(self._database, self._company, event)
        return self.write(self._reply)

    @property
    def reply(self) -> Reply:
        """The last answer, as it came."""
        return self._reply

    def write(self, reply: Reply) -> str:
        """An answer as text in the person's language."""
        language, now = self._language(), self._database.clock()
        words = self._company.words
        lines = [words.say(line, language, now) for line in reply.lines]
        if reply.forward is not None:
            lines.append(f"「{words.say(reply.forward, language, now)}」")
        labels = [words.say(button.label, language, now) for button in reply.buttons]
        lines += _columns([f"{letter} {label}" for letter, label in zip(LETTERS, labels, strict=False)])
        return "\n".join(lines)

    def _language(self) -> str:
        person = self._database.do(lambda uow: uow.organisation.person_by_name(self._sender.id))
        return person.language if person else self._company.language

    def _tapped(self, line: str) -> Pressed | None:
        if len(line) == 1 and line.lower() in LETTERS[: len(self._reply.buttons)]:
            button = self._reply.buttons[LETTERS.index(line.lower())]
            return Pressed(_key(), self._sender, button.action, button.subject)
        return None

    def _several(self, line: str) -> str:
        """Several options by their letters (a、b) where several may be chosen: the same as typing what they say."""
        letters, options = SEPARATED.split(line.lower()), dict(zip(LETTERS, self._reply.buttons, strict=False))
        taps = [options[letter] for letter in letters if letter in options]
        if len(taps) != len(letters) or len(taps) < 2 or not all(tap.action.startswith("option:") for tap in taps):
            return ""
        return "、".join(tap.action.partition(":")[2] for tap in taps)


def main(database: Database, settings: Settings, *, person: str | None, channel: str | None) -> None:
    """Chat as a person, or show what a channel heard. Ends with ``quit`` or at the end of the input."""
    from bot.app import company_of

    company = company_of(settings)
    if channel is not None:
        _show_channel(database, company, channel)
        return
    name = person or ""
    known = database.do(lambda uow: uow.organisation.person_by_name(name))
    if known is None:
        names = "、".join(database.do(lambda uow: [p.name for p in uow.organisation.people()])[:20])
        raise NoSuchPersonError(
            f"Nobody is called {name!r}. Known: {names or 'nobody yet, see gukebot import organisation'}"
        )
    console = Console(database, company, name, getpass.getuser())
    post = Post(database, company, f"person:{known.id}")
    print(console.say("帮助" if known.language == "zh" else "help"))  # noqa: T201 - a terminal is talked to by print
    _chat(console, post)


def _chat(console: Console, post: "Post") -> None:
    while True:
        for text in post.new():
            print(f"\n  ✉ {text}")  # noqa: T201
        try:
            line = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line in QUIT:
            return
        print(_answer(console, line))  # noqa: T201


def _answer(console: Console, line: str) -> str:
    head, _, rest = line.partition(" ")
    if head == "attach" and rest:
        path = Path(rest.strip()).expanduser()
        if not path.is_file():
            return f"There is no file {path}. / 没有这个文件。"
        return console.attach(path)
    return console.say(line) if line else ""


class Post:
    """What was delivered to an address, from where it was last read."""

    def __init__(self, database: Database, company: Company, address: str) -> None:
        self._database = database
        self._company = company
        self._address = address
        self._after = 0

    def new(self) -> list[str]:
        """Everything that came since, oldest first, in company time and with the links that open."""
        rows = self._database.do(lambda uow: uow.mailbox.of(self._address, self._after))
        if rows:
            self._after = rows[-1].id
        links, zone = self._company.links, self._company.zone
        texts = [links.signed(row.text) if links is not None else row.text for row in rows]
        return [f"{row.at.astimezone(zone):%m-%d %H:%M} {text}" for row, text in zip(rows, texts, strict=True)]


def _show_channel(database: Database, company: Company, code: str) -> None:
    department = database.do(lambda uow: uow.organisation.department(code))
    if department is None:
        raise NoSuchChannelError(f"There is no department {code!r}. `gukebot export organisation` lists them.")
    for text in Post(database, company, f"channel:{department.code}").new():
        sys.stdout.write(f"{text}\n\n")


def _columns(labels: list[str]) -> list[str]:
    """Options side by side, a few to a line."""
    return ["   ".join(labels[start : start + 4]) for start in range(0, len(labels), 4)]


def _key() -> str:
    return f"console/{uuid.uuid4()}"
