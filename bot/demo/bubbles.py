"""Entries as they are drawn: bubbles with their words in the reader's language, and what can be tapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.demo.transcript import Entry
from conversations.plain import Json, load
from conversations.replies import Button
from conversations.words import N_, Said, people, said
from reports.words import Words

SHOWN = 60
"""How many bubbles of a phone are drawn; the older ones are in the database."""

DAY = {"zh": ("M月d日 EEE", "zh_CN"), "en": ("EEE d MMM", "en_GB")}


def day_of(local: datetime, language: str) -> str:
    """A day with its weekday, as it stands above its bubbles and on the clock."""
    return _day(local.date(), language)


@lru_cache(maxsize=200)
def _day(day: date, language: str) -> str:
    pattern, locale = DAY[language]
    return format_date(day, pattern, locale=locale)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or a chart: the hash it is kept under, its words for those who do not see it, and its caption."""

    sha: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """Something to tap under a bubble."""

    action: str
    subject: str
    label: str
    main: bool = False
    next: bool = False

    @property
    def value(self) -> str:
        """What the button sends."""
        return f"{self.action}|{self.subject}"


@dataclass(slots=True)
class Bubble:
    """One bubble. ``side`` is ``in``, ``out`` or ``told``; ``tone`` colours an escalation: soon or late."""

    id: int
    side: str
    at: str
    day: str = ""
    sender: str = ""
    lines: list[str] = field(default_factory=list)
    forward: str = ""
    key: str = ""
    number: str = ""
    forwarded: bool = False
    next_forward: bool = False
    taps: list[Tap] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    foot: str = ""
    tone: str = ""
    fresh: bool = False
    draft: str = ""


@dataclass(frozen=True)
class Reader:
    """Who looks: their language, the words, and what was forwarded already."""

    words: Words
    language: str
    zone: ZoneInfo
    forwarded: frozenset[str] = frozenset()
    swaps: Mapping[str, str] = field(default_factory=dict)

    def say(self, sentence: Said, at: datetime) -> str:
        """A sentence, seen from then; a summary's text in the language there is, if not in this one."""
        spoken = self.words.say(sentence, self.language, at)
        return self.swaps.get(spoken, spoken)


def bubbles(entries: Iterable[Entry], reader: Reader, seen: int) -> list[Bubble]:
    """The newest bubbles of a phone, oldest first; pictures that came together lie in one."""
    mine = sorted(entries, key=lambda entry: entry.id)
    last_reply = next((entry.id for entry in reversed(mine) if entry.kind in ("reply", "said")), 0)
    drawn: list[Bubble] = []
    for entry in mine:
        bubble = _drawn(entry, reader, open_to_taps=entry.id == last_reply)
        bubble.fresh = entry.id > seen
        if drawn and bubble.pictures and drawn[-1].pictures and bubble.side == "in" == drawn[-1].side:
            drawn[-1].pictures += bubble.pictures
            drawn[-1].fresh |= bubble.fresh
            drawn[-1].id = bubble.id
            continue
        drawn.append(bubble)
    return _with_days(drawn[-SHOWN:])


def _drawn(entry: Entry, reader: Reader, *, open_to_taps: bool) -> Bubble:
    local = entry.at.astimezone(reader.zone)
    day = day_of(local, reader.language)
    bubble = Bubble(entry.id, "in", f"{local:%H:%M}", day, key=entry.key, forwarded=entry.key in reader.forwarded)
    match entry.kind:
        case "said":
            bubble.side = "out"
            bubble.lines = entry.text.splitlines()
            alt = reader.say(said(N_("Photo sent in the chat")), entry.at)
            bubble.pictures = [Picture(sha, alt) for sha in entry.photos]
        case "told":
            bubble.side, bubble.sender = "told", entry.sender
            bubble.lines = entry.text.splitlines()
        case "reply":
            _replied(bubble, entry, reader, open_to_taps=open_to_taps)
        case _:
            _delivered(bubble, entry, reader)
    return bubble


def _replied(bubble: Bubble, entry: Entry, reader: Reader, *, open_to_taps: bool) -> None:
    reply = entry.reply
    if reply is None:
        return
    bubble.lines = [line for said_ in reply.lines for line in reader.say(said_, entry.at).splitlines()]
    bubble.forward = reader.say(reply.forward, entry.at) if reply.forward else ""
    bubble.number, bubble.draft = _number(reply.buttons), reply.draft
    if open_to_taps:
        bubble.taps = _taps(reply.buttons, reader, entry.at)


def _taps(buttons: Sequence[Button], reader: Reader, at: datetime) -> list[Tap]:
    """The buttons; a notice has 更多 beside its 详情 too: everything can be reached without a word typed."""
    taps = [Tap(b.action, b.subject, reader.say(b.label, at), main=b.main) for b in buttons]
    details = [b for b in buttons if b.action == "details" and b.subject]
    if len(details) == 1 and all(b.action != "actions" for b in buttons):
        taps.append(Tap("actions", details[0].subject, reader.say(said(N_("More")), at)))
    return taps


def _delivered(bubble: Bubble, entry: Entry, reader: Reader) -> None:
    payload = entry.payload
    if payload is None:
        bubble.lines = entry.text.splitlines()
        return

    def spoken(part: Json) -> str:
        sentence = load(part)
        return reader.say(sentence, entry.at) if isinstance(sentence, Said) else ""

    parts = [payload.get("title"), *cast("list[Json]", payload.get("lines") or [])]
    bubble.lines = [line for part in parts for line in spoken(part).splitlines()]
    bubble.forward = spoken(payload.get("forward"))
    bubble.foot = spoken(payload.get("foot"))
    given = cast("list[tuple[str, Json, str]]", payload.get("buttons") or [])
    buttons = [Button(action, cast("Said", load(label)), subject) for action, label, subject in given]
    # a newer letter of the same card has the buttons now
    bubble.taps = [] if entry.replaced else _taps(buttons, reader, entry.at)
    bubble.number = _number(buttons)
    bubble.tone = {"R": "soon", "L": "late"}.get(entry.level[:1], "")
    if entry.picture:
        alt = said(N_("Chart of the monthly summary: {title}. Its figures stand in the text above it."),
                   title=people(bubble.lines[0]))  # fmt: skip
        sha = reader.swaps.get(entry.picture, entry.picture)
        bubble.pictures = [Picture(sha, reader.say(alt, entry.at), bubble.lines[0])]
        bubble.lines = []


def _number(buttons: Sequence[Button]) -> str:
    """The case that a bubble is about."""
    return next((button.subject for button in buttons if button.subject), "")


def _with_days(drawn: list[Bubble]) -> list[Bubble]:
    """The day stands above the first bubble of a day alone."""
    before = ""
    for bubble in drawn:
        if bubble.day == before:
            bubble.day = ""
        else:
            before = bubble.day
    return drawn
