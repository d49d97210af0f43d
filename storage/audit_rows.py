"""The audit trail's rows, what is written of a case, and the hash that chains them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Protocol, TypeAlias

from sqlalchemy import Index, Text, text, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Key, Row, utc

BEGINNING = "0" * 64
"""What the first row names as the hash before it."""

UNSEALED = text("seq IS NULL")


class AuditRow(Row):
    """One thing that was done. ``seq``, ``prev_hash`` and ``hash`` come with the seal."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_unsealed", "id", sqlite_where=UNSEALED, postgresql_where=UNSEALED),
        Index(None, "subject", "id"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    at: Mapped[datetime]
    subject: Mapped[str]
    actor: Mapped[str] = mapped_column(default="")
    on_behalf_of: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    data: Mapped[dict[str, object]] = mapped_column(default_factory=dict, insert_default=dict)
    seq: Mapped[int | None] = mapped_column(unique=True, default=None)
    prev_hash: Mapped[str | None] = mapped_column(default=None)
    hash: Mapped[str | None] = mapped_column(default=None)


class CaseFacts(Protocol):
    """What the trail keeps of a case, and compares it with."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str | None: ...
    @property
    def step(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done, to be written down."""

    subject: str
    action: str
    actor: str = ""
    on_behalf_of: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


def case_subject(case_id: int) -> str:
    """The subject under which everything about a case is written."""
    return f"case:{case_id}"


def case_facts(case: CaseFacts) -> dict[str, object]:
    """What ``verify`` compares with the case itself."""
    return {"step": case.step, "number": case.number, "received_at": utc(case.received_at).isoformat()}


def case_entry(case: CaseFacts, action: str, entry_data: Mapping[str, object] | None = None, **who: str) -> Entry:
    """An entry about a change of a case (``actor=``, ``on_behalf_of=``), with the facts that are compared."""
    data = {**(entry_data or {}), **case_facts(case)}
    return Entry(subject=case_subject(case.id), action=action, data=data, **who)


STORED = (
    AuditRow.id,
    AuditRow.at,
    AuditRow.subject,
    AuditRow.actor,
    AuditRow.on_behalf_of,
    AuditRow.action,
    type_coerce(AuditRow.data, Text),
)
"""What is hashed of a row, the data as it is stored: in canonical JSON."""

Stored: TypeAlias = tuple[int, datetime, str, str, str, str, str]


def chain_hash(seq: int, previous: str, stored: Stored) -> str:
    """SHA-256 over the row in canonical JSON (sorted keys, no spaces), with its place and the hash before it."""
    row_id, at, subject, actor, on_behalf_of, action, data = stored
    plain = (
        f'{{"action":{quoted(action)},"actor":{quoted(actor)},"at":"{at.isoformat()}","data":{data},"id":{row_id},'
        f'"on_behalf_of":{quoted(on_behalf_of)},"prev_hash":"{previous}","seq":{seq},"subject":{quoted(subject)}}}'
    )
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
