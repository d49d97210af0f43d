"""The survey of customers (D1 4.2.1, D9 4.3.2): every half year, to people who have business with us."""

from typing import Final

from conversations.deadlines import Basis
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Effect, by
from conversations.procedures import survey_forms as forms
from conversations.procedures.recognition import recognise
from conversations.procedures.survey import Course, procedure_of
from conversations.rules import ADDITION, rule
from conversations.sign_off import Signer
from conversations.words import N_

NATURAL, WORKING = Basis.NATURAL, Basis.WORKING

RULES: Final = (
    rule("customer_survey.KS1", (183, "d", NATURAL), "D1 4.2.1", N_("Survey of customers, every so many months")),
    rule("customer_survey.floor", (365, "d", NATURAL), "D9 4.3.2.2", N_("Survey of customers, at the very least")),
    rule("customer_survey.remind_1", (5, "d", WORKING), ADDITION, N_("First reminder of a survey")),
    rule("customer_survey.remind_2", (10, "d", WORKING), ADDITION, N_("Second reminder of a survey")),
    rule("customer_survey.rate", (0, "%", NATURAL), ADDITION, N_("Least response rate of customers")),
    rule("customer_survey.item", (0, "%", NATURAL), ADDITION, N_("Customers: an item below this is rectified")),
    rule("customer_survey.difference", (20, "%", NATURAL), ADDITION, N_("PPM: the customer's count and ours apart")),
    rule("customer_survey.KSP", (3, "d", WORKING), ADDITION, N_("Approval of a survey's plan")),
    rule("customer_survey.KSB", (3, "d", WORKING), ADDITION, N_("Statement on too few answers")),
    rule("customer_survey.KS4", (20, "d", WORKING), ADDITION, N_("Report of a survey distributed")),
    rule("customer_survey.KSA", (2, "d", WORKING), ADDITION, N_("Approval of a survey's report")),
    rule("customer_survey.KSG", (3, "d", WORKING), ADDITION, N_("Countersigning of a survey's report")),
)

COUNTS = N_("an answer that was entered counts; please say in the report what is wrong with it.")

RELATED = Action(
    key="add_relations", label=N_("Add business relations"), by=by(Who.SALES), at=("planned", "revising", "approved"),
    form=forms.RELATIONS, main=True, offered=forms.lacks_relations, clause="D9 4.3.2.1",
    instead=N_("what was chosen stands with the contact; the administrator mends it."),
)  # fmt: skip
"""Asked contact by contact (handlers/relations); each tap renews who is invited, as the plan shows it (2.0-17)."""

ENTERED = (
    Action(key="phone_answers", label=N_("Answers by phone"), by=by(Who.SALES), at=("open",), form=forms.PHONE,
           form_of=forms.with_questions(forms.PHONE), keeps=("invitation",), effect=Effect.TAKE_ANSWERS,
           instead=COUNTS, clause="D1 4.2.1", words=("电话问卷", "电话调查", "phoneanswers")),
    Action(key="paper_answers", label=N_("Answers on paper"), by=by(Who.SALES), at=("open",), form=forms.PAPER,
           form_of=forms.with_questions(forms.PAPER), keeps=("invitation", "mode", "scan"),
           effect=Effect.TAKE_ANSWERS, instead=COUNTS, clause="D9 4.3.2",
           words=("纸质问卷", "录入问卷", "paperanswers")),
)  # fmt: skip
"""What a contact said on the telephone, or sent on paper or by fax (M-36, M-63): the same questions, in chat."""

CUSTOMER_SURVEY = procedure_of(Course(
    key="customer_survey",
    title=N_("Survey of customers"),
    prefix="DC",
    record=N_("Report on customer satisfaction"),
    form_number="HLLG-QR721-04",
    clause="D1 4.2.1",
    report_clause="D9 4.3.3.3",
    department="XS",
    runs=by(Who.SALES),
    leads=by(Who.SALES_LEAD, Who.DEPUTY_GM),
    intake=forms.DISPATCH,
    report=forms.REPORT,
    plan_signers=(Signer(role="sales_lead"),),
    report_signers=(Signer(role="sales_lead"),),
    countersigners=(Signer(role="tech_lead"), Signer(role="qa_lead")),
    source="survey",
    rules=RULES,
    entered=(RELATED, *ENTERED, recognise(by(Who.SALES), "analysed", "distributed")),
    words=("发问卷", "满意度", "满意度调查", "调查", "问卷", "survey"),
))  # fmt: skip
