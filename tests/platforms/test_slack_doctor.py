"""The doctor for Slack names each fault that was planted, with the next step; a sound installation is told so."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.config import load
from bot.databases import opened
from bot.slack.manifest import SCOPES
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.support.edge import Run
from tests.support.slack.emulator import Room
from tests.support.slack.stand import Stand, rooms

RIGHTS = tuple(scope.name for scope in SCOPES)


@pytest.fixture
def database(slack_stand: Stand, ready: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """
    The sample company at a workspace where everything is as it should be.
    """
    monkeypatch.setenv("GUKEBOT_SLACK__BOT_TOKEN", slack_stand.token)
    monkeypatch.setenv("GUKEBOT_SLACK__SIGNING_SECRET", "0123456789abcdef" * 2)
    monkeypatch.setenv("GUKEBOT_SLACK__API_BASE_URL", slack_stand.api)
    with opened(load(Path("gukebot.toml")), clock.now) as there:
        workspace(slack_stand, there)
        yield there


def workspace(stand: Stand, database: Database, channels: tuple[Room, ...] | None = None, without: str = "") -> None:
    """A fresh workspace with these channels and rights; the company knows its channels' ids."""
    stand.open(channels=channels, scopes=tuple(scope for scope in RIGHTS if scope != without))
    known = {room.name for room in channels or rooms()}

    def enter(uow: UnitOfWork) -> None:
        for each in uow.organisation.departments():
            each.channels = {"slack": stand.channel(each.channel_name)} if each.channel_name in known else {}

    database.do(enter)


def looked(run: Run) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Send for the doctor: the exit code, and what was found by name."""
    result = run("doctor", "slack", "--json")
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(result.stdout)["findings"]:
        found.setdefault(finding["name"], []).append(finding)
    return result.exit_code, found


def states(found: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The worst state of each name."""
    order = ("ok", "warning", "fault")
    return {name: max((each["state"] for each in them), key=order.index) for name, them in found.items()}


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The golden screens are looked at by one test; to play their story takes seconds."""
    monkeypatch.setattr("bot.golden.named", lambda _language: iter(()))


def test_a_sound_installation(database: Database, run: Run, slack_stand: Stand) -> None:
    """
    Every look is good, every golden screen was shown to Slack's own judge, and the file is gone again.
    """
    code, found = looked(run)
    names = ["signing secret", "token", "scopes", "workspace", "channels", "people", "files", "screens"]

    assert states(found) == dict.fromkeys(names, "ok")
    assert code == 0
    assert slack_stand.world.count("blocks.validate") >= 10
    assert slack_stand.world.count("files.delete") == 1
    assert slack_stand.token not in json.dumps(found)


Plant = Callable[[Stand, Database, pytest.MonkeyPatch], object]
FAULTS: dict[str, tuple[Plant, str, str, str]] = {
    "wrong token": (
        lambda _stand, _database, patch: patch.setenv("GUKEBOT_SLACK__BOT_TOKEN", "xoxb-wrong"),
        "token", "invalid_auth", "Bot User OAuth Token",
    ),
    "missing right": (
        lambda stand, database, _patch: workspace(stand, database, without="channels:history"),
        "scopes", "channels:history is missing", "gukebot slack manifest",
    ),
    "archived channel": (
        lambda stand, database, _patch: archive(stand, "品保部-客诉群"),
        "channels", "#品保部-客诉群 is archived", "unarchive it",
    ),
    "not a member": (
        lambda stand, database, _patch: workspace(
            stand, database, tuple(Room(each.name, joined=each.name != "销售部-客诉群") for each in rooms())
        ),
        "channels", "the bot is not in #销售部-客诉群", "/invite @",
    ),
    "token of another workspace": (
        lambda _stand, database, _patch: database.do(
            lambda uow: setattr(uow.organisation.person_by_name("程小满"), "slack_id", "U0ELSEWHERE")
        ),
        "workspace", "another workspace's", "of the right workspace",
    ),
    "a page instead of the file": (
        lambda stand, _database, _patch: stand.gate.http_error("download", 200),
        "files", "sign-in page", "files:read",
    ),
    "no Slack there": (
        lambda _stand, _database, patch: patch.setenv("GUKEBOT_SLACK__API_BASE_URL", "http://127.0.0.1:9/api/"),
        "token", "offline", "network",
    ),
}  # fmt: skip


def archive(stand: Stand, room: str) -> None:
    """Somebody archives a channel."""
    stand.emulator.get("conversations.archive", stand.members[0].token, channel=stand.channel(room))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_next_step(
    database: Database, run: Run, slack_stand: Stand, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """
    What is wrong is named, and what to do about it; the exit code is 1.
    """
    plant, name, found, fix = FAULTS[fault]
    quick(monkeypatch)
    plant(slack_stand, database, monkeypatch)
    code, findings = looked(run)
    faults = [each for each in findings[name] if each["state"] == "fault"]

    assert code == 1
    assert len(faults) == 1
    assert found in faults[0]["found"]
    assert fix in faults[0]["fix"]
    assert "xoxb-" not in faults[0]["found"]


def test_who_cannot_be_found_is_named(
    database: Database, run: Run, slack_stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Somebody whose e-mail address Slack does not know is told as a warning: everybody else is reached.
    """
    quick(monkeypatch)
    database.do(lambda uow: setattr(uow.organisation.person_by_name("程小满"), "email", "nobody@example.com"))
    code, found = looked(run)

    assert code == 0
    assert "程小满" in found["people"][0]["found"]
    assert "Copy member ID" in found["people"][0]["fix"]


def test_without_a_token_it_says_how_to_get_one(run: Run) -> None:
    """
    Slack that is not used is one finding with the first step.
    """
    run("init")
    code, found = looked(run)

    assert code == 1
    assert "gukebot slack manifest" in found["slack"][0]["fix"]
