"""The way out to Slack when things go wrong: nothing is lost, nothing comes twice, and somebody hears it."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient
from structlog.testing import capture_logs

from bot.app import build
from bot.slack.calls import MEANS, OF_ERROR
from bot.slack.gateway import SlackGateway
from conversations.words import people
from notifications.notices import Notice
from storage.outbox_rows import Message, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.support.slack.desk import SlackDesk
from tests.support.slack.stand import Stand
from tests.support.workplace import settings

LEAD, DEPUTY, SELLER, ADMIN = "沈知衡", "梁可欣", "程小满", "丁雨禾"
PB = "channel:PB"


@pytest.fixture
def desk(slack_stand: Stand, sqlite_url: str, tmp_path: Path) -> Iterator[SlackDesk]:
    """The sample company before a Slack of its own; nothing has been told yet."""
    moving_in = SlackDesk.open(sqlite_url, tmp_path)
    moving_in.people()
    moving_in.leave()
    desk = SlackDesk.at(slack_stand, sqlite_url, tmp_path)
    yield desk
    desk.leave()


def tell(desk: SlackDesk, to: str, *texts: str) -> None:
    """Queue notices to an address; each text is its key too."""
    address = to if ":" in to else f"person:{desk.person_id(to)}"

    def queue(uow: UnitOfWork) -> None:
        for text in texts:
            payload = Notice("step", people(text)).payload()
            uow.outbox.add(Message(key=text, platform="slack", address=address, topic="digest", payload=payload))

    desk.do(queue)


def heard(desk: SlackDesk, where: str) -> list[str]:
    """What was said in a channel or in somebody's conversation."""
    return desk.words(desk.channel(where.partition(":")[2]) if ":" in where else desk.dm(where))


def states(desk: SlackDesk) -> dict[str, str]:
    """Where every message stands, by its key."""

    def looked(uow: UnitOfWork) -> dict[str, str]:
        return {row.key: row.state for row in uow.session.query(OutboxRow).all()}

    return desk.do(looked)


@pytest.mark.parametrize("place", [PB, SELLER])
def test_an_answer_that_is_lost_is_looked_up_and_nothing_comes_twice(desk: SlackDesk, place: str) -> None:
    """Slack took it and the line went dead: it is found by the key it carries, and not sent again."""
    desk.stand.gate.lose_reply("chat.postMessage")
    tell(desk, place, "一")
    desk.deliver()

    assert heard(desk, place) == ["一"]
    assert states(desk) == {"一": "sent"}
    assert desk.stand.world.count("chat.postMessage") == 1


def test_what_never_arrived_is_sent_again(desk: SlackDesk) -> None:
    """The line goes dead before Slack has it, or Slack is in trouble: it is looked for, not found, and sent once."""
    desk.stand.gate.drop("chat.postMessage")
    tell(desk, PB, "一")
    desk.deliver()
    desk.stand.gate.http_error("chat.postMessage", 503)
    tell(desk, PB, "二")
    desk.deliver()

    assert heard(desk, PB) == ["一", "二"]


def test_slack_has_its_pace_and_other_places_do_not_wait_for_it(desk: SlackDesk) -> None:
    """One message a second and channel, so that Slack never has to ask for time."""
    tell(desk, PB, "一", "二", "三")
    tell(desk, SELLER, "四")
    desk.deliver()
    stamps = [float(each["ts"]) for each in desk.channel("PB")]

    assert heard(desk, PB) == ["一", "二", "三"]
    assert all(later - earlier >= 0.9 for earlier, later in itertools.pairwise(stamps))
    assert heard(desk, SELLER) == ["四"]
    assert not [call for call in desk.stand.gate.calls if call.http == 429]


def test_when_slack_asks_for_time_the_whole_place_waits_and_no_other(desk: SlackDesk) -> None:
    """429 with Retry-After: nothing else is tried there before, and everything arrives after."""
    begun, room = desk.clock(), desk.channel_of("PB")
    desk.stand.gate.limit("chat.postMessage", retry_after=30, only=lambda args: args["channel"] == room)
    tell(desk, PB, "一", "二")
    tell(desk, SELLER, "三")
    desk.deliver()
    calls = [call for call in desk.stand.gate.calls if call.method == "chat.postMessage"]
    there = [call.at - begun for call in calls if call.args["channel"] == room]
    elsewhere = [call.at - begun for call in calls if call.args["channel"] != room]

    assert sorted(heard(desk, PB)) == ["一", "二"]
    assert len(there) == 3
    assert there[1] >= timedelta(seconds=30)
    assert elsewhere[0] < timedelta(seconds=5)


@pytest.mark.parametrize("error", ["is_archived", "channel_not_found", "restricted_action"])
def test_a_channel_that_is_gone_is_heard_by_its_lead(desk: SlackDesk, error: str) -> None:
    """The lead hears in person, once, and reads for whom it was."""
    room = desk.channel_of("PB")
    desk.stand.gate.fail("chat.postMessage", error, only=lambda args: args["channel"] == room)
    tell(desk, PB, "一")
    desk.deliver()

    assert heard(desk, LEAD) == ["一\n原应发给品保部群,无法送达,转发给您。"]


def test_who_has_left_is_stood_in_for_by_the_deputy_and_then_by_the_administrators(desk: SlackDesk) -> None:
    """The lead's account is closed: the deputy hears it; where the deputy's is closed too, the administrator."""
    lead, deputy = desk.stand.user(LEAD), desk.stand.user(DEPUTY)
    desk.stand.gate.fail("conversations.open", "user_disabled", times=99, only=lambda args: args["users"] == lead)
    tell(desk, LEAD, "一")
    desk.deliver()
    first = heard(desk, DEPUTY)
    desk.stand.gate.fail(
        "chat.postMessage", "user_not_found", only=lambda args: args["channel"] == desk.stand.dm(DEPUTY)
    )
    tell(desk, LEAD, "二")
    desk.deliver()

    assert deputy
    assert first == [f"一\n原应发给{LEAD},无法送达,转发给您。"]
    assert heard(desk, ADMIN) == [f"二\n原应发给{LEAD},无法送达,转发给您。"]


def test_nobody_of_that_address_is_somebody_else_hearing_it(desk: SlackDesk) -> None:
    """An e-mail address that Slack does not know: the deputy hears it."""
    desk.stand.gate.fail("users.lookupByEmail", "users_not_found")
    tell(desk, LEAD, "一")
    desk.deliver()

    assert heard(desk, DEPUTY) == [f"一\n原应发给{LEAD},无法送达,转发给您。"]


def test_who_is_found_by_e_mail_is_known_from_then_on(desk: SlackDesk) -> None:
    """The address is looked up once; the account is the person's from then on."""
    tell(desk, SELLER, "一", "二")
    desk.deliver()

    assert heard(desk, SELLER) == ["一", "二"]
    assert desk.stand.world.count("users.lookupByEmail") == 1
    known = desk.do(lambda uow: uow.organisation.person_by_platform("slack", desk.stand.user(SELLER)))
    assert known is not None
    assert known.name == SELLER


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long"])
def test_blocks_that_slack_refuses_are_told_as_plain_text(desk: SlackDesk, error: str) -> None:
    """It is told, if plainly."""
    desk.stand.gate.fail("chat.postMessage", error)
    tell(desk, PB, "一 <!channel> http://evil.example")
    desk.deliver()
    [message] = desk.channel("PB")

    assert not message.get("blocks")
    assert "一" in message["text"]
    assert states(desk) == {"一 <!channel> http://evil.example": "sent"}


def test_a_public_channel_is_entered_before_somebody_else_hears_it(desk: SlackDesk) -> None:
    """The bot was put out of the channel: it enters again and says it."""
    desk.stand.gate.fail("chat.postMessage", "not_in_channel")
    tell(desk, PB, "一")
    desk.deliver()

    assert desk.stand.world.count("conversations.join") == 1
    assert heard(desk, PB) == ["一"]


def test_a_token_that_was_revoked_keeps_everything_waiting(desk: SlackDesk, tmp_path: Path) -> None:
    """Little is tried in vain, nothing is lost, /readyz says why, the log says it once; mended, everything arrives."""
    desk.stand.gate.fail("chat.postMessage", "token_revoked", times=99)
    web = WebClient(token=desk.stand.token, base_url=desk.stand.api, retry_handlers=[])
    gateway = SlackGateway(web, desk.database, desk.company)
    desk.posts[0] = type(desk.posts[0])(desk.database, gateway, desk.company.words)
    app = build(settings(desk.stand, tmp_path), desk.database, desk.clock, [gateway])
    tell(desk, PB, *"一二三四五")
    with capture_logs() as logged:
        desk.deliver()
    check = next(each for each in app.checks() if each.name == "slack")
    tried, waiting = desk.stand.world.count("chat.postMessage"), set(states(desk).values())
    desk.stand.gate.mend()
    desk.clock.set(desk.clock() + timedelta(minutes=5))
    desk.deliver()

    assert (check.ok, check.found) == (False, "Slack refuses the bot: token_revoked")
    assert waiting == {"pending"}
    assert tried <= 3
    assert sorted(heard(desk, PB)) == sorted("一二三四五")
    assert next(each for each in app.checks() if each.name == "slack").ok
    assert [each["error"] for each in logged if "refuses this installation" in each["event"]] == ["token_revoked"]


def test_every_error_means_one_thing() -> None:
    """The table of errors names each once."""
    assert sum(map(len, MEANS.values())) == len(OF_ERROR)
