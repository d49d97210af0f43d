"""What can be wrong with an installation: how it is planted, and the words the doctor must find for it."""

import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from bot import clock, config, databases
from storage.audit_rows import Entry
from storage.links import AccessLink
from storage.organisation import Department, Group
from storage.outbox_rows import Message
from storage.unit_of_work import UnitOfWork
from tests.support.doctoring import KEY, SLACK, WECOM, Patient, certificate, listening, serving

Plant = Callable[[Patient, ExitStack], object]
Table = dict[str, tuple[Plant, str, str, str]]


# ------------------------------------------------------------ the machine


def secret_in(mode: int) -> Plant:
    """A file that holds a secret, with these rights."""

    def plant(patient: Patient, _stack: ExitStack) -> None:
        Path("secret").write_text("s" * 40)
        Path("secret").chmod(mode)
        patient.write('[server]\nlink_key_file = "secret"\n')

    return plant


def open_configuration(patient: Patient, _stack: ExitStack) -> None:
    """A secret stands in a configuration that everybody may read."""
    patient.write(f'[server]\nlink_key = "{"s" * 40}"\n')
    patient.file.chmod(0o644)


def open_key(patient: Patient, _stack: ExitStack) -> None:
    """Everybody may read the key that signs links."""
    (patient.data / "links.key").write_text("s" * 40)
    (patient.data / "links.key").chmod(0o644)


def short_key(patient: Patient, _stack: ExitStack) -> None:
    """A key that could be guessed."""
    (patient.data / "links.key").write_text("short")
    patient.set("server", public_url="http://localhost:1")


def on_nfs(patient: Patient, _stack: ExitStack) -> None:
    """The system says that the data directory is mounted from elsewhere."""
    Path("mounts").write_text(f"/dev/sda / ext4 rw 0 0\nserver:/share {patient.data.resolve()} nfs4 rw 0 0\n")
    patient.patch.setattr("bot.doctor.machine.MOUNTS", Path("mounts"))


def little_room(patient: Patient, _stack: ExitStack) -> None:
    """The disk is nearly full."""
    usage = shutil.disk_usage(".")._replace(free=5 * 2**20)
    patient.patch.setattr(shutil, "disk_usage", lambda _path: usage)


def long_log(patient: Patient, _stack: ExitStack) -> None:
    """The log of SQLite was not written back for long."""
    log = patient.data / "gukebot.db-wal"
    log.touch()
    os.truncate(log, 600 * 2**20)


def port_taken(patient: Patient, stack: ExitStack) -> None:
    """Somebody else listens where we want to."""
    patient.set("server", port=str(stack.enter_context(listening())))


MACHINE: Table = {
    "open configuration": (open_configuration, "secrets", "gukebot.toml can be read by others", "chmod 600"),
    "open secret file": (secret_in(0o640), "secrets", "secret can be read by others", "chmod 600"),
    "open key": (open_key, "secrets", "links.key can be read by others", "chmod 600"),
    "short key": (short_key, "links", "too short: 32", "mend"),
    "no data directory": (lambda it, _: shutil.rmtree(it.data), "data directory", "is not there", "gukebot init"),
    "data directory not ours": (
        lambda it, _: it.set("data", directory="/proc/self"), "data directory", "cannot be written to", "chown USER",
    ),
    "open data directory": (lambda it, _: it.data.chmod(0o755), "data directory", "open to others", "chmod 700"),
    "WAL on NFS": (on_nfs, "data directory", "is on nfs4, where SQLite loses records", "local disk, or use PostgreSQL"),
    "little room": (little_room, "disk space", "5 MiB free", "make room"),
    "a log that grows": (long_log, "write-ahead log", "600 MiB", "restart the server"),
    "no font": (
        lambda it, _: it.patch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None),
        "chart font", "Chinese font is missing", "pip install pylopdf-fonts-zh-cn",
    ),
    "port taken": (port_taken, "address", "cannot be listened on", "another [server] host or port"),
    "few files": (
        lambda it, _: it.patch.setattr(resource, "getrlimit", lambda _which: (256, 4096)),
        "open files", "only 256", "LimitNOFILE",
    ),
    "proxy away": (
        lambda it, _: it.patch.setenv("HTTPS_PROXY", "http://u:hunter2@127.0.0.1:9"),
        "proxy", "127.0.0.1:9 cannot be reached", "unset HTTPS_PROXY",
    ),
    "proxy malformed": (lambda it, _: it.patch.setenv("http_proxy", "http://:x"), "proxy", "no address", "HTTP_PROXY"),
}  # fmt: skip


# ------------------------------------------------------------ the network


def secured(name: str = "localhost", days: int = 90, *, trusted: bool = True) -> Plant:
    """The public address has this certificate."""

    def plant(patient: Patient, stack: ExitStack) -> None:
        pem = certificate(Path(), name, days)
        if trusted:
            patient.patch.setenv("SSL_CERT_FILE", str(pem.resolve()))
        patient.set("server", public_url=f"https://localhost:{stack.enter_context(serving(pem))}")

    return plant


def world_ahead(patient: Patient, stack: ExitStack) -> None:
    """The platform's clock is ten minutes ahead of ours."""
    port = stack.enter_context(serving(ahead=600))
    patient.set("slack", **{**SLACK, "API_BASE_URL": f"http://127.0.0.1:{port}/api/"})


def turned(**span: float) -> Plant:
    """Our clock is set to another time."""

    def plant(patient: Patient, _stack: ExitStack) -> None:
        now = clock.now
        patient.patch.setattr("bot.clock.now", lambda: now() + timedelta(**span))

    return plant


NETWORK: Table = {
    "no such name": (
        lambda it, _: it.set("server", public_url="https://bot.invalid"), "name", "cannot be resolved", "A or AAAA",
    ),
    "nobody behind it": (
        lambda it, _: it.set("server", public_url="https://localhost:9"), "certificate", "does not answer", "proxy",
    ),
    "not trusted": (secured(trusted=False), "certificate", "self-signed certificate", "renew the certificate"),
    "ran out": (secured(days=-1), "certificate", "expired", "certbot renew"),
    "of another name": (secured("other.example"), "certificate", "not valid for 'localhost'", "renew"),
    "runs out soon": (secured(days=5), "certificate", "it ends on", "certbot renew"),
    "clock behind": (world_ahead, "clock", "s behind that of 127.0.0.1", "set-ntp true"),
    "clock gone back": (turned(days=-30), "clock", "the clock has gone back", "set-ntp true"),
}  # fmt: skip


# ------------------------------------------------------------ the configuration


def configured(text: str) -> Plant:
    """Another configuration."""
    return lambda patient, _stack: patient.write(text)


def wecom_key_in_a_file(patient: Patient, _stack: ExitStack) -> None:
    """An AES key that lost a letter on its way."""
    Path("key").write_text(KEY[:-1])
    patient.write(f'[wecom]\ncorp_id = "ww1"\nagent_id = 1\nsecret = "s"\ntoken = "t"\naes_key_file = "key"\n# {KEY}')


CONFIGURATION: Table = {
    "unknown key": (configured("[server]\nprot = 1"), "configuration", "did you mean server.port?", "config check"),
    "unknown zone": (configured('[company]\nzone = "Mars"'), "configuration", "not a time zone", "config check"),
    "wrong AES key": (configured('[wecom]\naes_key = "short"'), "configuration", "43 letters and", "config check"),
    "wrong AES key in a file": (wecom_key_in_a_file, "configuration", "43 letters and digits", "config check"),
    "secret file away": (configured('[slack]\nbot_token_file = "no"\nsigning_secret = "s"'), "configuration",
                         "cannot be read", "config check"),
    "half a platform": (configured('[slack]\nbot_token = "xoxb"'), "configuration", "needs signing_secret", "config"),
    "not UTF-8": (lambda it, _: it.file.write_bytes("公司".encode("gbk")), "configuration", "not UTF-8", "check"),
    "misspelt variable": (lambda it, _: it.patch.setenv("GUKEBOT_SERVER__PROT", "1"), "configuration", "server.port?",
                          "config check"),
    "no such file": (lambda it, _: setattr(it, "options", ("--config", "no.toml")), "configuration",
                     "gukebot init", "config check"),
}  # fmt: skip


# ------------------------------------------------------------ the database


def overwritten(patient: Patient, _stack: ExitStack) -> None:
    """Pages of the database are overwritten."""
    file = patient.data / "gukebot.db"
    patient.sql("PRAGMA wal_checkpoint(truncate)")
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 8192] = os.urandom(8192)
    file.write_bytes(content)


def emptied(content: bytes) -> Plant:
    """Something else lies where the database was."""

    def plant(patient: Patient, _stack: ExitStack) -> None:
        for name in ("gukebot.db-wal", "gukebot.db-shm"):
            (patient.data / name).unlink(missing_ok=True)
        (patient.data / "gukebot.db").write_bytes(content)

    return plant


def revision(name: str) -> Plant:
    """The tables are of another version."""
    return lambda patient, _stack: patient.sql(f"UPDATE alembic_version SET version_num = '{name}'")


def running_twice(patient: Patient, stack: ExitStack) -> None:
    """A server has the database."""
    stack.enter_context(databases.locked(config.load(patient.file)))


DATABASE: Table = {
    "no database": (
        lambda it, _: (it.data / "gukebot.db").unlink(), "database", "there is no database", "gukebot init",
    ),
    "no tables": (emptied(b""), "schema", "no tables yet", "gukebot init"),
    "no database at all": (emptied(b"x" * 8192), "database", "the file is no database", "gukebot restore"),
    "damaged": (overwritten, "durability", "damaged", "gukebot restore"),
    "too old": (revision("0007"), "schema", "at revision 0007", "gukebot db upgrade"),
    "too new": (revision("9999"), "schema", "made by a newer gukebot", "install the gukebot that made it"),
    "another program's": (revision("a1b2c3"), "schema", "another program's", "a database of its own"),
    "second process": (running_twice, "lock", f"Process {os.getpid()} already works", ""),
}  # fmt: skip


# ------------------------------------------------------------ the company and the work


def done(job: Callable[[UnitOfWork], object]) -> Plant:
    """A change by the proper way."""
    return lambda patient, _stack: patient.do(job)


def circle(uow: UnitOfWork) -> None:
    """Two on leave name each other."""
    one, other = uow.organisation.people()[:2]
    one.leave_from = other.leave_from = date(2020, 1, 1)
    one.delegate_id, other.delegate_id = other.id, one.id


def lead_away(uow: UnitOfWork) -> None:
    """The head of sales is away, and nobody stands in."""
    lead = uow.organisation.lead("XS")
    assert lead is not None
    lead.leave_from, lead.delegate_id = date(2020, 1, 1), None


def without_role(uow: UnitOfWork) -> None:
    """Nobody looks after the system."""
    for person in uow.organisation.people():
        person.roles = [role for role in person.roles if role != "admin"]


def platform(name: str, values: dict[str, str], job: Callable[[UnitOfWork], object]) -> Plant:
    """A platform is used, and something lacks for it."""

    def plant(patient: Patient, _stack: ExitStack) -> None:
        patient.set(name, **values)
        patient.do(job)

    return plant


def queued(**changes: object) -> Plant:
    """A message stands so; what is None is a day ago."""

    def plant(patient: Patient, _stack: ExitStack) -> None:
        patient.do(lambda uow: uow.outbox.add(Message(key="k", platform="slack", address="person:1", topic="level")))
        past = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
        wanted = ", ".join(f"{name} = '{past if value is None else value}'" for name, value in changes.items())
        patient.sql(f"UPDATE outbox SET {wanted} WHERE key = 'k'")

    return plant


def ticked(failed: tuple[str, ...] = (), **ago: float) -> Callable[[UnitOfWork], object]:
    """The last tick was so long ago, and this failed in it."""
    return lambda uow: uow.state.put(
        "tick.last", {"at": (uow.now - timedelta(**ago)).isoformat(), "failed": list(failed)}
    )


def late_under_a_server(patient: Patient, stack: ExitStack) -> None:
    """A server runs and does not tick."""
    patient.do(ticked(hours=1))
    running_twice(patient, stack)


def aged(copies: float | None) -> Plant:
    """The installation is old; its newest copy is of so many days ago."""

    def plant(patient: Patient, _stack: ExitStack) -> None:
        patient.sql("UPDATE audit SET at = '2026-01-05 08:00:00.000000' WHERE id = (SELECT min(id) FROM audit)")
        if copies is not None:
            (patient.data / "backups").mkdir(exist_ok=True)
            copy = patient.data / "backups" / "gukebot-1.db"
            copy.touch()
            os.utime(copy, (time.time() - copies * 86400,) * 2)

    return plant


def key_lost(patient: Patient, _stack: ExitStack) -> None:
    """A link was given out, and the key is gone."""
    patient.set("server", public_url="http://localhost:1")
    patient.do(
        lambda uow: uow.access_links.add(
            AccessLink(purpose="c", subject="x", created_at=uow.now, expires_at=uow.now + timedelta(days=1))
        )
    )


def photos_lost(patient: Patient, _stack: ExitStack) -> None:
    """A photo is in the records alone."""
    patient.sql("INSERT INTO attachments (sha256, mime, size, name, at) VALUES ('a', 'image/png', 1, '', '2026-01-05')")
    shutil.rmtree(patient.data / "attachments", ignore_errors=True)


COMPANY: Table = {
    "no holidays": (
        lambda it, _: it.sql("DELETE FROM calendar_days"), "calendar", "are not imported", "gukebot import calendar",
    ),
    "no lead": (
        done(lambda uow: uow.organisation.add(Department(code="ZZ", name="无人部"))),
        "leads", "no lead configured: ZZ", "import organisation",
    ),
    "nobody with a role": (done(without_role), "roles", "nobody has the role admin", "import organisation"),
    "no channel": (
        platform("slack", SLACK, lambda uow: setattr(uow.organisation.department("XS"), "channels", {})),
        "channels", "XS", "its channel's id",
    ),
    "nobody knows them": (
        platform("wecom", WECOM, lambda uow: setattr(uow.organisation.people()[0], "wecom_id", None)),
        "people", "cannot be known by wecom", "账号",
    ),
    "delegates in a circle": (done(circle), "stand-ins", "lead back to them", "name a delegate"),
    "lead away": (done(lead_away), "stand-ins", "nobody in their place", "name a delegate"),
    "small group": (
        done(lambda uow: uow.organisation.add(Group(code="g9", name="小组", members=[], quorum=2))),
        "groups", "g9", "lower its quorum",
    ),
    "tick late": (done(ticked(hours=1)), "tick", "the last tick was at", "gukebot serve"),
    "tick stuck": (late_under_a_server, "tick", "though a server runs", "systemctl restart"),
    "part failed": (done(ticked(("deadlines",))), "tick", "failed in the last tick: deadlines", "log"),
    "ticked in the future": (done(ticked(hours=-2)), "tick", "before the last tick", "set the machine's clock"),
    "dead letters": (queued(state="dead"), "messages", "1 could not be delivered", "gukebot outbox list"),
    "stuck in sending": (
        queued(state="sending", leased_until=None), "messages", "1 were being sent", "gukebot serve",
    ),
    "not sent": (queued(next_at=None), "messages", "1 should have gone out", "gukebot serve"),
    "unsealed": (
        done(lambda uow: uow.audit.write_all([Entry(subject="x", action="x")] * 10_001)),
        "audit", "wait for their seal", "gukebot serve",
    ),
    "no copy": (aged(None), "backup", "there is no copy", "gukebot backup"),
    "old copy": (aged(9), "backup", "9 days old", "gukebot backup"),
    "key lost": (key_lost, "links", "the key that signed them is gone", "from a backup"),
    "photos lost": (photos_lost, "attachments", "their folder is empty", "from a backup"),
}  # fmt: skip

FAULTS: Table = {**MACHINE, **NETWORK, **CONFIGURATION, **DATABASE, **COMPANY}
