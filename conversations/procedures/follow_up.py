"""Follow-up (回访): some time after a complaint the customer is asked how it is, what is needed, what could be better.

What is said can become a complaint, a requirement or a suggestion at once (D9 4.3.3.2 d, D2 3.1; M-67, M-112).
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from conversations.calendar import WORKING_DAY
from conversations.deadlines import Basis
from conversations.escalation import Target
from conversations.facts import CaseFacts
from conversations.fields import UNKNOWN, Answers, Field, Kind, Lookups, Option, filled, option
from conversations.forms import Form
from conversations.levels import Level
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Deadline, Effect, Procedure, Spawn, Step, after, by, starts_at, when
from conversations.procedures.complaint_forms import ATTACH, HAND_OVER, PROMISE
from conversations.procedures.complaint_intake import CATEGORIES, CHANNELS, TO_SEARCH, latest_contact, suggestion
from conversations.procedures.recognition import recognise
from conversations.questionnaires.grades import four
from conversations.rules import ADDITION, rule
from conversations.words import N_, Said, Text, people, said

NATURAL, WORKING = Basis.NATURAL, Basis.WORKING
SALES, DISPATCH = "XS", "DD"
FEELINGS = tuple(Option(grade.key, said("{text}", text=grade.label)) for grade in four(*(Text() for _ in range(4))))
LEADS = (
    option("nothing", N_("Nothing more")),
    option("complaint", N_("A complaint")),
    option("requirement", N_("A requirement")),
    option("suggestion", N_("A suggestion")),
)
TITLES = {
    "requirement": N_("Customer requirement ({n}): {words}"),
    "suggestion": N_("Customer suggestion ({n}): {words}"),
}
LONGEST_TITLE = 200


def feelings(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """The four grades of D1 4.2.3.1."""
    return FEELINGS


def complains(answers: Answers) -> bool:
    """What was said is a complaint."""
    return answers.get("leads") == "complaint"


def wordless(answers: Answers) -> bool:
    """It leads to something, and nothing was written down of it."""
    said_so = answers.get("needs") or answers.get("suggestion")
    return answers.get("leads") not in (None, "nothing") and not said_so


def words_of(answers: Answers) -> str:
    """What the customer said, in the words that were written down."""
    found = (str(answers.get(key) or "").strip() for key in ("needs", "suggestion", "words"))
    return ";".join(text for text in found if text)


INTAKE = Form("follow_up", N_("Follow-up"), (
    Field("customer", N_("Customer"), N_("Which customer?"), Kind.CUSTOMER, (TO_SEARCH,)),
    Field("about", N_("After"), N_("After which complaint? Its number, or skip."), Kind.CASE, required=False),
    Field("begin", N_("Begin"), N_("Begin this follow-up?"), Kind.CHOICE, (option("begin", N_("Begin")),)),
), confirm="begin")  # fmt: skip

RECORD = Form("record", N_("Record the follow-up"), (
    Field("contact", N_("Contact"), N_("With whom at the customer?"), Kind.CONTACT, preset=latest_contact, typed=True,
          longest=40),
    Field("channel", N_("Channel"), N_("How did you talk?"), Kind.CHOICE, CHANNELS, preset=filled("phone")),
    Field("feeling", N_("Feeling"), N_("How satisfied are they by now?"), Kind.CHOICE, feelings),
    Field("needs", N_("Needs"), N_("What do they need now? Or skip."), Kind.LONG_TEXT, required=False, longest=1000),
    Field("suggestion", N_("Suggestion"), N_("What do they suggest? Or skip."), Kind.LONG_TEXT, required=False,
          longest=1000),
    Field("leads", N_("Leads to"), N_("What does it lead to?"), Kind.CHOICE, LEADS),
    Field("category", N_("Category"), N_("What kind of problem is it?"), Kind.CHOICE, CATEGORIES, when=complains),
    Field("words", N_("In words"), N_("In one sentence: what did they say?"), Kind.LONG_TEXT, when=wordless, shortest=4,
          longest=1000),
), confirm="leads")  # fmt: skip

CANCEL = Form("cancel_follow_up", N_("No follow-up"), (
    Field("cancel_note", N_("Reason"), N_("Why is it not needed?"), longest=300),
))  # fmt: skip


def asked(facts: CaseFacts) -> Form:
    """The questions; first of all of the contact whose complaint it was."""
    contact = facts.answers.get("contact")
    if not contact:
        return RECORD
    known = tuple(replace(q, preset=filled(contact)) if q.key == "contact" else q for q in RECORD.fields)
    return replace(RECORD, fields=known)


def leads_to(facts: CaseFacts) -> tuple[Spawn, ...]:
    """What was said becomes a complaint, or a task for whoever sees to requirements and suggestions."""
    given = facts.latest.answers
    made = {"complaint": _complaint, "requirement": _task, "suggestion": _task}.get(str(given.get("leads")))
    return (made(facts, given),) if made is not None else ()


def _complaint(facts: CaseFacts, given: Answers) -> Spawn:
    words = words_of(given)
    answers = {
        "type": "complaint", "customer": facts.answers.get("customer"), "product": UNKNOWN,
        "category": given.get("category"), "impact": "notice", "description": words,
        "received_at": facts.latest.at, "contact": given.get("contact") or UNKNOWN, "channel": given.get("channel"),
        "customer_due": "unset", "lot": "", "remedy_sought": (), "handling": suggestion(given),
    }  # fmt: skip
    return Spawn(procedure="complaint", kind="complaint", title=people(words), department="", answers=answers)


def _task(facts: CaseFacts, given: Answers) -> Spawn:
    """D2 3.1: the dispatch office sees to what is needed and suggested."""
    kind, words = str(given.get("leads")), words_of(given)[:LONGEST_TITLE]
    title = said(TITLES[kind], n=facts.number, words=people(words))
    answers = {"customer": facts.answers.get("customer"), "department": DISPATCH}
    return Spawn(procedure="task", kind=kind, title=title, department=DISPATCH, answers=answers)


def headline(answers: Answers) -> Said:
    """After which complaint; how the customer feels, once they were asked."""
    about = answers.get("about")
    head = said(N_("Follow-up on {n}"), n=str(about)) if about else said(N_("Follow-up"))
    felt = next((each.label for each in FEELINGS if each.key == answers.get("feeling")), None)
    return head if felt is None else said(N_("{label}: {value}"), label=head, value=felt)


RULES: Final = (
    rule("follow_up.after", (30, "d", NATURAL), ADDITION, N_("Follow-up, after a complaint was closed")),
    rule("follow_up.KHF", (5, "d", WORKING), ADDITION, N_("Follow-up made")),
)

LEVELS = (Level(name="R1", share=0.5), Level(name="L1", after=timedelta(0)), Level(name="L2", after=WORKING_DAY))
TELLS = {"R1": (Target.OWNER,), "L1": (Target.OWNER, Target.LEAD), "L2": (Target.LEAD, Target.SUPERVISOR)}
"""Nobody waits for a follow-up: it climbs no higher than to whoever heads sales."""

FOLLOW_UP = Procedure(
    key="follow_up",
    title=N_("Follow-up"),
    prefix="HF",
    clause="D9 4.3.3.2",
    record=N_("Follow-up"),
    intake=INTAKE,
    starts=by(Who.SALES),
    first=starts_at("due"),
    first_steps=("due",),
    steps=(
        Step(key="due", label=N_("Follow-up to be made"), holder=SALES, clause="D9 4.3.3.2 d)"),
        Step(key="made", label=N_("Followed up"), ending=True, clause="D9 4.3.3.2 d)"),
        Step(key="not_made", label=N_("No follow-up"), ending=True),
    ),
    actions=(
        Action(key="record", label=N_("Record the follow-up"), by=by(Who.HANDLER, Who.HOLDER_LEAD), at=("due",),
               form=RECORD, form_of=asked, to="made", spawns=leads_to, main=True, clause="D9 4.3.3.2 d)",
               words=("记录回访", "登记回访", "recordfollowup")),
        Action(key="cancel_follow_up", label=N_("No follow-up"), by=by(Who.HANDLER, Who.HOLDER_LEAD), at=("due",),
               form=CANCEL, to="not_made", words=("不回访",)),
        Action(key="promise", label=N_("Promise a time"), by=by(Who.HANDLER, Who.HOLDER_LEAD), form=PROMISE,
               effect=Effect.PROMISE),
        Action(key="hand_over", label=N_("Hand over"), by=by(Who.HOLDER_LEAD), form=HAND_OVER,
               effect=Effect.HAND_OVER),
        Action(key="attach", label=N_("Add photos"), by=by(Who.HANDLER, Who.REPORTER), form=ATTACH),
        recognise(by(Who.SALES), "due", "made"),
    ),
    deadlines=(
        Deadline(key="KHF", needs=N_("make the follow-up"), rule="follow_up.KHF", starts=when("file"),
                 met=after("record"), cancelled=lambda facts: facts.step == "not_made", levels=LEVELS, tells=TELLS),
    ),
    rules=RULES,
    headline=headline,
    words=("回访", "客户回访", "质量回访", "followup"),
)  # fmt: skip
