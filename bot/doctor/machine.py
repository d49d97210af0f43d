"""What the machine must give: a folder, room, secrets that are kept, a font, a port, and a way out."""

import importlib.util
import os
import resource
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot import databases, keys
from bot.doctor.findings import Finding
from bot.settings import Settings

LITTLE_SPACE = 200 * 2**20
SOME_SPACE = 2**30
SHARED_FILESYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph")
MOUNTS = Path("/proc/self/mounts")
LARGE_LOG = 512 * 2**20
FEW_FILES = 1024
PROXIES = ("https_proxy", "http_proxy", "all_proxy")
PROXY_SECONDS = 2.0


def secrets(settings: Settings, file: Path | None) -> Iterator[Finding]:
    """Files that hold secrets are for the service alone."""
    found = [Path(path) for path in _secret_files(settings)]
    inside = any(secret and not named for secret, named in _secrets(settings))
    holds = [*([file] if file and inside else []), *found]
    links = settings.data.directory / keys.FILE
    open_to_others = [path for path in (*holds, links) if path.exists() and path.stat().st_mode & 0o077]
    for path in open_to_others:
        yield Finding("secrets", "warning", f"{path} can be read by others", f"run: chmod 600 {path}")
    if not open_to_others:
        yield Finding("secrets", "ok", "no secret is open to others")


def _secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every secret with the file that holds it, if one does."""
    for _, section in settings:
        for key, value in section:
            if key.endswith("_file"):
                yield getattr(section, key.removesuffix("_file")).get_secret_value(), str(value)


def _secret_files(settings: Settings) -> Iterator[str]:
    return (named for _, named in _secrets(settings) if named)


def data_directory(settings: Settings) -> Iterator[Finding]:
    """The data directory is there, can be written to, is ours alone, and on a disk of this machine."""
    folder = settings.data.directory
    if not folder.is_dir():
        yield Finding("data directory", "fault", f"{folder} is not there", "run: gukebot init")
        return
    if not _takes_files(folder):
        fix = f"run as its owner, or give it to the service: chown USER {folder}"
        yield Finding("data directory", "fault", f"{folder} cannot be written to", fix)
    elif settings.database_file and (kind := _filesystem(folder)) in SHARED_FILESYSTEMS:
        fix = "move [data] directory to a local disk, or use PostgreSQL"
        yield Finding("data directory", "fault", f"{folder} is on {kind}, where SQLite loses records", fix)
    elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding("data directory", "warning", f"{folder} is open to others", f"run: chmod 700 {folder}")
    else:
        yield Finding("data directory", "ok", str(folder))


def _takes_files(folder: Path) -> bool:
    """Try it: what the rights say is not the whole truth (a disk that is mounted for reading, a quota)."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _filesystem(folder: Path) -> str:
    """Name the kind of file system a folder is on; empty where the system does not tell."""
    if not MOUNTS.exists():
        return ""
    rows = [line.split() for line in MOUNTS.read_text().splitlines()]
    above = [row for row in rows if folder.resolve().is_relative_to(row[1].replace("\\040", " "))]
    return max(above, key=lambda row: len(row[1]))[2] if above else ""


def disk_space(settings: Settings) -> Iterator[Finding]:
    """There is room for the records of the coming weeks."""
    folder = settings.data.directory
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    found = f"{free // 2**20:,} MiB free"
    fix = "make room on the disk of the data directory"
    if free < LITTLE_SPACE:
        yield Finding("disk space", "fault", found, fix)
    else:
        yield Finding("disk space", "warning" if free < SOME_SPACE else "ok", found, fix if free < SOME_SPACE else "")


def write_ahead_log(settings: Settings) -> Iterator[Finding]:
    """SQLite's log is written back into the database now and then."""
    file = settings.database_file
    log = file.with_name(f"{file.name}-wal") if file else None
    size = log.stat().st_size if log and log.exists() else 0
    if size > LARGE_LOG:
        found = f"{log} has grown to {size // 2**20:,} MiB: some reader keeps it from being written back"
        yield Finding("write-ahead log", "warning", found, "end what else has the database open; restart the server")
    else:
        yield Finding("write-ahead log", "ok", f"{size // 2**20} MiB")


def chart_font() -> Iterator[Finding]:
    """Charts have a font with Chinese letters."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder and any(folder.rglob("NotoSansSC*.otf")):
        yield Finding("chart font", "ok", "Noto Sans SC")
    else:
        yield Finding("chart font", "fault", "the Chinese font is missing", "run: pip install pylopdf-fonts-zh-cn")


def address(settings: Settings) -> Iterator[Finding]:
    """Nobody but our own server listens where we want to."""
    host, port = settings.server.host, settings.server.port
    if port == 0 or databases.held(settings):
        yield Finding("address", "ok", "our server listens there" if port else "any free port")
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        fix = "choose another [server] host or port"
        yield Finding("address", "warning", f"{host}:{port} cannot be listened on: {error.strerror}", fix)
    else:
        yield Finding("address", "ok", f"{host}:{port} is free")


def links_key(settings: Settings) -> Iterator[Finding]:
    """The key that signs links is there, once links are given out."""
    if not settings.server.public_url:
        yield Finding("links", "ok", "no [server] public_url: customers are given no links")
        return
    file = settings.data.directory / keys.FILE
    if settings.server.link_key.get_secret_value() or file.exists():
        keys.links_of(settings)
        yield Finding("links", "ok", "signed with our key")
    else:
        yield Finding("links", "ok", "their key is made when the first is given out")


def open_files(limit: int | None = None) -> Iterator[Finding]:
    """So many files and connections may be open at once as a busy hour needs."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if limit is None else limit
    if 0 <= most < FEW_FILES:
        fix = f"raise it: ulimit -n {FEW_FILES}, or LimitNOFILE={FEW_FILES} in the systemd unit"
        yield Finding("open files", "warning", f"only {most} at once", fix)
    else:
        yield Finding("open files", "ok", "enough at once")


def proxies(settings: Settings) -> Iterator[Finding]:
    """A proxy that the environment names can be reached; its password is not told."""
    given = {name: os.environ.get(name) or os.environ.get(name.upper()) or "" for name in PROXIES}
    faults = [(name, wrong) for name, value in given.items() if value and (wrong := _proxy_fault(value))]
    used = settings.slack.used or settings.wecom.used
    for name, wrong in faults:
        fix = f"mend {name.upper()} in the environment of the service, or take it away: unset {name.upper()} {name}"
        yield Finding("proxy", "fault" if used else "warning", f"{name.upper()}: {wrong}", fix)
    if not faults:
        yield Finding("proxy", "ok", "reachable" if any(given.values()) else "none is set")


def _proxy_fault(value: str) -> str:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, port = parts.hostname, parts.port or {"https": 443, "socks5": 1080}.get(parts.scheme, 80)
    except ValueError:
        return "this is no address (http://HOST:PORT)"
    if not host:
        return "this is no address (http://HOST:PORT)"
    try:
        socket.create_connection((host, port), timeout=PROXY_SECONDS).close()
    except OSError:
        return f"{host}:{port} cannot be reached"
    return ""
