"""The month's complaints (D9 4.1.7): drafted on the first working day, confirmed, posted and locked."""

from datetime import date, datetime, timedelta
from typing import Final

from conversations.deadlines import Basis
from conversations.escalation import Target
from conversations.facts import CaseFacts
from conversations.fields import Answers, Field, Kind
from conversations.forms import Form
from conversations.levels import Level
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Deadline, Effect, Procedure, Spawn, Step, by, starts_at, when
from conversations.procedures.complaint_forms import read_planned
from conversations.procedures.survey import by_the_clock
from conversations.rules import ADDITION, rule
from conversations.words import N_, Said, people, said

INTAKE = Form("monthly_summary", N_("Monthly summary"), (
    Field("month", N_("Month"), N_("Which month?")),
    Field("confirm_by", N_("Confirm by"), N_("By when?"), Kind.DATE_TIME),
))  # fmt: skip

COMMENT = Form("comment", N_("Edit the comment"), (
    Field("comment", N_("Conclusion"), N_("What do you conclude? One to three sentences."), Kind.LONG_TEXT, shortest=2),
))  # fmt: skip

RECTIFY = Form("rectify", N_("Ask for rectification"), (
    Field("department", N_("Department"), N_("Which department?"), Kind.DEPARTMENT),
    Field("title", N_("Rectification"), N_("What has to be rectified?"), Kind.LONG_TEXT, shortest=4),
    Field("due", N_("Due"), N_("By which day?"), Kind.DATE, read=read_planned),
))  # fmt: skip

CORRECT = Form("correct", N_("Correction"), (
    Field("what", N_("What"), N_("Which figure?"), longest=200),
    Field("old", N_("Old"), N_("What was posted?"), longest=100),
    Field("new", N_("New"), N_("What is right?"), longest=100),
))  # fmt: skip


def confirm_by(facts: CaseFacts) -> datetime | None:
    """17:00 of the third working day, found when the draft was made (design 8)."""
    due = facts.answers.get("confirm_by")
    return due if isinstance(due, datetime) else None


def rectification(facts: CaseFacts) -> tuple[Spawn, ...]:
    """异常趋势: the department is asked for a rectification plan (M-22)."""
    answers = facts.latest.answers
    due, department = answers.get("due"), str(answers["department"])
    return (
        Spawn(
            procedure="corrective_action",
            kind="rectification",
            title=people(answers["title"]),
            department=department,
            due=due if isinstance(due, date) else None,
            answers={"source": "anomaly", "level": "simple", "department": department},
        ),
    )


def headline(answers: Answers) -> Said | None:
    """Which month it is about."""
    return said(N_("Complaints of {month}"), month=str(answers["month"]))


RULES: Final = (
    rule("monthly_summary.KM", (3, "d", Basis.WORKING), ADDITION, N_("Confirmation of the monthly summary")),
    rule("monthly_summary.on_time", (95, "%", Basis.NATURAL), ADDITION, N_("Target for answers within 48 hours")),
)
BY_CORRECTION = N_("the channels have it already; please record a correction.")
KM_TELLS = {"R1": (Target.OWNER,), "L1": (Target.DEPUTY_GM,)}

MONTHLY_SUMMARY = Procedure(
    key="monthly_summary",
    title=N_("Monthly summary"),
    prefix="YB",
    numbered=lambda answers: f"YB-{answers['month']}",
    record=N_("Summary of customer complaints and grievances"),
    form_number="HLLG-QR721-02",
    clause="D9 4.1.7",
    intake=INTAKE,
    starts=by(Who.ADMIN),
    first=starts_at("draft"),
    first_steps=("draft",),
    steps=(
        Step(key="draft", label=N_("Draft"), note=N_("To be confirmed by the sales lead"), holder="XS",
             clause="D9 4.1.7"),
        Step(key="posted", label=N_("Posted and locked"), ending=True, clause="D9 4.1.7"),
    ),
    actions=(
        Action(key="confirm", label=N_("Confirm and post"), by=by(Who.SALES_LEAD), at=("draft",), to="posted",
               effect=Effect.POST, instead=BY_CORRECTION, main=True, clause="D9 4.1.7", words=("确认发布", "confirm")),
        Action(key="post_unconfirmed", label=N_("Post unconfirmed"), by=by(Who.ADMIN), at=("draft",), to="posted",
               guards=(by_the_clock,), offered=lambda _facts: False, effect=Effect.POST, instead=BY_CORRECTION),
        Action(key="comment", label=N_("Edit the comment"), by=by(Who.SALES_LEAD), at=("draft",), form=COMMENT,
               words=("修改说明",)),
        Action(key="rectify", label=N_("Ask for rectification"), by=by(Who.SALES_LEAD), at=("draft", "posted"),
               form=RECTIFY, spawns=rectification, words=("整改计划",)),
        Action(key="correct", label=N_("Correction"), by=by(Who.SALES_LEAD), at=("posted",), form=CORRECT,
               effect=Effect.POST, instead=BY_CORRECTION, words=("更正",)),
    ),
    deadlines=(
        Deadline(key="KM", needs=N_("confirm the monthly summary"), rule="monthly_summary.KM", starts=when("file"),
                 met=lambda facts: facts.latest.key == "confirm", due=confirm_by,
                 levels=(Level(name="R1", share=0.5), Level(name="L1", after=timedelta(0))), tells=KM_TELLS),
    ),
    rules=RULES,
    headline=headline,
    words=("月报", "月度汇总", "汇总表", "投诉汇总", "月度报表", "monthly"),
)  # fmt: skip
