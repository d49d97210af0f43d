"""
Ballast: some room on the disk of the records that is given up when it is full.

With it there is room to tell the administrators, and to delete. Only where the records are a SQLite file: the disk
of a PostgreSQL is not ours.
"""

import os
from contextlib import suppress
from pathlib import Path

import structlog
from apscheduler.schedulers.base import BaseScheduler

from bot import disk
from bot.app import App
from handlers import space

SIZE = 16 * 2**20
EVERY_SECONDS = 2

log = structlog.stdlib.get_logger("bot.ballast")


def mind(app: App, timer: BaseScheduler) -> None:
    """Look every two seconds, where it is our disk."""
    if app.settings.database_file is not None:
        ballast = Ballast(app, app.settings.database_file.with_name("ballast"))
        timer.add_job(
            ballast.look, "interval", seconds=EVERY_SECONDS, next_run_time=app.clock(), coalesce=True, max_instances=1
        )


class Ballast:
    """A file that is there to be removed."""

    def __init__(self, app: App, file: Path) -> None:
        self._app = app
        self._file = file
        self._untold: int | None = None

    def look(self) -> None:
        """Take ballast while there is plenty of room; when the disk is full let it go, and tell until it is told."""
        left = disk.free(self._app.settings)
        if left < disk.FULL and self._file.exists():
            self._file.unlink()
            self._untold = left
            log.error("the disk is full; the ballast was let go", free=left)
        elif left > 2 * SIZE and not self._file.exists():
            self._take()
        if self._untold is not None:
            self._tell(self._untold)

    def _tell(self, left: int) -> None:
        try:
            space.full(self._app.database, self._app.company, left)
        except Exception:  # the next look tries again
            log.exception("that the disk is full could not be told")
            return
        self._untold = None
        self._app.bell.ring()

    def _take(self) -> None:
        """Half a ballast is none."""
        with suppress(OSError):
            try:
                with self._file.open("xb") as file:
                    os.posix_fallocate(file.fileno(), 0, SIZE)
            except OSError:
                self._file.unlink(missing_ok=True)
                raise
