"""The power-loss story: at whatever instant the power goes, what was acknowledged is there, and the file is whole."""

import hashlib
import os
import random
import secrets
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import LONG
from tests.support.desk import Desk
from tests.support.faults import disk

ROOT = Path(__file__).parents[2]
INTAKES = 100 if LONG else 40
POINTS = 200 if LONG else 80
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(disk.compiler() is None, reason="power loss: needs a C compiler"),
]


@dataclass
class Losses:
    """What was found over all crash points."""

    points: int = 0
    lost: int = 0
    corrupt: int = 0
    without_file: int = 0
    most_acknowledged: int = 0


def record(url: str, folder: Path, aside: Path, synchronous: str) -> tuple[disk.Disk, list[disk.Did]]:
    """Let complaints be reported under the recorder; the disk as it was before, and what was done to it."""
    Desk.furnished(url, folder).database.dispose()
    (folder / "gukebot.db.lock").unlink(missing_ok=True)
    before = disk.Disk(folder)
    journal = aside / "journal"
    environment = {
        **os.environ, "LD_PRELOAD": str(disk.build(aside)), "RECORD_FOLDER": str(folder), "RECORD_TO": str(journal),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.support.faults.intakes", str(folder), str(INTAKES), synchronous]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)
    return before, list(disk.read(journal))


def look(state: dict[Path, bytes], folder: Path, at: Path, acknowledged: dict[str, str], losses: Losses) -> None:
    """Start from what the loss of power left, and compare it with what had been acknowledged."""
    for path, content in state.items():
        place = at / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    losses.points += 1
    connection = sqlite3.connect(at / "gukebot.db")
    try:
        whole = connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        whole = whole and connection.execute("pragma foreign_key_check").fetchall() == []
        losses.corrupt += not whole
        found = dict(connection.execute("select title, number from cases where id in (select case_id from deadlines)"))
        losses.lost += sum(found.get(title) != number for title, number in acknowledged.items())
        for (digest,) in connection.execute("select sha256 from attachments"):
            kept = at / "files" / digest[:2] / digest
            whole = kept.exists() and hashlib.sha256(kept.read_bytes()).hexdigest() == digest
            losses.without_file += not whole
    except sqlite3.DatabaseError:
        losses.corrupt += 1
    finally:
        connection.close()
    losses.most_acknowledged = max(losses.most_acknowledged, len(acknowledged))
    shutil.rmtree(at)


def lose_power(url: str, folder: Path, aside: Path, *, points: int, synchronous: str = "full") -> Losses:
    """Cut the power at so many instants, half of them just after an answer went out."""
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")  # noqa: T201 - a run that fails says how it was played
    chance = random.Random(seed)
    before, happened = record(url, folder, aside, synchronous)
    acks = [index for index, did in enumerate(happened) if did.path.name == "acks" and did.what == "w"]
    assert len(acks) == INTAKES
    instants = {*chance.sample(acks, min(points // 2, INTAKES))}
    instants |= {*chance.sample(range(len(happened)), points - len(instants))}
    losses, acknowledged = Losses(), dict[str, str]()
    for index, did in enumerate(happened):
        if did.path.name == "acks":
            title, _, number = did.content.decode().strip().partition("\t")
            acknowledged[title] = number
        elif did.path.suffix != ".db-shm":
            before.do(did)
        if index in instants:
            look(before.after_loss(chance), folder, aside / "after", acknowledged, losses)
    return losses


@pytest.fixture
def house_folder(tmp_path: Path) -> Path:
    """Where the records lie, with nothing else beside them."""
    folder = tmp_path / "house"
    folder.mkdir()
    return folder


def settled(sqlite_url: str, folder: Path) -> str:
    """The migrated database, moved into its folder."""
    shutil.move(sqlite_url.removeprefix("sqlite:///"), folder / "gukebot.db")
    return f"sqlite:///{folder / 'gukebot.db'}"


def test_the_power_goes_at_many_instants(sqlite_url: str, house_folder: Path, tmp_path: Path) -> None:
    """
    Nothing acknowledged is lost, the file is whole, and every photo that a row names is there: 80 cuts, at length 200.
    """
    losses = lose_power(settled(sqlite_url, house_folder), house_folder, tmp_path, points=POINTS)

    assert losses.points >= POINTS * 0.95
    assert losses.most_acknowledged > INTAKES // 2
    assert (losses.lost, losses.corrupt, losses.without_file) == (0, 0, 0)


def test_the_rig_bites(sqlite_url: str, house_folder: Path, tmp_path: Path) -> None:
    """
    Were commits not to wait for the disk, the same cuts would lose answers that had gone out.
    """
    losses = lose_power(
        settled(sqlite_url, house_folder), house_folder, tmp_path, points=POINTS // 2, synchronous="normal"
    )

    assert losses.lost > 0
    assert losses.corrupt == 0
