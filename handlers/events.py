"""What can come in: one kind of event for each thing people do, the same from every platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conversations.words import Said


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it, as the platform knows them; ``via`` is who really acted when that differs (the console).

    ``told`` says what of the answer is sent as a message as well: nothing (the platform shows what is returned),
    what changed something, or everything. ``forms`` says how a question is put: asked in words, asked with a button
    that opens the whole form, or not at all, since the platform opens the form at once. ``singly``: of several
    photos each comes as an event of its own; they are answered together. ``paged``: a form that is begun there says
    where its page is.
    """

    platform: str
    id: str
    via: str = ""
    told: Literal["nothing", "changes", "everything"] = "nothing"
    forms: Literal["asked", "offered", "opened"] = "asked"
    singly: bool = False
    paged: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in. Once ``looked`` at: what it is, a picture's copy to show, or why it is not taken.

    With ``remote`` (``slack:F0123``) it lies at the platform and is fetched later; ``content`` is empty then.
    """

    name: str
    mime: str
    content: bytes
    remote: str = ""
    looked: bool = False
    preview: bytes | None = None
    fault: Said | None = None


@dataclass(frozen=True, slots=True)
class Wrote:
    """A line of text: an answer to the open form, or a word of ours; a ``command`` is a word of ours in any case."""

    key: str
    sender: Sender
    text: str
    command: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: an action, and the case it is about."""

    key: str
    sender: Sender
    action: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A form or a part of it, submitted at once: answers by the keys of their questions.

    ``whole``: every question that was shown is given, and one without an answer is left out. ``kept``: nothing is
    submitted, what can be read is kept in the draft, and nothing is said of the rest. ``asked``: the question under
    which this was tapped; where another is asked meanwhile, the tap is no answer any more.
    """

    key: str
    sender: Sender
    draft: str
    given: Mapping[str, str]
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)
    whole: bool = False
    kept: bool = False
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """Photos or files, up to nine at a time; ``apart`` from the open form: what they belong to is chosen next."""

    key: str
    sender: Sender
    files: tuple[Upload, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message of somebody's with its photos, to begin a case of a procedure with."""

    key: str
    sender: Sender
    procedure: str
    text: str
    files: tuple[Upload, ...] = ()


Event: TypeAlias = Wrote | Pressed | Answered | Attached | Quoted
