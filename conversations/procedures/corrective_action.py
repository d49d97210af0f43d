"""Corrective, preventive and other action (D9 3.2, 3.3, HLLG-GS-B-20): planned, approved, done, verified, consolidated.

The responsible department plans, quality approves, somebody else verifies. At the level of 8D the plan is D5,
what is done is D6, what is consolidated D7, and D8 closes it.
"""

from conversations.fields import Answers
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Effect, Procedure, Step, by, starts_at
from conversations.procedures import complaint_forms as common
from conversations.procedures import corrective_forms as forms
from conversations.procedures.corrective_guards import (
    DEADLINES,
    RULES,
    agreed_first,
    agreement,
    approvers,
    d1_to_d4_first,
    is_8d,
    is_simple,
    measures_next,
    missing,
    never_lower,
    of_customers,
    only_8d,
    only_simple,
    responsible,
    supporting_task,
    technical_question,
    verifiers,
)
from conversations.sign_off import Decision, Needs, SignOff
from conversations.words import N_, Said, people

QUALITY = "PB"
WORKING = ("planning", "approval", "executing")
PLAN_SHOWN = (
    "title", "problem", "level", "d1", "d2", "d3", "d3_scope", "cause_occur", "cause_escape", "d4_occur", "d4_escape",
    "d4_proof", "measure", "planned_done", "plan_photos",
)  # fmt: skip


def headline(answers: Answers) -> Said | None:
    """What has to be done."""
    title = answers.get("title")
    return title if isinstance(title, Said) else people(title or "")


STEPS = (
    Step(key="planning", label=N_("Plan to be made"), holder=responsible, clause="D9 3.3"),
    Step(key="approval", label=N_("Plan to be approved"), clause="D9 3.2", sign_off=SignOff(
        signers=approvers, needs=Needs.ALL, shows=PLAN_SHOWN, proposed_by=("plan", "d5", "change_plan"),
        approved="executing", refused="planning", deadline="KAP")),
    Step(key="executing", label=N_("Being carried out"), holder=responsible, clause="D9 3.3"),
    Step(key="verifying", label=N_("Effect to be checked"), holder=QUALITY, owned=False, clause="D9 3.2",
         sign_off=SignOff(
             signers=verifiers, needs=Needs.ANY, shows=("title", "measure", "planned_done", "evidence", "done_photos"),
             proposed_by=("done", "d6"), owner_may=False, approved="effective", refused="planning", deadline="KA3")),
    Step(key="effective", label=N_("Effective, to be consolidated"), holder=responsible, clause="HLLG-GS-B-20"),
    Step(key="consolidated", label=N_("Consolidated, to be closed"), holder=QUALITY, owned=False,
         clause="HLLG-GS-B-20"),
    Step(key="closed", label=N_("Closed"), note=N_("Filed"), ending=True, clause="HLLG-GS-B-20"),
    Step(key="cancelled", label=N_("Cancelled"), ending=True),
)  # fmt: skip

DISCIPLINES = tuple(
    Action(key=form.key, label=form.title, by=by(Who.HANDLER, Who.QA), at=WORKING, form=form, guards=(only_8d,),
           main=True, offered=missing(form.key), calls=measures_next, clause="HLLG-GS-B-20", words=(form.key,))
    for form in (forms.D1, forms.D2, forms.D3, forms.D4)
)  # fmt: skip

ACTIONS = (
    *DISCIPLINES,
    Action(key="plan", label=N_("Propose the plan"), by=by(Who.HANDLER), at=("planning",), form=forms.PLAN,
           to="approval", guards=(only_simple,), main=True, offered=is_simple, clause="D9 3.3",
           words=("提计划", "整改方案", "措施计划", "plan")),
    Action(key="d5", label=forms.D5.title, by=by(Who.HANDLER), at=("planning",), form=forms.D5, to="approval",
           guards=(only_8d, d1_to_d4_first), main=True, main_while=measures_next, offered=is_8d, clause="D9 3.3",
           words=("d5",)),
    Action(key="approve", label=N_("Approve"), by=by(Who.SIGNER), at=("approval",), signs=Decision.APPROVE,
           leads_to=("executing",), main=True, clause="D9 3.2", words=("同意", "批准", "approve")),
    Action(key="return", label=N_("Return"), by=by(Who.SIGNER), at=("approval",), signs=Decision.REFUSE,
           form=forms.RETURN, leads_to=("planning",), main=True, clause="D9 3.2"),
    Action(key="change_plan", label=N_("Change the plan"), by=by(Who.HANDLER), at=("approval", "executing"),
           form=forms.CHANGE, to="approval", clause="D9 3.2", words=("改计划", "变更计划")),
    Action(key="done", label=N_("Done"), by=by(Who.HANDLER), at=("executing",), form=forms.DONE, to="verifying",
           guards=(only_simple,), main=True, offered=is_simple, clause="D9 3.3", words=("完成", "done")),
    Action(key="d6", label=forms.D6.title, by=by(Who.HANDLER), at=("executing",), form=forms.D6, to="verifying",
           guards=(only_8d,), main=True, offered=is_8d, clause="D9 3.3", words=("d6",)),
    Action(key="verify_ok", label=N_("Effective"), by=by(Who.SIGNER), at=("verifying",), signs=Decision.APPROVE,
           form=forms.EFFECTIVE, leads_to=("effective",), spawns=agreement, main=True, clause="D9 3.2",
           words=("验证有效",)),
    Action(key="verify_bad", label=N_("Not effective"), by=by(Who.SIGNER), at=("verifying",),
           signs=Decision.REFUSE, form=forms.INEFFECTIVE, leads_to=("planning",), refuses=True, main=True,
           clause="D9 3.2", words=("验证无效",)),
    Action(key="consolidate", label=N_("Consolidate"), by=by(Who.HANDLER, Who.QA), at=("effective",),
           form=forms.CONSOLIDATE, to="closed", guards=(only_simple, agreed_first), main=True, offered=is_simple,
           clause="HLLG-GS-B-20", words=("巩固", "consolidate")),
    Action(key="d7", label=forms.D7.title, by=by(Who.HANDLER, Who.QA), at=("effective",), form=forms.D7,
           to="consolidated", guards=(only_8d, agreed_first), main=True, offered=is_8d, clause="HLLG-GS-B-20",
           words=("d7",)),
    Action(key="customer_agrees", label=N_("Agreed with the customer"), by=by(Who.SERVICE_ENGINEER, Who.SALES),
           at=("effective",), form=forms.AGREEMENT, offered=of_customers, completes="agreement", clause="D9 4.3.3.2",
           words=("达成一致",)),
    Action(key="d8", label=forms.D8.title, by=by(Who.QA), at=("consolidated",), form=forms.D8, to="closed",
           main=True, clause="HLLG-GS-B-20", words=("d8",)),
    Action(key="lapse", label=N_("Action has failed"), by=by(Who.QA), at=("effective", "consolidated", "closed"),
           form=forms.LAPSE, to="planning", refuses=True, clause="HLLG-GS-B-20", words=("措施失效",)),
    Action(key="returned", label=N_("The problem came back"), by=by(Who.ADMIN),
           instead=N_("please say on the complaint whether it is another problem."),
           at=("effective", "consolidated", "closed")),
    Action(key="set_level", label=N_("Set the level"), by=by(Who.QA), at=("planning",), form=forms.LEVEL,
           guards=(never_lower,), words=("定级别",)),
    Action(key="need_tech", label=N_("Ask for technical support"), by=by(Who.QA, Who.HANDLER), form=common.TECHNICAL,
           spawns=technical_question, clause="D9 3.4", words=("请技术支持",)),
    Action(key="support", label=N_("Ask a department for support"), by=by(Who.QA, Who.HANDLER), at=WORKING,
           form=forms.SUPPORT, spawns=supporting_task, clause="D9 3.3", words=("请部门配合", "部门配合")),
    Action(key="take_over", label=N_("I take it"), by=by(Who.MEMBER, Who.HOLDER_LEAD), takes=True,
           words=("我来处理", "接收")),
    Action(key="promise", label=N_("Promise a time"), by=by(Who.HANDLER, Who.HOLDER_LEAD), form=common.PROMISE,
           effect=Effect.PROMISE),
    Action(key="hand_over", label=N_("Hand over"), by=by(Who.HOLDER_LEAD), form=common.HAND_OVER,
           effect=Effect.HAND_OVER),
    Action(key="attach", label=N_("Add photos"), by=by(Who.HANDLER, Who.REPORTER), form=common.ATTACH),
    Action(key="cancel_action", label=N_("Cancel the action"), by=by(Who.QA_LEAD), at=WORKING, form=forms.CANCEL,
           to="cancelled"),
)  # fmt: skip

CORRECTIVE_ACTION = Procedure(
    key="corrective_action",
    title=N_("Corrective action"),
    prefix="JZ",
    record=N_("Corrective action report"),
    form_number="HLLG-GS-B-20-01",
    clause="HLLG-GS-B-20",
    intake=forms.INTAKE,
    starts=by(Who.QA),
    first=starts_at("planning"),
    first_steps=("planning",),
    steps=STEPS,
    actions=ACTIONS,
    deadlines=DEADLINES,
    rules=RULES,
    headline=headline,
    words=("纠正措施", "整改", "8D", "预防措施", "capa"),
    begun_by="open_capa",
)  # fmt: skip
