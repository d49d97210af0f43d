"""Tasks, the smallest procedure: a meeting to hold, a technical question, support for another department.

Corrective actions were tasks once. Those that were opened then keep their numbers and go on as they
began: done only when their effect was checked by somebody else (docs/decisions/0030).
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from conversations.deadlines import Basis
from conversations.facts import CaseFacts
from conversations.fields import Answers, Field, Kind, always, option
from conversations.forms import Form
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Attempt, Deadline, Effect, Procedure, Step, after, by, starts_at
from conversations.procedures.complaint_forms import ATTACH, HAND_OVER, MEETING, PROMISE, read_planned
from conversations.rules import ADDITION, rule
from conversations.sign_off import SIGNING_TELLS, Decision, Needs, Signer, SignOff
from conversations.words import N_, Said, people, said

MINUTES = tuple(replace(question, when=lambda _answers: False) for question in MEETING.fields)
"""Carried over from the case that called for the meeting."""

CHECKED = frozenset({"corrective", "rectification", "preventive"})
KINDS = (
    option("task", N_("Task")),
    option("technical", N_("Technical question")),
    option("support", N_("Support")),
)

INTAKE = Form("task", N_("New task"), (
    Field("kind", N_("Kind"), N_("What kind of task is it?"), Kind.CHOICE, KINDS),
    Field("title", N_("Task"), N_("What has to be done?"), Kind.LONG_TEXT, shortest=2, longest=500),
    Field("department", N_("Department"), N_("Which department does it?"), Kind.DEPARTMENT),
    Field("due", N_("Due"), N_("By which day?"), Kind.DATE, read=read_planned),
    *MINUTES,
))  # fmt: skip

DONE = Form("done", N_("Done"), (
    Field("evidence", N_("Evidence"), N_("What shows that it is done?"), Kind.LONG_TEXT, shortest=2),
    Field("photos", N_("Photos"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

VERIFY = Form("verify", N_("Verify"), (
    Field("method", N_("Method"), N_("How was the effect checked?"), Kind.LONG_TEXT, shortest=2),
))  # fmt: skip

CANCEL = Form("cancel_task", N_("Cancel the task"), (
    Field("reason", N_("Reason"), N_("Why is it not needed?"), longest=300),
))  # fmt: skip


CORRECT = Form("correct_minutes", N_("Correct the minutes"), tuple(replace(q, when=always) for q in MINUTES))
REJECT = Form("reject_minutes", N_("Not correct"), (
    Field("wrong", N_("Reason"), N_("What is not right?"), longest=300),
))  # fmt: skip


def done(facts: CaseFacts) -> str:
    """A corrective action's effect is checked later, minutes are confirmed by those who were there."""
    if facts.answers.get("kind") == "meeting":
        return "confirming"
    return "checking" if facts.answers.get("kind") in CHECKED else "closed"


def of_a_meeting(facts: CaseFacts) -> bool:
    """Minutes that were not confirmed."""
    return facts.answers.get("kind") == "meeting" and bool(facts.times("reject_minutes"))


def once_refused(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """Minutes are corrected when somebody who was there says that they are not right."""
    return None if of_a_meeting(facts) else said(N_("There are no minutes to be corrected."))


def to_be_done(facts: CaseFacts) -> datetime | None:
    """From when it is to be done. A meeting is due with its case, which has a deadline of its own for it (K2b)."""
    called = facts.latest.key == "file" and facts.answers.get("kind") != "meeting"
    return facts.latest.at if called or facts.latest.key in ("verify_bad", "reject_minutes") else None


def entering_confirmation(facts: CaseFacts) -> datetime | None:
    """From when the minutes wait for those who were there."""
    return facts.latest.at if facts.step == "confirming" != facts.latest.step else None


def is_checked(facts: CaseFacts) -> datetime | None:
    """The effect is due to be checked from the day it was done."""
    return facts.latest.at if facts.step == "checking" and facts.latest.key == "done" else None


def planned(facts: CaseFacts) -> date | None:
    """The day that was agreed, if one was."""
    due = facts.answers.get("due")
    return due if isinstance(due, date) else None


def not_by_minutes_alone(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """A meeting is done when its minutes stand on the case that called for it."""
    if facts.answers.get("kind") == "meeting":
        return said(N_("Record the meeting on the case it belongs to: its minutes close this task."))
    return None


def not_by_its_owner(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """Who did it does not verify it (requirements 2.2)."""
    finished = facts.last("done")
    if finished is not None and attempt.person is not None and finished.by == attempt.person:
        return said(N_("Someone else must verify what you did yourself."))
    return None


def headline(answers: Answers) -> Said | None:
    """What has to be done."""
    title = answers.get("title")
    return title if isinstance(title, Said) else people(title or "")


RULES: Final = (
    rule("task.due", (5, "d", Basis.WORKING), ADDITION, N_("A task without a day of its own")),
    rule("task.KMIN", (3, "d", Basis.WORKING), ADDITION, N_("Confirmation of the minutes")),
    rule("task.KA3", (30, "d", Basis.NATURAL), ADDITION, N_("Check of a corrective action's effect")),
)

TASK = Procedure(
    key="task",
    title=N_("Task"),
    prefix="RW",
    clause="HLLG-GS-B-20",
    record=N_("Task"),
    intake=INTAKE,
    starts=by(Who.ANYONE),
    first=starts_at("open"),
    first_steps=("open",),
    steps=(
        Step(key="open", label=N_("To be done"), owned=False, clause="D9 3.3"),
        Step(key="confirming", label=N_("Minutes to be confirmed"), clause="D9 4.1.3 a)", sign_off=SignOff(
            signers=(Signer(named_in="attendees"),), needs=Needs.ALL,
            shows=("title", "attendees", "decisions", "minutes"),
            proposed_by=("done", "correct_minutes"), approved="closed", refused="open", deadline="KMIN")),
        Step(key="checking", label=N_("Effect to be checked"), holder="PB", owned=False, clause="D9 3.2"),
        Step(key="closed", label=N_("Done"), ending=True),
        Step(key="cancelled", label=N_("Cancelled"), ending=True),
    ),
    actions=(
        Action(key="done", label=N_("Done"), by=by(Who.HANDLER), at=("open",), form=DONE, to=done,
               leads_to=("confirming", "checking", "closed"), guards=(not_by_minutes_alone,), main=True,
               clause="D9 3.3", words=("完成", "done")),
        Action(key="confirm_minutes", label=N_("Confirm the minutes"), by=by(Who.SIGNER), at=("confirming",),
               signs=Decision.APPROVE, leads_to=("closed",), main=True, words=("确认纪要",)),
        Action(key="reject_minutes", label=N_("Not correct"), by=by(Who.SIGNER), at=("confirming",),
               signs=Decision.REFUSE, form=REJECT, leads_to=("open",), main=True),
        Action(key="correct_minutes", label=N_("Correct the minutes"), by=by(Who.QA), at=("open",), form=CORRECT,
               to="confirming", guards=(once_refused,), main=True, offered=of_a_meeting, words=("改纪要",)),
        Action(key="verify_ok", label=N_("Effective"), by=by(Who.QA), at=("checking",), form=VERIFY, to="closed",
               guards=(not_by_its_owner,), main=True, clause="D9 3.2", words=("验证有效",)),
        Action(key="verify_bad", label=N_("Not effective"), by=by(Who.QA), at=("checking",), form=VERIFY, to="open",
               guards=(not_by_its_owner,), refuses=True, words=("验证无效",)),
        Action(key="take_over", label=N_("I take it"), by=by(Who.MEMBER, Who.HOLDER_LEAD), takes=True,
               words=("我来处理", "接收")),
        Action(key="promise", label=N_("Promise a time"), by=by(Who.HANDLER, Who.HOLDER_LEAD), form=PROMISE,
               effect=Effect.PROMISE),
        Action(key="hand_over", label=N_("Hand over"), by=by(Who.HOLDER_LEAD), form=HAND_OVER,
               effect=Effect.HAND_OVER),
        Action(key="attach", label=N_("Add photos"), by=by(Who.HANDLER, Who.REPORTER), form=ATTACH),
        Action(key="cancel_task", label=N_("Cancel the task"), by=by(Who.REPORTER, Who.HOLDER_LEAD), at=("open",),
               form=CANCEL, to="cancelled"),
    ),
    deadlines=(
        Deadline(key="KT", needs=N_("finish the task"), rule="task.due", starts=to_be_done,
                 met=after("done", "correct_minutes"), due=planned),
        Deadline(key="KMIN", needs=N_("confirm the minutes"), rule="task.KMIN", starts=entering_confirmation,
                 met=lambda facts: facts.step != "confirming", tells=SIGNING_TELLS),
        Deadline(key="KA3", needs=N_("check the effect"), rule="task.KA3", starts=is_checked,
                 met=lambda facts: facts.latest.key in ("verify_ok", "verify_bad")),
    ),
    rules=RULES,
    headline=headline,
    words=("任务", "task"),
)  # fmt: skip
