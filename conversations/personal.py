"""Forms about no case: a person's leave with a deputy (U12), the indicators of a customer's month (M-42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from conversations import indicators
from conversations.fields import Answers, Field, Kind, Lookups, UnacceptableError
from conversations.forms import Form
from conversations.permissions import Capacity
from conversations.readers import day_of
from conversations.words import N_, said


@dataclass(frozen=True, slots=True)
class PersonalForm:
    """A form that is about no case, the words that open it, and who may fill it in."""

    form: Form
    words: tuple[str, ...]
    by: frozenset[Capacity] = frozenset({Capacity.ANYONE})


def read_day(text: str, answers: Answers, look: Lookups) -> date:
    """Read a day that is not over."""
    day = day_of(text, look)
    if day is None:
        raise UnacceptableError(said(N_("Type the day, for example 11-27.")))
    if day < look.now.astimezone(look.calendar.zone).date():
        raise UnacceptableError(said(N_("That day is over, please choose again.")))
    return day


def read_last_day(text: str, answers: Answers, look: Lookups) -> date:
    """Read the last day of a leave: not before the first."""
    day = read_day(text, answers, look)
    first = answers.get("leave_from")
    if isinstance(first, date) and day < first:
        raise UnacceptableError(said(N_("The last day lies before the first, please choose again.")))
    return day


LEAVE = Form("leave", N_("Leave"), (
    Field("leave_from", N_("First day"), N_("From which day?"), Kind.DATE, read=read_day),
    Field("leave_to", N_("Last day"), N_("Until which day, that day included?"), Kind.DATE, read=read_last_day),
    Field("deputy", N_("Deputy"), N_("Who stands in for you?"), Kind.PERSON),
))  # fmt: skip

PERSONAL: Mapping[str, PersonalForm] = {
    "leave": PersonalForm(LEAVE, ("请假", "代理", "委托", "休假", "出差", "leave")),
    "indicators": PersonalForm(indicators.INDICATORS, indicators.WORDS, frozenset({Capacity.SALES})),
}

SUBJECT = "personal"
"""What the drafts of these forms are about, where others name their procedure."""
