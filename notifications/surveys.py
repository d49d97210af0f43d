"""What is told around surveys: invitations to pass on, invitations of our own people, reminders, how it stands."""

from collections.abc import Sequence
from datetime import datetime

from conversations.replies import Button
from conversations.words import N_, LinkPlace, Said, Value, people, said
from notifications.notices import Notice, buttons

TOPIC = "survey"
"""Asked for by whoever sends a survey, so it is neither muted nor counted among a day's pings."""

INVITATION = N_(
    "{contact}, hello: please tell us how satisfied you are with us ({period}). It takes about a minute, until "
    "{until}: {link} ({company} {owner})"
)
AFTER_CLOSE = N_(
    "{contact}, hello: {n} is closed. Was it dealt with well? Three taps, until {until}: {link} ({company} {owner})"
)
REMINDER = N_(
    "{contact}, hello: may we remind you of our questionnaire ({period})? It is open until {until}: {link} "
    "({company} {owner})"
)


def text_for(values: dict[str, Value], *, again: bool) -> Said:
    """The text that staff pass on to a customer's contact."""
    if "n" in values:
        return Said(AFTER_CLOSE, values)
    return Said(REMINDER if again else INVITATION, values)


def to_forward(number: str, whom: tuple[str, str], text: Said, *, again: bool) -> Notice:
    """To whoever looks after the customer: pass this on; it has the link of one person alone."""
    customer, contact = whom
    words = N_("{n}: {c} {contact} has not answered yet: please forward it once more.") if again else N_(
        "{n}: please forward the questionnaire to {c} {contact}."
    )  # fmt: skip
    title = said(words, n=number, c=people(customer), contact=people(contact))
    alone = N_("The link is for this person alone. By phone instead: “phoneanswers {n}”.")
    by_phone = Button("phone_answers", said(N_("Answers by phone")), number)
    return Notice(TOPIC, title, (said(alone, n=number),), (by_phone, *buttons(number, "details")), forward=text)


def after_close(numbers: tuple[str, str], whom: tuple[str, str], text: Said, invitation: str) -> Notice:
    """To whoever looks after the customer: a complaint is closed, and may be rated; it need not be."""
    (number, about), (customer, contact) = numbers, whom
    title = said(N_("{n} {c} is closed. If you like, forward the three questions to {contact}."), n=about,
                 c=people(customer), contact=people(contact))  # fmt: skip
    alone = said(N_("The link is for this person alone. By phone somebody asks who did not handle it."))
    taps = (Button(f"no_rating:{invitation}", said(N_("Do not ask"))), *buttons(number, "details"))
    return Notice(TOPIC, title, (alone,), taps, forward=text)


def to_employee(number: str, period: str, link: LinkPlace, until: datetime, *, again: bool) -> Notice:
    """To one of ours: the link to the questionnaire without names."""
    words = N_("{n}: our survey of employees ({period}) is still open until {until}.") if again else N_(
        "{n}: please take part in our survey of employees ({period}), until {until}."
    )  # fmt: skip
    lines = (
        said(N_("Without your name, on a page of its own:")),
        said("{link}", link=link),
        said(N_("We keep that you have answered, and apart from it what was answered; nothing joins the two.")),
    )
    return Notice(TOPIC, said(words, n=number, period=people(period), until=until), lines)


def answered(number: str, whom: tuple[str, str], rate: tuple[int, int], low: tuple[Said, ...]) -> Notice:
    """To whoever looks after the customer: they have answered; where they are not satisfied, the way to a complaint."""
    done, invited = rate
    customer, contact = whom
    title = said(
        N_("{n}: {c} {contact} has answered, {answered}/{invited} ({share}%)."), n=number, c=people(customer),
        contact=people(contact), answered=done, invited=invited, share=share_of(rate),
    )  # fmt: skip
    if not low:
        return Notice(TOPIC, title, (), buttons(number, "details"))
    lines = (
        said(N_("Lowest grade: {items}."), items=low),
        said(N_("Please call them; what they tell you can be reported as a complaint.")),
    )
    complain = Button("start:complaint", said(N_("Report a complaint")))
    return Notice(TOPIC, title, lines, (complain, *buttons(number, "details")))


def share_of(rate: tuple[int, int]) -> int:
    """How many of a hundred have answered."""
    done, invited = rate
    return (200 * done + invited) // (2 * invited) if invited else 0


def standing(number: str, period: str, rate: tuple[int, int], wanted: int) -> Said:
    """How many have answered so far."""
    done, invited = rate
    values: dict[str, Value] = {
        "n": number, "period": people(period), "answered": done, "invited": invited, "share": share_of(rate),
    }  # fmt: skip
    if wanted:
        return Said(N_("{n} {period}: {answered}/{invited} answered ({share}%), wanted {wanted}%"),
                    {**values, "wanted": wanted})  # fmt: skip
    return Said(N_("{n} {period}: {answered}/{invited} answered ({share}%)"), values)


def launched(number: str, invited: int, until: datetime) -> Notice:
    """To whoever runs it: it is out."""
    title = said(N_("{n}: sent to {k}, answers are taken until {until}."), n=number, k=invited, until=until)
    return Notice(TOPIC, title, (), buttons(number, "details"))


def to_be_planned(number: str, period: str, by: datetime, lines: Sequence[Said]) -> Notice:
    """To the head of the department: the calendar asks for a survey (KS1)."""
    title = said(N_("{n}: the survey {period} is due; please approve its plan and send it before {by}."),
                 n=number, period=people(period), by=by)  # fmt: skip
    return Notice(TOPIC, title, tuple(lines), (Button("details", said(N_("Details")), number),))
