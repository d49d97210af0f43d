"""What can go wrong behind the engine's back: one damage for each kind that the auditor knows, at a random place."""

import json
import random
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

CHILDREN = ("actions", "deadlines", "attachments", "sign_offs", "case_terms")
OLD, FAR = "2026-11-20 08:00:00.000000", "2027-06-01 00:00:00.000000"


@dataclass
class Place:
    """A copy of the busy company's database, to be damaged."""

    db: sqlite3.Connection
    files: Path
    rng: random.Random

    def one(self, sql: str, *values: object) -> tuple[object, ...]:
        """One of the rows that a question gives."""
        rows = self.db.execute(sql, values).fetchall()
        assert rows, sql
        found: tuple[object, ...] = self.rng.choice(rows)
        return found

    def do(self, sql: str, *values: object) -> None:
        """One statement that does something."""
        assert self.db.execute(sql, values).rowcount > 0, sql

    def shift(self, hours: int) -> str:
        """A span in SQLite's words, forward or back."""
        return f"{self.rng.choice((1, -1)) * self.rng.randint(1, hours)} hours"


def moved(column: str) -> str:
    """An instant moved by a span, as it is kept."""
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {column}, ?)"


Damage = Callable[[Place], None]


def _row_deleted(place: Place) -> None:
    [case] = place.one("select case_id from actions")
    place.do("delete from cases where id = ?", case)


def _case_erased(place: Place) -> None:
    [case] = place.one("select id from cases where number between 'TS-2026-0083' and 'TS-2026-0088'")
    place.db.execute(
        "delete from escalations where deadline_id in (select id from deadlines where case_id = ?)", [case]
    )
    for table in CHILDREN:
        place.db.execute(f"delete from {table} where case_id = ?", [case])
    place.db.execute("delete from links where case_id = ? or other_id = ?", [case, case])
    place.do("delete from cases where id = ?", case)


def _counter_moved(place: Place) -> None:
    place.do("update numbers set last = last + ? where series = 'TS-2026'", place.rng.choice((-3, -2, -1, 1, 2, 50)))


def _smuggled_in(place: Place) -> None:
    [case] = place.one("select id from cases where closed_at is null and procedure = 'complaint'")
    place.do("delete from audit where subject = ?", f"case:{case}")


def _edited(place: Place) -> None:
    [case] = place.one("select id from cases where procedure = 'complaint'")
    place.do(f"update cases set received_at = {moved('received_at')} where id = ?", place.shift(9), case)


def _step_moved(place: Place) -> None:
    [case, step] = place.one("select id, step from cases where number is not null")
    place.do("update cases set step = ? where id = ?", "closed" if step != "closed" else "open", case)


def _month_moved(place: Place) -> None:
    [case] = place.one("select id from cases where closed_at is null")
    place.do("update cases set received_month = ? where id = ?", place.rng.choice(("2026-10", "2025-11")), case)


def _runs_on(place: Place) -> None:
    [deadline] = place.one(
        "select d.id from deadlines d join cases c on c.id = d.case_id where c.closed_at is not null"
    )
    place.do("update deadlines set state = ? where id = ?", place.rng.choice(("running", "paused")), deadline)


def _asked_on(place: Place) -> None:
    [case] = place.one("select case_id from sign_offs")
    place.do("update sign_offs set state = 'open' where case_id = ?", case)
    place.do("update cases set closed_at = ? where id = ?", OLD, case)


def _asked_twice(place: Place) -> None:
    [number] = place.one("select id from sign_offs")
    columns = "case_id, step, round, needs, quorum, proposer_id, shown, sha256, opened_at"
    for revision in (98, 99):
        place.do(f"insert into sign_offs ({columns}, revision, state) select {columns}, ?, 'open' from sign_offs "
                 "where id = ?", revision, number)  # fmt: skip


def _other_content(place: Place) -> None:
    [decision] = place.one("select id from sign_off_decisions")
    place.do("update sign_off_decisions set sha256 = ? where id = ?", f"{place.rng.getrandbits(256):064x}", decision)


def _own_proposal(place: Place) -> None:
    [decision, proposer] = place.one(
        "select d.id, s.proposer_id from sign_off_decisions d join sign_off_requests r on r.id = d.request_id "
        "join sign_offs s on s.id = r.sign_off_id where s.proposer_id is not null"
    )
    place.do("update sign_off_decisions set by_id = ? where id = ?", proposer, decision)


def _deadline_moved(place: Place) -> None:
    [deadline] = place.one("select id from deadlines where state = 'running'")
    place.do(f"update deadlines set due_at = {moved('due_at')} where id = ?", place.shift(200), deadline)


def _due_moved(place: Place) -> None:
    [case] = place.one("select id from cases where due_at is not null and closed_at is null")
    place.do(f"update cases set due_at = {moved('due_at')} where id = ?", place.shift(30), case)


def armed(place: Place) -> int:
    """A deadline that waits for a level."""
    [deadline] = place.one("select id from deadlines where state = 'running' and next_level_at is not null")
    return int(str(deadline))


def _level_held(place: Place) -> None:
    place.do("update deadlines set next_level_at = ? where id = ?", OLD, armed(place))


def _level_skipped(place: Place) -> None:
    if place.rng.random() < 0.4:
        place.do("update deadlines set next_level = ? where id = ?", place.rng.choice(("R0", None)), armed(place))
        return
    [level] = place.one(
        "select e.id from escalations e join deadlines d on d.id = e.deadline_id "
        "where d.state = 'running' and e.state = 'fired'"
    )
    place.do("delete from escalations where id = ?", level)


def _level_shifted(place: Place) -> None:
    change = f"update deadlines set next_level_at = {moved('next_level_at')} where id = ?"
    place.do(change, f"{place.rng.randint(20, 400)} hours", armed(place))


def _untold(place: Place) -> None:
    [deadline, level] = place.one(
        "select deadline_id, level from escalations "
        "where level like 'L%' and state = 'fired' and fired_at > '2026-11-30'"
    )
    place.do("delete from outbox where subject = ? and level = ?", f"deadline:{deadline}", level)


def _told_early(place: Place) -> None:
    [level] = place.one("select id from escalations where state = 'fired'")
    change = f"update escalations set fired_at = {moved('due_at')} where id = ?"
    place.do(change, f"-{place.rng.randint(1, 90)} minutes", level)


def _whitewashed(place: Place) -> None:
    [deadline, state] = place.one("select id, state from deadlines where state in ('met', 'breached_met')")
    if state == "breached_met" and place.rng.random() < 0.5:
        place.do("update deadlines set breached_at = null where id = ?", deadline)
    else:
        change = f"update deadlines set state = 'met', ended_at = {moved('due_at')} where id = ?"
        place.do(change, f"{place.rng.randint(1, 90)} minutes", deadline)


def message(**values: object) -> Damage:
    """A message that is set to something."""

    def damage(place: Place) -> None:
        [number] = place.one("select id from outbox where state = 'sent' and case_id is not null")
        for column, value in values.items():
            place.do(f"update outbox set {column} = ? where id = ?", value, number)

    return damage


def _card_doubled(place: Place) -> None:
    [letter] = place.one("select max(id) from mailbox where card like 'case:%' and not replaced group by card, address")
    columns = "address, text, picture, at, card, replaced"
    place.do(f"insert into mailbox (key, {columns}) select key || '/2', {columns} from mailbox where id = ?", letter)


def _silenced(place: Place) -> None:
    place.do("insert into rate_buckets values (?, ?)", f"slack:channel:{place.rng.randint(1, 99)}", FAR)


def _reserved(place: Place) -> None:
    owner = f"host-{place.rng.randint(1, 99)}"
    place.do("insert or replace into leases values (?, ?, ?, 7)", place.rng.choice(("tick", "other")), owner, FAR)


def _answer_lost(place: Place) -> None:
    [response] = place.one("select id from survey_responses where submitted_at is not null")
    place.do("delete from survey_answers where response_id = ?", response)
    place.do("delete from survey_responses where id = ?", response)


def _invitation_reset(place: Place) -> None:
    [invitation] = place.one("select invitation_id from survey_responses where submitted_at is not null")
    place.do(
        "update survey_invitations set state = ? where id = ?", place.rng.choice(("invited", "withdrawn")), invitation
    )


def _ballots_stuffed(place: Place) -> None:
    if place.rng.random() < 0.5:
        [ballot] = place.one("select id from survey_ballots_pending")
        place.do("delete from survey_ballots_pending where id = ?", ballot)
        return
    more = "select id || 'x', campaign_id, sealed from survey_ballots_pending limit ?"
    place.do(f"insert into survey_ballots_pending {more}", place.rng.randint(1, 5))


def _left_open(place: Place) -> None:
    [campaign] = place.one("select id from survey_campaigns")
    place.do("update survey_campaigns set closes_at = ? where id = ?", OLD, campaign)


def _month_lost(place: Place) -> None:
    [case] = place.one("select id from cases where number = 'YB-2026-11'")
    if place.rng.random() < 0.5:
        place.do("update cases set number = 'YB-2025-11' where id = ?", case)
        return
    for table in CHILDREN:
        place.db.execute(f"delete from {table} where case_id = ?", [case])
    place.do("delete from cases where id = ?", case)


def _file_lost(place: Place) -> None:
    [digest] = place.one("select sha256 from attachments where sha256 <> ''")
    path = place.files / str(digest)[:2] / str(digest)
    if place.rng.random() < 0.5:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: place.rng.randint(0, path.stat().st_size - 1)])


def _rewritten(place: Place) -> None:
    [row, data] = place.one("select id, data from audit where seq is not null and data like '%step%'")
    change = place.rng.choice(("actor", "at", "data", "delete", "hash"))
    if change == "delete":
        place.do("delete from audit where id = ? and seq < (select max(seq) from audit)", row)
    elif change == "data":
        told = {**json.loads(str(data)), "answers": {"words": "never said"}}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        place.do("update audit set data = ? where id = ?", text, row)
    else:
        values = {"actor": "somebody else", "at": OLD[:-1] + "1", "hash": "f" * 64}
        place.do(f"update audit set {change} = ? where id = ?", values[change], row)


def _cut_off(place: Place) -> None:
    place.do("delete from audit where seq > (select max(seq) from audit) - ?", place.rng.randint(1, 20))


def _not_sealed(place: Place) -> None:
    subject = f"person:{place.rng.randint(1, 99)}"
    place.do("insert into audit (at, subject, actor, on_behalf_of, action, data) values (?, ?, '', '', 'x', '{}')",
             OLD, subject)  # fmt: skip


DAMAGES: Mapping[str, Damage] = {
    "case_gone": _row_deleted, "number_gap": _case_erased, "number_lost": _counter_moved,
    "case_unknown": _smuggled_in, "case_edited": _edited, "step_differs": _step_moved, "month_wrong": _month_moved,
    "closed_running": _runs_on, "closed_sign_off": _asked_on, "sign_off_twice": _asked_twice,
    "decided_other": _other_content, "decided_own": _own_proposal, "deadline_edited": _deadline_moved,
    "due_wrong": _due_moved, "level_late": _level_held, "level_wrong": _level_skipped, "level_moved": _level_shifted,
    "level_untold": _untold, "level_early": _told_early, "breach_hidden": _whitewashed,
    "stuck_sending": message(state="sending", leased_until=OLD),
    "stuck_unknown": message(state="unknown", next_at=OLD), "message_late": message(state="pending", next_at=OLD),
    "message_orphan": message(case_id=99_999), "sent_never": message(sent_at=None), "card_twice": _card_doubled,
    "address_silent": _silenced, "lease_far": _reserved, "answered_nothing": _answer_lost,
    "answered_uninvited": _invitation_reset, "ballots_differ": _ballots_stuffed, "survey_open": _left_open,
    "summary_missing": _month_lost, "file_missing": _file_lost, "chain_broken": _rewritten, "chain_cut": _cut_off,
    "unsealed": _not_sealed,
}  # fmt: skip
"""By the kind under which the auditor must find it."""
