"""How each kind of question reads an answer: text in, a value out, or a sentence that helps."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from conversations.fields import (
    LOOKED_UP,
    UNKNOWN,
    Answers,
    Field,
    Kind,
    Lookups,
    Option,
    UnacceptableError,
    cleaned,
    folded,
)
from conversations.spoken import clock_at_end, counted
from conversations.words import N_, Said, people, said

DECIMAL = re.compile(r"(?P<number>-?[0-9]{1,12}(?:\.[0-9]{1,6})?)")
MONEY = re.compile(r"(?:¥|rmb|cny)? ?(?P<number>[0-9]{1,12}(?:\.[0-9]{1,2})?) ?(?:元|rmb|cny)?")
DAY = re.compile(r"(?:(?P<year>[0-9]{4})[-/年.])?(?P<month>[0-9]{1,2})[-/月.](?P<day>[0-9]{1,2})日?")
NEAR_DAYS = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2, "yesterday": -1, "today": 0, "tomorrow": 1}
SEPARATOR = re.compile(r"[,;、/ ]+")


def read(field: Field, text: str, answers: Answers, look: Lookups) -> object:
    """Read an answer to a field: its options first, then its own reader, then its kind's.

    Raises UnacceptableError with the sentence for the person.
    """
    text = cleaned(text)
    if not text:
        raise UnacceptableError(said(N_("Please answer {question}."), question=said(field.label)))
    if field.kind is Kind.MULTI_CHOICE:
        return _several(field, text, answers, look)
    options = field.choices(answers, look)
    chosen = chosen_option(text, options, look)
    if chosen is None and field.kind is Kind.CHOICE and not field.typed:
        chosen = part_of_one(text, options, look)
    if chosen is not None and chosen.hint is not None:
        raise UnacceptableError(chosen.hint)
    if field.read is not None:
        return field.read(chosen.key if chosen else text, answers, look)
    if chosen is not None:
        return chosen.key
    if field.kind in LOOKED_UP:
        return _found(field, text, answers, look)
    return READERS[field.kind](field, text, look)


def chosen_option(text: str, options: tuple[Option, ...], look: Lookups) -> Option | None:
    """Find the option a person means: by its key, or by its label in any language."""
    wanted = folded(text)
    for option in options:
        if wanted == folded(option.key) or wanted in map(folded, look.spoken(option.label)):
            return option
    return None


def part_of_one(text: str, options: tuple[Option, ...], look: Lookups) -> Option | None:
    """Find the only option whose label begins with what was typed, or else holds it; two characters at least."""
    wanted = folded(text)
    words = [(option, [folded(word) for word in look.spoken(option.label)]) for option in options]
    begun = [option for option, labels in words if any(label.startswith(wanted) for label in labels)]
    inside = re.compile(rf"(?<![不未无非没]){re.escape(wanted)}")  # 满意 is no part of 不满意
    found = begun or [option for option, labels in words if any(inside.search(label) for label in labels)]
    return found[0] if len(found) == 1 and len(wanted) > 1 else None


def _several(field: Field, text: str, answers: Answers, look: Lookups) -> tuple[str, ...]:
    options = field.choices(answers, look)
    whole = chosen_option(text, options, look)
    parts = [text] if whole else [part for part in SEPARATOR.split(text) if part]
    chosen = [chosen_option(part, options, look) for part in parts]
    if not chosen or None in chosen:
        raise _pick(field, options)
    return tuple(dict.fromkeys(option.key for option in chosen if option))


def _found(field: Field, text: str, answers: Answers, look: Lookups) -> str:
    found = look.found(field.kind, text, answers)
    if len(found) == 1:
        return found[0].key
    if found:
        raise UnacceptableError(said(N_("“{text}” could be several. Which one?"), text=text), found[:8])
    if field.typed:
        return _text(field, text, look)
    raise UnacceptableError(
        said(N_("Nothing found for “{text}”. Try a shorter part of the name."), text=text),
        field.choices(answers, look),
    )


def _pick(field: Field, options: tuple[Option, ...]) -> UnacceptableError:
    return UnacceptableError(
        said(
            N_("Please choose for {question}: {options}."),
            question=said(field.label),
            options=tuple(option.label for option in options),
        ),
        options,
    )


def _text(field: Field, text: str, look: Lookups) -> str:
    if len(text) < field.shortest:
        raise UnacceptableError(_with_example(
            said(N_("{question} needs at least {n} characters."), question=said(field.label), n=field.shortest), field
        ))  # fmt: skip
    if len(text) > field.longest:
        raise UnacceptableError(
            said(
                N_("{question} takes at most {n} characters, yours has {length}."),
                question=said(field.label),
                n=field.longest,
                length=len(text),
            )
        )
    return text


def _with_example(sentence: Said, field: Field) -> Said:
    if not field.example:
        return sentence
    return said(N_("{sentence} Example: {example}"), sentence=sentence, example=said(field.example))


def _choice(field: Field, text: str, look: Lookups) -> str:
    raise _pick(field, field.choices({}, look))


def _whole(field: Field, text: str, look: Lookups) -> int:
    number = counted(folded(text))
    if number is None:
        raise UnacceptableError(said(N_("{question} is a whole number, for example 12."), question=said(field.label)))
    return int(_within(field, number))


def _decimal(field: Field, text: str, look: Lookups) -> Decimal:
    found = DECIMAL.fullmatch(folded(text).replace(",", ""))
    if found is None:
        raise UnacceptableError(said(N_("{question} is a number, for example 12.5."), question=said(field.label)))
    return _within(field, Decimal(found["number"]))


def _money(field: Field, text: str, look: Lookups) -> Decimal:
    found = MONEY.fullmatch(folded(text).replace(",", ""))
    if found is None:
        raise UnacceptableError(
            said(
                N_("{question} is an amount in yuan, for example 1280.50."),
                question=said(field.label),
            )
        )
    return _within(field, Decimal(found["number"]).quantize(Decimal("0.01")))


def _within(field: Field, number: Decimal) -> Decimal:
    if field.least is not None and number < field.least:
        raise UnacceptableError(said(N_("{question} is at least {n}."), question=said(field.label), n=field.least))
    if field.most is not None and number > field.most:
        raise UnacceptableError(said(N_("{question} is at most {n}."), question=said(field.label), n=field.most))
    return number


def day_of(text: str, look: Lookups) -> date | None:
    """Read a day: 2026-11-24, 11月24日, 11/24, 今天, tomorrow. None when it is none."""
    zone = look.calendar.zone
    today = look.now.astimezone(zone).date()
    if text in NEAR_DAYS:
        return today + timedelta(days=NEAR_DAYS[text])
    found = DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def instant_of(text: str, look: Lookups) -> datetime | None:
    """Read an instant in company time: 11月24日 16:05, 昨天下午3点半, 16:05. None when it is none."""
    found = clock_at_end(folded(text))
    day = day_of(found[0] or "今天", look) if found is not None else None
    if found is None or day is None:
        return None
    return datetime.combine(day, found[1], look.calendar.zone).astimezone(UTC)


def _date(field: Field, text: str, look: Lookups) -> date:
    day = day_of(folded(text), look)
    if day is None:
        raise UnacceptableError(said(N_("{question} is a day, for example 11-24."), question=said(field.label)))
    return day


def _date_time(field: Field, text: str, look: Lookups) -> datetime:
    instant = instant_of(text, look)
    if instant is None:
        raise UnacceptableError(
            said(
                N_("{question} is a day and a time, for example 11-24 16:05."),
                question=said(field.label),
            )
        )
    return instant


def _files(field: Field, text: str, look: Lookups) -> object:
    raise UnacceptableError(said(N_("Send a photo or a file, or skip this question.")))


READERS: dict[Kind, Callable[[Field, str, Lookups], object]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _choice,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.DATE_TIME: _date_time,
    Kind.FILES: _files,
}


def shown(field: Field, value: object, look: Lookups, answers: Answers) -> Said:
    """Say an answer back in words: a choice by its label, an instant as an instant, a list in full."""
    match value:
        case None | () | "":
            return said(N_("to be added"))
        case str():
            return _label(field, value, look, answers)
        case tuple():
            if field.kind is Kind.FILES:
                return said(N_("{n} photos"), n=len(value))
            return said("{items}", items=tuple(_label(field, str(item), look, answers) for item in value))
        case bool() | int() | Decimal() | datetime() | date():
            return Said("{value}", {"value": value})
        case Said():
            return value
        case _:
            return people(value)


def _label(field: Field, key: str, look: Lookups, answers: Answers) -> Said:
    for option in field.choices(answers, look):
        if option.key == key:
            return option.label
    if key == UNKNOWN:
        return said(N_("Not clear yet"))
    if field.kind in LOOKED_UP:
        for option in look.found(field.kind, key, answers):
            if option.key == key:
                return option.label
    return people(key)
