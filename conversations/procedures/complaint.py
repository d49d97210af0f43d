"""Customer complaints (D9 4.1): a remedy within 48 hours, again until the customer is satisfied, then the cause."""

from conversations.facts import CaseFacts
from conversations.fields import Answers
from conversations.permissions import Capacity as Who
from conversations.procedure import OPEN, Action, Effect, Procedure, Step, by
from conversations.procedures import complaint_forms as forms
from conversations.procedures.complaint_customer import VIEW
from conversations.procedures.complaint_deadlines import DEADLINES, RULES
from conversations.procedures.complaint_guards import (
    after_meeting,
    after_severity,
    came_back,
    corrective_action,
    customer_was_silent,
    final_after_two_returns,
    has_cause_and_answers,
    in_quality,
    meeting_task,
    minutes_first,
    needless,
    no_action_yet,
    no_cause_yet,
    not_itself,
    once_measure_and_contact,
    opened_by_hand,
    returned_once_only,
    technical_question,
    to_be_contained,
    unanswered_returns,
    urgency,
    waits_for_the_weekly_card,
)
from conversations.procedures.complaint_intake import INTAKE
from conversations.words import N_, Said, people

SALES, QUALITY = "XS", "PB"
HANDLING = ("sales_handling", "qa_handling")


def first(facts: CaseFacts) -> str:
    """4.1.1 to 4.1.3: sales settles it alone, quality takes it over, or it was solved on the spot."""
    return {"transmit": "handed_over", "self": "sales_handling", "resolved": "analysing"}[
        str(facts.answers["handling"])
    ]


def back_to_handling(facts: CaseFacts) -> str:
    """4.1.2 and 4.1.4: who proposed the remedy proposes again."""
    return "qa_handling" if in_quality(facts) else "sales_handling"


def handler_department(facts: CaseFacts) -> str:
    """The customer is waited for, and the remedy carried out, by the department that handles it."""
    return QUALITY if in_quality(facts) else SALES


def accepted(facts: CaseFacts) -> str:
    """4.1.3 a) a major problem needs a meeting first; b) a general one goes straight to the remedy."""
    return "meeting_pending" if facts.answers.get("severity") == "major" else "qa_handling"


def has_returned(facts: CaseFacts) -> bool:
    """A problem that should be gone is back, and quality has not said what that means."""
    return bool(unanswered_returns(facts))


def headline(answers: Answers) -> Said | None:
    """What the case is about, in the reporter's own words."""
    return people(answers["description"]) if answers.get("description") else None


STEPS = (
    Step(key="handed_over", label=N_("Waiting for quality to accept"), note=N_("Handed to quality"), holder=QUALITY,
         owned=False, clause="D9 4.1.3"),
    Step(key="meeting_pending", label=N_("Meeting to be held"), note=N_("Major quality problem"), holder=QUALITY,
         deadline="K2b", clause="D9 4.1.3 a)"),
    Step(key="sales_handling", label=N_("Sales is handling it"), note=N_("Sales sets the remedy"), holder=SALES,
         clause="D9 4.1.2"),
    Step(key="qa_handling", label=N_("Quality is handling it"), note=N_("Quality sets the remedy"), holder=QUALITY,
         clause="D9 4.1.3"),
    Step(key="awaiting_customer", label=N_("Waiting for the customer"), note=N_("Waiting for the customer's answer"),
         holder=handler_department, clause="D9 4.1.2, 4.1.4"),
    Step(key="implementing", label=N_("Remedy being carried out"), holder=handler_department, clause="D9 4.1.2, 4.1.4"),
    Step(key="analysing", label=N_("Cause being analysed"), holder=QUALITY, owned=False, clause="D9 4.1.6"),
    Step(key="closed", label=N_("Closed"), note=N_("Filed"), ending=True, clause="D9 4.1.5"),
    Step(key="merged", label=N_("Merged"), ending=True),
    Step(key="withdrawn", label=N_("Withdrawn"), note=N_("With the customer's proof"), ending=True),
)  # fmt: skip

ACTIONS = (
    Action(key="accept", label=N_("Accept"), by=by(Who.QA), at=("handed_over",), form=forms.ACCEPT,
           to=accepted, leads_to=("meeting_pending", "qa_handling"), spawns=meeting_task, takes=True, main=True,
           clause="D9 4.1.3", words=("接收", "收到", "我接", "接手", "accept", "take")),
    Action(key="return", label=N_("Return"), by=by(Who.QA), at=("handed_over",), form=forms.RETURN,
           to="sales_handling", main=True, guards=(returned_once_only,), words=("退回",)),
    Action(key="hold_meeting", label=N_("Record the meeting"), by=by(Who.QA),
           at=("meeting_pending", "awaiting_customer", "implementing", "analysing"), form=forms.MEETING,
           to=after_meeting, leads_to=("qa_handling",), leads_from=("meeting_pending",), completes="meeting",
           main=True, clause="D9 4.1.3 a)", words=("登记会议", "meeting")),
    Action(key="containment", label=N_("Record containment"), by=by(Who.SALES, Who.QA), form=forms.CONTAIN,
           main=True, main_while=to_be_contained, clause="D9 3.1", words=("登记临时措施", "临时措施", "containment")),
    Action(key="propose_remedy", label=N_("Propose a remedy"), by=by(Who.HANDLER), at=("meeting_pending", *HANDLING),
           form=forms.REMEDY, forward="remedy", to=once_measure_and_contact, leads_to=("awaiting_customer",),
           leads_from=HANDLING, guards=(minutes_first,), main=True, clause="D9 4.1.2, 4.1.4",
           words=("提措施", "补救措施", "提出措施", "措施", "remedy")),
    Action(key="log_contact", label=N_("Log a contact"), by=by(Who.HANDLER, Who.REPORTER), form=forms.CONTACT,
           to=once_measure_and_contact, leads_to=("awaiting_customer",), leads_from=HANDLING, main=True,
           clause="D9 4.1.2, 4.1.4", words=("登记沟通", "已联系", "联系客户", "打过电话了", "沟通", "contact")),
    Action(key="transmit", label=N_("Hand to quality"), by=by(Who.HANDLER, Who.SALES_LEAD), at=("sales_handling",),
           form=forms.TRANSMIT, to="handed_over", guards=(final_after_two_returns,), clause="D9 4.1.3",
           words=("转品保", "传递", "转质量", "转品质", "转质保", "transmit")),
    Action(key="satisfied", label=N_("Customer satisfied"), by=by(Who.HANDLER, Who.REPORTER, Who.CUSTOMER),
           at=("awaiting_customer",), form=forms.SATISFIED, to="implementing", main=True, clause="D9 4.1.2, 4.1.4",
           words=("满意", "顾客满意", "认可", "接受", "satisfied")),
    Action(key="not_satisfied", label=N_("Customer not satisfied"), by=by(Who.HANDLER, Who.REPORTER, Who.CUSTOMER),
           at=("awaiting_customer",), form=forms.NOT_SATISFIED, to=back_to_handling, leads_to=HANDLING, refuses=True,
           clause="D9 4.1.2, 4.1.4", words=("不满意", "不认可", "不接受", "客户不同意", "unsatisfied")),
    Action(key="no_answer", label=N_("No answer"), by=by(Who.SALES_LEAD, Who.QA_LEAD), at=("awaiting_customer",),
           to="implementing", guards=(customer_was_silent,), words=("暂未答复", "顾客未答复")),
    Action(key="done_implementing", label=N_("Implemented"), by=by(Who.HANDLER), at=("implementing",),
           form=forms.IMPLEMENTED, to="analysing",
           forward="implemented", main=True, clause="D9 4.1.2, 4.1.4", words=("已实施", "implemented")),
    Action(key="analyse", label=N_("Record the cause"), by=by(Who.QA),
           at=("meeting_pending", "sales_handling", "qa_handling", "awaiting_customer", "implementing", "analysing"),
           form=forms.CAUSE, spawns=corrective_action, main=True, main_while=no_cause_yet,
           clause="D9 4.1.6", words=("登记原因", "原因", "cause")),
    Action(key="close", label=N_("Close"), by=by(Who.QA), at=("analysing",), form=forms.CLOSING, to="closed",
           forward="closing", guards=(has_cause_and_answers,), main=True,
           clause="D9 4.1.5, 4.1.6", words=("关闭", "close")),
    Action(key="customer_message", label=N_("Message from the customer"), by=by(Who.CUSTOMER), at=(OPEN, "closed"),
           form=forms.MESSAGE, instead=N_("please write what is right in another message.")),
    Action(key="set_severity", label=N_("Set severity"), by=by(Who.QA), form=forms.SEVERITY,
           at=("meeting_pending", *HANDLING, "awaiting_customer", "implementing", "analysing"),
           to=after_severity, leads_to=("meeting_pending", "qa_handling"), leads_from=("meeting_pending", *HANDLING),
           spawns=meeting_task, drops=needless, words=("定等级",)),
    Action(key="set_defect", label=N_("Set defect code"), by=by(Who.QA), form=forms.DEFECT, words=("缺陷代码",)),
    Action(key="need_tech", label=N_("Ask for technical support"), by=by(Who.QA, Who.HANDLER), form=forms.TECHNICAL,
           spawns=technical_question, clause="D9 3.4", words=("请技术支持",)),
    Action(key="open_capa", label=N_("Open a corrective action"), by=by(Who.QA), form=forms.CAPA,
           at=("meeting_pending", *HANDLING, "awaiting_customer", "implementing", "analysing"),
           spawns=opened_by_hand, main=True, main_while=no_action_yet, clause="D9 4.1.6",
           words=("开纠正措施", "开8D")),
    Action(key="capa_failed", label=N_("Action has failed"), by=by(Who.QA), guards=(came_back,),
           also=("repeat_of", "lapse"), offered=has_returned, clause="HLLG-GS-B-20", words=("CAPA失效",)),
    Action(key="capa_holds", label=N_("Another problem"), by=by(Who.QA), form=forms.HOLDS, guards=(came_back,),
           offered=has_returned, clause="HLLG-GS-B-20"),
    Action(key="sent", label=N_("Text sent"), by=by(Who.HANDLER, Who.REPORTER), words=("已发送", "sent")),
    Action(key="told_by_phone", label=N_("Told by phone"), by=by(Who.HANDLER, Who.REPORTER), words=("已电话告知",)),
    Action(key="take_over", label=N_("I take it"), by=by(Who.MEMBER, Who.HOLDER_LEAD), takes=True,
           words=("我来处理",)),
    Action(key="promise", label=N_("Promise a time"), by=by(Who.HANDLER, Who.HOLDER_LEAD), form=forms.PROMISE,
           effect=Effect.PROMISE, words=("承诺时间", "承诺", "promise")),
    Action(key="hand_over", label=N_("Hand over"), by=by(Who.HOLDER_LEAD), form=forms.HAND_OVER,
           effect=Effect.HAND_OVER, words=("转交", "reassign")),
    Action(key="edit", label=N_("Edit"), by=by(Who.HANDLER, Who.REPORTER), form=forms.EDIT,
           effect=Effect.EDIT, words=("修改", "edit")),
    Action(key="attach", label=N_("Add photos"), by=by(Who.HANDLER, Who.REPORTER), form=forms.ATTACH,
           words=("补照片", "加照片", "传照片", "补图", "photo")),
    Action(key="merge", label=N_("Merge"), by=by(Who.HOLDER_LEAD), form=forms.MERGE, effect=Effect.MERGE, to="merged",
           guards=(not_itself,), drops=needless, words=("合并", "merge")),
    Action(key="withdraw", label=N_("Withdraw"), by=by(Who.HOLDER_LEAD), form=forms.WITHDRAW, to="withdrawn",
           drops=needless, words=("撤销", "withdraw")),
    Action(key="reopen", label=N_("Reopen"), by=by(Who.HOLDER_LEAD), at=("closed",), form=forms.REOPEN,
           to=back_to_handling, leads_to=HANDLING, words=("重新打开", "reopen")),
)  # fmt: skip

COMPLAINT = Procedure(
    key="complaint",
    title=N_("Customer complaint"),
    prefix="TS",
    record=N_("Quality feedback form"),
    form_number="HLLG-QR721-01",
    clause="D9 4.1",
    intake=INTAKE,
    starts=by(Who.SALES, Who.QA),
    first=first,
    first_steps=("handed_over", "sales_handling", "analysing"),
    steps=STEPS,
    actions=ACTIONS,
    deadlines=DEADLINES,
    rules=RULES,
    receipt="receipt",
    promise=("K1", "KR"),
    shown=VIEW,
    urgent=urgency,
    pages=QUALITY,
    batched=waits_for_the_weekly_card,
    headline=headline,
    quote="description",
    words=(
        "报投诉", "投诉", "客诉", "报客诉", "抱怨", "客户投诉", "顾客投诉", "质量反馈", "反馈单", "质量问题",
        "出问题了", "new", "complaint", "report",
    ),
)  # fmt: skip
