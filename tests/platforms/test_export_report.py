"""`gukebot export report`: a survey's report as PDF, workbook or page, and one sentence for what cannot be written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import root
from bot.clock import now
from bot.demo.stage import ZONE
from tests.support import edge

LINES = ("发问卷", "顾客满意度", "所有顾客", "提交", "退出")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    An installation in which a survey was planned, at the console; its number.
    """
    said = iter(LINES)
    with pytest.MonkeyPatch.context() as patch:
        edge.without_settings(patch)
        patch.chdir(tmp_path_factory.mktemp("installation"))
        patch.setattr("builtins.input", lambda _prompt: next(said))
        assert edge.run("init", "--sample").exit_code == 0
        root.main(["console", "--as", "程小满"], standalone_mode=False)
        yield f"DC-{now().astimezone(ZONE).year}-0001"


@pytest.mark.parametrize(
    ("words", "name", "begins"),
    [
        ((), "a.pdf", b"%PDF"),
        ((), "a.XLSX", b"PK"),
        (("--language", "en"), "a.html", b"<!doctype html>"),
        (("--format", "pdf"), "report", b"%PDF"),
    ],
)
def test_the_report_is_written(planned: str, words: tuple[str, ...], name: str, begins: bytes) -> None:
    """
    By the ending of the file or as --format says, for a survey that is only planned too.
    """
    result = edge.run("export", "report", planned.lower(), "--out", name, *words)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"{name} written\n")
    assert Path(name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("number", "name", "code", "sentence"),
    [
        ("DC-2020-9999", "bad.pdf", 1, "There is no case DC-2020-9999."),
        ("JZ-2026-0028", "bad.pdf", 1, "JZ-2026-0028 has no report of a survey."),
        ("DC-2020-0001", "bad.doc", 2, "--out ends with .pdf, .xlsx or .html, or --format says which it is."),
    ],
)
def test_what_cannot_be_written_is_said(planned: str, number: str, name: str, code: int, sentence: str) -> None:
    """
    An unknown number, a case that is no survey, a file of another kind: a sentence, and no file.
    """
    result = edge.run("export", "report", number, "--out", name)

    assert result.exit_code == code
    assert sentence in result.stderr
    assert not Path(name).exists()
