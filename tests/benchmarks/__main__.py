"""Run the benchmarks: ``python -m tests.benchmarks [--quick] [--only deadlines,forms]``. What ``make bench`` runs."""

import argparse
import importlib
import os
import platform
import sys
import time
import traceback

from tests.benchmarks.pairing import Row
from tests.benchmarks.rig import Rig, rigged

SUITES = ("start", "charts", "forms", "home", "deadlines", "delivery", "reports", "similar", "slack", "survey", "wecom")


def main() -> int:
    """Print a line for each goal; 1 when a suite could not be run."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="smaller numbers, about three minutes")
    asked.add_argument("--only", default="", help="suites, with commas: " + ", ".join(SUITES))
    arguments = asked.parse_args()
    chosen = arguments.only.split(",") if arguments.only else SUITES
    _say(_machine())
    _say(Row("goal", "ours", "peer", "ratio", "verdict"))
    with rigged(quick=arguments.quick) as rig:
        failed = [name for name in chosen if not _run(name, rig)]
    if failed:
        _say("not run to the end: " + ", ".join(failed))
    return 1 if failed else 0


def _run(name: str, rig: Rig) -> bool:
    began = time.monotonic()
    try:
        for row in importlib.import_module(f"tests.benchmarks.bench_{name}").rows(rig):
            _say(row)
    except Exception:  # noqa: BLE001 - the other suites are still worth running
        traceback.print_exc()
        return False
    _say(f"# {name}: {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
    return True


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"# {os.cpu_count()} CPUs, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
