"""What every row shares: constraint names, instants in UTC, JSON as readable text, identifiers."""

import json
from datetime import UTC, datetime
from typing import Annotated, ClassVar, dataclass_transform

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from storage.errors import NaiveTimeError

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def utc(instant: datetime) -> datetime:
    """Return the same instant in UTC; refuse one without a zone."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise NaiveTimeError(f"{instant!r} has no zone")
    return instant.astimezone(UTC)


def canonical(value: object) -> str:
    """Write JSON in the one way that the audit trail hashes: sorted keys, no spaces, readable Chinese."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, UTC on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; store UTC."""
        return None if value is None else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give aware UTC back (SQLite keeps no zone, PostgreSQL gives that of its session)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[object]):
    """Plain JSON in a text column, the same bytes on both databases. Replace the value, never change it in place."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Write canonical JSON."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Read it back."""
        return None if value is None else json.loads(value)


Identifier = BigInteger().with_variant(Integer(), "sqlite")
Key = Annotated[int, mapped_column(Identifier, primary_key=True)]
"""A number that the database gives; known after a flush."""


@dataclass_transform(kw_only_default=True, field_specifiers=(mapped_column, relationship))
class Row(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """One table's row: made with named values only, compared by identity."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[object, object]] = {
        str: Text(),
        datetime: UtcDateTime(),
        dict[str, object]: JsonText(),
        dict[str, str]: JsonText(),
        list[object]: JsonText(),
        list[str]: JsonText(),
        list[int]: JsonText(),
        list[dict[str, object]]: JsonText(),
    }
