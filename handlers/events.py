"""What can come in: one kind of event for each thing people do, the same from every platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from conversations.words import Said


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it, as the platform knows them; ``via`` is who really acted when that differs (the console)."""

    platform: str
    id: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in. Once ``looked`` at: what it is, a picture's copy to show, or why it is not taken."""

    name: str
    mime: str
    content: bytes
    looked: bool = False
    preview: bytes | None = None
    fault: Said | None = None


@dataclass(frozen=True, slots=True)
class Wrote:
    """A line of text: an answer to the open form, or a word of ours."""

    key: str
    sender: Sender
    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: an action, and the case it is about."""

    key: str
    sender: Sender
    action: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A form or a part of it, submitted at once: answers by the keys of their questions."""

    key: str
    sender: Sender
    draft: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attached:
    """Photos or files, up to nine at a time."""

    key: str
    sender: Sender
    files: tuple[Upload, ...]


Event: TypeAlias = Wrote | Pressed | Answered | Attached
