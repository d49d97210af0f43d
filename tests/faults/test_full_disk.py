"""The disk of the records is full: nothing is lost, whoever can make room hears it, and it heals by itself (R15)."""

import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.support import LONG
from tests.support.faults.company import Company, working
from tests.support.faults.traffic import Traffic, slowest
from tests.support.faults.volume import Filler, volume
from tests.support.waiting import eventually

RATE = 50 if LONG else 10
TIMES = 20 if LONG else 1
HEARD_SECONDS = 30
HEALED_SECONDS = 5
FULL = "数据所在磁盘已满"


def filled(company: Company, traffic: Traffic, filler: Filler, chance: random.Random) -> float:
    """Fill the volume, the ballast's room too, and free it; the seconds until something was taken."""
    time.sleep(chance.uniform(0, 0.5))
    ballast = company.place.folder / "volume" / "ballast"
    with suppress(FileNotFoundError):
        ballast.unlink()
    filler.fill()
    time.sleep(chance.uniform(0.8, 1.2))
    assert company.bots[0].status("/readyz") == 503
    assert "gukebot_disk_free_bytes 0.0" in company.bots[0].page("/metrics")[1]
    filler.free()
    freed = traffic.now
    taken = lambda: [each for each in list(traffic.answers) if each.status == 200 and each.at > freed]  # noqa: E731
    first = eventually(taken, HEALED_SECONDS)
    return min((each.at + each.seconds for each in first), default=freed + 1000) - freed


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_full_disk_heals(tmp_path: Path) -> None:
    """
    What is acknowledged has its row, all else is told to come again and comes; /readyz and /metrics say so at once, an
    administrator in chat within half a minute; five seconds after there is room again things are taken.
    """
    with volume(tmp_path / "volume") as small:
        url = f"sqlite:///{small / 'gukebot.db'}"
        upgrade(url)
        with working(url, tmp_path, data=small) as company:
            company.bots[0].start()
            assert eventually((small / "ballast").exists, 10)
            filler, traffic, chance = Filler(small), company.traffic(), random.Random(15)
            traffic.start(1_000_000, RATE)
            filler.fill()
            full = time.monotonic()
            assert eventually(lambda: any(FULL in said.text for said in company.slack.said), HEARD_SECONDS)
            heard = time.monotonic() - full
            healed = [filled(company, traffic, filler, chance) for _ in range(TIMES)]
            answers = traffic.stop()
            refused = [each.number for each in answers if each.status != 200]
            print(  # noqa: T201 - the figures of docs/reliability.md
                f"{len(answers)} requests: {dict(Counter(each.status for each in answers))}; an administrator heard "
                f"after {heard:.1f} s; healed after {max(healed):.2f} s; slowest answer {slowest(answers):.2f} s"
            )

            assert {each.status for each in answers} == {200, 503}
            assert max(healed) < HEALED_SECONDS
            assert company.traffic().again(refused) == []
            assert company.lost(each.number for each in answers) == []
            assert company.bots[0].alive
            company.bots[0].kill()
