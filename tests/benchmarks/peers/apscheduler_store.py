"""APScheduler with its SQLAlchemy job store: so many jobs that do nothing, all of them due."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

_fired = threading.Semaphore(0)


def nothing() -> None:
    """The job."""
    _fired.release()


def fire(file: Path, count: int) -> float:
    """Seconds until all of them have run."""
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(f"sqlite:///{file}")},
        executors={"default": ThreadPoolExecutor(10)},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    past = datetime.now(UTC) - timedelta(seconds=1)
    for index in range(count):
        scheduler.add_job(nothing, "date", run_date=past, id=str(index), misfire_grace_time=None)
    start = time.perf_counter()
    scheduler.resume()
    for _ in range(count):
        _fired.acquire(timeout=60)
    took = time.perf_counter() - start
    scheduler.shutdown()
    return took
