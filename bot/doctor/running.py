"""The work: whether the tick ticks, messages go out, the trail is sealed, and copies are made."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot import databases, keys
from bot.doctor.findings import Finding, guarded
from bot.settings import Settings
from reports.gauges import unsealed
from storage import checks
from storage.database import Database
from storage.outbox import Outbox
from storage.state import State

LAST_TICK = "tick.last"
LATE_TICK = timedelta(minutes=5)
MANY_UNSEALED = 10_000
LEFT_BEHIND = timedelta(minutes=5)
NOT_SENT = timedelta(minutes=30)
OLD_BACKUP = timedelta(days=3)
YOUNG = timedelta(days=7)
"""Before so much time has passed nobody expects a backup."""


def looked_at(settings: Settings, database: Database) -> Iterator[Finding]:
    """Every look at the work."""
    yield from guarded("tick", lambda: last_tick(database, databases.held(settings)))
    yield from guarded("messages", lambda: messages(database))
    yield from guarded("audit", lambda: trail(database))
    yield from guarded("backup", lambda: backup(settings, database))
    yield from guarded("links", lambda: links(settings, database))
    yield from guarded("attachments", lambda: attachments(settings, database))


def last_tick(database: Database, held: str = "") -> Iterator[Finding]:
    """A server that ran has ticked lately, and the clock has not gone back since."""
    with database.reading() as session:
        said = State(session).get(LAST_TICK)
    if not isinstance(said, dict):
        yield Finding("tick", "ok", "no server has run yet")
        return
    at, failed = str(said["at"]), ", ".join(said.get("failed", ()))
    age = database.clock() - datetime.fromisoformat(at)
    if age < -LATE_TICK:
        fix = "set the machine's clock (NTP)"
        yield Finding("tick", "fault", f"the clock stands before the last tick ({at})", fix)
    elif age > LATE_TICK and held:
        fix = "restart the server: systemctl restart gukebot"
        yield Finding("tick", "fault", f"the last tick was at {at}, though a server runs: {held}", fix)
    elif age > LATE_TICK:
        yield Finding("tick", "warning", f"the last tick was at {at}", "start the server: gukebot serve")
    elif failed:
        yield Finding("tick", "fault", f"failed in the last tick: {failed}", "the server's log says why")
    else:
        yield Finding("tick", "ok", f"last tick {age.total_seconds():.0f} s ago")


def messages(database: Database) -> Iterator[Finding]:
    """No message waits for a person to look at it, and none waits for a server that is not there."""
    now = database.clock()
    with database.reading() as session:
        dead = Outbox(session, now).counts().get("dead", 0)
        lost, late = checks.left_behind(session, now, LEFT_BEHIND), checks.not_sent(session, now, NOT_SENT)
    if dead:
        yield Finding("messages", "warning", f"{dead} could not be delivered", "see them with: gukebot outbox list")
    if lost:
        found = f"{lost} were being sent when their worker went away"
        yield Finding("messages", "fault", found, "start the server, it asks what became of them: gukebot serve")
    if late:
        fix = "start the server (gukebot serve); if it runs: gukebot doctor slack, gukebot doctor wecom"
        yield Finding("messages", "warning", f"{late} should have gone out half an hour ago or earlier", fix)
    if not dead and not lost and not late:
        yield Finding("messages", "ok", "none is stuck")


def trail(database: Database) -> Iterator[Finding]:
    """The audit trail is sealed as fast as it grows."""
    with database.reading() as session:
        waiting = unsealed(session)
    found = f"{waiting} rows wait for their seal"
    if waiting > MANY_UNSEALED:
        yield Finding("audit", "warning", found, "start the server: gukebot serve")
    else:
        yield Finding("audit", "ok", found)


def backup(settings: Settings, database: Database) -> Iterator[Finding]:
    """The newest copy is a few days old at most; a young installation needs none yet."""
    now = database.clock()
    with database.reading() as session:
        began = checks.first_written(session)
    folder = settings.backups
    made = [path.stat().st_mtime for path in folder.iterdir()] if folder.is_dir() else []
    newest = datetime.fromtimestamp(max(made), UTC) if made else None
    fix = "run every night: gukebot backup"
    if began is None or now - began < YOUNG:
        yield Finding("backup", "ok", "the installation is young")
    elif newest is None:
        yield Finding("backup", "warning", f"there is no copy in {folder}", fix)
    elif now - newest > OLD_BACKUP:
        yield Finding("backup", "warning", f"the newest copy in {folder} is {(now - newest).days} days old", fix)
    else:
        yield Finding("backup", "ok", f"the newest copy is of {newest:%Y-%m-%d %H:%M} UTC")


def links(settings: Settings, database: Database) -> Iterator[Finding]:
    """Links that were given out can still be read: the key that signed them is not lost."""
    with database.reading() as session:
        live = checks.live_links(session, database.clock())
    key = settings.server.link_key.get_secret_value() or (settings.data.directory / keys.FILE).exists()
    if live and settings.server.public_url and not key:
        file = settings.data.directory / keys.FILE
        fix = f"put {file} back from a backup, or set [server] link_key; without it they are lost and must be sent anew"
        yield Finding("links", "fault", f"{live} links were given out, and the key that signed them is gone", fix)


def attachments(settings: Settings, database: Database) -> Iterator[Finding]:
    """The photos that were sent lie where the records say."""
    with database.reading() as session:
        count = checks.files_kept(session)
    if count and not (settings.attachments.is_dir() and any(settings.attachments.iterdir())):
        fix = f"put the folder {settings.attachments} back from a backup"
        yield Finding("attachments", "fault", f"{count} files are in the records, and their folder is empty", fix)
    else:
        yield Finding("attachments", "ok", f"{count} files")
