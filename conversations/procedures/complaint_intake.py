"""The questions of 报投诉, in their final order (domain A2), most of them answered by a tap."""

from datetime import datetime, timedelta

from conversations.fields import (
    NEW,
    UNKNOWN,
    Answers,
    Field,
    Kind,
    Lookups,
    Option,
    UnacceptableError,
    filled,
    option,
)
from conversations.forms import Form
from conversations.readers import instant_of
from conversations.words import N_, said

URGENT_IMPACTS = frozenset({"line_down", "line_risk", "safety"})
QUALITY_CATEGORIES = frozenset({"quality", "packaging", "safety"})

TYPES = (option("complaint", N_("Complaint")), option("grievance", N_("Grievance")))
CATEGORIES = (
    option("quality", N_("Product quality")),
    option("packaging", N_("Packaging and labels")),
    option("delivery", N_("Delivery")),
    option("service", N_("Service")),
    option("price", N_("Price")),
    option("safety", N_("Safety and environment")),
)
IMPACTS = (
    option("line_down", N_("Line stopped")),
    option("line_risk", N_("Line may stop")),
    option("return", N_("Return of goods")),
    option("exchange", N_("Exchange")),
    option("sort_rework", N_("Sorting or rework asked")),
    option("notice", N_("Notice only")),
    option("safety", N_("Safety affected")),
)
QUANTITIES = (
    option("1", N_("1 piece")),
    option("2-10", N_("2–10 pieces")),
    option("11-100", N_("11–100 pieces")),
    option("100+", N_("over 100 pieces")),
    option(UNKNOWN, N_("Not clear yet")),
    option("exact", N_("Give the exact number"), N_("Type the number of pieces, for example 120.")),
)
CHANNELS = (
    option("phone", N_("Phone")),
    option("wechat", N_("WeCom/WeChat")),
    option("email", N_("E-mail")),
    option("visit", N_("On site")),
    option("fax", N_("Fax")),
    option("portal", N_("Customer portal")),
    option("other", N_("Other")),
)
SOUGHT = (
    option("sorting", N_("Sorting")),
    option("exchange", N_("Exchange")),
    option("return", N_("Return of goods")),
    option("refill", N_("Make up the shortage")),
    option("8d", N_("8D report")),
    option("compensation", N_("Compensation")),
    option("other", N_("Other")),
)
AGAINST = (
    option("accepted", N_("The customer has accepted")),
    option("not_quality", N_("Not a quality problem")),
    option("verify_first", N_("Too little known, verify first")),
    option("other", N_("Other")),
)

RECEIVED = (
    ("now", N_("Just now")),
    ("within_hour", N_("Within the hour")),
    ("morning", N_("This morning")),
    ("afternoon", N_("This afternoon")),
    ("yesterday", N_("Yesterday")),
)
DUE = (
    ("unset", N_("Not named")),
    ("today", N_("Within today")),
    ("24h", N_("24 hours")),
    ("48h", N_("48 hours")),
)
EXACT = option("exact", N_("Choose a time"), N_("Type the day and time, for example 11-24 16:05."))


def earliest(key: str, look: Lookups) -> datetime | None:
    """A span counts from its earliest instant; None for a key that is no span (domain A2)."""
    calendar, now = look.calendar, look.now
    today = now.astimezone(calendar.zone).replace(minute=0, second=0, microsecond=0)
    match key:
        case "now":
            return now
        case "within_hour":
            return now - timedelta(hours=1)
        case "morning":
            return calendar.start_of_shift(today.date())
        case "afternoon":
            return today.replace(hour=13)
        case "yesterday":
            return (today - timedelta(days=1)).replace(hour=8)
        case _:
            return None


def offered_receipts(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """The spans that do not lie in the future, and typing the exact time."""
    past = (
        option(key, label)
        for key, label in RECEIVED
        if (instant := earliest(key, look)) is not None and instant <= look.now
    )
    return (*past, EXACT)


def read_received(text: str, answers: Answers, look: Lookups) -> datetime:
    """Read when it was received: a span's earliest instant or an exact time, never the future (M-09)."""
    instant = earliest(text, look) or instant_of(text, look)
    if instant is None:
        raise UnacceptableError(said(N_("Type the day and time, for example 11-24 16:05.")))
    if instant > look.now:
        raise UnacceptableError(said(N_("It cannot have been received later than now, please choose again.")))
    if look.now - instant > timedelta(days=366):
        raise UnacceptableError(said(N_("That is more than a year ago. Import old complaints instead.")))
    return instant


def read_customer_due(text: str, answers: Answers, look: Lookups) -> datetime | str:
    """Read by when the customer wants an answer: it can only shorten what is promised (2.0-1)."""
    received = answers.get("received_at")
    start = received if isinstance(received, datetime) else look.now
    match text:
        case "unset":
            return text
        case "today":
            local = look.now.astimezone(look.calendar.zone)
            return local.replace(hour=23, minute=59, second=0, microsecond=0)
        case "24h" | "48h":
            return start + timedelta(hours=int(text[:2]))
        case _:
            pass
    instant = instant_of(text, look)
    if instant is None:
        raise UnacceptableError(said(N_("Type the day and time, for example 11-24 16:05.")))
    if instant <= start:
        raise UnacceptableError(said(N_("The customer's time must lie after the receipt.")))
    return instant


def suggestion(answers: Answers) -> str:
    """What the category and the impact suggest: to quality, or sales alone (2.0-3, domain A2)."""
    if answers.get("impact") in URGENT_IMPACTS or answers.get("category") in QUALITY_CATEGORIES:
        return "transmit"
    return "self"


def handlings(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """The submit buttons, the suggested one first; 当场已解决 only where nothing can be behind it."""
    buttons = {
        "transmit": option("transmit", N_("Submit to quality")),
        "self": option("self", N_("Sales handles it")),
    }
    first = suggestion(answers)
    ordered = [buttons.pop(first), *buttons.values()]
    if answers.get("category") in ("delivery", "service", "price") and answers.get("impact") == "notice":
        ordered.append(option("resolved", N_("Solved on the spot")))
    return tuple(ordered)


def against(answers: Answers) -> bool:
    """A reason is asked only against the suggestion: sales keeps what looks like a matter for quality."""
    return answers.get("handling") == "self" and suggestion(answers) == "transmit"


def unasked(answers: Answers) -> bool:
    """The other way round: quality is to handle what looks like a matter for sales."""
    return answers.get("handling") == "transmit" and suggestion(answers) == "self"


def resolved(answers: Answers) -> bool:
    """Solved on the spot: measure and contact are asked at once."""
    return answers.get("handling") == "resolved"


def latest_contact(answers: Answers, look: Lookups) -> object:
    """The last contact of that customer, if there is one."""
    offered = look.offered(Kind.CONTACT, answers)
    return offered[0].key if offered else UNKNOWN


TO_SEARCH = option("search", N_("Another one (search)"), N_("Type a part of the name."))

INTAKE = Form(
    "complaint",
    N_("Report a complaint"),
    (
        Field("customer", N_("Customer"), N_("Which customer?"), Kind.CUSTOMER,
              (TO_SEARCH, option(NEW, N_("New customer")))),
        Field("new_customer", N_("New customer"), N_("What is the customer's full name?"),
              when=lambda answers: answers.get("customer") == NEW, shortest=2, longest=60),
        Field("product", N_("Product"), N_("Which product?"), Kind.PRODUCT,
              (TO_SEARCH, option(UNKNOWN, N_("Not clear yet"))), typed=True),
        Field("category", N_("Category"), N_("What kind of problem is it?"), Kind.CHOICE, CATEGORIES),
        Field("impact", N_("Impact"), N_("How badly is the customer affected?"), Kind.CHOICE, IMPACTS),
        Field("photos", N_("Photos"), N_("Take some photos (defect, label, quantity), at most 9."),
              Kind.FILES, required=False),
        Field("description", N_("Description"),
              N_("In one sentence: which part, found where, what is seen. Voice typing works."),
              Kind.LONG_TEXT, shortest=4, longest=1000,
              example=N_("Rust at the right front control arm bushing, found on the line this morning")),
        Field("quantity", N_("Quantity"), N_("About how many pieces?"), Kind.WHOLE, QUANTITIES, required=False),
        Field("received_at", N_("Received"), N_("When did you receive it?"), Kind.DATE_TIME,
              offered_receipts, read=read_received),
        Field("type", N_("Kind of feedback"), N_("What is it?"), Kind.CHOICE, TYPES,
              preset=filled("complaint")),
        Field("contact", N_("Reported by"), N_("Who at the customer reported it?"), Kind.CONTACT,
              preset=latest_contact, typed=True, longest=40),
        Field("channel", N_("Channel"), N_("How did it reach you?"), Kind.CHOICE, CHANNELS,
              preset=filled("phone")),
        Field("customer_due", N_("Answer wanted by"), N_("By when does the customer want an answer?"),
              Kind.DATE_TIME,
              (*(option(key, label) for key, label in DUE), EXACT),
              read=read_customer_due, preset=filled("unset")),
        Field("lot", N_("Lot / made on"), N_("Which lot or production date?"),
              preset=filled(""), required=False, longest=60),
        Field("remedy_sought", N_("Customer's wish"), N_("What does the customer want?"), Kind.MULTI_CHOICE,
              SOUGHT, preset=filled(()), required=False),
        Field("handling", N_("Handling"), N_("Please check, then submit."), Kind.CHOICE, handlings),
        Field("handling_reason", N_("Reason"), N_("Why not to quality?"), Kind.CHOICE, AGAINST, when=against),
        Field("transmit_reason", N_("Reason"), N_("Why does quality have to handle it?"), when=unasked, longest=200),
        Field("remedy", N_("Remedy"), N_("What was done?"), Kind.LONG_TEXT, when=resolved, shortest=2),
        Field("with_contact", N_("Contact"), N_("With whom at the customer?"), Kind.CONTACT,
              when=resolved, typed=True, longest=40),
    ),
    confirm="handling",
)  # fmt: skip
