"""The command line: its exit codes, what goes to which stream, and sentences instead of traces."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot import __version__, config, databases
from bot.cli import root
from storage.organisation import Department

HOUSE = Path(__file__).parents[2]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """
    Run commands in an empty folder, without the machine's own settings.
    """
    for name in list(os.environ):
        if name.startswith("GUKEBOT_") and ("__" in name or name == "GUKEBOT_CONFIG"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(root, list(words))


@pytest.fixture
def ready(run: Run) -> Run:
    """
    The same, with an installation of the sample company.
    """
    assert run("init", "--sample").exit_code == 0
    return run


def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    """Give every command below a group by the words that call it."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
    return found


def python(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program itself, as a person would."""
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment, check=False, text=True, capture_output=True
    )


@pytest.mark.parametrize("words", [(), *commands(root)], ids=" ".join)
def test_every_command_explains_itself(run: Run, words: tuple[str, ...]) -> None:
    """
    --help answers with an example, without configuration and without a database.
    """
    result = run(*words, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    assert "Example" in result.stdout or "Commands:" in result.stdout


def test_the_commands_people_rely_on_are_there() -> None:
    """
    Every command that the contract names exists.
    """
    wanted = "demo serve console init doctor rules why export import report backup restore outbox"
    deeper = {("config", "check"), ("db", "upgrade"), ("audit", "verify"), ("rules", "apply"), ("import", "complaints")}

    assert {(name,) for name in wanted.split()} | deeper <= set(commands(root))


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("report",),
        ("report", "--from", "2026-13", "--to", "2026-14"),
        ("report", "--from", "2026-10", "--to", "2026-01"),
        ("report", "--from", "2026-01", "--to", "2026-10", "--by", "colour"),
        ("report", "monthly", "--month", "October"),
        ("report", "yearly"),
        ("report", "yearly", "--year", "26"),
        ("console",),
        ("console", "--as", "a", "--channel", "b"),
        ("import", "organisation"),
        ("import", "organisation", "absent.toml"),
        ("import", "organisation", "--sample", "."),
        ("import", "complaints"),
        ("outbox", "replay"),
        ("outbox", "replay", "x"),
        ("export", "organisation"),
        ("rules", "apply", "absent.toml"),
        ("restore", "absent.db"),
        ("why",),
        ("demo",),
        ("init", "--language", "fr"),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_wrong_use_is_2_with_a_sentence(run: Run, words: tuple[str, ...]) -> None:
    """
    A word that is wrong is named, nothing goes to standard output, and there is no trace.
    """
    result = run(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("audit", "verify"),
        ("outbox", "dead"),
        ("report", "--from", "2026-01", "--to", "2026-10"),
        ("report", "monthly"),
        ("why", "TS-2026-0001"),
        ("rules",),
        ("backup",),
        ("export", "organisation", "--json"),
        ("import", "organisation", "--sample"),
    ],
    ids=" ".join,
)
def test_without_a_database_the_way_out_is_named(run: Run, words: tuple[str, ...]) -> None:
    """
    Before `gukebot init`, each command fails with 1 and a sentence, and makes no empty database.
    """
    result = run(*words)

    assert result.exit_code == 1
    assert "gukebot init" in result.stderr or "there is no database" in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(Path().rglob("*.db"))


def test_a_broken_configuration_stops_every_command(run: Run) -> None:
    """
    All its faults are told, none of its values, with exit code 1.
    """
    Path("gukebot.toml").write_text("[servr]\nport = 1\n[database]\npasswort = 'hunter2'\n")
    told = [run(*words) for words in (("serve",), ("audit", "verify"), ("doctor",), ("config", "check"))]

    assert {result.exit_code for result in told} == {1}
    assert all("server" in result.output and "passwort" in result.output for result in told)
    assert not any("hunter2" in result.output for result in told)


def test_an_error_of_ours_is_a_sentence(ready: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A bug costs a sentence, and the trace is there for who asks for it.
    """
    monkeypatch.setattr("storage.audit.verify", lambda _session: 1 / 0)
    result = ready("audit", "verify")

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
    made = ready("backup", "copy.db")
    kept = ready("restore", "copy.db", "--yes")

    assert made.stdout.strip().endswith("copy.db")
    assert ready("backup", "copy.db").exit_code == 1
    assert "--yes" in ready("restore", "copy.db").stderr
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
    assert "D9 4.1.2" in told.stdout
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

    assert (applied.stderr, again.stderr) == ("1 new versions.\n", "0 new versions.\n")
    assert (rules["complaint.K1"]["value"], rules["complaint.K1"]["approver"]) == ("24", "贺振山")
    assert ready("rules", "apply", "wrong.toml").exit_code == 1
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


def test_the_real_program(tmp_path: Path) -> None:
    """
    Started as a program: the version, 2 for wrong use, no colour codes, and no trace for a closed pipe.
    """
    version = python("--version", folder=tmp_path)
    wrong = python("nonsense", folder=tmp_path)
    piped = subprocess.Popen(
        [sys.executable, "-m", "bot", "config", "show", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert piped.stdout is not None
    piped.stdout.close()
    told = piped.communicate(timeout=30)[1]

    assert version.stdout == f"gukebot {__version__}\n"
    assert wrong.returncode == 2
    assert b"Traceback" not in told
    assert "\x1b" not in wrong.stderr + python("--help", folder=tmp_path).stdout


def test_the_version_is_the_projects() -> None:
    """
    The program says the version that is installed.
    """
    assert f'version = "{__version__}"' in (HOUSE / "pyproject.toml").read_text()


def test_the_version_is_quick(tmp_path: Path) -> None:
    """
    `gukebot --version` imports nothing it does not need.
    """
    needless = "import sys; from bot.cli import root; print(*[m for m in {names} if m in sys.modules])".format(
        names=("pydantic", "sqlalchemy", "matplotlib", "alembic", "starlette", "structlog", "babel")
    )
    loaded = subprocess.run(
        [sys.executable, "-c", needless], cwd=HOUSE, check=True, text=True, capture_output=True
    ).stdout
    spans = []
    for _ in range(5):
        start = time.perf_counter()
        python("--version", folder=tmp_path)
        spans.append(time.perf_counter() - start)

    assert loaded.strip() == ""
    assert statistics.median(spans) < 1.0
