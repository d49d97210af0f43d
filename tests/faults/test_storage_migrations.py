"""Migrations: each whole or not at all, on both databases, killed anywhere and run again."""

import random
import re
import secrets
import sqlite3
import time
from collections import Counter
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import backup, migrate
from storage.engine import Patience, connect
from storage.errors import DamagedFileError, SchemaError, UnsafeDatabaseError
from storage.migrate import Upgrade
from storage.rows import metadata
from tests.support import LONG
from tests.support.storage import House, a_case

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def tables(url: str) -> set[str]:
    """Names of the tables there are."""
    engine = connect(url, Patience())
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def run_sql(url: str, *statements: str) -> None:
    """Change the database behind our back."""
    engine = connect(url, Patience())
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def test_the_rows_and_the_migrated_tables_are_the_same(database_url: str) -> None:
    """
    What the migrations build is what the row classes declare: tables, columns, types, keys and indexes.
    """
    engine = connect(database_url, Patience())
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []
    engine.dispose()


def test_partial_indexes_are_partial(database_url: str) -> None:
    """
    The index of due levels holds waiting deadlines alone, and one active draft per person is a constraint.
    """
    engine = connect(database_url, Patience())
    found = sa.inspect(engine)
    conditions = {
        index["name"]: str(index["dialect_options"][f"{engine.dialect.name}_where"])
        for table in ("deadlines", "drafts", "outbox", "audit", "cases")
        for index in found.get_indexes(table)
        if index.get("dialect_options", {}).get(f"{engine.dialect.name}_where") is not None
    }
    engine.dispose()

    assert "next_level_at IS NOT NULL" in conditions["ix_deadlines_next_level_at"]
    assert set(conditions) >= {"uq_drafts_active", "ix_outbox_claim", "ix_outbox_order", "ix_audit_unsealed"}


def test_the_known_head_is_the_newest_revision() -> None:
    """
    The revision that a start compares with is the one Alembic would go to, and revisions sort by name.
    """
    scripts = ScriptDirectory(str(ROOT / "storage" / "migrations"))
    assert scripts.get_current_head() == migrate.head()
    names = [script.revision for script in scripts.walk_revisions()]
    assert names == sorted(names, reverse=True)


def test_an_upgrade_from_nothing_and_again(blank_database_url: str) -> None:
    """
    From an empty database to the newest revision; the second run does nothing and copies nothing.
    """
    assert migrate.upgrade(blank_database_url) == Upgrade("", migrate.head())
    again = migrate.upgrade(blank_database_url)
    assert again == Upgrade(migrate.head(), migrate.head())
    assert not again.changed


def test_the_reviewed_calendar_is_loaded(house: House) -> None:
    """
    After the migration the make-up day before National Day 2026 and the holiday itself are known.
    """
    with house.database.begin() as uow:
        kinds = {str(day): kind.value for day, kind in uow.calendar.days().items()}
        assert kinds["2026-10-01"] == "holiday"
        assert "makeup" in kinds.values()
        assert 2026 in uow.calendar.known_years()


def test_a_database_of_another_version_is_refused(blank_database_url: str) -> None:
    """
    No tables, older tables and newer tables: each is refused with what to do.
    """
    with pytest.raises(SchemaError, match="no tables yet"):
        migrate.check(blank_database_url)
    migrate.upgrade(blank_database_url)
    migrate.check(blank_database_url)
    run_sql(blank_database_url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(SchemaError, match="db upgrade"):
        migrate.check(blank_database_url)
    run_sql(blank_database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="newer gukebot"):
        migrate.check(blank_database_url)


def test_a_newer_database_is_not_touched(database_url: str) -> None:
    """
    An upgrade by an older gukebot leaves a newer database alone.
    """
    run_sql(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="newer gukebot"):
        migrate.upgrade(database_url)


def test_a_revision_that_fails_leaves_nothing_of_itself(blank_database_url: str) -> None:
    """
    Where the second revision meets a table in its way, the first stays, and of the second nothing is there.
    """
    run_sql(blank_database_url, "CREATE TABLE escalations (id INTEGER)")
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(blank_database_url)
    assert migrate.current(blank_database_url) == "0001"
    assert "cases" not in tables(blank_database_url)

    run_sql(blank_database_url, "DROP TABLE escalations")
    migrate.upgrade(blank_database_url)
    migrate.check(blank_database_url)


def test_a_sqlite_file_is_copied_before(tmp_path: Path) -> None:
    """
    Before an upgrade touches a file that holds tables, a whole and checked copy of it is made.
    """
    url = f"sqlite:///{tmp_path / 'old.db'}"
    migrate.upgrade(url, until="0002")

    done = migrate.upgrade(url, backup_dir=tmp_path / "copies")

    assert done.backup is not None
    assert done.backup.parent == tmp_path / "copies"
    assert migrate.current(f"sqlite:///{done.backup}") == "0002"
    migrate.check(url)


def test_four_upgrades_at_once_take_turns(blank_database_url: str) -> None:
    """
    Replicas that start together upgrade once, and all of them succeed.
    """
    started = [_start(blank_database_url) for _ in range(4)]
    for process, _ in started:
        process.join(60)
    assert [process.exitcode for process, _ in started] == [0, 0, 0, 0]
    migrate.check(blank_database_url)


def _start(url: str) -> tuple[BaseProcess, Connection]:
    """Begin an upgrade in a process of its own, forked from one that has imported everything: a start takes 20 ms.

    It says when its work begins.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["alembic.command", __name__])
    ours, theirs = context.Pipe()
    process = context.Process(target=_upgrade, args=(url, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _upgrade(url: str, begun: Connection) -> None:
    begun.send("begun")
    migrate.upgrade(url)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_upgrade_killed_anywhere_is_finished_by_the_next(blank_database_url: str) -> None:
    """
    Killed at random instants of its work, ten and at full length fifty, the schema is never half a revision, and the
    last run ends it: tables, columns, keys, indexes and rows are those of a fresh installation.
    """
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")  # noqa: T201 - a run that fails says how it was played
    chance = random.Random(seed)
    longest, fresh = _a_whole_upgrade(blank_database_url)
    seen = []
    for attempt in range(50 if LONG else 10):
        process, begun = _start(blank_database_url)
        begun.recv()
        time.sleep(chance.uniform(0, longest))
        process.kill()
        process.join()
        seen.append(_is_whole(blank_database_url, f"seed {seed}, attempt {attempt}"))
        if seen[-1] == migrate.head():
            run_sql(blank_database_url, *_drop_all(blank_database_url))
    migrate.upgrade(blank_database_url)
    migrate.check(blank_database_url)
    print(f"stopped at {dict(Counter(seen))}; {len(fresh)} tables as in a fresh installation")  # noqa: T201 - a figure of docs/reliability.md
    assert contents(blank_database_url) == fresh
    assert set(seen) != {""}, "no kill came after the first revision"


def contents(url: str) -> dict[str, tuple[str, ...]]:
    """Every table as it is built, and its rows; but for the instants at which rows were made."""
    engine = connect(url, Patience())
    read = {}
    with engine.connect() as connection:
        found = sa.inspect(connection)
        for name in found.get_table_names():
            columns = found.get_columns(name)
            built = (columns, found.get_pk_constraint(name), found.get_foreign_keys(name),
                     found.get_unique_constraints(name), found.get_indexes(name))  # fmt: skip
            names = [column["name"] for column in columns if not column["name"].endswith("_at")]
            rows = connection.execute(sa.text(f"select {', '.join(names)} from {name}")) if names else ()
            read[name] = (ADDRESS.sub("", repr(built)), *sorted(repr(tuple(row)) for row in rows))
    engine.dispose()
    return read


def _a_whole_upgrade(url: str) -> tuple[float, dict[str, tuple[str, ...]]]:
    """How long the work takes on this machine now, so that kills fall within it, and what it makes.

    The database is blank afterwards.
    """
    process, begun = _start(url)
    begun.recv()
    start = time.monotonic()
    process.join()
    took = time.monotonic() - start
    made = contents(url)
    run_sql(url, *_drop_all(url))
    return took, made


def _is_whole(url: str, when: str) -> str:
    """Exactly the tables of the revision that the database names; that revision."""
    revision, found = migrate.current(url), tables(url)
    marks = {"0001": "people", "0002": "cases", "0003": "audit"}
    assert {mark for mark in marks.values() if mark in found} == {
        mark for since, mark in marks.items() if revision >= since
    }, when
    return revision


def _drop_all(url: str) -> list[str]:
    cascade = "" if url.startswith("sqlite") else " CASCADE"
    order = [table.name for table in reversed(metadata().sorted_tables)]
    return [f"DROP TABLE IF EXISTS {name}{cascade}" for name in (*order, "alembic_version")]


def test_a_copy_is_whole_while_others_write(sqlite_house: House, tmp_path: Path) -> None:
    """
    A copy made between two commits has the first and passes its check; there is no draft of it left.
    """
    sqlite_house.do(lambda uow: a_case(uow, "TS-2026-0001"))
    with sqlite_house.database.begin() as uow:
        a_case(uow, "TS-2026-0002")
        copy = backup.backup(sqlite_house.url, tmp_path / "copies" / "one.db")
    with closing(sqlite3.connect(copy)) as plain:
        assert plain.execute("SELECT number FROM cases").fetchall() == [("TS-2026-0001",)]
    assert [path.name for path in copy.parent.iterdir()] == ["one.db"]


def test_a_damaged_copy_is_found(sqlite_url: str, tmp_path: Path) -> None:
    """
    A copy with a torn page, and a file that is no database, are refused by name.
    """
    copy = backup.backup(sqlite_url, tmp_path / "one.db")
    with copy.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096)
    with pytest.raises(DamagedFileError, match=r"one\.db"):
        backup.verify(copy)
    (tmp_path / "two.db").write_text("not a database, but long enough to be looked at" * 40)
    with pytest.raises(DamagedFileError):
        backup.verify(tmp_path / "two.db")
    with pytest.raises(UnsafeDatabaseError, match="pg_dump"):
        backup.backup("postgresql+psycopg://host/name", tmp_path / "three.db")
    with pytest.raises(UnsafeDatabaseError, match="no database"):
        backup.backup(f"sqlite:///{tmp_path / 'absent.db'}", tmp_path / "three.db")
