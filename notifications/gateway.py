"""What a platform must be able to do: send one letter, and say whether a letter arrived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from conversations.plain import Json
from notifications.manners import Manners


class DeliveryError(Exception):
    """The platform surely did not take it. ``retry_after`` is its own wish; ``lasting`` means: never try again.

    ``gone``: nothing can be brought to this address any more; somebody else has to hear it. ``closed``: the platform
    takes nothing from us at all until ``retry_after``; that counts as no attempt.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: timedelta | None = None,
        lasting: bool = False,
        gone: bool = False,
        closed: bool = False,
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.lasting = lasting or gone
        self.gone = gone
        self.closed = closed


class LostReplyError(Exception):
    """The answer was lost: the platform may have taken it or not. It is asked before it is sent again."""


class CannotTellError(Exception):
    """The platform cannot say whether a letter arrived."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter goes on its platform: its own id, or the e-mail address by which it may be found.

    ``standing`` is the receipt of this letter's card as it stands there, ``under`` that of its case's card.
    """

    id: str = ""
    email: str = ""
    standing: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """One of several questions that a platform may ask at once: its key, its name, and its options: key and label."""

    question: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in the reader's language, as text; each platform gives it its own shape.

    A platform that can edit lets a letter replace the older ones of the same card at its address.
    ``mentions`` are platform ids of people to be called by name; ``more`` are buttons for an overflow menu,
    ``main`` the actions of those that stand out; ``together`` are questions that can be answered at once from the one
    asked here on; ``data`` is what a platform queued for itself. It was queued
    ``since``; ``last`` says that it is tried no more after this.
    """

    key: str
    short: str
    address: str
    title: str
    lines: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str, str], ...] = ()
    foot: str = ""
    forward: str = ""
    picture: bytes | None = None
    picture_sha256: str = ""
    card: str = ""
    topic: str = ""
    level: str = ""
    language: str = "zh"
    alt: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str, str], ...] = ()
    main: tuple[str, ...] = ()
    together: tuple[Together, ...] = ()
    mentions: tuple[str, ...] = ()
    place: Place = Place()
    data: Mapping[str, Json] = field(default_factory=dict)
    case_id: int | None = None
    since: datetime | None = None
    last: bool = False

    @property
    def text(self) -> str:
        """Everything as plain text: title, lines, the text to forward, what can be tapped, why it came."""
        parts = [self.title, *(f"{label}: {value}" for label, value in self.fields), *self.lines]
        if self.forward:
            parts.append(f"「{self.forward}」")
        if self.buttons:
            parts.append(" ".join(f"[{label}]" for _, label, _ in self.buttons))
        if self.foot:
            parts.append(self.foot)
        return "\n".join(part for part in parts if part)


class Gateway(Protocol):
    """One platform's way out."""

    @property
    def platform(self) -> str:
        """The name that outbox rows carry."""

    @property
    def pace(self) -> Mapping[str, tuple[timedelta, int]]:
        """How fast each kind of address (``person``, ``channel``) may be written to: one per span, burst.

        A topic (``card``) has one measure for all addresses together.
        """

    @property
    def manners(self) -> Manners:
        """What it asks for besides: whose plain notices are put together, and which minutes are avoided."""

    @property
    def can_find(self) -> bool:
        """Whether the platform can be asked; if not, each message is written down before the next is sent."""

    @property
    def fault(self) -> str:
        """What keeps the platform from taking anything at all from us; empty when nothing does."""

    def send(self, letter: Letter) -> str:
        """Send it; the receipt. Raises DeliveryError when it surely was not taken, LostReplyError when unknown."""

    def find(self, letter: Letter) -> str | None:
        """The receipt of a letter that arrived, None when it surely did not. Raises CannotTellError."""
