"""`gukebot import indicators`: a spreadsheet of monthly indicators, as an administrator takes it in."""

import json
from pathlib import Path

from tests.support import edge

GOOD = "客户,月份,来源,交付数量,不良数量,PPM\n瀚途,2025-10,我司,20000,6,\n瀚途,2025-10,顾客,,,900\n"
BAD = "没有这家,2025-10,我司,1,0,\n"


def test_a_trial_then_in_earnest_then_nothing_new(ready: edge.Run) -> None:
    """
    A dry run says what would be done; then it is done, and the count that is far apart is to be settled; then nothing.
    """
    Path("a.csv").write_text(GOOD, encoding="gb18030")
    tried = ready("import", "indicators", "a.csv", "--dry-run")
    done = ready("import", "indicators", "a.csv", "--json")
    again = ready("import", "indicators", "a.csv")
    found = json.loads(done.stdout)

    assert tried.stdout == "2 months would be taken in, 0 replaced, 0 known already, 0 rejected\n"
    assert (found["taken"], found["replaced"], found["rejected"]) == (2, 0, [])
    assert [number[:3] for number in found["tasks"]] == ["RW-"]
    assert again.stdout == "0 months taken in, 0 replaced, 2 known already, 0 rejected\n"


def test_what_is_wrong_comes_back(ready: edge.Run) -> None:
    """
    Exit code 1, the reason on standard error, and a file beside it that can be mended.
    """
    Path("a.csv").write_text(GOOD + BAD, encoding="utf-8-sig")
    result = ready("import", "indicators", "a.csv")

    assert result.exit_code == 1
    assert "1 rejected" in result.stdout
    assert "没有客户“没有这家”" in result.stderr
    assert "没有这家" in Path("a.rejected.csv").read_text("utf-8-sig")


def test_no_table_at_all(ready: edge.Run) -> None:
    """
    A file that is neither a spreadsheet nor a workbook is refused with a sentence.
    """
    Path("b.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    result = ready("import", "indicators", "b.xlsx")

    assert result.exit_code == 1
    assert "not an XLSX workbook" in result.stderr
