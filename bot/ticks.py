"""
Ticks: once a minute, everything that time asks for, under one lease.

The scheduler is a clock and nothing else. What is due is a query on rows, so a tick that was missed
is made up by the next one, and two processes never do the same.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import editions, logs, pulse
from bot.app import App
from bot.pulse import Pulse
from handlers import (
    auditing,
    calendars,
    deadlines,
    digests,
    drafts,
    flows,
    follow_ups,
    indicator_checks,
    leave,
    retention,
    summaries,
    weekly,
)
from handlers.surveys import nights, plans, reporting, running
from storage.state import State

LEASE = "tick"
LEASE_TTL = timedelta(seconds=90)
"""Renewed by every tick. Short, for every part may be done by several at once; long enough for a late tick."""
EVERY = timedelta(minutes=1)
QUIET_LIMIT_SECONDS = 200.0
SILENCE = timedelta(minutes=5)
"""A gap between two ticks that is more than a slow one: the bot was down."""

LAST_TICK = "tick.last"

log = structlog.stdlib.get_logger("bot.ticks")

Part = Callable[[App], None]


def scheduler(app: App) -> BackgroundScheduler:
    """Make the clock: the tick, at once and then every minute, and the pulse; never two at a time, none thrown away."""
    clock = BackgroundScheduler(timezone=UTC)
    clock.add_job(
        tick,
        IntervalTrigger(seconds=int(EVERY.total_seconds()), timezone=UTC),
        args=(app,),
        next_run_time=app.clock(),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    heart = Pulse(app)
    clock.add_job(
        heart.beat,
        IntervalTrigger(seconds=pulse.EVERY.total_seconds(), timezone=UTC),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    heart.begin()
    app.heartbeats.expect("tick", QUIET_LIMIT_SECONDS)
    return clock


def tick(app: App) -> None:
    """Do every part that is due, if the lease is ours; it may be called at any time and as often as liked."""
    with logs.correlated():
        try:
            fence = app.database.do(lambda uow: uow.leases.take(LEASE, app.owner, LEASE_TTL))
        except Exception:  # a database that is away for a moment: the next tick makes up for this one
            log.exception("the tick could not take its lease")
            return
        if fence is not None:
            failed = run_parts(app)
            _remember(app, failed)
    app.heartbeats.beat("tick")


def run_parts(app: App) -> list[str]:
    """Do every part in its order, each guarded; stop between two when the process is stopping; name what failed."""
    failed = []
    for name, part in PARTS:
        if app.stopping.is_set():
            break
        with app.metrics.part_seconds.labels(name).time():
            try:
                part(app)
            except Exception:  # one failing part must not keep the others from being done
                failed.append(name)
                app.metrics.part_failures.labels(name).inc()
                log.exception("a part of the tick failed", part=name)
        # what is late now must not wait for the pictures of a summary
        app.bell.ring()
        # a long part is work, not silence
        app.heartbeats.beat("tick")
    return failed


def _remember(app: App, failed: list[str]) -> None:
    """Write down when the tick was and what failed in it, for the doctor and for the next start."""
    with suppress(Exception):  # a database that is away: whatever failed is in the log
        app.database.do(lambda uow: uow.state.put(LAST_TICK, {"at": uow.now.isoformat(), "failed": failed}))


def _sweep(app: App) -> None:
    deadlines.sweep(app.database, app.company, _downtime(app))


def _downtime(app: App) -> deadlines.Downtime | None:
    """A silence since the last tick that is long enough to be told (停机错过)."""
    now = app.database.clock()
    with app.database.reading() as session:
        last = State(session).get(LAST_TICK)
    since = datetime.fromisoformat(str(last["at"])) if isinstance(last, dict) else now
    return deadlines.Downtime(since, now) if now - since > SILENCE else None


def _drafts(app: App) -> None:
    drafts.tick(app.database, app.company)


def _digests(app: App) -> None:
    digests.tick(app.database, app.company)


def _weekly(app: App) -> None:
    weekly.tick(app.database, app.company)


def _leave(app: App) -> None:
    leave.tick(app.database, app.company)


def _calendars(app: App) -> None:
    calendars.tick(app.database, app.company)


def _summaries(app: App) -> None:
    summaries.tick(app.database, app.company, editions.drawer(app.database, app.company))


def _surveys(app: App) -> None:
    plans.tick(app.database, app.company)
    running.tick(app.database, app.company)
    nights.tick(app.database, app.company)
    reporting.tick(app.database, app.company, editions.survey_drawer(app.company))
    indicator_checks.tick(app.database, app.company)
    follow_ups.tick(app.database, app.company)


def _flows(app: App) -> None:
    flows.tick(app.database, app.company, editions.draw_flow)


def _retention(app: App) -> None:
    retention.tick(app.database, app.company, app.stopping.is_set)


def _seal(app: App) -> None:
    while app.database.do(lambda uow: uow.audit.seal()) and not app.stopping.is_set():
        pass


def _audit(app: App) -> None:
    auditing.tick(app.database, app.company, app.settings.attachments)


PARTS: tuple[tuple[str, Part], ...] = (
    ("deadlines", _sweep),
    ("drafts", _drafts),
    ("digests", _digests),
    ("weekly card", _weekly),
    ("leave", _leave),
    ("calendar", _calendars),
    ("summaries", _summaries),
    ("surveys", _surveys),
    ("flows", _flows),
    ("retention", _retention),
    ("audit", _seal),
    ("auditor", _audit),
)
