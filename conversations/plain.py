"""Values to JSON and back without loss: what a row keeps of answers, sentences and replies."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias, cast

from conversations.words import Left, LinkPlace, Over, Said, Text, Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class NotPlainError(TypeError):
    """A value of a kind that rows do not keep."""


def dump(value: object) -> Json:
    """Turn a value into JSON; ``load`` gives back an equal one.

    Instants must be aware and are kept in UTC; money and quantities stay exact.
    Raises NotPlainError for any other kind of value.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case tuple() | list():
            return [dump(item) for item in value]
        case Mapping():
            return {str(key): dump(item) for key, item in value.items()}
        case Said():
            return {"$said": value.message, "values": dump(dict(value.values))}
        case _:
            return _marked(value)


def _marked(value: object) -> Json:
    match value:
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            return {"$at": _utc(value).isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case Left() | Over():
            return {f"${type(value).__name__.lower()}": str(value.span.total_seconds())}
        case Text():
            return {"$text": [value.zh, value.en]}
        case LinkPlace():
            return {"$link": f"{value.purpose} {value.id} {_utc(value.expires_at).isoformat()}"}
        case _:
            raise NotPlainError(type(value).__name__)


def _link(text: str) -> LinkPlace:
    purpose, link, expires_at = text.split(" ")
    return LinkPlace(link, purpose, datetime.fromisoformat(expires_at))


READ: dict[str, Callable[[str], object]] = {
    "$decimal": Decimal,
    "$at": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$left": lambda seconds: Left(timedelta(seconds=float(seconds))),
    "$over": lambda seconds: Over(timedelta(seconds=float(seconds))),
    "$link": _link,
}


def load(plain: Json) -> object:
    """Give back what was dumped; lists come back as tuples, mappings as dicts."""
    if isinstance(plain, list):
        return tuple(load(item) for item in plain)
    if not isinstance(plain, dict):
        return plain
    if isinstance(both := plain.get("$text"), list) and len(plain) == 1:
        return Text(*map(str, both))
    if "$said" in plain:
        return Said(str(plain["$said"]), cast("dict[str, Value]", load(plain["values"])))
    if len(plain) == 1:
        [(mark, inner)] = plain.items()
        if mark in READ:
            return READ[mark](str(inner))
    return {key: load(item) for key, item in plain.items()}


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise NotPlainError("an instant without a zone")
    return instant.astimezone(UTC)
