"""The story of domain C6, thread 2, as the demo plays it: from the customer's own limit to the end of the 8D."""

from pathlib import Path

from click.testing import CliRunner

from bot.cli.running import demo


def test_the_demo_takes_a_major_problem_through_its_8d(tmp_path: Path) -> None:
    """
    Played without a word that was not understood: number, limit, minutes, action, no breach, and the reports.
    """
    told = CliRunner().invoke(demo, ["--play", "--thread", "2", "--out", str(tmp_path)])

    assert told.exit_code == 0
    for stumble in ("没听懂", "没有正在填写的表单", "当前状态为", "此操作需", "没有找到"):
        assert stumble not in told.stdout, stumble
    for told_once in ("TS-2026-0083", "时限 24 小时,依据 TY-2026-0001", "【停线】", "请决定(纪要待确认)", "审计链 ok"):
        assert told_once in told.stdout, told_once
    assert "超期通知|TS-2026-0083" not in told.stdout
    assert sorted(path.name for path in tmp_path.glob("JZ-*")) == [
        f"JZ-2026-0033-{language}.{kind}" for language in ("en", "zh") for kind in ("html", "xlsx")
    ]
    page = (tmp_path / "JZ-2026-0033-zh.html").read_text("utf-8")
    assert "已关闭" in page
    assert all(f"D{number} " in page for number in range(1, 9))
    assert page.count("<img ") == 3
