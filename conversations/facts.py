"""What is known of a case, as the pure rules of a declaration see it."""

from dataclasses import dataclass, field
from datetime import datetime

from conversations.fields import Answers


@dataclass(frozen=True, slots=True)
class Happened:
    """One action on a case, as it was recorded."""

    key: str
    step: str
    round: int
    at: datetime
    answers: Answers = field(default_factory=dict)
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline of the case, as it stands: running, paused, met, breached_met or cancelled."""

    key: str
    round: int
    started_at: datetime
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that this one is linked to: how, what it is, whether it is closed, and where it stands."""

    link: str
    procedure: str
    kind: str
    number: str
    closed: bool
    step: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case with its whole history: guards, outcomes and deadlines are functions of this alone."""

    number: str
    step: str
    department: str
    severity: str
    received_at: datetime
    filed_at: datetime
    answers: Answers
    history: tuple[Happened, ...] = ()
    deadlines: tuple[Running, ...] = ()
    linked: tuple[Linked, ...] = ()
    refusals: frozenset[str] = frozenset()

    @property
    def latest(self) -> Happened:
        """The action that was recorded last; the filing itself is the first."""
        return self.history[-1]

    @property
    def round(self) -> int:
        """1 + the refusals since the case was opened or reopened (design 4)."""
        return 1 + sum(happened.key in self.refusals for happened in self.since("reopen"))

    def since(self, key: str) -> tuple[Happened, ...]:
        """What happened after the newest action of a kind; everything if there was none."""
        for position in range(len(self.history) - 1, -1, -1):
            if self.history[position].key == key:
                return self.history[position + 1 :]
        return self.history

    def this_round(self, *keys: str) -> tuple[Happened, ...]:
        """What happened of these kinds since the round began."""
        recent = self.since("reopen")
        for position in range(len(recent) - 1, -1, -1):
            if recent[position].key in self.refusals:
                recent = recent[position + 1 :]
                break
        return tuple(happened for happened in recent if happened.key in keys)

    def last(self, key: str) -> Happened | None:
        """The newest action of a kind."""
        return next((h for h in reversed(self.history) if h.key == key), None)

    def times(self, key: str) -> int:
        """How often a kind of action happened."""
        return sum(happened.key == key for happened in self.history)

    def deadline(self, key: str, round_: int | None = None) -> Running | None:
        """The newest deadline of a kind, of a round if one is named."""
        return next(
            (d for d in reversed(self.deadlines) if d.key == key and round_ in (None, d.round)),
            None,
        )

    def spawned(self, kind: str) -> tuple[Linked, ...]:
        """The linked cases of a kind that this case called for."""
        return tuple(case for case in self.linked if case.link == "spawned" and case.kind == kind)
