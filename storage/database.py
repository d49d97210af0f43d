"""The database: begin to change it, read to look; there is no other way in."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from storage.base import utc
from storage.engine import Patience, connect
from storage.errors import BusyError, ConflictError
from storage.files import discard, named
from storage.session import WorkSession
from storage.turns import Turns
from storage.unit_of_work import UnitOfWork
from storage.wiping import WAITING, wipe

T = TypeVar("T")

RACES = 5
"""How often a job is run before a lost race becomes the caller's matter."""

LOST_RACES = {"40001", "40P01"}
"""PostgreSQL: serialization failure, deadlock."""

NO_PATIENCE_LEFT = {"55P03", "57014"}
"""PostgreSQL: lock timeout, statement timeout."""

SQLITE_BUSY = {5, 6}
"""SQLite: busy, locked."""


class Database:
    """``begin`` to change, ``do`` to change with another try; ``reading`` and ``look`` to look."""

    def __init__(
        self, url: str, clock: Callable[[], datetime], *, attachments: Path, patience: Patience | None = None
    ) -> None:
        self._patience = patience or Patience()
        self._engine = connect(url, self._patience)
        self._sessions = sessionmaker(self._engine, class_=WorkSession, expire_on_commit=False)
        self._looking = sessionmaker(self._engine, expire_on_commit=False)
        self._clock = clock
        self._attachments = attachments
        # SQLite lets writers wait by polling; within this process they queue here instead.
        self._turn = Turns() if self.dialect == "sqlite" else None

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    def clock(self) -> datetime:
        """The present moment in UTC, by the clock that was handed in."""
        return utc(self._clock())

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Commit if the block ends well; otherwise leave no trace.

        Raises ConflictError when another was first, BusyError when the database kept us waiting too long.
        """
        with self._errors(), self._my_turn(), self._sessions.begin() as session:
            session.connection()  # the transaction begins here, and only then is the instant taken
            yield UnitOfWork(session, self.clock(), self._attachments)

    def do(self, job: Callable[[UnitOfWork], T]) -> T:
        """Run the job in a transaction of its own; if it loses a race, run it from the start."""
        for _ in range(RACES - 1):
            with suppress(ConflictError), self.begin() as uow:
                return job(uow)
        with self.begin() as uow:
            return job(uow)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at one snapshot without keeping writers waiting; the database itself refuses a change here."""
        with self._errors(), self._looking() as session:
            session.connection(execution_options={"reading": True})
            yield session

    def look(self, job: Callable[[UnitOfWork], T]) -> T:
        """Run a job that changes nothing on one snapshot, at one instant; no writer waits for it."""
        with self.reading() as session:
            return job(UnitOfWork(session, self.clock(), self._attachments))

    def wipe(self, tables: Iterable[str] = WAITING) -> None:
        """Leave nothing in the database's own files of the ballots that went on, nor of what stood in these tables."""
        with self._errors(), self._my_turn():
            wipe(self._engine, tables)

    def discard(self, digests: Iterable[str]) -> None:
        """Take files off the disk that no row names any more."""
        with self.reading() as session:
            gone = [each for each in digests if not named(session, each)]
        for each in gone:
            discard(self._attachments, each)

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        turn = self._turn
        if turn is None:
            yield
            return
        if not turn.acquire(timeout=self._patience.lock.total_seconds()):
            raise BusyError("other writers of this process took too long")
        try:
            yield
        finally:
            turn.release()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Give the database's errors our names."""
        try:
            yield
        except (IntegrityError, StaleDataError) as error:
            raise ConflictError(_cause(error)) from error
        except PoolTimeoutError as error:
            raise BusyError("no connection became free") from error
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            if state in LOST_RACES:
                raise ConflictError(_cause(error)) from error
            if state in NO_PATIENCE_LEFT or getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in SQLITE_BUSY:
                raise BusyError(_cause(error)) from error
            raise


def _cause(error: Exception) -> str:
    """Name the fault without the values that took part in it."""
    original = getattr(error, "orig", None) or error
    return f"{type(original).__name__}: {str(original).splitlines()[0]}" if str(original) else type(original).__name__
