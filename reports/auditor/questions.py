"""The auditor's questions that one statement answers: each gives what is wrong, and nothing when all is well."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import DateTime, bindparam, text
from sqlalchemy.orm import Session

TO_GIVE_UP = timedelta(minutes=10)
"""A worker's lease is a minute; whoever is this late does not come back."""
TO_ASK = timedelta(hours=6)
"""A lost answer is asked for within minutes; four hours later a person is told."""
TO_SEND = timedelta(hours=1)
TO_SEAL = timedelta(minutes=20)
TO_CLOSE = timedelta(days=2)
LATELY = timedelta(days=2)
AHEAD = timedelta(days=1)

SPANS: Mapping[str, timedelta] = {
    "given_up": -TO_GIVE_UP, "asked": -TO_ASK, "sent": -TO_SEND, "sealed": -TO_SEAL, "closed": -TO_CLOSE,
    "lately": -LATELY, "ahead": AHEAD, "moment": timedelta(0),
}  # fmt: skip

EMPLOYEES = "employee"

QUESTIONS: Mapping[str, str] = {
    # ------------------------------------------------------------ cases and what belongs to them
    "number_gap": """
        SELECT series || ' ' || CAST(before + 1 AS TEXT), CAST(n - before - 1 AS TEXT) FROM (
            SELECT s.series AS series, CAST(SUBSTR(c.number, LENGTH(s.series) + 2) AS INTEGER) AS n,
                LAG(CAST(SUBSTR(c.number, LENGTH(s.series) + 2) AS INTEGER)) OVER (
                    PARTITION BY s.series ORDER BY CAST(SUBSTR(c.number, LENGTH(s.series) + 2) AS INTEGER)) AS before
            FROM numbers s JOIN cases c ON SUBSTR(c.number, 1, LENGTH(s.series) + 1) = s.series || '-') AS given
        WHERE n > before + 1""",
    "number_lost": """
        SELECT s.series || ' ' || CAST(s.last AS TEXT), CAST(MAX(c.number) AS TEXT)
        FROM numbers s JOIN cases c ON SUBSTR(c.number, 1, LENGTH(s.series) + 1) = s.series || '-'
        GROUP BY s.series, s.last
        HAVING MAX(CAST(SUBSTR(c.number, LENGTH(s.series) + 2) AS INTEGER)) <> s.last""",
    "case_gone": """
        SELECT 'case:' || CAST(x.case_id AS TEXT), MIN(x.what) FROM (
            SELECT case_id, 'actions' AS what FROM actions UNION ALL SELECT case_id, 'deadlines' FROM deadlines
            UNION ALL SELECT case_id, 'attachments' FROM attachments WHERE case_id IS NOT NULL
            UNION ALL SELECT case_id, 'sign_offs' FROM sign_offs UNION ALL SELECT case_id, 'links' FROM links
            UNION ALL SELECT other_id, 'links' FROM links) AS x
        WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = x.case_id) GROUP BY x.case_id""",
    "closed_running": """
        SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)) || ' ' || d.key, d.state
        FROM deadlines d JOIN cases c ON c.id = d.case_id
        WHERE c.closed_at IS NOT NULL AND d.state IN ('running', 'paused')""",
    "closed_sign_off": """
        SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)), CAST(s.id AS TEXT)
        FROM sign_offs s JOIN cases c ON c.id = s.case_id WHERE s.state = 'open' AND c.closed_at IS NOT NULL""",
    "sign_off_twice": """
        SELECT COALESCE(MIN(c.number), 'case:' || CAST(c.id AS TEXT)), CAST(COUNT(*) AS TEXT)
        FROM sign_offs s JOIN cases c ON c.id = s.case_id WHERE s.state = 'open' GROUP BY c.id HAVING COUNT(*) > 1""",
    "decided_other": """
        SELECT 'sign_off:' || CAST(s.id AS TEXT), CAST(d.id AS TEXT)
        FROM sign_off_decisions d JOIN sign_off_requests r ON r.id = d.request_id
        JOIN sign_offs s ON s.id = r.sign_off_id
        WHERE d.sha256 <> s.sha256 AND d.undone_at IS NULL""",
    "decided_own": """
        SELECT 'sign_off:' || CAST(s.id AS TEXT), CAST(d.id AS TEXT)
        FROM sign_off_decisions d JOIN sign_off_requests r ON r.id = d.request_id
        JOIN sign_offs s ON s.id = r.sign_off_id
        WHERE d.by_id = s.proposer_id AND d.undone_at IS NULL""",
    # ------------------------------------------------------------ deadlines and levels
    "level_late": """
        SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)) || ' ' || d.key, d.next_level
        FROM deadlines d JOIN cases c ON c.id = d.case_id WHERE d.next_level_at < :given_up""",
    "level_untold": """
        SELECT 'deadline:' || CAST(e.deadline_id AS TEXT) || ' ' || e.level, '' FROM escalations e
        WHERE e.state = 'fired' AND e.addresses <> '[]' AND e.level LIKE 'L%' AND e.fired_at > :lately
            AND NOT EXISTS (SELECT 1 FROM outbox o
                WHERE o.subject = 'deadline:' || CAST(e.deadline_id AS TEXT) AND o.level = e.level)
            AND e.fired_at NOT IN (SELECT o.created_at FROM outbox o WHERE o.id > :recent AND o.topic = 'catch_up')""",
    "level_early": """
        SELECT 'deadline:' || CAST(deadline_id AS TEXT) || ' ' || level, state FROM escalations
        WHERE fired_at < due_at AND state = 'fired'""",
    "breach_hidden": """
        SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)) || ' ' || d.key, d.state
        FROM deadlines d JOIN cases c ON c.id = d.case_id
        WHERE (d.state = 'met' AND d.ended_at > d.due_at) OR (d.state = 'breached_met' AND d.breached_at IS NULL)""",
    "due_wrong": """
        SELECT COALESCE(c.number, 'case:' || CAST(c.id AS TEXT)), '' FROM cases c
        WHERE c.closed_at IS NULL AND c.due_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM deadlines d WHERE d.case_id = c.id AND d.state = 'running' AND d.due_at = c.due_at)""",
    # ------------------------------------------------------------ messages
    "stuck_sending": """
        SELECT key, platform FROM outbox
        WHERE state = 'sending' AND (leased_until IS NULL OR leased_until < :given_up)""",
    "stuck_unknown": "SELECT key, platform FROM outbox WHERE state = 'unknown' AND next_at < :asked",
    "message_late": "SELECT key, platform FROM outbox WHERE state = 'pending' AND next_at < :sent",
    "message_orphan": """
        SELECT key, 'case' FROM outbox o
        WHERE id > :recent AND case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = o.case_id)
        UNION ALL SELECT key, 'deadline' FROM outbox o
        WHERE subject LIKE 'deadline:%' AND state IN ('pending', 'sending', 'unknown')
            AND subject NOT IN (SELECT 'deadline:' || CAST(d.id AS TEXT) FROM deadlines d)""",
    "sent_never": """
        SELECT key, platform FROM outbox
        WHERE id > :recent AND state = 'sent' AND (sent_at IS NULL OR sent_at < created_at)""",
    "card_twice": """
        SELECT card || ' ' || address, CAST(COUNT(*) AS TEXT) FROM mailbox
        WHERE card <> '' AND NOT replaced GROUP BY card, address HAVING COUNT(*) > 1
        UNION ALL SELECT card || ' ' || address, CAST(COUNT(*) AS TEXT) FROM outbox
        WHERE state = 'pending' AND card <> '' AND topic IN ('card', 'root')
        GROUP BY card, address, platform, topic HAVING COUNT(*) > 1""",
    "address_silent": "SELECT key, '' FROM rate_buckets WHERE quiet_at > :ahead",
    "lease_far": "SELECT name, owner FROM leases WHERE until > :ahead",
    # ------------------------------------------------------------ surveys
    "answered_nothing": f"""
        SELECT 'campaign:' || CAST(k.id AS TEXT) || ' ' || i.subject, '' FROM survey_invitations i
        JOIN survey_campaigns k ON k.id = i.campaign_id
        WHERE i.state = 'answered' AND k.kind <> '{EMPLOYEES}' AND NOT EXISTS (
            SELECT 1 FROM survey_responses r WHERE r.invitation_id = i.id AND r.submitted_at IS NOT NULL)""",  # noqa: S608 - our own word
    "answered_uninvited": """
        SELECT 'campaign:' || CAST(r.campaign_id AS TEXT) || ' ' || COALESCE(i.subject, '?'), COALESCE(i.state, 'gone')
        FROM survey_responses r LEFT JOIN survey_invitations i ON i.id = r.invitation_id
        WHERE r.submitted_at IS NOT NULL AND (i.id IS NULL OR i.state <> 'answered')""",
    "ballots_differ": f"""
        SELECT 'campaign:' || CAST(id AS TEXT), CAST(voters AS TEXT) || ' / ' || CAST(ballots AS TEXT) FROM (
            SELECT k.id AS id,
                (SELECT COUNT(*) FROM survey_invitations i
                 WHERE i.campaign_id = k.id AND i.state = 'answered') AS voters,
                (SELECT COUNT(*) FROM survey_ballots b WHERE b.campaign_id = k.id)
                + (SELECT COUNT(*) FROM survey_ballots_pending p WHERE p.campaign_id = k.id) AS ballots
            FROM survey_campaigns k WHERE k.kind = '{EMPLOYEES}') AS counted WHERE voters <> ballots""",  # noqa: S608 - as above
    "survey_open": """
        SELECT 'campaign:' || CAST(id AS TEXT), kind FROM survey_campaigns
        WHERE closed_at IS NULL AND closes_at < :closed""",
    # ------------------------------------------------------------ the trail
    "unsealed": """
        SELECT 'audit', CAST(COUNT(*) AS TEXT) FROM audit WHERE seq IS NULL AND at < :sealed HAVING COUNT(*) > 0""",
}
"""Each gives a subject and a detail. Instants are compared with those of ``SPANS``, counted from now."""

LONG = (
    "number_gap", "number_lost", "case_gone", "closed_running", "breach_hidden", "level_early", "card_twice",
    "due_wrong", "level_untold", "message_orphan",
)  # fmt: skip
"""These read whole tables: at each look a quarter of them is asked."""
QUARTERS = 4

_ASKED = {
    kind: text(sql).bindparams(*(bindparam(name, type_=DateTime(timezone=True)) for name in SPANS if f":{name}" in sql))
    for kind, sql in QUESTIONS.items()
}


def answers(session: Session, now: datetime, recent: int, turn: int | None) -> Iterator[tuple[str, str, str]]:
    """Ask every question; give kind, subject and detail of what is wrong.

    Of messages that were sent only those behind ``recent`` are asked about; without a turn everything is asked.
    """
    instants: dict[str, object] = {**{name: now + span for name, span in SPANS.items()}, "recent": recent}
    for kind, asked in _ASKED.items():
        if turn is not None and kind in LONG and (LONG.index(kind) - turn) % QUARTERS:
            continue
        given = {name: instants[name] for name in asked.compile().params}
        for subject, detail in session.execute(asked, given):
            yield kind, str(subject), str(detail or "")
