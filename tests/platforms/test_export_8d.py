"""`gukebot export 8d` and `procedures --chart`: what they write, and one sentence for what they cannot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import root
from tests.support import edge

NUMBER = "JZ-2026-0033"
LINES = (
    "报投诉", "凌岳", "前下控制臂总成", "产品质量", "有停线风险", "跳过", "孔位偏移,装不上", "11–100只", "刚刚",
    "提交并转品保", "接收 TS-2026-0082", "重大", "装配线(0公里)", "CC02", "开纠正措施 TS-2026-0082", "生产部",
    "防止孔位偏移再发", "12-18",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[edge.Run]:
    """
    An installation in which an 8D was opened, at the console.
    """
    said = iter((*LINES, "退出"))
    with pytest.MonkeyPatch.context() as patch:
        edge.without_settings(patch)
        patch.chdir(tmp_path_factory.mktemp("installation"))
        patch.setattr("builtins.input", lambda _prompt: next(said))
        assert edge.run("init", "--sample").exit_code == 0
        root.main(["console", "--as", "梁可欣"], standalone_mode=False)
        yield edge.run


@pytest.mark.parametrize(("name", "begins"), [("a.xlsx", b"PK"), ("a.XLSX", b"PK"), ("a.html", b"<!doctype html>")])
def test_the_report_is_written(opened: edge.Run, name: str, begins: bytes) -> None:
    """
    As a workbook or a page, by the ending of the file; the number may be typed in small letters.
    """
    result = opened("export", "8d", NUMBER.lower(), "--out", name)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"{name} written\n")
    assert Path(name).read_bytes().startswith(begins)


def test_the_report_speaks_the_language_asked_for(opened: edge.Run) -> None:
    """
    Without --language it is the customer's.
    """
    opened("export", "8d", NUMBER, "--out", "zh.html")
    opened("export", "8d", NUMBER, "--out", "en.html", "--language", "en")

    assert "D4 根本原因" in Path("zh.html").read_text(encoding="utf-8")
    assert "D4 root cause" in Path("en.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("JZ-2026-9999", "--out", "bad.xlsx"), 1, "There is no case JZ-2026-9999."),
        (("TS-2026-0082", "--out", "bad.xlsx"), 1, "TS-2026-0082 has no corrective action report."),
        (("JZ-2026-0028", "--out", "bad.xlsx"), 1, "JZ-2026-0028 has no corrective action report."),
        ((NUMBER, "--out", "nowhere/a.xlsx"), 1, "nowhere/a.xlsx: No such file or directory."),
        ((NUMBER, "--out", "data"), 2, "'data' is a directory"),
        ((NUMBER, "--out", "a.pdf"), 2, "--out ends with .xlsx or .html."),
        ((NUMBER,), 2, "Missing option '--out'"),
        ((NUMBER, "--out", "bad.xlsx", "--language", "fr"), 2, "'fr' is not one of 'zh', 'en'"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said(opened: edge.Run, words: tuple[str, ...], code: int, sentence: str) -> None:
    """
    An unknown number, a case without such a report, a place that cannot be written: a sentence, and no file.
    """
    result = opened("export", "8d", *words)

    assert result.exit_code == code
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert not Path("bad.xlsx").exists()


def test_a_chart_that_cannot_be_written_is_said(run: edge.Run) -> None:
    """
    The place is named, in a sentence.
    """
    result = run("procedures", "--chart", "task", "--out", "nowhere/a.png")

    assert (result.exit_code, result.stderr) == (1, "Error: nowhere/a.png: No such file or directory.\n")
