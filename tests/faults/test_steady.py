"""Long work leaves nothing behind, and a WeCom that never answers is no matter of Slack's (R22, R28)."""

import re
import socket
import time
from collections import Counter
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.support import LONG
from tests.support.faults.company import Company, working
from tests.support.faults.traffic import Answer, slowest

WARM_SECONDS, SECONDS, RATE = 60, 180, 20
HOLE_SECONDS, HOLE_RATE, WECOM_SHARE = 60, 30, 3
MOST_WAL = 64 * 2**20

only_long = pytest.mark.skipif(not LONG, reason="four minutes: GUKEBOT_LONG=1")


def body(company: Company) -> dict[str, int]:
    """What the process holds: memory in KiB, open files, threads."""
    pid = company.bots[0].pid
    status = Path(f"/proc/{pid}/status").read_text()
    found = {name: int(re.findall(rf"{name}:\s+(\d+)", status)[0]) for name in ("VmRSS", "Threads")}
    return {**found, "files": len(list(Path(f"/proc/{pid}/fd").iterdir()))}


@only_long
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_steady_work_is_steady(sqlite_url: str, tmp_path: Path) -> None:
    """
    Twenty requests a second: after the first minute memory grows by a tenth at most, files and threads by no more than
    a few, and the log of the database stays below 64 MiB.
    """
    with working(sqlite_url, tmp_path) as company:
        company.bots[0].start()
        traffic = company.traffic()
        traffic.start(1_000_000, RATE)
        time.sleep(WARM_SECONDS)
        before = body(company)
        time.sleep(SECONDS)
        after, wal = body(company), (tmp_path / "gukebot.db-wal").stat().st_size
        answers = traffic.stop()
        print(f"{dict(Counter(each.status for each in answers))}: {before}, after {SECONDS} s {after}; log {wal} bytes")  # noqa: T201 - the figures of docs/reliability.md

        assert after["VmRSS"] <= 1.1 * before["VmRSS"]
        assert after["files"] <= before["files"] + 4
        assert after["Threads"] <= before["Threads"] + 4
        assert wal <= MOST_WAL


@only_long
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_dead_wecom_is_no_matter_of_slacks(sqlite_url: str, tmp_path: Path) -> None:
    """
    While WeCom accepts every line and never says a word, every request of Slack's is taken as before.
    """
    with working(sqlite_url, tmp_path, wecom_share=WECOM_SHARE) as company:
        without = _slacks(company)
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as hole:
        api = f"http://127.0.0.1:{hole.getsockname()[1]}/cgi-bin/"
        (tmp_path / "second").mkdir()
        url = f"sqlite:///{tmp_path / 'second' / 'gukebot.db'}"
        upgrade(url)
        with working(url, tmp_path / "second", wecom_share=WECOM_SHARE, wecom_api=api) as company:
            beside = _slacks(company)
            threads = body(company)["Threads"]
    figures = [f"{slowest(each, 0.5) * 1000:.0f}, {slowest(each, 0.99) * 1000:.0f} ms" for each in (without, beside)]
    print(f"Slack's 50th and 99th percentile: {figures[0]}; beside a dead WeCom {figures[1]}; {threads} threads")  # noqa: T201 - the figures of docs/reliability.md

    assert {each.status for each in (*without, *beside)} == {200}
    assert slowest(beside) < 2.0
    assert threads < 80


def _slacks(company: Company) -> list[Answer]:
    company.bots[0].start()
    traffic = company.traffic()
    traffic.start(HOLE_SECONDS * HOLE_RATE, HOLE_RATE)
    return [each for each in traffic.end() if each.number % WECOM_SHARE]
