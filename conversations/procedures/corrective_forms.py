"""What is asked of a corrective action: its opening, its plan, the eight disciplines, its verification."""

from conversations.fields import Answers, Field, Kind, Lookups, Option, filled, option
from conversations.forms import Form
from conversations.procedures.complaint_forms import CONTAINMENTS, days_to_tap, default_planned, read_planned
from conversations.procedures.complaint_intake import CHANNELS
from conversations.words import N_, said

SIMPLE, EIGHT_D = "simple", "8d"
KINDS = (
    option("corrective", N_("Corrective action")),
    option("preventive", N_("Preventive action")),
    option("rectification", N_("Rectification")),
    option("interim", N_("Interim action")),
    option("improvement", N_("Improvement")),
)
SOURCES = (
    option("complaint", N_("Complaint")),
    option("claim", N_("Claim")),
    option("survey", N_("Survey of satisfaction")),
    option("employee", N_("Survey of employees")),
    option("anomaly", N_("Anomaly in the figures")),
    option("loss", N_("Damaged or lost property")),
    option("csr", N_("Special requirement")),
    option("review", N_("Management review")),
    option("audit", N_("Audit")),
)
LEVELS = (option(SIMPLE, N_("Simple")), option(EIGHT_D, N_("8D")))
WHY_8D = (
    option("severity", N_("major problem")),
    option("requirement", N_("customer's special requirement")),
    option("recurring", N_("recurring problem")),
    option("decision", N_("decided by quality")),
)
"""Why an action is at the level of 8D; never by habit (requirements 2.2)."""


def never(answers: object) -> bool:
    """Carried over from the case that called for it, and asked of nobody."""
    return False


CARRIED = (
    Field("problem", N_("Problem"), N_("What went wrong?"), Kind.LONG_TEXT, when=never),
    Field("lot", N_("Lot / made on"), N_("Which lot?"), when=never),
    Field("defect", N_("Defect code"), N_("Which defect is it?"), Kind.DEFECT, when=never),
    Field("cause_occur", N_("Cause of occurrence"), N_("Why did it happen? (5 whys)"), Kind.LONG_TEXT, when=never),
    Field("cause_escape", N_("Cause of escape"), N_("Why was it not noticed? Or skip."), Kind.LONG_TEXT, when=never),
    Field("containment", N_("Containment"), N_("What is done at once?"), Kind.MULTI_CHOICE, CONTAINMENTS, when=never),
    Field("scope", N_("Scope"), N_("Where was looked, how many, how many bad? For example: stock 200/3."), when=never),
    Field("photos", N_("Photos"), N_("Send the photos or files, at most 9."), Kind.FILES, when=never),
    Field("for_case", N_("For"), N_("For which case?"), when=never),
    Field("level_reason", N_("Why 8D"), N_("Why?"), Kind.CHOICE, WHY_8D, when=never),
    Field("level_source", N_("Requirement"), N_("Which requirement?"), when=never),
    Field("problem_at", N_("Received"), N_("When?"), Kind.DATE_TIME, when=never),
)

INTAKE = Form("corrective_action", N_("Corrective action"), (
    Field("kind", N_("Kind"), N_("What kind of action is it?"), Kind.CHOICE, KINDS),
    Field("source", N_("Source"),
          N_("What gave rise to it? For one complaint: cancel this, open the complaint, and open the action there."),
          Kind.CHOICE, SOURCES),
    Field("title", N_("Action wanted"), N_("What has to be done?"), Kind.LONG_TEXT, shortest=4, longest=500),
    Field("department", N_("Responsible department"), N_("Which department is responsible?"), Kind.DEPARTMENT),
    Field("due", N_("Due"), N_("By which day? Tap one, or type it, for example 12-18."), Kind.DATE, days_to_tap,
          read=read_planned),
    Field("level", N_("Level"), N_("Simple, or 8D?"), Kind.CHOICE, LEVELS),
    Field("customer", N_("Customer"), N_("Which customer? Or skip."), Kind.CUSTOMER, required=False),
    Field("product", N_("Product"), N_("Which product? Or skip."), Kind.PRODUCT, required=False),
    *CARRIED,
))  # fmt: skip

LEVEL = Form("set_level", N_("Set the level"), (
    Field("level", N_("Level"), N_("Simple, or 8D?"), Kind.CHOICE, LEVELS),
    Field("level_note", N_("Reason"), N_("Why?"), longest=300),
))  # fmt: skip


def in_five_days(answers: Answers, look: Lookups) -> tuple[Option, ...]:
    """One day to tap; any other may be typed."""
    day = default_planned(answers, look)
    return (Option(day.isoformat(), said("{day}", day=day)),)


MEASURE = (
    Field("measure", N_("Measure"), N_("What is done so that it cannot happen again?"), Kind.LONG_TEXT, shortest=4),
    Field("planned_done", N_("Planned done"), N_("By which day will it be done?"), Kind.DATE, in_five_days,
          read=read_planned),
    Field("plan_photos", N_("Papers"), N_("A drawing, a photo, or skip."), Kind.FILES, required=False),
)  # fmt: skip

PLAN = Form("plan", N_("Propose the plan"), MEASURE)
CHANGE = Form("change_plan", N_("Change the plan"), (
    *MEASURE,
    Field("change_reason", N_("Reason"), N_("Why is it changed?"), longest=300),
))  # fmt: skip

D1 = Form("d1", N_("D1 team"), (
    Field("d1", N_("D1 team"), N_("Who is in the team, and who leads it?"), Kind.LONG_TEXT, shortest=2),
))  # fmt: skip

D2 = Form("d2", N_("D2 problem"), (
    Field("d2", N_("D2 problem"), N_("What, where, when, how many, how was it found? (5W2H)"), Kind.LONG_TEXT,
          shortest=4),
    Field("d2_photos", N_("Evidence D2"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

D3 = Form("d3", N_("D3 containment"), (
    Field("d3", N_("D3 containment"), N_("What protects the customer until it is solved?"), Kind.LONG_TEXT, shortest=4),
    Field("d3_scope", N_("Scope"), N_("Where was looked, how many, how many bad? For example: stock 200/3."),
          longest=300),
    Field("d3_photos", N_("Evidence D3"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

D4 = Form("d4", N_("D4 root cause"), (
    Field("d4_occur", N_("Cause of occurrence"), N_("Why did it happen? (5 whys)"), Kind.LONG_TEXT, shortest=4),
    Field("d4_escape", N_("Cause of escape"), N_("Why was it not noticed? (5 whys)"), Kind.LONG_TEXT, shortest=4),
    Field("d4_proof", N_("Proof"), N_("How was the cause proven, by switching it on and off?"), Kind.LONG_TEXT,
          shortest=2),
    Field("d4_photos", N_("Evidence D4"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

D5 = Form("d5", N_("D5 measures chosen"), MEASURE)

DONE = Form("done", N_("Done"), (
    Field("evidence", N_("Evidence"), N_("What shows that it is done?"), Kind.LONG_TEXT, shortest=2),
    Field("done_photos", N_("Photos"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

D6 = Form("d6", N_("D6 carried out"), DONE.fields)

D7_QUESTIONS = (
    Field(
        "documents",
        N_("Documents"),
        N_("Which documents were changed (FMEA, control plan, work instruction)?"),
        Kind.LONG_TEXT,
        shortest=2,
    ),
    Field(
        "read_across",
        N_("Read-across"),
        N_("Where else could it happen: other products, lines, customers? What is done there?"),
        Kind.LONG_TEXT,
        shortest=2,
    ),
    Field(
        "error_proofing",
        N_("Error-proofing"),
        N_("Can it be made impossible? How, or why not?"),
        Kind.LONG_TEXT,
        shortest=2,
    ),
)

CONSOLIDATE = Form("consolidate", N_("Consolidate"), D7_QUESTIONS[:2])
D7 = Form("d7", N_("D7 prevention"), (
    *D7_QUESTIONS,
    Field("d7_photos", N_("Evidence D7"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
))  # fmt: skip

D8 = Form("d8", N_("D8 closing"), (
    Field("d8", N_("D8 closing"), N_("What was learnt, and who is thanked?"), Kind.LONG_TEXT, shortest=2),
))  # fmt: skip

RETURN = Form("return_plan", N_("Return"), (
    Field("return_reason", N_("Reason"), N_("Why is it returned?"), longest=300),
))  # fmt: skip

CHECK = (
    Field("method", N_("Method"), N_("How was the effect checked?"), Kind.LONG_TEXT, shortest=2),
    Field("check_photos", N_("Photos"), N_("A photo of the proof, or skip."), Kind.FILES, required=False),
)
EFFECTIVE = Form("verify_ok", N_("Effective"), CHECK)
INEFFECTIVE = Form("verify_bad", N_("Not effective"), (
    CHECK[0],
    Field("result", N_("Result"), N_("Is it partly effective, or not at all?"), Kind.CHOICE,
          (option("partly", N_("Partly effective")), option("not", N_("No effect")))),
    Field("bad_reason", N_("Reason"), N_("What shows that it does not work?"), Kind.LONG_TEXT, shortest=2),
    CHECK[1],
))  # fmt: skip

LAPSE = Form("lapse", N_("Action has failed"), (
    Field("lapse_reason", N_("Reason"), N_("What came back, in which case?"), longest=300),
))  # fmt: skip

CANCEL = Form("cancel_action", N_("Cancel the action"), (
    Field("cancel_reason", N_("Reason"), N_("Why is it not needed?"), longest=300),
))  # fmt: skip

AGREEMENT = Form("customer_agrees", N_("Agreed with the customer"), (
    Field("agreed_with", N_("Agreed with"), N_("With which customer, and with whom there?"), shortest=2, longest=100),
    Field("agreed_how", N_("Channel"), N_("How did you talk?"), Kind.CHOICE, CHANNELS, preset=filled("phone")),
    Field("agreed", N_("What was agreed"), N_("What does the customer say of what was done?"), Kind.LONG_TEXT,
          shortest=2),
))  # fmt: skip

SUPPORT = Form("support", N_("Ask a department for support"), (
    Field("support_department", N_("Department"), N_("Which department?"), Kind.DEPARTMENT),
    Field("support_task", N_("Task"), N_("What has it to do?"), Kind.LONG_TEXT, shortest=2, longest=500),
    Field("support_due", N_("Due"), N_("By which day? Tap one, or type it, for example 12-18."), Kind.DATE,
          days_to_tap, read=read_planned),
))  # fmt: skip
