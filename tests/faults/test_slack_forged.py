"""Whoever is not Slack is not heard, and nothing of what they sent is written down (S5)."""

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from storage.inbox import InboxRow
from tests.support.desk import Desk
from tests.support.knocking import FORM, JSON, Knock, command, furnished, known, line, put, signed, submission, tap

FORGED = 20_000
MARK = "只有顾客知道的话"
STAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"

Forge = Callable[[Knock, random.Random], Knock]


def headed(knock: Knock, name: str, value: str) -> Knock:
    """With another header."""
    return replace(knock, headers={**knock.headers, name: value})


def changed_body(knock: Knock, chance: random.Random) -> Knock:
    """One byte is another."""
    place = chance.randrange(len(knock.body))
    other = bytes([knock.body[place] ^ (1 << chance.randrange(8))])
    return replace(knock, body=knock.body[:place] + other + knock.body[place + 1 :])


def cut_body(knock: Knock, chance: random.Random) -> Knock:
    """The end is missing."""
    return replace(knock, body=knock.body[: chance.randrange(len(knock.body))])


def more_body(knock: Knock, chance: random.Random) -> Knock:
    """There is more."""
    return replace(knock, body=knock.body + bytes(chance.randrange(1, 256) for _ in range(chance.randrange(1, 40))))


def changed_signature(knock: Knock, chance: random.Random) -> Knock:
    """One sign of the signature is another."""
    signature = knock.headers[SIGNATURE]
    place = chance.randrange(3, len(signature))
    other = chance.choice([sign for sign in "0123456789abcdef" if sign != signature[place]])
    return headed(knock, SIGNATURE, signature[:place] + other + signature[place + 1 :])


def no_signature(knock: Knock, chance: random.Random) -> Knock:
    """What stands there is none."""
    odd = [
        "",
        "v0=",
        "v1=" + "a" * 64,
        "v0=" + "é" * 64,
        "v0=" + "A" * 64,
        "v0=" + "0" * 63,
        "null",
        "v0=\udcff" + "0" * 63,
    ]
    return headed(knock, SIGNATURE, chance.choice(odd))


def without(knock: Knock, chance: random.Random) -> Knock:
    """A header is missing."""
    gone = chance.choice([STAMP, SIGNATURE, "content-type"])
    return replace(knock, headers={name: value for name, value in knock.headers.items() if name != gone})


def other_time(knock: Knock, chance: random.Random) -> Knock:
    """The time is another, or none."""
    stamp = int(knock.headers[STAMP])
    odd = [
        "abc",
        "1.5",
        "-1",
        "",
        "٣" * 10,
        "9" * 40,
        str(stamp - 301),
        str(stamp + 1),
        str(stamp + 10**6),
        f" {stamp}",
    ]
    return headed(knock, STAMP, chance.choice(odd))


def too_old(knock: Knock, chance: random.Random) -> Knock:
    """Rightly signed, and long ago."""
    stamp = int(knock.headers[STAMP]) - chance.randrange(320, 10**7)
    return signed(knock.body, knock.headers["content-type"], at=stamp)


def other_secret(knock: Knock, chance: random.Random) -> Knock:
    """Signed by somebody else."""
    return signed(knock.body, knock.headers["content-type"], secret=chance.choice(["", "secret", "x" * 32]))


FORGERS: tuple[Forge, ...] = (
    changed_body, cut_body, more_body, changed_signature, no_signature, without, other_time, too_old, other_secret,
)  # fmt: skip


def genuine() -> list[Knock]:
    """Requests that would be heard."""
    user = "U000000001"
    return [
        line(1, user, MARK),
        command(2, user, MARK),
        tap(3, user, f"{MARK}|82"),
        submission(4, user, "a-draft", {"description": ("value", MARK)}),
        signed(json.dumps({"type": "url_verification", "challenge": MARK}).encode(), JSON),
    ]


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Desk:
    """The whole bot, with the sample company."""
    desk = Desk.furnished(sqlite_url, tmp_path)
    desk.do(known)
    return desk


def test_nobody_but_slack_is_heard(desk: Desk, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """
    20,000 requests that were tampered with: none is taken, none makes anything fall over, none is written down.
    """
    chance = random.Random(5)
    room, web = furnished(desk, tmp_path)
    knocks: list[Knock] = []
    originals = genuine()
    while len(knocks) < FORGED:
        original = chance.choice(originals)
        forged = chance.choice(FORGERS)(original, chance)
        if forged != original:
            knocks.append(forged)
    heard = put(web, knocks)
    told = capfd.readouterr()
    assert Counter(each.status for each in heard) == {401: FORGED}
    assert {each.body for each in heard} == {b""}
    assert desk.do(lambda uow: uow.session.scalar(select(func.count()).select_from(InboxRow))) == 0
    assert MARK not in told.out + told.err
    assert told.out + told.err == ""
    room.stop()
    desk.leave()


SHAPELESS = (
    b"", b"[]", b"null", b"1", b'"text"', b"{", b'{"a":', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000,
    b'{"type":"event_callback","event":[]}', b'{"type":"event_callback","event":{"type":["message"]}}',
    b'{"user":5}', b'{"team":[]}', b'{"view":"x"}', b'{"event":{"type":"message","channel_type":"im","files":5}}',
    b'{"type":"event_callback","event_id":{},"event":{"type":"message","channel_type":"im","user":{},"text":{}}}',
    b'{"authorizations":5}', b'{"authorizations":[5],"event":{"type":"message"}}',
)  # fmt: skip


def test_what_slack_signed_and_nobody_can_read_is_refused(
    desk: Desk, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    A body that is no object, is too deep or too large, or holds other things than it should, is answered all the same,
    and nothing of it is written down.
    """
    room, web = furnished(desk, tmp_path)
    interactions = [
        {"type": "block_actions"}, {"type": "block_actions", "actions": 5}, {"type": "block_actions", "actions": [[]]},
        {"type": "view_submission", "view": {"callback_id": "form"}}, {"type": "block_suggestion", "view": {}},
        {"type": "view_submission", "view": {"callback_id": "form", "blocks": [5], "state": {"values": [MARK]}}},
        {"type": "view_closed", "view": {"callback_id": "form", "private_metadata": []}}, {"type": 5},
        {"type": "shortcut", "callback_id": "complaint.new", "user": {"id": {}}},
    ]  # fmt: skip
    knocks = [signed(body, kind) for body in SHAPELESS for kind in (JSON, FORM)]
    knocks += [signed(urlencode({"payload": json.dumps(each)}).encode(), FORM) for each in interactions]
    knocks += [signed(b"payload=%5B%5D", FORM), signed(b"payload=x", FORM), signed(b"x=payload", FORM)]
    heard = put(web, knocks)
    room.workspace.afters.settle()
    assert {each.status for each in heard} <= {200, 400, 401, 404, 500, 503}
    assert put(web, [signed(b" " * 300_000, JSON)])[0].status == 413
    assert MARK not in "".join(capfd.readouterr())
    room.stop()
    desk.leave()


def test_slack_finds_the_door(desk: Desk, tmp_path: Path) -> None:
    """
    Its two checks are answered: the challenge with what it asked for, the certificate with a yes.
    """
    room, web = furnished(desk, tmp_path)
    challenge = signed(json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode(), JSON)
    answered, certificate = put(web, [challenge, Knock(b"ssl_check=1&token=x", {"content-type": FORM})])
    assert (answered.status, json.loads(answered.body)) == (200, {"challenge": "3eZbrw1aB"})
    assert (certificate.status, certificate.body) == (200, b"")
    room.stop()
    desk.leave()
