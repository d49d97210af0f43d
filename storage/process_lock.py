"""One process that ticks and delivers on a SQLite file; a second one is told who holds it."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from storage.errors import AlreadyRunningError

# a lock whose object nobody kept must not be let go by the garbage collector
_HELD: set[IO[str]] = set()


class ProcessLock:
    """Holds ``<database>.lock`` with our process id in it. The system lets go of it when we end, however we end."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock, or raise AlreadyRunningError that names the process; a lock left behind is taken over."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise AlreadyRunningError(f"Process {holder} already works on this database ({self._path}).") from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        _HELD.add(file)

    def release(self) -> None:
        """Let go. The file stays: removing it would let two processes hold two files of one name."""
        if self._file is not None:
            _HELD.discard(self._file)
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
