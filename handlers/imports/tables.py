"""Reading tables of a TOML file key by key, so that every fault is named with its path and its mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from conversations.words import Text


def nearest(name: str, known: Sequence[str]) -> str:
    """Say which known name was probably meant; nothing when none is like it."""
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean “{close[0]}”?" if close else ""


class Table:
    """One table of a file. It notes every fault in a list that all tables of the file share.

    A value that is missing or wrong is noted and replaced by an empty one, so that one run
    finds all faults. Keys that nobody asked for are faults as well: see ``done``.
    """

    def __init__(self, values: Mapping[str, object], path: str, faults: list[str]) -> None:
        self._values = values
        self._faults = faults
        self._asked: set[str] = set()
        self.path = path

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text without spaces around it; without a default it must be there and not empty."""
        value = self._take(key, str, 'a text in quotes, for example "…"')
        text = value.strip() if isinstance(value, str) else ""
        if default is not None:
            return text or default
        if not text and (value is not None or key not in self._values):
            self.fault(key, "is missing: write a text")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts, empty when it is not there."""
        value = self._take(key, list, 'a list of texts, for example ["…", "…"]')
        if not isinstance(value, list):
            return ()
        texts = [item.strip() for item in value if isinstance(item, str) and item.strip()]
        if len(texts) < len(value):
            self.fault(key, "holds something that is no text: put every item in quotes")
        return tuple(texts)

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts that may be written as one text, empty when it is not there."""
        if isinstance(self._values.get(key), str):
            text = self.text(key)
            return (text,) if text else ()
        return self.texts(key)

    def whole(self, key: str) -> int | None:
        """Give a whole number that is not negative, None when it is not there."""
        value = self._take(key, int, "a whole number without quotes")
        if isinstance(value, int) and value < 0:
            self.fault(key, "is negative: write 0 or more")
        return value if isinstance(value, int) else None

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """Give a number as it is written, to its last digit; without a default it must be there."""
        self._asked.add(key)
        value = self._values.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = Decimal(str(value))
            if number.is_finite():
                return number
        self.fault(key, "is missing: write a number" if value is None else "must be a number without quotes")
        return Decimal(0)

    def bilingual(self, key: str, default: str = "") -> Text:
        """Give a text in both languages, which may be written as one text for both."""
        value = self._values.get(key)
        if isinstance(value, dict):
            table = self.inner(key)
            text = Text(table.text("zh", ""), table.text("en", ""))
            table.done()
            return text
        plain = self.text(key, default)
        return Text(plain, plain)

    def named(self, key: str) -> Iterator[tuple[str, Table]]:
        """Give the tables of a table by their names: ``[items.quality]``, ``[items.price]``."""
        value = self._take(key, dict, f"tables: start each with [{key}.NAME]")
        for name, item in (value if isinstance(value, dict) else {}).items():
            if not isinstance(item, dict):
                self.fault(key, f"holds “{name}”, which is no table: start it with [{key}.{name}]")
                continue
            table = Table(item, self._path(f"{key}.{name}"), self._faults)
            yield name, table
            table.done()

    def flag(self, key: str, *, default: bool) -> bool:
        """Give true or false."""
        value = self._take(key, bool, "true or false, without quotes")
        return value if isinstance(value, bool) else default

    def day(self, key: str) -> date | None:
        """Give a day, None when it is not there."""
        wanted = "a day, for example 2026-11-18"
        value = self._values.get(key)
        if isinstance(value, str):
            self._asked.add(key)
            if _day(value) is None:
                self.fault(key, f"must be {wanted}")
            return _day(value)
        value = self._take(key, date, wanted)
        return value if isinstance(value, date) else None

    def day_named(self, key: str) -> date | None:
        """Read a key of this table as a day."""
        if _day(key) is None:
            self.fault(key, "must be a day, for example 2026-11-20")
        return _day(key)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Give an inline table of texts, in the order of its keys."""
        value = self._take(key, dict, 'a table, for example { console = "XS" }')
        if not isinstance(value, dict):
            return ()
        table = Table(value, self._path(key), self._faults)
        return tuple(sorted((name, table.text(name)) for name in value))

    def each(self, key: str) -> Iterator[Table]:
        """Give the tables of an array, each with a path that people recognise."""
        value = self._take(key, list, f"tables: start each with [[{key}]]")
        prefix = self._path(key)
        for number, item in enumerate(value if isinstance(value, list) else (), start=1):
            if not isinstance(item, dict):
                self.fault(key, "holds something that is no table")
                continue
            name = item.get("code") or item.get("name") or item.get("key") or number
            table = Table(item, f"{prefix}[{name}]", self._faults)
            yield table
            table.done()

    def inner(self, key: str) -> Table:
        """Give one table inside this one, an empty one when it is not there."""
        value = self._take(key, dict, f"a table: start it with [{key}]")
        return Table(value if isinstance(value, dict) else {}, self._path(key), self._faults)

    def written(self) -> tuple[str, ...]:
        """Give the keys that stand in the file."""
        return tuple(self._values)

    def done(self) -> None:
        """Note every key that nobody asked for, with the nearest one that is known."""
        for key in self._values:
            if key not in self._asked:
                self.fault(key, f"is not known here{nearest(key, sorted(self._asked))}")

    def fault(self, key: str, sentence: str) -> None:
        """Note what is wrong with a key of this table."""
        self._faults.append(f"{self._path(key)} {sentence}")

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _take(self, key: str, kind: type, wanted: str) -> object:
        self._asked.add(key)
        value = self._values.get(key)
        if value is None:
            return None
        # in Python True is an int and an instant is a day; in the file they are not
        confused = (kind is int and isinstance(value, bool)) or isinstance(value, datetime)
        if not isinstance(value, kind) or confused:
            self.fault(key, f"must be {wanted}")
            return None
        return value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
