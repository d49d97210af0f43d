"""``gukebot subject``: a person's data given out, held and erased at the command line."""

import json
from pathlib import Path

from tests.support import edge

NAME = "汪店长"


def test_a_contact_is_given_out_held_and_erased(ready: edge.Run, tmp_path: Path) -> None:
    """
    First what would be done, then done once, with a certificate for its owner's eyes alone; nothing of the name is left
    in the database's files, the trail is whole, and a second time there is nobody of that name.
    """
    given = ready("subject", "export", NAME, "--out", "contact.json")
    ready("subject", "hold", NAME, "--why", "诉讼")
    held = ready("subject", "erase", NAME, "--out", "gone.json", "--yes")
    ready("subject", "release", NAME)
    shown = ready("subject", "erase", NAME, "--out", "gone.json")
    not_there = Path("gone.json").exists()
    done = ready("subject", "erase", NAME, "--out", "gone.json", "--yes")
    again = ready("subject", "erase", NAME, "--out", "again.json", "--yes")
    certificate = json.loads(Path("gone.json").read_text("utf-8"))

    assert given.exit_code == 0
    assert json.loads(Path("contact.json").read_text("utf-8"))["about"]["name"] == NAME
    assert (held.exit_code, "is held for the law" in held.stderr) == (1, True)
    assert "contacts.name  1" in shown.stdout
    assert not not_there
    assert done.exit_code == 0, done.stderr
    assert certificate["pseudonym"] in done.stderr
    assert Path("gone.json").stat().st_mode & 0o077 == 0
    assert (again.exit_code, "nobody" in again.stderr) == (1, True)
    assert not Path("again.json").exists()
    assert ready("audit", "verify").exit_code == 0
    assert ready("subject", "wipe").exit_code == 0
    Path("contact.json").unlink()
    holding = [path for path in tmp_path.rglob("*") if path.is_file() and NAME.encode() in path.read_bytes()]
    assert holding == []


def test_a_file_that_is_there_is_not_overwritten(ready: edge.Run) -> None:
    """
    Neither an export nor a certificate takes the place of another; then nothing is erased.
    """
    Path("kept.json").write_text("mine")
    for words in (("export", NAME), ("erase", NAME, "--yes")):
        refused = ready("subject", *words, "--out", "kept.json")
        assert (refused.exit_code, "is there already" in refused.stderr) == (1, True)
    assert Path("kept.json").read_text() == "mine"
    assert "contacts.name  1" in ready("subject", "erase", NAME, "--out", "x.json").stdout
