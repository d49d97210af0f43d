"""Leases and locks: one at a time, whatever happened to the one before."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from storage.errors import AlreadyRunningError, LeaseLostError
from storage.process_lock import ProcessLock
from tests.support.storage import House

ROOT = Path(__file__).parents[2]
TTL = timedelta(seconds=30)


def test_one_of_many_gets_the_lease(house: House) -> None:
    """
    Eight take it at once: one has it, and a renewal keeps its token.
    """

    def take(worker: int) -> int | None:
        return house.database.do(lambda uow: uow.leases.take("tick", f"w{worker}", TTL))

    with ThreadPoolExecutor(8) as threads:
        tokens = list(threads.map(take, range(8)))

    (winner,) = [worker for worker, token in enumerate(tokens) if token is not None]
    assert take(winner) == tokens[winner]


def test_a_lease_that_ran_out_changes_hands(house: House) -> None:
    """
    After its end another takes it with a higher token, and the one before can do nothing with its own.
    """
    with house.database.begin() as uow:
        old = uow.leases.take("tick", "a", TTL)
        assert old is not None
    house.clock.later(seconds=31)
    with house.database.begin() as uow:
        new = uow.leases.take("tick", "b", TTL)
        assert new is not None
        assert new > old
        assert not uow.leases.renew("tick", "a", old, TTL)
        assert uow.leases.renew("tick", "b", new, TTL)
        uow.leases.require("tick", new)
        with pytest.raises(LeaseLostError):
            uow.leases.require("tick", old)


def test_a_lease_given_back_is_free_at_once(house: House) -> None:
    """
    A process that stops in order lets the next one begin without waiting.
    """
    with house.database.begin() as uow:
        token = uow.leases.take("tick", "a", TTL)
        assert token is not None
        uow.leases.release("tick", "b", token)
        assert uow.leases.take("tick", "b", TTL) is None
        uow.leases.release("tick", "a", token)
        assert uow.leases.take("tick", "b", TTL) is not None


def test_a_second_process_is_told_who_works_here(tmp_path: Path) -> None:
    """
    The lock names the process that holds it, and is free again when that is killed.
    """
    database = tmp_path / "gukebot.db"
    hold = (
        "import sys, time, pathlib; from storage.process_lock import ProcessLock\n"
        "ProcessLock(pathlib.Path(sys.argv[1])).acquire(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", hold, str(database)], stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(AlreadyRunningError, match=str(other.pid)):
            ProcessLock(database).acquire()
        other.kill()
        other.wait()

    with ProcessLock(database):
        assert (tmp_path / "gukebot.db.lock").read_text() == str(os.getpid())
        with pytest.raises(AlreadyRunningError, match=str(os.getpid())), ProcessLock(database):
            pass
    with ProcessLock(database):
        pass
