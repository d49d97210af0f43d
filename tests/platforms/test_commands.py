"""The commands on an installation: what each gives, and that running it again does no harm."""

import json
from pathlib import Path

import pytest

from bot import config, databases
from bot.cli import root
from storage.organisation import Department
from tests.support.edge import Run


def test_an_error_of_ours_is_a_sentence(ready: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A bug costs a sentence with a code that can be traced; where it was raised is there for who asks for it.
    """
    monkeypatch.setattr("storage.audit.verify", lambda _session: 1 / 0)
    result = ready("audit", "verify")
    code = result.stderr.partition("ZeroDivisionError, ")[2][:6]

    assert "ZeroDivisionError at test_commands.py" in ready("trace", code).stdout
    assert ready("trace", "NOSUCH").exit_code == 1

    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.stderr
    assert "Traceback" not in result.stderr
    with pytest.raises(ZeroDivisionError):
        root.main(["--debug", "audit", "verify"], standalone_mode=False)


def test_init_can_be_run_again(ready: Run) -> None:
    """
    The second run changes neither the file nor the database.
    """
    Path("gukebot.toml").write_text(Path("gukebot.toml").read_text().replace("8080", "9000"))
    before = Path("gukebot.toml").read_text()
    again = ready("init", "--sample")

    assert again.exit_code == 0
    assert Path("gukebot.toml").read_text() == before
    assert "stays as it is" in again.stderr


def test_init_writes_what_it_was_told(run: Run) -> None:
    """
    The name stands in the file as it was given, quotes and all, and the file is its owner's.
    """
    assert run("init", "--name", '示例 "一厂"\\', "--language", "en").exit_code == 0
    shown = json.loads(run("config", "show", "--json").stdout)

    assert shown["company.name"] == {"value": '示例 "一厂"\\', "origin": "file"}
    assert shown["company.language"]["value"] == "en"
    assert Path("gukebot.toml").stat().st_mode & 0o077 == 0


def test_config_show_keeps_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Whatever is shown of the configuration, a password is not.
    """
    monkeypatch.setenv("GUKEBOT_DATABASE__URL", "postgresql://u:hunter2@h/db")

    assert "hunter2" not in run("config", "show").output + run("config", "show", "--json").output
    assert run("config", "check").exit_code == 0


def test_data_and_talk_are_apart(ready: Run) -> None:
    """
    What a program reads is on standard output alone, and is JSON where --json is said.
    """
    for words in (
        ("audit", "verify"),
        ("outbox", "dead"),
        ("doctor",),
        ("config", "check"),
        ("export", "organisation"),
    ):
        result = ready(*words, "--json")
        json.loads(result.stdout)
        assert result.exit_code == 0, result.output


def test_the_organisation_goes_out_and_in(ready: Run) -> None:
    """
    The sample company is loaded once, and asked again nothing differs.
    """
    again = ready("import", "organisation", "--sample", "--yes")
    people = json.loads(ready("export", "organisation", "--json").stdout)["people"]

    assert "Nothing differs" in again.stderr
    assert len(people) == 16


def test_an_import_is_first_a_dry_run(run: Run) -> None:
    """
    Without --yes the difference is shown, and nothing is changed.
    """
    run("init")
    shown = run("import", "organisation", "--sample")

    assert len(shown.stdout.splitlines()) > 40
    assert "Nothing was done" in shown.stderr
    assert not json.loads(run("export", "organisation", "--json").stdout).get("people")


def test_a_backup_comes_back(ready: Run) -> None:
    """
    A backup is one file; restoring it keeps what was there, and wants to be told --yes.
    """
    made = ready("backup", "copy.tar")
    kept = ready("restore", "copy.tar", "--yes")

    assert made.stdout.strip().endswith("copy.tar")
    assert ready("backup", "copy.tar").exit_code == 1
    assert "--yes" in ready("restore", "copy.tar").stderr
    assert kept.exit_code == 0, kept.output
    assert len(list(Path("data/backups").glob("*before-restore*"))) == 1
    assert ready("audit", "verify").exit_code == 0


def test_a_damaged_backup_is_refused(ready: Run) -> None:
    """
    A file that is not a whole database never takes the place of one.
    """
    Path("copy.db").write_bytes(Path("data/gukebot.db").read_bytes()[:-5000] + b"x" * 5000)
    before = ready("export", "organisation", "--json").stdout

    assert ready("restore", "copy.db", "--yes").exit_code == 1
    assert ready("export", "organisation", "--json").stdout == before


def test_reports_come_as_text_data_and_pictures(ready: Run) -> None:
    """
    Plain totals are a plain mapping; a month is a text, the data the contract names, and five pictures with --out.
    """
    totals = json.loads(ready("report", "--from", "2026-01", "--to", "2026-10", "--json").stdout)
    by_customer = json.loads(
        ready("report", "--from", "2026-01", "--to", "2026-10", "--by", "customer", "--json").stdout
    )
    month = json.loads(ready("report", "monthly", "--month", "2026-07", "--out", "charts", "--json").stdout)
    year = json.loads(ready("report", "yearly", "--year", "2026", "--json").stdout)

    assert sum(totals.values()) == sum(by_customer.values()) == 78
    assert totals["2026-07"] == month["total"] == 18
    assert {"month", "by_customer", "last_twelve", "recurring", "season", "anomalies", "charts"} <= set(month)
    assert len(month["charts"]) == 5
    assert all(Path(chart).read_bytes().startswith(b"\x89PNG") for chart in month["charts"])
    assert year["charts"] == []
    assert "18" in ready("report", "monthly", "--month", "2026-07").stdout


def test_why_explains_or_says_that_there_is_no_such_case(ready: Run) -> None:
    """
    A due time is explained with its clause; a number that was never given is a sentence.
    """
    told = ready("why", "TS-2026-0081")

    assert told.exit_code == 0
    assert "顾客管理程序 4.1.2" in told.stdout
    assert ready("why", "TS-2026-9999").exit_code == 1


def test_rules_are_shown_and_changed_by_appending(ready: Run) -> None:
    """
    A version with its five columns takes effect, a second run changes nothing, and an unknown key changes nothing.
    """
    table = '[complaint.K1]\nvalue = 24\n"版次" = "B/0"\n"原因" = "试用"\neffective_from = 2020-01-01\n'
    Path("rules.toml").write_text(table + '"编辑" = "丁雨禾"\n"批准" = "贺振山"\n')
    Path("wrong.toml").write_text(table.replace("K1", "K9"))
    applied, again = (ready("rules", "apply", "rules.toml") for _ in range(2))
    rules = {rule["key"]: rule for rule in json.loads(ready("rules", "--json").stdout)}

    assert (applied.stderr, again.stderr) == ("1 new version.\n", "0 new versions.\n")
    assert (rules["complaint.K1"]["value"], rules["complaint.K1"]["approver"]) == ("24", "贺振山")
    refused = ready("rules", "apply", "wrong.toml")
    assert refused.exit_code == 1
    assert "complaint.K9: no such rule; did you mean “complaint.KR”?" in refused.stderr
    assert "D9 4.1.2" in ready("rules").stdout


def test_the_console_knows_who_is_there(ready: Run) -> None:
    """
    A name that nobody has is answered with those there are.
    """
    nobody = ready("console", "--as", "谁")

    assert nobody.exit_code == 1
    assert "程小满" in nobody.stderr
    assert ready("console", "--channel", "QQ").exit_code == 1


def test_the_doctor_names_faults_with_their_next_step(ready: Run) -> None:
    """
    A healthy installation has no fault; a department without a lead is found, with what to do.
    """
    healthy = json.loads(ready("doctor", "--json").stdout)
    with databases.opened(config.load(Path("gukebot.toml"))) as database:
        database.do(lambda uow: uow.organisation.add(Department(code="ZZ", name="无人部")))
    sick = ready("doctor", "--json")
    lead = next(finding for finding in json.loads(sick.stdout)["findings"] if finding["name"] == "leads")

    assert healthy["ok"]
    assert sick.exit_code == 1
    assert "ZZ" in lead["found"]
    assert "gukebot import organisation" in lead["fix"]


def test_the_doctor_of_nothing(run: Run) -> None:
    """
    Before anything is there, the doctor says what to run, and leaves no trace of its visit.
    """
    result = run("doctor")

    assert result.exit_code == 1
    assert "gukebot init" in result.stdout
    assert not list(Path().iterdir())


def test_a_calendar_comes_in(ready: Run) -> None:
    """
    First what would differ, then with --yes the change; a file with a fault changes nothing and names its row.
    """
    Path("days.csv").write_text("日期,类型,说明\n2026-12-24,休息,盘点\n", encoding="gb18030")
    Path("bad.csv").write_text("day,kind\n2026-12-24,resst\n", encoding="utf-8")
    tried = ready("import", "calendar", "days.csv")
    done = json.loads(ready("import", "calendar", "days.csv", "--yes", "--json").stdout)
    again = ready("import", "calendar", "days.csv", "--yes")
    bad = ready("import", "calendar", "bad.csv", "--yes")

    assert "公司休息日(盘点)" in tried.stdout
    assert "say --yes" in tried.stderr
    assert (done["dry_run"], len(done["days"]), done["moved"]) == (False, 1, [])
    assert "Nothing differs" in again.stderr
    assert bad.exit_code == 1
    assert "row 2" in bad.stderr
