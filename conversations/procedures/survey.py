"""Surveys, the shape they share (D1 4.1, 4.2; D9 4.3): planned, approved, sent, closed, reported, distributed.

A survey of customers and one of employees are declared from here as one course with different people in it. What the
clock does (close, analyse, archive) is declared too, and refused to everybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.escalation import Target
from conversations.facts import CaseFacts
from conversations.fields import Answers
from conversations.forms import Form
from conversations.levels import Level
from conversations.permissions import Capacity
from conversations.permissions import Capacity as Who
from conversations.procedure import (
    Action,
    Attempt,
    Deadline,
    Effect,
    Guard,
    Moment,
    Procedure,
    Spawn,
    Step,
    by,
    starts_at,
)
from conversations.procedures import survey_forms as forms
from conversations.rules import Rule
from conversations.sign_off import SIGNING_TELLS, Decision, Needs, Signer, SignOff
from conversations.words import N_, Said, people, said

PLAN_SHOWN = ("questionnaire", "period", "closes_on", "target", "weights", "roster")
REPORT_SHOWN = ("section_a", "section_b", "section_c", "indicators")
SENT = N_("the links are out already; please cancel the survey instead.")
COUNTED = N_("it is counted already; please edit the report.")
TO_ALL = N_("the departments have it already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What differs between surveys: who runs them, who approves plan and report, and what the report is called."""

    key: str
    title: str
    prefix: str
    record: str
    form_number: str
    clause: str
    report_clause: str
    department: str
    runs: frozenset[Capacity]
    leads: frozenset[Capacity]
    intake: Form
    report: Form
    plan_signers: tuple[Signer, ...]
    report_signers: tuple[Signer, ...]
    countersigners: tuple[Signer, ...] = ()
    complete: tuple[Guard, ...] = ()
    decided: tuple[Action, ...] = ()
    source: str
    rules: tuple[Rule, ...]
    words: tuple[str, ...]
    entered: tuple[Action, ...] = ()


def headline(answers: Answers) -> Said | None:
    """Which period it is about."""
    return said(N_("Survey {period}"), period=str(answers.get("period") or ""))


def entering(step: str) -> Moment:
    """The instant at which a step was entered."""
    return lambda facts: facts.latest.at if facts.step == step != facts.latest.step else None


def launch_by(facts: CaseFacts) -> datetime | None:
    """By when it has to be sent, where the calendar called for it (KS1)."""
    due = facts.answers.get("launch_by")
    return due if isinstance(due, datetime) else None


def to_be_launched(facts: CaseFacts) -> datetime | None:
    """From the plan on; one that nobody's calendar asked for has no such deadline."""
    return facts.latest.at if facts.latest.key == "file" and launch_by(facts) else None


def by_the_clock(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """Done by the system when it is due, with the figures of that moment."""
    return said(N_("This is done by itself when it is due.")) if attempt.person is not None else None


def sections_filled(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """A report whose sections are not all there is not finished (D9 4.3.3.1)."""
    lacking = tuple(each.label for each in forms.SECTIONS[:4] if not facts.answers.get(each.key))
    missing = N_("Still missing in the report: {list}. “Edit the report” adds it.")
    return said(missing, list=lacking) if lacking else None


NOT_APPROVED = frozenset({"planning", "approval"})


def measures_approved(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """A report of employees is complete when a measure is approved for every item that is too low (D1 4.1.4)."""
    waiting = tuple(each.number for each in facts.spawned("rectification") if each.step in NOT_APPROVED)
    return said(N_("Its measures are not approved yet: {list}."), list=waiting) if waiting else None


def closes_to(facts: CaseFacts) -> str:
    """Where fewer answered than must, it waits for a statement (D1 4.1.4)."""
    return "closing" if facts.latest.answers.get("below_rate") else "closed"


def rectifications(source: str, department: str) -> Callable[[CaseFacts], tuple[Spawn, ...]]:
    """One rectification to each item below the threshold, at the department that answers for it (M-43, M-61)."""

    def spawned(facts: CaseFacts) -> tuple[Spawn, ...]:
        found = facts.latest.answers.get("below")
        return tuple(_rectification(each, source, department) for each in (found if isinstance(found, tuple) else ()))

    return spawned


def _rectification(below: object, source: str, department: str) -> Spawn:
    item, score, responsible = map(str, below) if isinstance(below, tuple) else ("", "", "")
    held = responsible or department
    title = said(N_("Raise “{item}”: {score} points on average"), item=people(item), score=score)
    answers = {"source": source, "level": "simple", "department": held}
    return Spawn(procedure="corrective_action", kind="rectification", title=title, department=held, answers=answers)


def always(facts: CaseFacts) -> bool:
    """What was decided leaves it to whoever runs the survey to go on."""
    return True


def steps(course: Course) -> tuple[Step, ...]:
    """The steps; countersigning only where somebody countersigns."""
    office, plan = course.department, course.clause
    shown = (*REPORT_SHOWN, *(each.key for each in course.report.fields))
    signed = "countersigning" if course.countersigners else "distributed"
    countersigning = Step(
        key="countersigning", label=N_("Report to be countersigned"), clause=course.report_clause,
        sign_off=SignOff(signers=course.countersigners, needs=Needs.ALL, shows=shown,
                         proposed_by=("submit_report",), approved="distributed", refused="analysed", deadline="KSG"),
    )  # fmt: skip
    return (
        Step(key="planned", label=N_("Plan to be approved"), holder=office, clause=plan, sign_off=SignOff(
            signers=course.plan_signers, needs=Needs.ANY, shows=PLAN_SHOWN, proposed_by=("file", "change_plan"),
            approved="approved", refused="revising", deadline="KSP")),
        Step(key="revising", label=N_("Plan to be changed"), holder=office, clause=plan),
        Step(key="approved", label=N_("Approved, to be sent"), holder=office, clause=plan),
        Step(key="open", label=N_("Answers are being taken"), holder=office, clause=plan),
        Step(key="closing", label=N_("Too few answered, to be stated"), holder=office, clause=plan),
        Step(key="closed", label=N_("Closed, being counted"), holder=office, clause=plan),
        Step(key="analysed", label=N_("Report to be finished"), holder=office, clause=course.report_clause),
        Step(key="report_approval", label=N_("Report to be approved"), holder=office, clause=course.report_clause,
             sign_off=SignOff(signers=course.report_signers, needs=Needs.ANY, shows=shown,
                              proposed_by=("submit_report",), approved=signed, refused="analysed", deadline="KSA")),
        *((countersigning,) if course.countersigners else ()),
        Step(key="distributed", label=N_("Distributed to the departments"), holder=office, clause=course.report_clause),
        Step(key="archived", label=N_("Archived"), ending=True, clause=course.report_clause),
        Step(key="cancelled", label=N_("Cancelled"), ending=True),
    )  # fmt: skip


def actions(course: Course) -> tuple[Action, ...]:
    """Everything that can be done on a survey."""
    return (*_planning(course), *_running(course), *course.entered, *_reporting(course), *course.decided)


def _planning(course: Course) -> tuple[Action, ...]:
    return (
        Action(key="approve_plan", label=N_("Approve"), by=by(Who.SIGNER), at=("planned",), signs=Decision.APPROVE,
               leads_to=("approved",), main=True, calls=always, effect=Effect.APPROVE_QUESTIONNAIRE,
               clause=course.clause, words=("批准计划",)),
        Action(key="return_plan", label=N_("Return"), by=by(Who.SIGNER), at=("planned",), signs=Decision.REFUSE,
               form=forms.RETURN, leads_to=("revising",), main=True, calls=always),
        Action(key="change_plan", label=N_("Change the plan"), by=course.runs, at=("planned", "revising"),
               form=forms.CHANGE_PLAN, to="planned", main=True, words=("改问卷计划",)),
        Action(key="send_survey", label=N_("Send it"), by=course.runs, at=("approved",), to="open",
               effect=Effect.LAUNCH, main=True, instead=SENT, clause=course.clause, words=("发送问卷",)),
        Action(key="cancel_survey", label=N_("Cancel the survey"), by=course.leads,
               at=("planned", "revising", "approved", "open"), form=forms.CANCEL, to="cancelled",
               effect=Effect.CLOSE_LINKS, instead=N_("please plan another one.")),
    )  # fmt: skip


def _running(course: Course) -> tuple[Action, ...]:
    return (
        Action(key="extend", label=N_("Change the closing day"), by=course.runs, at=("open", "closing"),
               form=forms.EXTEND, to="open", effect=Effect.REOPEN_SURVEY, main=True, words=("改截止日", "延长调查")),
        Action(key="close_survey", label=N_("Closed"), by=by(Who.ADMIN), at=("open",), to=closes_to,
               leads_to=("closing", "closed"), guards=(by_the_clock,), offered=lambda _facts: False, instead=COUNTED),
        Action(key="state_below", label=N_("State why too few answered"), by=course.leads, at=("closing",),
               form=forms.BELOW, to="closed", main=True, instead=COUNTED, clause=course.clause, words=("登记未达标",)),
        Action(key="analyse_survey", label=N_("Counted"), by=by(Who.ADMIN), at=("closed",), form=forms.ANALYSIS,
               to="analysed", guards=(by_the_clock,), offered=lambda _facts: False,
               spawns=rectifications(course.source, course.department), instead=COUNTED),
    )  # fmt: skip


def _reporting(course: Course) -> tuple[Action, ...]:
    onward = "countersigning" if course.countersigners else "distributed"
    countersigning = (
        Action(key="countersign", label=N_("Countersign"), by=by(Who.SIGNER), at=("countersigning",),
               signs=Decision.APPROVE, leads_to=("distributed",), main=True, clause=course.report_clause,
               words=("会签同意",)),
        Action(key="refuse_countersign", label=N_("Return"), by=by(Who.SIGNER), at=("countersigning",),
               signs=Decision.REFUSE, form=forms.RETURN, leads_to=("analysed",), main=True, calls=always),
    )  # fmt: skip
    return (
        Action(key="edit_report", label=N_("Edit the report"), by=course.runs, form=forms.EDIT, effect=Effect.EDIT,
               at=("analysed", "report_approval", *(("countersigning",) if course.countersigners else ())), main=True,
               words=("修改报告",)),
        Action(key="submit_report", label=N_("Submit the report"), by=course.runs, at=("analysed",),
               form=course.report, to="report_approval", guards=(sections_filled,), main=True,
               clause=course.report_clause, words=("提交报告",)),
        Action(key="approve_report", label=N_("Approve"), by=by(Who.SIGNER), at=("report_approval",),
               signs=Decision.APPROVE, leads_to=(onward,), main=True, clause=course.report_clause),
        Action(key="return_report", label=N_("Return"), by=by(Who.SIGNER), at=("report_approval",),
               signs=Decision.REFUSE, form=forms.RETURN, leads_to=("analysed",), main=True, calls=always),
        *(countersigning if course.countersigners else ()),
        Action(key="read_report", label=N_("I have read it"), by=by(Who.ANYONE), at=("distributed",),
               main=True, clause=course.report_clause, words=("已阅",)),
        Action(key="archive_report", label=N_("Archive"), by=course.leads, at=("distributed",), to="archived",
               guards=course.complete, instead=TO_ALL, words=("归档报告",)),
    )  # fmt: skip


def deadlines(course: Course) -> tuple[Deadline, ...]:
    """KS1 to KS4 (2.4), and the signatures."""
    key, tells = course.key, SIGNING_TELLS
    leads = {"R1": (Target.OWNER,), "R2": (Target.LEAD,), "L1": (Target.LEAD, Target.DEPUTY_GM), "L2": (Target.GM,)}
    return (
        Deadline(key="KS1", needs=N_("send the survey"), rule=f"{key}.KS1", starts=to_be_launched,
                 met=lambda facts: facts.latest.key == "send_survey", due=launch_by, tells=leads,
                 cancelled=lambda facts: facts.step == "cancelled",
                 levels=(Level(name="R1", share=0.5), Level(name="R2", share=0.75), *_climbing())),
        Deadline(key="KSP", needs=N_("decide on the plan"), rule=f"{key}.KSP", starts=entering("planned"),
                 met=lambda facts: facts.step != "planned", tells=tells),
        Deadline(key="KSB", needs=N_("state why too few answered"), rule=f"{key}.KSB", starts=entering("closing"),
                 met=lambda facts: facts.step != "closing"),
        Deadline(key="KS4", needs=N_("distribute the report"), rule=f"{key}.KS4", starts=entering("closed"),
                 met=lambda facts: facts.step in ("distributed", "archived")),
        Deadline(key="KSA", needs=N_("decide on the report"), rule=f"{key}.KSA", starts=entering("report_approval"),
                 met=lambda facts: facts.step != "report_approval", tells=tells),
        *((Deadline(key="KSG", needs=N_("countersign the report"), rule=f"{key}.KSG",
                    starts=entering("countersigning"), met=lambda facts: facts.step != "countersigning",
                    tells=tells),) if course.countersigners else ()),
    )  # fmt: skip


def _climbing() -> tuple[Level, ...]:
    return (Level(name="L1", after=timedelta(0)), Level(name="L2", after=timedelta(hours=40)))


def procedure_of(course: Course) -> Procedure:
    """The declaration of a survey."""
    return Procedure(
        key=course.key,
        title=course.title,
        prefix=course.prefix,
        record=course.record,
        form_number=course.form_number,
        clause=course.clause,
        intake=course.intake,
        starts=course.runs,
        first=starts_at("planned"),
        first_steps=("planned",),
        steps=steps(course),
        actions=actions(course),
        deadlines=deadlines(course),
        rules=course.rules,
        headline=headline,
        words=course.words,
    )
