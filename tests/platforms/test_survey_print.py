"""`gukebot survey print`: a page of paper to each who has not answered, and one sentence where there is none."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import clock
from bot.cli import root
from tests.support import edge
from tests.support.desk import ZONE

NUMBER = f"DC-{clock.now().astimezone(ZONE):%Y}-0001"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[edge.Run]:
    """
    An installation whose customers are asked, all of it at the console.
    """

    def say(person: str, *lines: str) -> None:
        said = iter((*lines, "退出"))
        patch.setattr("builtins.input", lambda _prompt: next(said))
        root.main(["console", "--as", person], standalone_mode=False)

    with pytest.MonkeyPatch.context() as patch:
        edge.without_settings(patch)
        patch.setenv("GUKEBOT_SERVER__PUBLIC_URL", "https://bot.example.com")
        patch.chdir(tmp_path_factory.mktemp("installation"))
        assert edge.run("init", "--sample").exit_code == 0
        say("程小满", "发问卷", "顾客满意度", "所有顾客", "提交")
        say("顾晓岚", f"批准计划 {NUMBER}", "a")
        say("程小满", f"发送问卷 {NUMBER}")
        yield edge.run


def test_each_who_has_not_answered_gets_a_page(opened: edge.Run) -> None:
    """
    One PDF with a page to each contact, the code drawn in it as squares; the number may be typed in small letters.
    """
    result = opened("survey", "print", NUMBER.lower(), "--out", "letters")
    content = Path(f"letters/{NUMBER}.pdf").read_bytes()

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"letters/{NUMBER}.pdf written, pages: 8\n"
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", content)) == 8
    assert max(map(squares, pages(content))) > 300
    assert len(content) < 300_000


def test_a_blank_one_is_for_anybody(opened: edge.Run) -> None:
    """
    One page without a name and without a code.
    """
    result = opened("survey", "print", NUMBER, "--out", "letters", "--blank")
    content = Path(f"letters/{NUMBER}-blank.pdf").read_bytes()

    assert result.stderr == f"letters/{NUMBER}-blank.pdf written, pages: 1\n"
    assert len(re.findall(rb"/Type /Page\b", content)) == 1
    assert max(map(squares, pages(content))) == 0


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("DC-2026-9999", "There is no case DC-2026-9999."),
        ("JZ-2026-0028", "JZ-2026-0028 is no survey that was sent."),
    ],
)
def test_what_cannot_be_printed_is_said(opened: edge.Run, number: str, sentence: str) -> None:
    """
    A sentence, exit code 1, and nothing is written.
    """
    result = opened("survey", "print", number, "--out", "none")

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not Path("none").exists()


def pages(content: bytes) -> list[bytes]:
    """What is drawn, page by page."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return found


def squares(drawn: bytes) -> int:
    """How many filled squares a page has."""
    return len(re.findall(rb" re f\b", drawn))
