"""Words: sentences kept as data, turned into the reader's language at the moment they are shown.

The English message id is the English text; the Chinese stands in ``reports/locale/zh_CN.po``.
Only our own templates are filled in: what stands in a place is put there and never read again.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from conversations.words import N_, Left, LinkPlace, Over, Said, Text, Value, people
from reports.catalogue import chinese

PLACE = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?P<bare>:span)?\}")
"""A named place; ``{over:span}`` gives the length alone, for sentences that say 已超 themselves."""

HOURS_UNTIL = timedelta(hours=48)
"""A length up to this is told in hours, as the procedures do (48 小时), a longer one in days."""

LEFT, OVER = N_("{span} left"), N_("{span} over")
TODAY, TOMORROW = N_("today {time}"), N_("tomorrow {time}")
DAYS_HOURS, DAYS = N_("{days} d {hours} h"), N_("{days} d")
HOURS_MINUTES, HOURS = N_("{hours} h {minutes} min"), N_("{hours} h")
MINUTES, MOMENT = N_("{minutes} min"), N_("less than 1 min")
LISTED = N_("{first}, {rest}")
NO_LINK = N_("(no link)")

PATTERNS = {
    "zh": ("M月d日(EEE)HH:mm", "y年M月d日(EEE)HH:mm", "M月d日", "y年M月d日"),
    "en": ("EEE d MMM HH:mm", "EEE d MMM y HH:mm", "d MMM", "d MMM y"),
}
LOCALES = {"zh": "zh_CN", "en": "en"}


class MissingPlaceError(LookupError):
    """A sentence has a place for which it was given no value."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(f"{{{name}}} has no value in: {message}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one company: its zone decides what 今天 and 16:00 mean."""

    zone: ZoneInfo
    links: Callable[[LinkPlace], str] | None = None

    def say(self, said: Said, language: str, now: datetime) -> str:
        """Give the sentence in ``zh`` or ``en``, times in the company zone, seen from ``now``.

        Raises MissingPlaceError when a place has no value. A message without a translation is
        shown in English.
        """
        return self._speaker(language, now).say(said)

    def settle(self, said: Said, language: str, now: datetime) -> Said:
        """Say all of a sentence now, in one language for every reader, but for its ``{link}``: that stays a place."""
        return self._speaker(language, now).settle(said)

    def _speaker(self, language: str, now: datetime) -> "_Speaker":
        return _Speaker(self.zone, spoken(language), now.astimezone(self.zone), self.links)

    def labels(self, messages: Mapping[str, str], language: str) -> dict[str, str]:
        """Translate labels that have no places, key by key, in their order."""
        return {key: translated(message, language) for key, message in messages.items()}


def spoken(language: str) -> str:
    """Name the language we have words in: Chinese for any zh, English for all else."""
    return "zh" if language.lower().startswith("zh") else "en"


def translated(message: str, language: str) -> str:
    """Give the template of a message in ``zh`` or ``en``; its places are still open."""
    return chinese().get(message, message) if spoken(language) == "zh" else message


@dataclass(frozen=True, slots=True)
class _Speaker:
    """One language, one zone and one instant, for as long as one sentence takes."""

    zone: ZoneInfo
    language: str
    now: datetime
    links: Callable[[LinkPlace], str] | None = None

    def say(self, said: Said) -> str:
        return self._fill(said.message, lambda name, bare: self._place(said, name, bare=bare))

    def settle(self, said: Said) -> Said:
        link = said.values.get("link")
        before, place, after = translated(said.message, self.language).partition("{link}")
        if not place or not isinstance(link, LinkPlace):
            return people(self.say(said))
        head, tail = (self.say(replace(said, message=part)) for part in (before, after))
        return Said("{head}{link}{tail}", {"head": head, "link": link, "tail": tail})

    def _say(self, message: str, **values: str) -> str:
        return self._fill(message, lambda name, _: values[name])

    def _fill(self, message: str, value_of: Callable[[str, bool], str]) -> str:
        template = translated(message, self.language)
        return PLACE.sub(lambda at: value_of(at["name"], at["bare"] is not None), template)

    def _link(self, place: LinkPlace) -> str:
        return self.links(place) if self.links else self._say(NO_LINK)

    def _place(self, said: Said, name: str, *, bare: bool) -> str:
        if name not in said.values:
            raise MissingPlaceError(said.message, name)
        value = said.values[name]
        if bare and isinstance(value, Left | Over):
            return self._span(value.span)
        return self._show(value)

    def _show(self, value: Value) -> str:
        match value:
            case Said():
                return self.say(value)
            case str():
                return value
            case Text():
                return value.of(self.language)
            case LinkPlace():
                return self._link(value)
            case tuple():
                return self._list([self._show(item) for item in value])
            case int() | Decimal():
                return format(value, "d" if isinstance(value, int) else "f")
            case _:
                return self._time(value)

    def _time(self, value: datetime | date | Left | Over) -> str:
        match value:
            case datetime():
                return self._instant(value.astimezone(self.zone))
            case date():
                return self._day(value)
            case Left() | Over():
                return self._left_or_over(value)
            case _:
                assert_never(value)

    def _instant(self, local: datetime) -> str:
        ahead = (local.date() - self.now.date()).days
        if ahead in (0, 1):
            return self._say((TODAY, TOMORROW)[ahead], time=f"{local:%H:%M}")
        pattern = PATTERNS[self.language][local.year != self.now.year]
        return format_datetime(local, pattern, locale=LOCALES[self.language])

    def _day(self, day: date) -> str:
        pattern = PATTERNS[self.language][2 + (day.year != self.now.year)]
        return format_date(day, pattern, locale=LOCALES[self.language])

    def _left_or_over(self, value: Left | Over) -> str:
        """Time left that is negative is time over, and the other way round."""
        over = isinstance(value, Over) != (value.span < timedelta(0))
        return self._say(OVER if over else LEFT, span=self._span(value.span))

    def _span(self, span: timedelta) -> str:
        minutes = int(abs(span).total_seconds()) // 60
        hours, minutes = divmod(minutes, 60)
        if abs(span) > HOURS_UNTIL:
            days, hours = divmod(hours, 24)
            return self._say(DAYS_HOURS if hours else DAYS, days=str(days), hours=str(hours))
        if hours:
            message = HOURS_MINUTES if minutes else HOURS
            return self._say(message, hours=str(hours), minutes=str(minutes))
        return self._say(MINUTES if minutes else MOMENT, minutes=str(minutes))

    def _list(self, items: list[str]) -> str:
        if not items:
            return ""
        listed = items[-1]
        for item in reversed(items[:-1]):
            listed = self._say(LISTED, first=item, rest=listed)
        return listed


if __name__ == "__main__":
    from reports.catalogue import main

    sys.exit(main(sys.argv[1:]))
