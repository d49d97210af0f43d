"""The door of Slack: whatever is wrong behind it, an answer comes in time, and no word of anybody's is written down."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bot.slack import listening
from bot.slack.room import Room
from handlers import switchboard
from reports.trace import traces
from storage.drafts import DraftRow
from storage.inbox import InboxRow
from tests.support.desk import Desk
from tests.support.knocking import (
    JSON,
    Heard,
    Knock,
    command,
    furnished,
    interaction,
    known,
    line,
    put,
    signed,
    submission,
    tap,
)  # fmt: skip

WORDS = "只有顾客知道的话"


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The sample company, everybody with an account."""
    desk = Desk.furnished(sqlite_url, tmp_path)
    desk.do(known)
    yield desk
    desk.leave()


@pytest.fixture
def house(desk: Desk, tmp_path: Path) -> Iterator[tuple[Room, ASGIApp]]:
    """The web application with its door."""
    room, web = furnished(desk, tmp_path)
    yield room, web
    room.workspace.afters.settle()
    room.stop()


@pytest.fixture
def user(desk: Desk) -> str:
    """A sales rep."""
    return f"U{desk.person_id('程小满'):09}"


@contextmanager
def busy(desk: Desk) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.database.begin():
            begun.set()
            end.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(10)
    yield
    end.set()
    holder.join()


def one(web: ASGIApp, knock: Knock) -> Heard:
    """One request."""
    return put(web, [knock])[0]


def inbox(desk: Desk) -> int:
    """How many events were dealt with."""
    return desk.do(lambda uow: uow.session.query(InboxRow).count())


def test_what_takes_too_long_is_asked_for_again(desk: Desk, house: tuple[Room, ASGIApp], user: str) -> None:
    """
    A commit that is not there in time is a 503; the work goes on, and the next delivery gets its answer.
    """
    room, web = house
    assert room.door is not None
    room.door._hurry.seconds = 0.3
    knock = line(1, user, "草稿")
    with busy(desk):
        assert one(web, knock).status == 503
    room.door._hurry.seconds = 10.0
    assert one(web, knock).status == 200
    assert inbox(desk) == 1


def test_whatever_goes_wrong_has_a_number(
    desk: Desk,
    house: tuple[Room, ASGIApp],
    user: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    An error behind the door: an event is delivered again, a person gets a number that the log has, a form stays.

    By the number it can be traced.
    """
    room, web = house

    def broken(*_any: object) -> None:
        raise ValueError(WORDS)

    monkeypatch.setattr(switchboard, "receive", broken)
    assert one(web, line(1, user, WORDS)).status == 503
    whispered = json.loads(one(web, command(2, user, WORDS)).body)
    kept = json.loads(one(web, submission(3, user, "x", {"description": ("value", WORDS)})).body)
    assert one(web, tap(4, user, "mine|")).status == 200
    assert one(web, interaction("view_closed", 5, user, view={"id": "V1", "callback_id": "form"})).status == 200
    asked = interaction("block_suggestion", 6, user, action_id="v", block_id="customer", value="", view={"id": "V1"})
    assert json.loads(one(web, asked).body) == {"options": []}
    log = "".join(capfd.readouterr())
    assert kept["response_action"] == "errors"
    for text in (whispered["text"], kept["errors"]["description"]):
        assert "系统出错了" in text
        assert text.partition("编号 ")[2][:6] in log
    assert "ValueError" in log
    assert WORDS not in log
    room.workspace.afters.settle()
    with desk.database.reading() as session:
        found = traces(session, whispered["text"].partition("编号 ")[2][:6])[0]
    assert "ValueError at test_slack_door.py" in found.steps[0].what


def test_somebody_of_another_workspace_is_nobody(house: tuple[Room, ASGIApp], desk: Desk, user: str) -> None:
    """
    An account of another workspace is nobody here, even one that bears a colleague's id: nothing is begun for it.
    """
    _, web = house
    begun = interaction("shortcut", 1, user, team={"id": "T0OTHER"}, callback_id="complaint.new", action_ts="1.1")
    assert one(web, begun).status == 200
    assert desk.do(lambda uow: uow.session.query(DraftRow).count()) == 0


def test_what_nobody_asked_for_is_taken_and_left(house: tuple[Room, ASGIApp], desk: Desk, user: str) -> None:
    """
    Edits, deletions, joins, other bots and links that were followed are answered, and nothing is done about them.
    """
    _, web = house
    events = [
        {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"subtype": "channel_join"}, {"bot_id": "B1"},
        {"subtype": "bot_message"}, {"channel_type": "channel"}, {"type": "reaction_added"}, {"type": "tokens_revoked"},
    ]  # fmt: skip
    knocks = []
    for number, more in enumerate(events):
        knock = line(number, user, "我的事项")
        body = json.loads(knock.body)
        body["event"].update(more)
        knocks.append(signed(json.dumps(body, ensure_ascii=False).encode(), JSON))
    link = {"type": "button", "action_id": "open", "block_id": "b", "action_ts": "1.1", "url": "https://example.com"}
    knocks.append(interaction("block_actions", 99, user, channel={"id": "D1"}, actions=[link]))
    assert [each.status for each in put(web, knocks)] == [200] * len(knocks)
    assert inbox(desk) == 0


def test_bolt_writes_nothing_down() -> None:
    """
    Bolt's own log tells whole requests: it is silent.
    """
    assert not listening._silent().isEnabledFor(50)
