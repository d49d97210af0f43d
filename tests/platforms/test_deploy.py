"""What a machine needs to run the bot: units that systemd accepts, alerts that can fire, and what to do about each."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from bot import clock
from bot.app import build
from bot.cli import root
from bot.settings import Settings
from handlers import auditing
from storage.database import Database
from tests.platforms.test_cli import commands

DOCS = Path(__file__).parents[2] / "docs"
ALERT = re.compile(
    r"- alert: (?P<name>\w+)\n\s+expr: '(?P<expr>[^\n]+)'\n\s+for: \d+m\n\s+labels: [^\n]+\n\s+annotations:\n"
    r"\s+summary: \"[^\n]+ · [^\n]*[一-龥][^\n]*\"\n\s+runbook_url: runbooks\.md#(?P<anchor>\w+)\n"
)
METRIC = re.compile(r"\b(gukebot_\w+|up)\b")
EXPOSED = "2.0"


def exposition(url: str, folder: Path) -> str:
    """What /metrics of a bot says that has ticked and delivered once."""
    database = Database(url, clock.now, attachments=folder)
    app = build(
        Settings.model_validate({"data": {"directory": folder}, "database": {"url": url}}), database, clock.now, []
    )
    app.metrics.part_seconds.labels("x").observe(1)
    app.metrics.part_failures.labels("x").inc()
    app.metrics.deliveries.labels("console").inc()
    auditing.tick(database, app.company, folder)
    text = app.metrics.exposition().decode()
    database.dispose()
    return text


def test_every_alert_can_fire_and_has_its_paragraph(sqlite_url: str, tmp_path: Path) -> None:
    """
    Each names a metric that is there, says in two languages what is wrong, and leads to what to do about it.
    """
    rules, runbooks = (DOCS / "deploy/alerts.yml").read_text(), (DOCS / "runbooks.md").read_text()
    alerts = list(ALERT.finditer(rules))
    there = {line.partition("{")[0].partition(" ")[0] for line in exposition(sqlite_url, tmp_path).splitlines()} | {
        "up"
    }
    headings = re.findall(r"^## (\w+)$", runbooks, re.MULTILINE)

    assert len(alerts) == rules.count("- alert:") >= 10
    assert [alert["name"] for alert in alerts] == headings
    assert all(alert["anchor"] == alert["name"].lower() for alert in alerts)
    assert not [
        (alert["name"], name) for alert in alerts for name in METRIC.findall(alert["expr"]) if name not in there
    ]


def test_the_runbooks_name_commands_that_there_are() -> None:
    """
    Whoever is woken at night types what stands there, and it works.
    """
    known = {" ".join(words) for words in commands(root)}
    text = "".join(path.read_text() for path in (DOCS / "runbooks.md", *(DOCS / "deploy").iterdir()))
    said = set(re.findall(r"\bgukebot ([a-z]+(?: [a-z]+)?)", "\n".join(re.findall(r"`(gukebot [^`]+)`", text))))

    assert said
    assert not [words for words in said if words not in known and words.partition(" ")[0] not in known]


@pytest.mark.parametrize("unit", ["gukebot.service", "gukebot-watch.service"])
def test_systemd_accepts_the_units(unit: str, tmp_path: Path) -> None:
    """
    No word of it is unknown to systemd, its commands exist, and little of the machine is open to it.
    """
    text = (DOCS / "deploy" / unit).read_text()
    words = re.search(r"^ExecStart=/opt/gukebot/bin/gukebot (.+)$", text, re.MULTILINE)
    assert words is not None
    name = next(word for word in words[1].split() if word in root.list_commands(click.Context(root)))
    command = root.get_command(click.Context(root), name)
    options = {option for each in (command, root) if each is not None for p in each.params for option in p.opts}
    assert {word for word in words[1].split() if word.startswith("--")} <= options
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not on this machine")
    placed = tmp_path / unit
    placed.write_text(text.replace("/opt/gukebot/bin/gukebot", "/bin/true"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", placed], check=False, text=True, capture_output=True
    )
    graded = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", placed],
        check=False,
        text=True,
        capture_output=True,
    ).stdout
    exposed = re.search(r"Overall exposure level for \S+: ([0-9.]+)", graded)

    assert unit not in verified.stderr, verified.stderr
    assert exposed is None or float(exposed[1]) <= float(EXPOSED), graded
    assert "Type=notify" in text or unit != "gukebot.service"


def test_the_container_runs_as_nobody_special() -> None:
    """
    Not root, one volume, ready by the same question as everywhere, and what is installed is what is locked.
    """
    lines = (DOCS / "deploy/Containerfile").read_text().splitlines()

    assert "USER 10001" in lines
    assert [line for line in lines if line.startswith("VOLUME")] == ["VOLUME /data"]
    assert any("--require-hashes" in line for line in lines)
    assert any('"watch", "--once"' in line for line in lines)
    assert not [line for line in lines if line.startswith("FROM") and "/" in line]
