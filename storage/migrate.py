"""Bringing a database to today's schema: one real transaction per revision, killed anywhere and run again."""

import itertools
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from storage import backup
from storage.database import Database
from storage.engine import Patience, connect
from storage.errors import SchemaError
from storage.migrations import HEAD

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

OURS = re.compile(r"\d{4}")
"""How our revisions are called."""

TURN = 7_220_001
"""The advisory lock on PostgreSQL under which one upgrade at a time works."""

PATIENCE = Patience(lock=timedelta(minutes=5), statement=timedelta(hours=1), idle=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Which revision there was ('' for an empty database), which there is now, and the copy made before."""

    before: str
    after: str
    backup: Path | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was done."""
        return self.before != self.after


def head() -> str:
    """The revision this version needs."""
    return HEAD


def current(where: str | Database) -> str:
    """The revision of a database; '' when it has no tables of ours."""
    if isinstance(where, Database):
        with where.reading() as session:
            return _revision(session.connection())
    engine = connect(where, Patience())
    try:
        with engine.connect().execution_options(reading=True) as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def check(where: str | Database) -> None:
    """Refuse to work on tables of another version: SchemaError says what to do."""
    found = current(where)
    if found == HEAD:
        return
    if found == "":
        raise SchemaError("This database has no tables yet. Run `gukebot init` or `gukebot db upgrade`.")
    if not OURS.fullmatch(found):
        raise _strange(found)
    if found < HEAD:
        raise SchemaError(
            f"This database is at revision {found}, and this version needs {HEAD}. Run `gukebot db upgrade`."
        )
    raise _too_new(found)


check_schema = check


def upgrade(url: str, *, backup_dir: Path | None = None, until: str = HEAD) -> Upgrade:
    """Bring a database to the newest revision (or ``until`` one); a SQLite file that holds tables is copied first.

    Each revision is one transaction: killed anywhere, the next run goes on from the last whole one.
    Several upgrades at once take turns, and a newer database is refused. The copy goes to
    ``backup_dir``, or beside the file.
    """
    engine = connect(url, PATIENCE, foreign_keys=False)
    try:
        with engine.connect().execution_options(reading=True) as connection:
            before = _revision(connection)
        if before and not OURS.fullmatch(before):
            raise _strange(before)
        if before > HEAD:
            raise _too_new(before)
        copy = _backup(engine, before, backup_dir) if before not in ("", HEAD) else None
        scripts = _scripts()
        for revision in _all(scripts):
            if revision > until:
                break
            _step(engine, scripts, revision)
        with engine.connect().execution_options(reading=True) as connection:
            return Upgrade(before, _revision(connection), copy)
    finally:
        engine.dispose()


def _too_new(found: str) -> SchemaError:
    return SchemaError(f"This database is at revision {found}, made by a newer gukebot; this one knows {HEAD}.")


def _strange(found: str) -> SchemaError:
    return SchemaError(
        f"The tables here are another program's (revision {found}). Run `gukebot init` on a database of its own."
    )


def _step(engine: Engine, scripts: "ScriptDirectory", revision: str) -> None:
    """Do one revision if it is still to be done, wholly or not at all."""
    from alembic import command
    from alembic.config import Config

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        done = _revision(connection)
        if done and done >= revision:
            return
        config = Config()
        config.set_main_option("script_location", scripts.dir)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise SchemaError(f"revision {revision} would leave {len(broken)} rows that refer to nothing")


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def _all(scripts: "ScriptDirectory") -> list[str]:
    """Every revision, oldest first; their names sort in this order, and a test sees to it."""
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _backup(engine: Engine, before: str, backup_dir: Path | None) -> Path | None:
    if engine.dialect.name != "sqlite":
        return None
    file = Path(str(engine.url.database))
    folder = backup_dir or file.parent
    names = (f"{file.stem}-{before}-{count}.db" for count in itertools.count(1))
    target = next(folder / name for name in names if not (folder / name).exists())
    return backup.backup(f"sqlite:///{file}", target)
