"""What is asked after the intake of a complaint: one small form for each action (domain A3)."""

from datetime import date, datetime, timedelta

from conversations.fields import UNKNOWN, Answers, Field, Kind, Lookups, Option, UnacceptableError, filled, option
from conversations.forms import Form
from conversations.procedures.complaint_intake import CHANNELS, INTAKE
from conversations.readers import day_of, instant_of, read
from conversations.words import N_, said

SEVERITIES = (option("major", N_("Major")), option("general", N_("General")))
STAGES = (
    option("incoming", N_("Incoming inspection")),
    option("line", N_("Assembly line (0 km)")),
    option("field", N_("In the field")),
    option("transport", N_("Transport or storage")),
)
RETURN_REASONS = (
    option("too_little", N_("Too little known")),
    option("not_quality", N_("Not a quality problem")),
    option("double", N_("Reported already")),
    option("other", N_("Other")),
)
CONTAINMENTS = (
    option("stock", N_("Isolate stock")),
    option("transit", N_("Stop goods on the way")),
    option("sorting", N_("Sort at the customer")),
    option("refill", N_("Exchange or refill")),
    option("stop", N_("Stop deliveries")),
    option("other", N_("Other")),
)
TOLD = (option("text", N_("Text sent")), option("phone", N_("Told by phone")))
PLANNED_WORKING_DAYS = 5


def default_planned(answers: Answers, look: Lookups) -> date:
    """Five working days from now, unless another day is given (2.0-5, company addition)."""
    calendar = look.calendar
    return calendar.add(look.now, timedelta(hours=8 * PLANNED_WORKING_DAYS)).astimezone(calendar.zone).date()


def read_planned(text: str, answers: Answers, look: Lookups) -> date:
    """Read a day that is not over yet."""
    day = day_of(text, look)
    if day is None:
        raise UnacceptableError(said(N_("Type the day, for example 11-27.")))
    if day < look.now.astimezone(look.calendar.zone).date():
        raise UnacceptableError(said(N_("The planned day lies in the past, please choose again.")))
    return day


def days_to_tap(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """Two weeks and four weeks from now, to tap; any other day may be typed."""
    today = look.now.astimezone(look.calendar.zone).date()
    days = (today + timedelta(weeks=2), today + timedelta(weeks=4))
    return tuple(Option(day.isoformat(), said("{day}", day=day)) for day in days)


def right_now(answers: Answers, look: Lookups) -> datetime:
    """The instant of the answer itself."""
    return look.now


def _contact_fields() -> tuple[Field, ...]:
    return (
        Field("contact", N_("Contact"), N_("With whom at the customer?"), Kind.CONTACT, typed=True, longest=40),
        Field("channel", N_("Channel"), N_("How did you talk?"), Kind.CHOICE, CHANNELS,
              preset=filled("phone")),
        Field("at", N_("Time"), N_("When?"), Kind.DATE_TIME, preset=right_now),
    )  # fmt: skip


ACCEPT = Form("accept", N_("Accept"), (
    Field("severity", N_("Severity"), N_("How serious is it?"), Kind.CHOICE, SEVERITIES),
    Field("stage", N_("Found at"), N_("Where was it found?"), Kind.CHOICE, STAGES),
    Field("defect", N_("Defect code"), N_("Which defect is it?"), Kind.DEFECT,
          (option(UNKNOWN, N_("Not clear yet")),)),
))  # fmt: skip

SEVERITY = Form("set_severity", N_("Set severity"), (
    Field("severity", N_("Severity"), N_("How serious is it?"), Kind.CHOICE, SEVERITIES),
    Field("reason", N_("Reason"), N_("Why?"), longest=200),
))  # fmt: skip

DEFECT = Form("set_defect", N_("Set defect code"), (
    Field("defect", N_("Defect code"), N_("Which defect is it?"), Kind.DEFECT),
))  # fmt: skip

RETURN = Form("return", N_("Return"), (
    Field("reason", N_("Reason"), N_("Why is it returned?"), Kind.CHOICE, RETURN_REASONS),
    Field("note", N_("Note"), N_("What is missing? One line, or skip."), required=False, longest=200),
))  # fmt: skip

TRANSMIT = Form("transmit", N_("Hand to quality"), (
    Field("reason", N_("Reason"), N_("Why does quality have to handle it?"), longest=200),
))  # fmt: skip

MEETING = Form("hold_meeting", N_("Record the meeting"), (
    Field("attendees", N_("Attendees"),
          N_("Who took part? Departments or names: they are asked to confirm the minutes."), longest=300),
    Field("decisions", N_("Decisions"), N_("What was decided? Three lines are enough."), Kind.LONG_TEXT, shortest=2),
    Field("minutes", N_("Minutes"), N_("A photo of the whiteboard, or skip."), Kind.FILES, required=False),
))  # fmt: skip

REMEDY = Form("propose_remedy", N_("Propose a remedy"), (
    Field("remedy", N_("Remedy"), N_("What do you offer the customer?"), Kind.LONG_TEXT, shortest=2),
    Field("planned_done", N_("Planned done"), N_("By which day will it be done?"), Kind.DATE,
          preset=default_planned, read=read_planned),
))  # fmt: skip

CONTACT = Form("log_contact", N_("Log a contact"), (
    *_contact_fields(),
    Field("result", N_("Result"), N_("What came of it?"), Kind.LONG_TEXT, shortest=2),
))  # fmt: skip

SATISFIED = Form("satisfied", N_("Customer satisfied"), (
    *_contact_fields(),
    Field("words", N_("Customer's words"), N_("What did the customer say? One line, or skip."),
          required=False, longest=500),
))  # fmt: skip

NOT_SATISFIED = Form("not_satisfied", N_("Customer not satisfied"), (
    Field("reason", N_("Reason"), N_("Why is the customer not satisfied?"), Kind.LONG_TEXT, shortest=2),
    *_contact_fields(),
))  # fmt: skip

MESSAGE = Form("customer_message", N_("Message from the customer"), (
    Field("message", N_("Message"), N_("What do you want to tell us?"), Kind.LONG_TEXT, required=False),
))  # fmt: skip

IMPLEMENTED = Form("done_implementing", N_("Implemented"), (
    Field("evidence", N_("Evidence"), N_("What shows that it is done?"), Kind.LONG_TEXT, shortest=2),
    Field("photos", N_("Photos"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

CAUSE = Form("analyse", N_("Record the cause"), (
    Field("cause_occur", N_("Cause of occurrence"), N_("Why did it happen? (5 whys)"), Kind.LONG_TEXT, shortest=4),
    Field("cause_escape", N_("Cause of escape"), N_("Why was it not noticed? Or skip."), Kind.LONG_TEXT,
          required=False),
    Field("responsible", N_("Responsible department"), N_("Which department is responsible?"), Kind.DEPARTMENT),
    Field("capa_needed", N_("Corrective action needed"), N_("Is corrective or preventive action needed?"), Kind.CHOICE,
          (option("yes", N_("Needed")), option("no", N_("Not needed (give the reason)")),
           option("open", N_("Open already")))),
    Field("capa_reason", N_("Reason"), N_("Why not?"), when=lambda answers: answers.get("capa_needed") == "no",
          longest=300),
    Field("capa_title", N_("Action wanted"), N_("What has to be done?"), Kind.LONG_TEXT,
          when=lambda answers: answers.get("capa_needed") == "yes", shortest=4),
    Field("capa_due", N_("Due"), N_("By which day? Tap one, or type it, for example 12-18."), Kind.DATE, days_to_tap,
          read=read_planned,
          when=lambda answers: answers.get("capa_needed") == "yes"),
))  # fmt: skip

CAPA = Form("open_capa", N_("Open a corrective action"), (
    Field("capa_department", N_("Responsible department"), N_("Which department is responsible?"), Kind.DEPARTMENT),
    Field("capa_title", N_("Action wanted"), N_("What has to be done?"), Kind.LONG_TEXT, shortest=4),
    Field("capa_due", N_("Due"), N_("By which day? Tap one, or type it, for example 12-18."), Kind.DATE, days_to_tap,
          read=read_planned),
))  # fmt: skip

HOLDS = Form("capa_holds", N_("Another problem"), (
    Field("holds_reason", N_("Reason"), N_("Why is it another problem?"), longest=300),
))  # fmt: skip

CLOSING = Form("close", N_("Close"), (
    Field("cause_for_customer", N_("Cause, for the customer"), N_("What may the customer read as the cause?"),
          Kind.LONG_TEXT, shortest=2),
    Field("action_for_customer", N_("Prevention, for the customer"),
          N_("What may the customer read as prevention?"), Kind.LONG_TEXT, shortest=2),
    Field("contact", N_("Contact"), N_("Who at the customer is informed?"), Kind.CONTACT, typed=True, longest=40),
    Field("told", N_("Informed by"), N_("How is the customer informed?"), Kind.CHOICE, TOLD),
))  # fmt: skip

CONTAIN = Form("containment", N_("Record containment"), (
    Field("containment", N_("Containment"),
          N_("What is done at once? Tap one, or type several: isolate stock, stop deliveries."),
          Kind.MULTI_CHOICE, CONTAINMENTS),
    Field("scope", N_("Scope"), N_("Where was looked, how many, how many bad? For example: stock 200/3."),
          longest=300),
))  # fmt: skip


def read_edit(text: str, answers: Answers, look: Lookups) -> object:
    """Read the corrected answer as the intake would have read it."""
    return read(INTAKE.by_key[str(answers["what"])], text, answers, look)


def offered_edits(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """What the intake offers for that question."""
    question = INTAKE.by_key.get(str(answers.get("what")))
    return question.choices(answers, look) if question else ()


EDIT = Form("edit", N_("Edit"), (
    Field("what", N_("What"), N_("What is to be corrected?"), Kind.CHOICE, (
        option("description", N_("Description")), option("quantity", N_("Quantity")),
        option("lot", N_("Lot / made on")), option("product", N_("Product")),
        option("category", N_("Category")), option("contact", N_("Reported by")),
    )),
    Field("to", N_("New value"), N_("What is right?"), options=offered_edits, read=read_edit),
    Field("reason", N_("Reason"), N_("Why is it corrected?"), longest=200),
))  # fmt: skip

ATTACH = Form("attach", N_("Add photos"), (
    Field("photos", N_("Photos"), N_("Send the photos or files, at most 9."), Kind.FILES),
))  # fmt: skip

WITHDRAW = Form("withdraw", N_("Withdraw"), (
    Field("reason", N_("Reason"), N_("Why is it withdrawn?"), longest=300),
    Field("proof", N_("Customer's proof"), N_("Send the customer's proof: a photo, a file."), Kind.FILES),
))  # fmt: skip

MERGE = Form("merge", N_("Merge"), (
    Field("target", N_("Into"), N_("Into which case? Type its number."), Kind.CASE),
))  # fmt: skip

REOPEN = Form("reopen", N_("Reopen"), (
    Field("reason", N_("Reason"), N_("Why is it opened again?"), Kind.LONG_TEXT, shortest=2),
))  # fmt: skip

HAND_OVER = Form("hand_over", N_("Hand over"), (
    Field("to_person", N_("To"), N_("To whom?"), Kind.PERSON),
    Field("reason", N_("Reason"), N_("Why? One line, or skip."), required=False, longest=200),
))  # fmt: skip


def read_promise(text: str, answers: Answers, look: Lookups) -> datetime:
    """Read a promised time: ahead of now, at most one working day (8 working hours) ahead (2.0-18)."""
    instant = instant_of(text, look)
    if instant is None:
        raise UnacceptableError(said(N_("Type the day and time, for example 11-24 16:05.")))
    if instant <= look.now:
        raise UnacceptableError(said(N_("The promised time must lie ahead.")))
    latest = look.calendar.add(look.now, timedelta(hours=8))
    if instant > latest:
        raise UnacceptableError(said(N_("A promise reaches at most one working day: until {latest}."), latest=latest))
    return instant


PROMISE = Form("promise", N_("Promise a time"), (
    Field("until", N_("Promised"), N_("By when will it be done?"), Kind.DATE_TIME, read=read_promise),
))  # fmt: skip

TECHNICAL = Form("need_tech", N_("Ask for technical support"), (
    Field("question", N_("Question"), N_("What has technology to find out?"), Kind.LONG_TEXT, shortest=4),
))  # fmt: skip
