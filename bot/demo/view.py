"""What the page looks at, kept in the database: who is on which phone, what was read, the language, the tour."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from storage.unit_of_work import UnitOfWork

VIEW = "demo.view"
CLOCK = "demo.clock"
PHONES = 4


@dataclass(frozen=True, slots=True)
class View:
    """The state of the page. ``active`` is the phone a small screen shows; ``scene`` and ``step`` are the tour's."""

    phones: tuple[str, ...]
    active: int = 0
    language: str = "zh"
    read: Mapping[str, int] = field(default_factory=dict)
    scene: int = 0
    step: int = 0
    played: int = -1
    astray: bool = False
    forwarded: tuple[str, ...] = ()
    as_slack: bool = False

    @classmethod
    def of(cls, uow: UnitOfWork, otherwise: tuple[str, ...], language: str) -> Self:
        """The view as it was left; at the beginning the phones of the story."""
        kept: Any = uow.state.get(VIEW)
        if not isinstance(kept, dict):
            return cls(otherwise, language=language)
        lists = {name: tuple(kept[name]) for name in ("phones", "forwarded")}
        return cls(**{**kept, **lists})

    def keep(self, uow: UnitOfWork) -> None:
        """Remember it."""
        uow.state.put(VIEW, asdict(self))

    def showing(self, phone: int, address: str) -> Self:
        """Another face on a phone; the face that was there changes places when it is on another one."""
        phones = list(self.phones)
        if address in phones:
            phones[phones.index(address)] = phones[phone]
        phones[phone] = address
        return replace(self, phones=tuple(phones), active=phone)

    def seen(self, address: str) -> int:
        """Up to where the messages of an address were seen."""
        return max(self.read.get(address, 0), self.read.get("*", 0))

    def having_read(self, address: str, last: int) -> Self:
        """Everything that lies there was seen."""
        return replace(self, read={**self.read, address: last})


def keep_clock(uow: UnitOfWork, now: datetime) -> None:
    """Remember where the clock stands, for the next start."""
    uow.state.put(CLOCK, now.isoformat())


def clock_of(uow: UnitOfWork) -> datetime | None:
    """Where the clock stood."""
    kept = uow.state.get(CLOCK)
    return datetime.fromisoformat(str(kept)) if kept else None
