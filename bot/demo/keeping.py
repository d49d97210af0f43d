"""Where a demo is kept: a database that bears its mark, a fresh copy to start again from, and nothing else."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from bot import __version__
from bot.demo import MARK
from bot.demo.stage import Stage
from conversations.words import N_, Said, said
from storage import backup, migrate
from storage.unit_of_work import UnitOfWork

DATABASE = "gukebot-demo.db"
FRESH = "gukebot-demo.db.fresh"
"""The demo as it was before anybody touched it."""

READY = "demo.ready"
"""What made the demo: another version, or one that did not finish, makes it anew."""

Progress: TypeAlias = Callable[[int, Said], None]
"""Hears how far the preparation is, in per cent, and what is being done."""

STAGES = (
    (5, N_("Making the tables")),
    (35, N_("The company moves in: 16 people, 10 departments, 8 customers")),
    (55, N_("Loading 26 months of complaints")),
    (85, N_("Keeping a fresh copy")),
    (100, N_("Ready")),
)


class NotADemoError(Exception):
    """The folder holds something else; the demo touches real data never."""


def default_folder() -> Path:
    """Where a demo lives unless ``--dir`` says otherwise: among what can be thrown away."""
    caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or caches) / "gukebot-demo"


def refuse_strangers(folder: Path) -> Path:
    """The demo's database file in a folder that holds a demo or nothing; NotADemoError for anything else."""
    file = folder / DATABASE
    stranger = next((path.name for path in sorted(folder.glob("*.db")) if path.name != DATABASE), None)
    if stranger is None and file.exists() and _value(file, MARK) is None and not _blank(file):
        stranger = DATABASE
    if stranger is not None:
        raise NotADemoError(f"{folder} holds {stranger}, which is no demo. Name another folder with --dir.")
    return file


def prepared(folder: Path, progress: Progress = lambda _done, _what: None) -> Stage:
    """The demo of this folder as it was left; made when there is none, or one of another version."""
    file = refuse_strangers(folder)
    if file.exists() and (folder / FRESH).exists() and _value(file, READY) == f'"{_edition()}"':
        return opened(folder)
    stage = fresh(folder, progress)
    stage.database.dispose()
    backup.backup(_url(file), folder / FRESH)
    progress(*_stage(4))
    return opened(folder)


def fresh(folder: Path, progress: Progress = lambda _done, _what: None) -> Stage:
    """A new stage with the sample company and its 26 months, whatever demo was there before."""
    from handlers.sample.history import load_history

    folder.mkdir(parents=True, exist_ok=True)
    remove(refuse_strangers(folder))
    (folder / FRESH).unlink(missing_ok=True)
    progress(*_stage(0))
    migrate.upgrade(_url(folder / DATABASE))
    stage = opened(folder)
    stage.do(lambda uow: uow.state.put(MARK, True))
    progress(*_stage(1))
    stage.people(with_numbers=False)
    progress(*_stage(2))
    stage.do(load_history)
    while stage.do(lambda uow: uow.audit.seal()):
        pass
    stage.do(_finished)
    progress(*_stage(3))
    return stage


def opened(folder: Path) -> Stage:
    """A stage on the database that is there."""
    from bot.editions import drawer, survey_drawer

    stage = Stage.open(_url(folder / DATABASE), folder)
    stage.draw = drawer(stage.database, stage.company)
    stage.draw_survey = survey_drawer(stage.company)
    return stage


def again(folder: Path) -> Stage:
    """Back to the first minute: the fresh copy takes the place of the played one, which nobody may hold open."""
    file = folder / DATABASE
    remove(file)
    shutil.copyfile(folder / FRESH, file)
    return opened(folder)


def remove(file: Path) -> None:
    """Take a database away with its logs; the lock beside it stays, somebody may hold it."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _stage(index: int) -> tuple[int, Said]:
    done, what = STAGES[index]
    return done, said(what)


def _finished(uow: UnitOfWork) -> None:
    uow.state.put(READY, _edition())


def _edition() -> str:
    return f"{__version__}/{migrate.head()}"


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


def _blank(file: Path) -> bool:
    """A start that was killed before the first table leaves a file without any."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'cases'").fetchone()
        except sqlite3.DatabaseError:
            return False
    return found is None


def _value(file: Path, key: str) -> str | None:
    """What a database remembers under a key, as it is written there; it may be of any age and any kind."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        except sqlite3.DatabaseError:
            return None
    return str(row[0]) if row else None
