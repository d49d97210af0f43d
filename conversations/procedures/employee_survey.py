"""The survey of employees (D1 4.1.3, 4.1.4): once a year at least, without names, four in five answer."""

from typing import Final

from conversations.deadlines import Basis
from conversations.permissions import Capacity as Who
from conversations.procedure import Action, Effect, by
from conversations.procedures import survey_forms as forms
from conversations.procedures.survey import Course, measures_approved, procedure_of
from conversations.rules import ADDITION, rule
from conversations.sign_off import Signer
from conversations.words import N_

NATURAL, WORKING = Basis.NATURAL, Basis.WORKING

RULES: Final = (
    rule("employee_survey.KS1", (365, "d", NATURAL), "D1 4.1.3", N_("Survey of employees, every so many months")),
    rule("employee_survey.remind_1", (3, "d", WORKING), ADDITION, N_("First reminder of a survey")),
    rule("employee_survey.remind_2", (6, "d", WORKING), ADDITION, N_("Second reminder of a survey")),
    rule("employee_survey.rate", (80, "%", NATURAL), "D1 4.1.4", N_("Least response rate of employees")),
    rule("employee_survey.item", (60, "%", NATURAL), "D1 4.1.4", N_("Employees: an item below this is rectified")),
    rule("employee_survey.KSP", (3, "d", WORKING), ADDITION, N_("Approval of a survey's plan")),
    rule("employee_survey.KSB", (3, "d", WORKING), ADDITION, N_("Statement on too few answers")),
    rule("employee_survey.KS4", (20, "d", WORKING), ADDITION, N_("Report of a survey distributed")),
    rule("employee_survey.KSA", (2, "d", WORKING), ADDITION, N_("Approval of a survey's report")),
)

EMPLOYEE_SURVEY = procedure_of(Course(
    key="employee_survey",
    title=N_("Survey of employees"),
    prefix="YG",
    record=N_("Report on employee satisfaction"),
    form_number="",
    clause="D1 4.1.3",
    report_clause="D1 4.1.4",
    department="BG",
    runs=by(Who.OFFICE),
    leads=by(Who.OFFICE_LEAD, Who.GM),
    intake=forms.EMPLOYEES,
    report=forms.EMPLOYEE_REPORT,
    plan_signers=(Signer(role="office_lead"),),
    report_signers=(Signer(role="gm"),),
    source="employee",
    complete=(measures_approved,),
    decided=(
        # from the card that shows them all, and from nowhere else
        Action(key="approve_all", label=N_("Approve all"), by=by(Who.GM),
               at=("analysed", "report_approval", "distributed"), also=("spawned", "approve"),
               effect=Effect.APPROVE_ALL, offered=lambda _facts: False, clause="D1 4.1.4",
               instead=N_("please change the plan of the measure concerned.")),
    ),
    rules=RULES,
    words=("员工满意度", "员工调查", "staffsurvey"),
))  # fmt: skip
