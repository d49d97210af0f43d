"""A small volume of a story's own, which can be filled to the last byte."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SIZE = "48m"


@contextmanager
def volume(folder: Path) -> Iterator[Path]:
    """Forty-eight megabytes; where it may not be mounted, a reason to leave the test out."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("a small volume can be mounted by root only, and not in every container")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


class Filler:
    """What takes all the room there is, and gives it back."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "filler"

    def fill(self) -> None:
        """To the last byte."""
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with suppress(OSError):
            for size in (2**20, 4096, 1):
                with suppress(OSError):
                    while os.write(handle, b"x" * size):
                        pass
        os.close(handle)

    def free(self) -> None:
        """Give it back."""
        self._file.unlink(missing_ok=True)
