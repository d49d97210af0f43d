"""One step of a form with nothing but SQL: read the draft, keep the answer, commit to the disk."""

import json
import sqlite3
from pathlib import Path


class BareForm:
    """Drafts of so many users in one table."""

    def __init__(self, file: Path, users: int) -> None:
        file.unlink(missing_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")
        self._connection.execute("create table drafts (person integer primary key, answers text, at text)")
        self._connection.execute("create table inbox (key text primary key, ack text)")
        self._connection.execute("begin")
        self._connection.executemany("insert into drafts values (?, '[]', '')", [(user,) for user in range(users)])
        self._connection.execute("commit")
        self._steps = 0

    def step(self, user: int, answer: str) -> None:
        """One answer, once."""
        self._steps += 1
        self._connection.execute("begin immediate")
        found = self._connection.execute("select answers from drafts where person = ?", (user,)).fetchone()
        answers = [*json.loads(found[0]), answer]
        self._connection.execute("update drafts set answers = ?, at = 'now' where person = ?",
                                 (json.dumps(answers), user))  # fmt: skip
        self._connection.execute("insert into inbox values (?, 'next question')", (str(self._steps),))
        self._connection.execute("commit")
