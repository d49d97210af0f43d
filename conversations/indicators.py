"""What is asked of a customer's month: what we delivered and how, or what the customer's own scorecard says (M-42)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from conversations.fields import Answers, Field, Kind, Lookups, Option, UnacceptableError, folded, named, option
from conversations.forms import Form
from conversations.spoken import counted
from conversations.words import N_, said

OURS, THEIRS = "ours", "customer"
MONTH = re.compile(
    r"(?:(?P<year>[0-9]{4}) ?[-/.年] ?)?(?P<month>[0-9]{1,2})(?: ?月| ?[-/.月] ?[0-9]{1,2} ?日?(?: 0?0:00(?::00)?)?)?"
)
"""2026-10, 2026/10, 2026年10月, 10月; a day in that month too, as spreadsheets give it."""
MOST = Decimal(1_000_000_000)
MONTHS_OFFERED = 4
SOURCES = (option(OURS, N_("Our own count")), option(THEIRS, N_("The customer's scorecard")))


def month_of(text: str, today: date) -> str | None:
    """Read a month (``2026-10``); without a year it is the latest so called that has begun. None: it is none."""
    found = MONTH.fullmatch(folded(text))
    if found is None or not 1 <= int(found["month"]) <= 12 or (not found["year"] and "月" not in text):
        return None
    month = int(found["month"])
    year = int(found["year"] or (today.year if month <= today.month else today.year - 1))
    return f"{year:04}-{month:02}"


def before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_month(answers: Answers, look: Lookups) -> str:
    """The month that is over."""
    return f"{before(_today(look)):%Y-%m}"


def months(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """The months that are over, the last one first."""
    day, found = _today(look), []
    for _ in range(MONTHS_OFFERED):
        day = before(day)
        found.append(named(f"{day:%Y-%m}", f"{day:%Y-%m}"))
    return tuple(found)


def read_month(text: str, answers: Answers, look: Lookups) -> str:
    """Read a month that has begun."""
    month = month_of(text, _today(look))
    if month is None:
        raise UnacceptableError(said(N_("Type the month, for example 2026-10.")))
    if month > f"{_today(look):%Y-%m}":
        raise UnacceptableError(said(N_("That month has not begun, please choose again.")))
    return month


def up_to(other: str) -> Callable[[str, Answers, Lookups], int]:
    """Read a whole number that is no more than another one."""

    def read(text: str, answers: Answers, look: Lookups) -> int:
        number, most = counted(folded(text)), answers.get(other)
        if number is None or number != int(number) or number < 0:
            raise UnacceptableError(said(N_("Type a whole number, for example 12.")))
        if isinstance(most, int) and number > most:
            raise UnacceptableError(said(N_("That is more than {n}, of which it is a part."), n=most))
        return int(number)

    return read


def _today(look: Lookups) -> date:
    return look.now.astimezone(look.calendar.zone).date()


def ours(answers: Answers) -> bool:
    """Our own count is entered."""
    return answers.get("source") == OURS


def theirs(answers: Answers) -> bool:
    """What the customer counted is entered."""
    return answers.get("source") == THEIRS


def _number(key: str, label: str, prompt: str) -> Field:
    return Field(key, label, prompt, Kind.WHOLE, required=False, when=ours, least=Decimal(0), most=MOST)


def _part(key: str, label: str, prompt: str, of: str) -> Field:
    return Field(key, label, prompt, Kind.WHOLE, required=False, when=ours, read=up_to(of))


FIGURES = (
    _number("delivered", N_("Delivered"), N_("How many pieces were delivered? Or skip.")),
    _part("defective", N_("Defective"), N_("How many of them were defective? Or skip."), "delivered"),
    _number("orders", N_("Orders"), N_("How many deliveries were ordered? Or skip.")),
    _part("on_time", N_("On time"), N_("How many of them came on time? Or skip."), "orders"),
    _number("returned", N_("Returned"), N_("How many pieces did the customer send back? Or skip.")),
    Field("extra_freight", N_("Extra freight"),
          N_("What did extra freight for split deliveries cost, in yuan? Or skip."), Kind.MONEY, required=False,
          when=ours),
    Field("lost", N_("Customer lost"), N_("Did we lose this customer? Or skip."), Kind.YES_NO, required=False,
          when=ours),
    Field("ppm", N_("PPM"), N_("Which PPM does the scorecard show? Or skip."), Kind.WHOLE, required=False, when=theirs,
          least=Decimal(0), most=Decimal(1_000_000)),
    Field("on_time_rate", N_("Delivered on time (%)"), N_("Which share on time does it show, in percent? Or skip."),
          Kind.DECIMAL, required=False, when=theirs, least=Decimal(0), most=Decimal(100)),
)  # fmt: skip

INDICATORS = Form("indicators", N_("Indicators of a month"), (
    Field("customer", N_("Customer"), N_("Which customer?"), Kind.CUSTOMER,
          (option("search", N_("Another one (search)"), N_("Type a part of the name.")),)),
    Field("month", N_("Month"), N_("Which month? For example 2026-10."), Kind.TEXT, months, preset=last_month,
          read=read_month),
    Field("source", N_("Source"), N_("Who counted?"), Kind.CHOICE, SOURCES),
    *FIGURES,
    Field("enter", N_("Enter"), N_("Enter these figures?"), Kind.CHOICE, (option("enter", N_("Enter the figures")),)),
), confirm="enter")  # fmt: skip

WORDS = ("登记指标", "月度指标", "指标", "indicators", "kpi")
