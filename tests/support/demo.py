"""A `gukebot demo` of its own for tests: started as a visitor would start it, ended as they would end it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HOUSE = Path(__file__).parents[2]


class Demo:
    """One running demo: its link, and the seconds from the command to its page."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--no-browser", "--dir", str(folder / "demo"), *words],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.link = self.process.stdout.readline().strip()

    def worked(self) -> float:
        """The seconds the processor has worked for it: beside other tests, the clock on the wall says little."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Ctrl-C: it ends well, and nothing but talk stands at the terminal."""
        self.process.send_signal(signal.SIGINT)
        try:
            _, said = self.process.communicate(timeout=20)
        finally:
            self.process.kill()
        assert self.process.returncode == 0, said
        assert '"level"' not in said
        assert "Traceback" not in said


def environment() -> dict[str, str]:
    """The environment of the machine without anything that speaks to gukebot or opens a browser."""
    ours = ("GUKEBOT_", "DISPLAY", "WAYLAND_DISPLAY", "LANG", "LC_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(HOUSE)}
