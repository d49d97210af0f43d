"""The edge under test: its commands in an empty folder, and its log in a text."""

import io
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import structlog
from click.testing import CliRunner, Result

from bot import logs
from bot.cli import root

Run = Callable[..., Result]


def without_settings(patch: pytest.MonkeyPatch) -> None:
    """Take the machine's own settings away."""
    for name in list(os.environ):
        if name.startswith("GUKEBOT_") and ("__" in name or name == "GUKEBOT_CONFIG"):
            patch.delenv(name)


def run(*words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(root, list(words))


@contextmanager
def captured(level: str = "debug") -> Iterator[io.StringIO]:
    """Send the log to a text, and put everything back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(level, stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = before[0], before[1]
        structlog.reset_defaults()
