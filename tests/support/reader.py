"""A reader who does, literally and in order, what a page says."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner

from bot.cli import root
from tests.support.edge import without_settings
from tests.support.pages import HOUSE, Block, blocks

WRITTEN = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
"""When the texts were written: Friday, 20 November 2026, 16:05 in the company."""

AT = """
from datetime import timedelta
from bot import clock
machine, behind = clock.now, timedelta(seconds={behind})
clock.now = lambda: machine() - behind
from bot.cli import root
root(["serve"])
"""
"""A server that lives at another time."""

MAKEFILE = HOUSE / "Makefile"
PORT = "8080"
ELSEWHERE = "machine"
"""Beside a block that needs a machine of one's own: root, systemd, the checkout."""


@dataclass
class Reader:
    """Somebody with an empty folder, and values of their own where the text has examples.

    ``pardoned`` are commands that may fail with 1 here, ``idle`` those that are left to another test.
    """

    folder: Path
    patch: pytest.MonkeyPatch
    own: Mapping[str, str] = field(default_factory=dict)
    behind: timedelta = field(default_factory=lambda: datetime.now(UTC) - WRITTEN)
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: str = ""
    pardoned: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.patch.chdir(self.folder)
        self.patch.setattr("bot.clock.now", self.now)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = str(probe.getsockname()[1])
        self.patch.setenv("GUKEBOT_SERVER__PORT", self.port)

    def now(self) -> datetime:
        """The time at which this reader lives: the text was written just now."""
        return datetime.now(UTC) - self.behind

    def follow(self, page: Path, meanwhile: Mapping[str, Callable[[], object]] | None = None) -> None:
        """Do what the page says, block by block; ``meanwhile``: what is done elsewhere before a section begins."""
        elsewhere = dict(meanwhile or {})
        for block in blocks(page):
            for title in [each for each in elsewhere if block.section.startswith(each)]:
                elsewhere.pop(title)()
            self.do(block)
        assert not elsewhere, f"{page}: there is no section {', '.join(elsewhere)}"

    def do(self, block: Block) -> None:
        """Do what one block says."""
        if block.language == "sh":
            self._run(block)
        elif block.language == "console":
            self._converse(block)
        elif block.note and block.language in ("toml", "csv"):
            self._write(Path(block.note), self._mine(block.text))

    def leave(self) -> None:
        """Stop what was started."""
        for server in self.servers:
            server.send_signal(signal.SIGTERM)
        for server in self.servers:
            server.wait(20)
        self.servers.clear()

    # ------------------------------------------------------------ commands

    def _run(self, block: Block) -> None:
        for line in commands(block):
            if line.startswith(self.idle):
                continue
            if block.note != ELSEWHERE:
                self.command(self._mine(line), block.place)
            elif line == "systemctl stop gukebot":
                self.leave()
            elif line == "systemctl start gukebot":
                self._serve()
            else:
                looked_over(line, block.place)

    def command(self, line: str, place: str, typed: str = "", *, fails: bool = False) -> str:
        """Run one line; what it said. A line that fails fails the test, where the text does not say that it does."""
        words = shlex.split(line, comments=True)
        if words[:2] == ["gukebot", "serve"]:
            return self._serve()
        if words[0] == "gukebot":
            return self._gukebot(words[1:], place, typed, (0, 1) if fails or line.startswith(self.pardoned) else (0,))
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.patch.setenv(name, value)
            return ""
        if words[0] == "curl":
            answer = httpx.get(words[-1], trust_env=False, timeout=10)
            assert answer.is_success, f"{place}: {line}: {answer.status_code}"
            return answer.text
        done = subprocess.run(["bash", "-ec", line], check=False, text=True, capture_output=True)
        assert done.returncode == 0, f"{place}: {line}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def _gukebot(self, words: list[str], place: str, typed: str, codes: tuple[int, ...]) -> str:
        into = Path(words[words.index(">") + 1]) if ">" in words else None
        given = words[: words.index(">")] if into else words
        done = CliRunner().invoke(root, given, input=typed)
        assert done.exit_code in codes, f"{place}: gukebot {' '.join(given)}\n{done.output}\n{done.exception!r}"
        if into:
            into.write_text(done.stdout, encoding="utf-8")
            return done.stderr
        return done.output

    def _serve(self) -> str:
        call = [sys.executable, "-c", AT.format(behind=self.behind.total_seconds())]
        environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
        with (self.folder / "log").open("wb") as log:
            self.servers.append(subprocess.Popen(call, env=environment, stdout=log, stderr=log))
        end = time.monotonic() + 30
        while time.monotonic() < end and self.servers[-1].poll() is None:
            try:
                if httpx.get(f"{self.base}/readyz", trust_env=False, timeout=5).is_success:
                    return ""
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    @property
    def base(self) -> str:
        """Where the server that was started listens."""
        return f"http://127.0.0.1:{self.port}"

    # ------------------------------------------------------------ conversations

    def _converse(self, block: Block) -> None:
        """Each command with what is typed into it (> ...), and exactly the answer that the text shows."""
        for part in re.split(r"(?m)^\$ ", block.text)[1:]:
            line, _, shown = part.partition("\n")
            typed = "".join(f"{text}\n" for text in re.findall(r"(?m)^> (.*)$", shown))
            said = self.command(self._mine(line), block.place, self._mine(typed), fails=block.note == "fails")
            differing = difference(re.sub(r"(?m)^> .*\n", "> ", shown), said)
            assert not differing, f"{block.place}: $ {line}\n{differing}\n---- in full\n{said}"

    # ------------------------------------------------------------ files

    def _mine(self, text: str) -> str:
        for example, value in {f"127.0.0.1:{PORT}": f"127.0.0.1:{self.port}", **self.own}.items():
            text = text.replace(example, value)
        return text

    def _write(self, file: Path, text: str) -> None:
        if file.name == "gukebot.toml" and file.exists():
            text = changed(file.read_text(encoding="utf-8"), text)
        elif file.name == "organisation.toml" and file.exists():
            text = added(file.read_text(encoding="utf-8"), text)
        file.write_text(text, encoding="utf-8")


def installed(page: Path, folder: Path, *, idle: tuple[str, ...] = ()) -> Path:
    """The folder, once the page about installing was followed there but for what is idle; no server runs any more."""
    with pytest.MonkeyPatch.context() as patch:
        without_settings(patch)
        reader = Reader(folder, patch, idle=idle)
        reader.follow(page)
        reader.leave()
    return folder


def commands(block: Block) -> list[str]:
    """The commands of a block, one to a line, those over several lines joined."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def looked_over(line: str, place: str) -> None:
    """A command for a machine of one's own: bash can read it, and what it asks of gukebot and make there is."""
    read = subprocess.run(["bash", "-nc", line], check=False, capture_output=True)
    assert read.returncode == 0, f"{place}: {line}"
    for part in line.split("&&"):
        words = shlex.split(part, comments=True)
        fault = misused(words[1:]) if words and words[0].rpartition("/")[2] == "gukebot" else ""
        assert not fault, f"{place}: {line}: {fault}"
        if words[:1] == ["make"]:
            assert re.search(rf"(?m)^{words[1]}:", MAKEFILE.read_text()), f"{place}: {line}: there is no such target"


ENDS = ("|", ">", "·", "||")
HELP = ("-h", "--help", "--config", "--version")


def misused(words: list[str]) -> str:
    """What is wrong with a call of gukebot, without running it; nothing where it is as the commands declare."""
    command: click.Command = root
    coming = iter(words)
    for word in coming:
        if word in ENDS:
            break
        if word.startswith("-"):
            options = {name: each for each in command.params for name in each.opts}
            name, _, value = word.partition("=")
            if name not in options and name not in HELP:
                return f"there is no {word}"
            if name in options and not value and not getattr(options[name], "is_flag", True):
                next(coming, None)
        elif isinstance(command, click.Group):
            below = command.get_command(click.Context(command), word)
            if below is None:
                return f"there is no command {word}"
            command = below
    return ""


def difference(shown: str, said: str) -> str:
    """What the text shows and the program did not say, in its order; a line of … stands for any lines."""
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()).replace("…", ".*") + " *\n"
        for line in shown.strip("> \n").splitlines()
    )
    # the progress of an import ends with an empty line, and a file for Excel begins with a mark
    plain = said.strip("> \n\ufeff") + "\n"
    return "" if re.fullmatch(pattern, plain) else shown


def changed(text: str, values: str) -> str:
    """A configuration in which keys have other values; all else, comments too, stays."""
    for section, table in tomllib.loads(values).items():
        for key, value in table.items():
            found = re.search(rf"(?ms)^\[{section}\]\n(?:(?!^\[).)*?^(?P<line>{key} = [^\n]*)$", text)
            assert found is not None, f"there is no {section}.{key}"
            written = f"{key} = {json.dumps(value, ensure_ascii=False)}"
            text = text[: found.start("line")] + written + text[found.end("line") :]
    return text


def added(text: str, more: str) -> str:
    """An organisation whose departments and people have more lines, under the line that names each."""
    for table in re.split(r"(?m)^\[\[\w+\]\]\n", more)[1:]:
        name, _, lines = table.strip().partition("\n")
        assert text.count(f"\n{name}\n") == 1, name
        text = text.replace(f"\n{name}\n", f"\n{name}\n{lines}\n")
    return text
