"""gukebot init: a few questions or an answer file, a configuration that is whole, and no harm when it is run again."""

import os
import select
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from bot import config
from tests.support.doctoring import KEY
from tests.support.edge import Run

HOUSE = Path(__file__).parents[2]
BOTH = ("--name", "示例公司", "--platforms", "slack+wecom", "--public-url", "https://bot.example.com",
        "--corp-id", "ww1", "--agent-id", "1000002")  # fmt: skip
FILES = {"slack-bot-token": "xoxb-hunter2", "slack-signing-secret": "hunter2", "wecom-secret": "hunter2",
         "wecom-token": "hunter2", "wecom-aes-key": KEY}  # fmt: skip


def fill_in() -> None:
    """Somebody puts the secrets into their files."""
    for name, secret in FILES.items():
        (Path("secrets") / name).write_text(secret + "\n")


def written() -> dict[str, dict[str, object]]:
    """The configuration as it stands there."""
    return tomllib.loads(Path("gukebot.toml").read_text(encoding="utf-8"))


def test_both_platforms_without_an_editor(run: Run) -> None:
    """
    One command; only the secrets are left to put into files that are there for them, each named until it is filled.
    """
    made = run("init", *BOTH)
    waiting = run("config", "check")
    looked = run("doctor", "--offline", "--json")
    records = run("outbox", "list")
    served = run("serve")
    fill_in()

    assert made.exit_code == 0, made.output
    assert {path.name for path in Path("secrets").iterdir()} == set(FILES)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (*Path("secrets").iterdir(), Path("gukebot.toml")))
    assert "https://bot.example.com/wecom/callback" in made.stderr
    assert "https://bot.example.com/slack/events" in Path("slack-manifest.yaml").read_text()
    assert (waiting.exit_code, served.exit_code) == (1, 1)
    assert waiting.stdout.count("this file is empty: put the") == len(FILES)
    assert records.exit_code == 0, "work with the records needs no platform"
    assert looked.stdout.count("this file is empty") == len(FILES)
    assert "no department yet" in looked.stdout
    assert run("config", "check").exit_code == 0
    settings = config.load(Path("gukebot.toml"))
    assert (settings.slack.mode, settings.wecom.agent_id, settings.company.name) == ("http", 1000002, "示例公司")
    assert settings.wecom.used
    assert settings.slack.used


def test_run_again_it_changes_nothing(run: Run) -> None:
    """
    The same answers: every file byte for byte as it was. A person's own changes stay.
    """
    run("init", *BOTH)
    fill_in()
    Path("gukebot.toml").write_text(Path("gukebot.toml").read_text().replace("port = 8080", "port = 9000"))
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file() and "data" not in path.parts}
    again = run("init", *BOTH)

    assert again.exit_code == 0, again.output
    assert "stays as it is" in again.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_another_answer_is_shown_first(run: Run) -> None:
    """
    The difference alone, with --yes the change; what was there is kept; no secret is shown.
    """
    run("init", "--name", "旧名")
    bare = [line for line in Path("gukebot.toml").read_text().splitlines() if not line.startswith("#")]
    text = "\n".join(bare).replace('link_key = ""', f'link_key = "{"hunter2" * 6}"') + "\n"
    Path("gukebot.toml").write_text(text)
    shown = run("init", "--name", "新名", "--public-url", "https://bot.example.com")
    untouched = Path("gukebot.toml").read_text() == text
    done = run("init", "--name", "新名", "--public-url", "https://bot.example.com", "--yes")

    assert '-name = "旧名"' in shown.stdout
    assert '+name = "新名"' in shown.stdout
    assert " link_key = ***" in shown.stdout
    assert "--yes" in shown.stderr
    assert untouched
    assert done.exit_code == 0
    assert written()["company"]["name"] == "新名"
    assert Path("gukebot.toml.bak").read_text() == text
    assert Path("gukebot.toml.bak").stat().st_mode & 0o077 == 0
    assert "hunter2" not in shown.output + done.output


def test_a_platform_comes_later(run: Run) -> None:
    """
    An installation without a platform gets one by the same command; without a public address Slack is dialled out to.
    """
    run("init")
    done = run("init", "--platforms", "slack", "--yes")

    assert done.exit_code == 0, done.output
    assert written()["slack"]["mode"] == "socket"
    assert {path.name for path in Path("secrets").iterdir()} == {"slack-bot-token", "slack-app-token"}
    assert "socket_mode_enabled: true" in Path("slack-manifest.yaml").read_text()


def test_answers_from_a_file(run: Run) -> None:
    """
    The same answers as TOML; a key that nobody knows is named with the nearest, and nothing is written.
    """
    Path("answers.toml").write_text('name = "示例公司"\nlanguage = "en"\nplatforms = "none"\n')
    Path("wrong.toml").write_text('nmae = "示例公司"\n')
    wrong = run("init", "--answers", "wrong.toml")
    nothing = not Path("gukebot.toml").exists()
    right = run("init", "--answers", "answers.toml")

    assert wrong.exit_code == 1
    assert "did you mean name?" in wrong.stderr
    assert nothing
    assert right.exit_code == 0
    assert {"name": "示例公司", "language": "en"}.items() <= written()["company"].items()


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (("--public-url", "http://bot.example.com"), "https://bot.example.com"),
        (("--platforms", "slak"), "known: slack, wecom, none"),
        (("--platforms", "wecom", "--corp-id", "ww1"), "--agent-id"),
        (("--agent-id", "x"), "write a whole number"),
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_is_refused(run: Run, words: tuple[str, ...], way_out: str) -> None:
    """
    It is said what is wrong with it, and nothing is written.
    """
    refused = run("init", *words)

    assert refused.exit_code == 2
    assert way_out in refused.stderr
    assert not list(Path().iterdir())


def test_seven_questions_at_most_at_a_terminal(tmp_path: Path) -> None:
    """
    A person with both platforms is asked seven things, a wrong answer again, no secret at all.
    """
    master, slave = os.openpty()
    environment = {**os.environ, "PYTHONPATH": str(HOUSE), "LANG": "C.UTF-8", "GUKEBOT_CONFIG": ""}
    child = subprocess.Popen(
        [sys.executable, "-m", "bot", "init"], cwd=tmp_path, env=environment, stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    given = ["示例公司", "zh", "slack+wecom", "bot.example.com", "https://bot.example.com", "ww1", "1000002", "secrets"]
    said, asked = "", 0
    until = time.monotonic() + 30
    while time.monotonic() < until and (child.poll() is None or select.select([master], [], [], 0)[0]):
        try:
            said += os.read(master, 4096).decode(errors="replace")
        except OSError:  # the other end is closed
            break
        if said.count("]: ") + said.count("empty: none): ") > asked and given:
            asked += 1
            os.write(master, given.pop(0).encode() + b"\n")
    code = child.wait(30)
    os.close(master)

    assert code == 0, said
    assert asked == 8, said
    assert not given
    assert "https://bot.example.com" in said
    assert (tmp_path / "secrets" / "wecom-aes-key").exists()
