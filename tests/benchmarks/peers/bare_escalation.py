"""Escalating with nothing but SQL: claim what is due, write the levels, queue the messages, arm the next one."""

import json
import sqlite3
from pathlib import Path

DUE = """select id, case_id, round, next_level from deadlines where next_level_at <= ?
    order by next_level_at limit 100000"""
REACHED = """insert into escalations (deadline_id, level, due_at, fired_at, state, addresses)
    values (?, ?, ?, ?, 'fired', ?) on conflict do nothing"""
ARMED = "update deadlines set next_level = 'L2', next_level_at = ?, breached_at = due_at where id = ?"
QUEUED = """insert into outbox (key, short, platform, address, topic, case_id, subject, level, priority, payload,
    state, attempts, next_at, fence, receipt, reason, created_at)
    values (?, 'ABCDEF', 'console', ?, 'level', ?, '', ?, 0, ?, 'pending', 0, ?, 0, '', '', ?)
    on conflict do nothing"""


def escalate(file: Path, now: str, later: str, addresses: list[str], payload: str) -> int:
    """Everything that is due, in one transaction."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("pragma synchronous = full")
    connection.execute("begin immediate")
    due = connection.execute(DUE, (now,)).fetchall()
    told = json.dumps(addresses)
    connection.executemany(REACHED, [(row, level, now, now, told) for row, _, _, level in due])
    connection.executemany(ARMED, [(later, row) for row, _, _, _ in due])
    messages = [
        (f"level/{row}/{round_}/{level}/{address}", address, case, level, payload, now, now)
        for row, case, round_, level in due
        for address in addresses
    ]
    connection.executemany(QUEUED, messages)
    connection.execute("commit")
    connection.close()
    return len(due)
