"""What is asked around a survey: whom, with which questionnaire, by when, and what its report says."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from conversations.facts import CaseFacts
from conversations.fields import Answers, Field, Kind, Lookups, Offer, Option, UnacceptableError, filled, option
from conversations.forms import Form
from conversations.procedures.complaint_forms import read_planned
from conversations.questionnaire import Questionnaire
from conversations.questionnaires.plain import from_plain
from conversations.readers import SEPARATOR
from conversations.words import N_, Said, said

OPEN_WORKING_DAYS = 15
"""How long a campaign is open unless another day is given (2.4, company addition)."""

TARGET = Decimal(85)

WHO = (
    option("all", N_("All customers")),
    option("class_a", N_("Customers of class A")),
    option("class_ab", N_("Customers of classes A and B")),
    option("chosen", N_("Customers I name")),
)
CLOSED = option("closed", N_("Customers whose complaint is closed meanwhile"))
SUBMIT_PLAN = option("submit_plan", N_("Submit for approval"))


def questionnaires(kind: str) -> Offer:
    """Offer the questionnaires of a kind."""
    return lambda _answers, look: look.offered(Kind.QUESTIONNAIRE, {"kind": kind})


def of_customers(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """The questionnaires for customers, then those about a complaint that was closed."""
    return (*_of_kind("customer", look), *_of_kind("after_close", look))


def whom(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """Who can be asked: about a complaint that was closed, whoever it was."""
    about_one = {each.key for each in _of_kind("after_close", look)}
    return (CLOSED,) if answers.get("questionnaire") in about_one else WHO


def _of_kind(kind: str, look: Lookups) -> tuple[Option, ...]:
    return look.offered(Kind.QUESTIONNAIRE, {"kind": kind})


def named_customers(answers: Answers) -> bool:
    """Customers are named one by one."""
    return answers.get("who") == "chosen"


def read_customers(text: str, answers: Answers, look: Lookups) -> str:
    """Read names of customers with commas between them; each must be one we know."""
    codes = []
    for name in (part for part in SEPARATOR.split(text) if part):
        found = look.found(Kind.CUSTOMER, name, answers)
        if len(found) != 1:
            unknown = N_("I do not know a customer “{name}”. Type names with commas between.")
            raise UnacceptableError(said(unknown, name=name))
        codes.append(found[0])
    names = [look.spoken(each.label)[0] for each in codes]
    return "、".join(dict.fromkeys(names))


def half_year(answers: Answers, look: Lookups) -> str:
    """The half-year it is: 2026-H2."""
    today = look.now.astimezone(look.calendar.zone).date()
    return f"{today.year}-H{1 if today.month < 7 else 2}"


def this_year(answers: Answers, look: Lookups) -> str:
    """The year it is."""
    return str(look.now.astimezone(look.calendar.zone).year)


def default_close(answers: Answers, look: Lookups) -> date:
    """Fifteen working days from now; where each is asked as it comes, the end of the half-year."""
    calendar = look.calendar
    if answers.get("who") == CLOSED.key:
        today = look.now.astimezone(calendar.zone).date()
        return date(today.year, 6, 30) if today.month < 7 else date(today.year, 12, 31)
    return calendar.add(look.now, timedelta(hours=8 * OPEN_WORKING_DAYS)).astimezone(calendar.zone).date()


def never(answers: Answers) -> bool:
    """Carried by the case and asked of nobody."""
    return False


CLOSES_ON = Field("closes_on", N_("Open until"), N_("Until which day are answers taken?"), Kind.DATE,
                  preset=default_close, read=read_planned)  # fmt: skip
TARGET_FIELD = Field("target", N_("Target"), N_("Which score is the target (0 to 100)?"), Kind.DECIMAL,
                     preset=filled(TARGET), least=Decimal(0), most=Decimal(100))  # fmt: skip
CONFIRM = Field("submit", N_("Submit"), N_("Submit the plan?"), Kind.CHOICE, (SUBMIT_PLAN,))

CARRIED = (
    Field("weights", N_("Weights and scores"), N_("Which weights?"), when=never),
    Field("roster", N_("Invited"), N_("Who is invited?"), when=never),
    Field("below", N_("Items below the threshold"), N_("Which items?"), when=never),
    Field("score", N_("Score"), N_("Which score?"), when=never),
    Field("launch_by", N_("Send by"), N_("By when is it sent?"), Kind.DATE_TIME, when=never),
    Field("section_a", N_("a) The survey"), N_("What was asked of whom?"), Kind.LONG_TEXT, when=never),
    Field("section_b", N_("b) Satisfaction"), N_("How satisfied are they?"), Kind.LONG_TEXT, when=never),
    Field("section_c", N_("c) Trend"), N_("How did it change?"), Kind.LONG_TEXT, when=never),
    Field("indicators", N_("Indicators"), N_("What do the indicators say?"), Kind.LONG_TEXT, when=never),
)
"""What the system works out; the sections of the report are drafted and may be edited (D9 4.3.3.1)."""

ANALYSIS = Form("analyse_survey", N_("Counted"), CARRIED)

DISPATCH = Form("customer_survey", N_("Survey of customers"), (
    Field("questionnaire", N_("Questionnaire"), N_("Which questionnaire?"), Kind.CHOICE, of_customers),
    Field("who", N_("Whom"), N_("Who is asked?"), Kind.CHOICE, whom),
    Field("customers", N_("Customers"), N_("Which customers? Names with commas between."), when=named_customers,
          read=read_customers, longest=500),
    Field("period", N_("Period"), N_("Which period is it about? For example 2026-H2."), preset=half_year, longest=20),
    CLOSES_ON,
    TARGET_FIELD,
    CONFIRM,
    *CARRIED,
), confirm="submit")  # fmt: skip

EMPLOYEES = Form("employee_survey", N_("Survey of employees"), (
    Field("questionnaire", N_("Questionnaire"), N_("Which questionnaire?"), Kind.CHOICE, questionnaires("employee")),
    Field("period", N_("Period"), N_("Which period is it about? For example 2026."), preset=this_year, longest=20),
    CLOSES_ON,
    TARGET_FIELD,
    CONFIRM,
    *CARRIED,
), confirm="submit")  # fmt: skip

CHANGE_PLAN = Form("change_plan", N_("Change the plan"), (
    Field("closes_on", N_("Open until"), N_("Until which day are answers taken?"), Kind.DATE, read=read_planned),
    Field("target", N_("Target"), N_("Which score is the target (0 to 100)?"), Kind.DECIMAL, least=Decimal(0),
          most=Decimal(100)),
    Field("plan_note", N_("What changed"), N_("What was changed, and why?"), longest=300),
))  # fmt: skip

RETURN = Form("return_it", N_("Return"), (
    Field("return_note", N_("Reason"), N_("What has to be changed?"), longest=300),
))  # fmt: skip

EXTEND = Form("extend", N_("Keep it open longer"), (
    Field("closes_on", N_("Open until"), N_("Until which day are answers taken?"), Kind.DATE, read=read_planned),
    Field("extend_note", N_("Reason"), N_("Why is it kept open longer?"), longest=300),
))  # fmt: skip

BELOW = Form("state_below", N_("Response rate not reached"), (
    Field("below_why", N_("Why it was not reached"), N_("Why did fewer answer than must?"), Kind.LONG_TEXT, shortest=4),
    Field("below_measure", N_("What is done about it"), N_("What is done so that more answer next time?"),
          Kind.LONG_TEXT, shortest=4),
))  # fmt: skip

SECTIONS = tuple(option(key, label) for key, label in (
    ("section_a", N_("a) The survey")),
    ("section_b", N_("b) Satisfaction")),
    ("section_c", N_("c) Trend")),
    ("indicators", N_("Indicators")),
    ("conclusion", N_("Conclusion")),
))  # fmt: skip

EDIT = Form("edit_report", N_("Edit the report"), (
    Field("what", N_("Section"), N_("Which section?"), Kind.CHOICE, SECTIONS),
    Field("to", N_("New text"), N_("What is it to say?"), Kind.LONG_TEXT, shortest=4, longest=4000),
    Field("why", N_("Reason"), N_("Why is it changed?"), longest=300),
))  # fmt: skip

CONCLUSION = Field("conclusion", N_("Conclusion"),
                   N_("What do you conclude, above all where they are not satisfied? One to three sentences."),
                   Kind.LONG_TEXT, shortest=4)  # fmt: skip
COMPETITOR = Field("competitor", N_("Competitor"), N_("Which score has the best competitor (0 to 100)? Or skip."),
                   Kind.DECIMAL, required=False, least=Decimal(0), most=Decimal(100))  # fmt: skip

REPORT = Form("submit_report", N_("Submit the report"), (CONCLUSION, COMPETITOR))
EMPLOYEE_REPORT = Form("submit_report", N_("Submit the report"), (CONCLUSION,))

CANCEL = Form("cancel_survey", N_("Cancel the survey"), (
    Field("cancel_note", N_("Reason"), N_("Why is it not carried out?"), longest=300),
))  # fmt: skip

UNRELATED = N_("Not invited, their business with us is not known: {names}.")
RELATIONS = Form("add_relations", N_("Add business relations"), (
    Field("roster", N_("Invited"), N_("Who is invited?"), when=never),
))  # fmt: skip


def lacks_relations(facts: CaseFacts) -> bool:
    """The plan names contacts who cannot be invited as long as it is not known what connects them with us."""
    roster = facts.answers.get("roster")
    lines = roster.values.get("lines") if isinstance(roster, Said) else ()
    told = lines if isinstance(lines, tuple) else ()
    return any(isinstance(line, Said) and line.message == UNRELATED for line in told)


INVITEE = Field("invitation", N_("Contact"), N_("Whose answers are they?"), Kind.INVITATION)
ENTERED = (option("enter", N_("Enter the answers")),)
ENTER = Field("enter", N_("Enter"), N_("Enter these answers?"), Kind.CHOICE, ENTERED)
PHONE = Form("phone_answers", N_("Answers by phone"), (INVITEE,))
PAPER = Form("paper_answers", N_("Answers on paper"), (
    INVITEE,
    Field("mode", N_("Came by"), N_("How did it come?"), Kind.CHOICE,
          (option("paper", N_("On paper")), option("fax", N_("By fax")))),
    Field("scan", N_("Scan"), N_("A photo or a scan of it, if there is one."), Kind.FILES, required=False),
))  # fmt: skip

ASKED = "asked"
"""The answer in which a survey that was sent has its questionnaire, as it is asked."""


def with_questions(form: Form) -> Callable[[CaseFacts], Form]:
    """Ask what the questionnaire of the survey asks, item by item, before a last look."""

    def made(facts: CaseFacts) -> Form:
        asked = facts.answers.get(ASKED)
        questions = tuple(_questions(from_plain(asked))) if isinstance(asked, Mapping) else ()
        return Form(form.key, form.title, (*form.fields, *questions, ENTER), confirm=ENTER.key)

    return made


def _questions(asked: Questionnaire) -> Iterator[Field]:
    """Every item with its grades, then the questions in one's own words; each may be left out."""
    grades = tuple(Option(grade.key, said("{text}", text=grade.label)) for grade in asked.grades)
    pair = N_("{label}: {value}")
    helps = tuple(said(pair, label=grade.label, value=grade.help) for grade in asked.grades if grade.help)
    for at, item in enumerate(asked.items):
        label = said("{text}", text=item.label)
        prompt = said(N_("How satisfied are you: {item}?"), item=label)
        if at == 0 and helps:
            prompt = said(N_("{question} ({helps})"), question=prompt, helps=helps)
        yield Field(f"item_{item.key}", label, prompt, Kind.CHOICE, grades, required=False)
    for each in asked.questions:
        words: Said = said("{text}", text=each.label)
        yield Field(f"text_{each.key}", words, words, Kind.LONG_TEXT, required=False)
