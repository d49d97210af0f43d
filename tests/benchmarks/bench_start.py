"""Starting: the version at the command line, and a server that is ready with 100,000 open cases."""

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.pairing import Row, duration, limit, seconds
from tests.benchmarks.rig import Rig
from tests.support.bulk import copy_case

ROOT = Path(__file__).parents[2]
CASES = 100_000


def rows(rig: Rig) -> Iterator[Row]:
    """The command line, then the server."""
    yield _version(rig)
    for name, url in rig.urls().items():
        yield _ready(rig, name, url)


def _version(rig: Rig) -> Row:
    command = [str(Path(sys.executable).parent / "gukebot"), "--version"]
    bare = [sys.executable, "-c", ""]
    runs = 10 if rig.quick else 50
    ours = [seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(runs)]
    python = [seconds(lambda: subprocess.run(bare, check=True)) for _ in range(runs)]
    slowest = sorted(ours)[int(runs * 0.95) - 1]
    middle = statistics.median(ours)
    told = f"median {duration(middle)}, p95 {duration(slowest)} (bare Python {duration(statistics.median(python))})"
    return limit("E2 gukebot --version, p95", told, slowest * 1000, 150, "ms")


def _ready(rig: Rig, name: str, url: Callable[[], str]) -> Row:
    address = url()
    desk = rig.desk(address, partial(copy_case, count=CASES - 1))
    desk.database.dispose()
    took = [_start(rig, address) for _ in range(3)]
    most = 1.5 if name == "SQLite" else 3
    middle = statistics.median(took)
    return limit(f"R23 ready with {CASES:,} open cases, {name}", duration(middle), middle, most, "s")


def _start(rig: Rig, url: str) -> float:
    """Seconds from the start of the process to the first good answer of /readyz."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "GUKEBOT_DATABASE__URL": url,
        "GUKEBOT_DATA__DIRECTORY": str(rig.folder / "data"),
        "GUKEBOT_SERVER__PORT": str(port),
    }
    start = time.perf_counter()
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_ready(server, port)
            return time.perf_counter() - start
        finally:
            server.kill()


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.01)
    raise TimeoutError("not ready within a minute")
