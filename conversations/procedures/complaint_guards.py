"""What a complaint insists on, and what it calls for: the guards and effects of requirements 2.2."""

from datetime import date

from conversations.facts import CaseFacts
from conversations.permissions import Capacity
from conversations.procedure import Attempt, Spawn
from conversations.procedures.complaint_intake import URGENT_IMPACTS, resolved
from conversations.words import N_, Said, people, said

RETURNS = 2
OF_A_CAUSE = (N_("cause"), N_("responsible department"), N_("whether corrective action is needed"))


def once_measure_and_contact(facts: CaseFacts) -> str | None:
    """The customer is waited for once a measure and a contact stand in this round (M-09, N-04)."""
    if facts.step not in ("sales_handling", "qa_handling"):
        return None
    return "awaiting_customer" if measure_and_contact(facts) else None


def measure_and_contact(facts: CaseFacts) -> bool:
    """A remedy is proposed and a contact with the customer is logged, in this round."""
    return bool(facts.this_round("propose_remedy")) and bool(facts.this_round("log_contact"))


def in_quality(facts: CaseFacts) -> bool:
    """Quality has taken it: accepted, or called for the meeting itself (4.1.3)."""
    return facts.times("accept") + facts.times("hold_meeting") > 0


def minutes_first(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """4.1.3 a) the meeting sets the remedy of a major problem: its minutes come first (M-12)."""
    if facts.step == "meeting_pending":
        return said(N_("Major quality problem: please record the meeting (attendees, decisions) before the remedy."))
    return None


def after_severity(facts: CaseFacts) -> str | None:
    """Quality calls it major: the meeting comes before the remedy. Quality lowers it: no meeting is waited for."""
    if facts.severity == "major" and facts.step in ("sales_handling", "qa_handling"):
        return None if facts.times("hold_meeting") else "meeting_pending"
    if facts.severity == "general" and facts.step == "meeting_pending":
        return "qa_handling"
    return None


def after_meeting(facts: CaseFacts) -> str | None:
    """The minutes lead to the remedy; a meeting that is held later on leaves the case where it is."""
    return "qa_handling" if facts.step == "meeting_pending" else None


def needless(facts: CaseFacts) -> tuple[str, ...]:
    """A problem that is no longer major, or a case that is over, needs no meeting."""
    return () if facts.severity == "major" and facts.latest.key == "set_severity" else ("meeting",)


def returned_once_only(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """After two returns sales has decided: quality handles it (design 8)."""
    if facts.times("return") >= RETURNS:
        return said(N_("It was returned twice and the sales lead has decided. Please accept it."))
    return None


def final_after_two_returns(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """After the second return only the sales lead may hand it to quality, once (design 8)."""
    if facts.times("return") >= RETURNS and Capacity.SALES_LEAD not in attempt.held:
        return said(N_("Quality returned it twice. The sales lead now decides whether it goes there again."))
    return None


def customer_was_silent(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """Only after 14 working days of silence, counted apart and never as satisfied (2.0-7)."""
    waiting = facts.deadline("K3")
    if waiting is not None and attempt.now < waiting.due_at:
        return said(N_("The customer may still answer until {due}."), due=waiting.due_at)
    return None


def cause_stands(facts: CaseFacts) -> bool:
    """The cause was recorded since the case was opened; a reopened case needs it again."""
    return any(happened.key == "analyse" for happened in facts.since("reopen"))


def no_cause_yet(facts: CaseFacts) -> bool:
    """What comes first is the cause, until it stands; later it can still be said better."""
    return not cause_stands(facts)


def to_be_contained(facts: CaseFacts) -> bool:
    """停线, 安全 or 重大, and nothing protects the customer yet (2.0-2)."""
    return bool(urgency(facts)) and not facts.times("containment")


def no_action_yet(facts: CaseFacts) -> bool:
    """A major problem needs an 8D, and none is open: it need not wait for the cause (2.0-6)."""
    return facts.severity == "major" and not facts.spawned("corrective")


def has_cause_and_answers(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """4.1.6: cause, responsible department and the question of corrective action come before closing."""
    missing = [] if cause_stands(facts) else [said(label) for label in OF_A_CAUSE]
    if any(not task.closed for task in facts.spawned("meeting")) and not facts.times("hold_meeting"):
        missing.append(said(N_("minutes of the meeting")))
    missing += [said(N_("whether {n} has failed"), n=number) for number in unanswered_returns(facts)]
    if facts.answers.get("capa_needed") in ("yes", "open") and not facts.spawned("corrective"):
        missing.append(said(N_("linked corrective action")))
    if missing:
        return said(N_("Still missing: {list}. Add it, then it can be closed."), list=tuple(missing))
    return None


def unanswered_returns(facts: CaseFacts) -> tuple[str, ...]:
    """The actions that were found effective and whose problem is back: quality has to say whether they failed."""
    if facts.times("capa_failed") + facts.times("capa_holds"):
        return ()
    return _returns(facts)


def _returns(facts: CaseFacts) -> tuple[str, ...]:
    actions = (other for other in facts.linked if other.link == "repeat_of" and other.number.startswith("JZ-"))
    return tuple(other.number for other in actions)


def came_back(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """There is an action to judge, and it was not judged yet."""
    if not _returns(facts):
        return said(N_("No corrective action against this problem was found effective before."))
    return None if unanswered_returns(facts) else said(N_("That was answered already."))


def waits_for_the_weekly_card(facts: CaseFacts) -> bool:
    """Solved on the spot: nobody is called for its cause one by one, quality answers once a week (2.0-3)."""
    return resolved(facts.answers) and facts.step == "analysing" and not cause_stands(facts)


def not_itself(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """A case cannot be merged into itself."""
    if attempt.answers.get("target") == facts.number:
        return said(N_("{n} cannot be merged into itself."), n=facts.number)
    return None


def meeting_task(facts: CaseFacts) -> tuple[Spawn, ...]:
    """4.1.3 a) a major problem: quality calls technology and production to a meeting (a task)."""
    called = any(not task.closed for task in facts.spawned("meeting"))
    if facts.answers.get("severity") != "major" or called or facts.times("hold_meeting"):
        return ()
    title = said(N_("Hold the meeting on {n} with technology and production"), n=facts.number)
    return (Spawn(procedure="task", kind="meeting", title=title, department="PB"),)


def corrective_action(facts: CaseFacts) -> tuple[Spawn, ...]:
    """4.1.6: a needed corrective action is opened in the same transaction as the answer."""
    answers = facts.latest.answers
    if answers.get("capa_needed") != "yes":
        return ()
    return (_to_correct(facts, str(answers["responsible"])),)


def opened_by_hand(facts: CaseFacts) -> tuple[Spawn, ...]:
    """From acceptance on quality may open it before the cause is known (2.0-6)."""
    return (_to_correct(facts, str(facts.latest.answers["capa_department"])),)


CARRIED = (
    "customer",
    "product",
    "lot",
    "defect",
    "severity",
    "cause_occur",
    "cause_escape",
    "containment",
    "scope",
    "photos",
)
"""What an action takes over from its complaint."""


def _to_correct(facts: CaseFacts, department: str) -> Spawn:
    """The action, with all that the complaint knows of the problem."""
    answers, due = facts.latest.answers, facts.latest.answers["capa_due"]
    carried = {key: facts.answers[key] for key in CARRIED if facts.answers.get(key)}
    return Spawn(
        procedure="corrective_action",
        kind="corrective",
        title=people(answers["capa_title"]),
        department=department,
        due=due if isinstance(due, date) else None,
        answers={
            **carried, "source": "complaint", "level": answers.get("capa_level", "simple"), "department": department,
            "problem": facts.answers.get("description", ""), "problem_at": facts.received_at,
        },
    )  # fmt: skip


def technical_question(facts: CaseFacts) -> tuple[Spawn, ...]:
    """D9 3.4: technology solves the technical problems in complaints (M-05)."""
    title = people(facts.latest.answers["question"])
    return (Spawn(procedure="task", kind="technical", title=title, department="JS"),)


def urgency(facts: CaseFacts) -> str:
    """停线 and 安全 page people at any hour; a confirmed major problem likewise (2.0-4, domain A6)."""
    impact = facts.answers.get("impact")
    if facts.severity == "general":
        return ""
    if impact == "safety" or facts.answers.get("category") == "safety":
        return "safety"
    if impact in URGENT_IMPACTS:
        return "line"
    return "major" if facts.severity == "major" else ""
