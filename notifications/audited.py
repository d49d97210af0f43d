"""What the independent auditor found, in words: one sentence for each kind, and the message to the administrators."""

from collections.abc import Mapping, Sequence

from conversations.words import N_, Said, people, said
from notifications.notices import Notice

WORDS: Mapping[str, str] = {
    "number_gap": N_("After this number there is a gap of {d}: {s}"),
    "number_lost": N_("The newest number given is not that of the newest case: {s}, {d}"),
    "case_gone": N_("The case is gone, and what belongs to it is not: {s} ({d})"),
    "case_unknown": N_("Nothing in the audit trail tells of this case: {s}"),
    "case_edited": N_("Number or time of receipt are other than in the audit trail: {s}"),
    "step_differs": N_("The case stands elsewhere than its last action says: {s} ({d})"),
    "month_wrong": N_("The case counts in another month than it was received in: {s} ({d})"),
    "closed_running": N_("The case is closed, and a deadline of it still runs: {s}"),
    "closed_sign_off": N_("The case is closed, and people are still asked to decide: {s}"),
    "sign_off_twice": N_("Two decisions are open for one case at once: {s}"),
    "decided_other": N_("What was decided is not what was shown: {s}"),
    "decided_own": N_("Somebody decided on what they proposed themselves: {s}"),
    "deadline_edited": N_("The due time is not the one that was worked out: {s} ({d})"),
    "due_wrong": N_("The case shows a due time that no deadline of it has: {s}"),
    "level_late": N_("A reminder or escalation is due and was not sent: {s} ({d})"),
    "level_wrong": N_("The next reminder or escalation is not the one whose turn it is: {s} ({d})"),
    "level_moved": N_("The next reminder or escalation comes at another time than was worked out: {s} ({d})"),
    "level_untold": N_("An escalation is written down, and nobody was told: {s}"),
    "level_early": N_("An escalation is written down before its time: {s}"),
    "breach_hidden": N_("It was done late, and is written down as in time: {s}"),
    "stuck_sending": N_("A message is being sent by nobody: {s}"),
    "stuck_unknown": N_("Whether a message arrived was never found out: {s}"),
    "message_late": N_("A message has waited for more than an hour: {s}"),
    "message_orphan": N_("A message is about something that is gone: {s}"),
    "sent_never": N_("A message counts as sent, and no time says when: {s}"),
    "card_twice": N_("Two cards of one case stand open at one place: {s}"),
    "address_silent": N_("An address is kept silent for more than a day: {s}"),
    "lease_far": N_("A job is reserved for more than a day, so that nobody does it: {s} ({d})"),
    "answered_nothing": N_("An invitation is used up, and there is no answer: {s}"),
    "answered_uninvited": N_("There is an answer, and its invitation is not used up: {s}"),
    "ballots_differ": N_("There are not as many ballots as employees who took part: {s} ({d})"),
    "survey_open": N_("A survey should have been closed two days ago: {s}"),
    "summary_missing": N_("There is no summary of the month: {s}"),
    "file_missing": N_("A file is gone, or is not as long as it was: {s}"),
    "unsealed": N_("The audit trail is not being sealed: {d} rows wait"),
    "chain_broken": N_("The audit trail was changed: {s} ({d})"),
    "chain_cut": N_("The end of the audit trail is missing: {s}"),
}
LINES = 12
SUBJECT, DETAIL = 80, 60


def sentence(kind: str, subject: str, detail: str) -> Said:
    """One finding in a sentence."""
    return said(WORDS[kind], s=people(subject[:SUBJECT]), d=people(detail[:DETAIL]))


def found(findings: Sequence[tuple[str, str, str]]) -> Notice:
    """To the administrators: what is not as it should be, each thing once."""
    title = said(N_("⚠ The independent audit found {n} things that are not as they should be."), n=len(findings))
    lines = [sentence(*each) for each in findings[:LINES]]
    if len(findings) > LINES:
        lines.append(said(N_("… and {n} more."), n=len(findings) - LINES))
    more = said(N_("Nothing was changed. All of it, with what to do: gukebot audit look"))
    return Notice("audit", title, (*lines, more))
