"""Whoever is not our WeCom is not heard, and nothing of what they sent is written down (S5)."""

import asyncio
import base64
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bot import serve
from bot.app import build
from storage.inbox import InboxRow
from tests.support import edge
from tests.support.desk import Desk
from tests.support.wecom.callbacks import Callback, Post
from tests.support.wecom.crypto import Own, Secrets
from tests.support.wecom.stand import Stand
from tests.support.wecom_office import settings

FORGED = 20_000
MARK = "只有顾客知道的话"

Forge = Callable[[Callback, random.Random], Callback]


def asked(callback: Callback, **query: str) -> Callback:
    """With other words in its address."""
    return replace(callback, query={**callback.query, **query})


def sealed_part(callback: Callback) -> tuple[int, int]:
    """Where the cipher stands in the body."""
    start = callback.body.index(b"<Encrypt><![CDATA[") + len(b"<Encrypt><![CDATA[")
    return start, callback.body.index(b"]]></Encrypt>")


def changed_cipher(callback: Callback, chance: random.Random) -> Callback:
    """One bit of what is sealed is another."""
    place = chance.randrange(*sealed_part(callback))
    other = bytes([callback.body[place] ^ (1 << chance.randrange(8))])
    return replace(callback, body=callback.body[:place] + other + callback.body[place + 1 :])


def cut_body(callback: Callback, chance: random.Random) -> Callback:
    """The end is missing, from within the seal on."""
    return replace(callback, body=callback.body[: chance.randrange(sealed_part(callback)[1])])


def doubled(callback: Callback, chance: random.Random) -> Callback:
    """There are two ciphers, or none that can be told."""
    start, end = sealed_part(callback)
    other = base64.b64encode(chance.randbytes(64))
    more = b"<Encrypt>" + chance.choice([other, callback.body[start:end]]) + b"</Encrypt>"
    return replace(callback, body=chance.choice([callback.body + more, more + callback.body]))


def changed_query(callback: Callback, chance: random.Random) -> Callback:
    """One sign of signature, time or nonce is another."""
    name = chance.choice(sorted(callback.query))
    value = callback.query[name]
    place = chance.randrange(len(value))
    other = chance.choice([sign for sign in "0123456789abcdefABCDEF é+-_%\x00\n" if sign != value[place]])
    return asked(callback, **{name: value[:place] + other + value[place + 1 :]})


def without(callback: Callback, chance: random.Random) -> Callback:
    """Something is missing in the address."""
    gone = chance.choice(sorted(callback.query))
    return replace(callback, query={name: value for name, value in callback.query.items() if name != gone})


def odd_query(callback: Callback, chance: random.Random) -> Callback:
    """What stands in the address is nothing of the kind."""
    odd = ["", "0", "-1", "1e9", "9" * 400, "null", "../../etc", "é" * 40, "A" * 40, "0" * 40, "\u0661" * 10]
    return asked(callback, **{chance.choice(sorted(callback.query)): chance.choice(odd)})


def other_body(callback: Callback, chance: random.Random) -> Callback:
    """The body is something else altogether."""
    entities = b"<!DOCTYPE x [" + b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (n + 1, n, n) for n in range(30)) + b"]>"
    bodies = [
        b"", b"\x00", b"<xml>", b"{}", b"<Encrypt></Encrypt>", b"<a>" * 5000,
        entities + b"<xml><Encrypt>&e30;</Encrypt></xml>",
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt></xml>',
        chance.randbytes(chance.randrange(300)), b"\xff\xfe" + callback.body,
    ]  # fmt: skip
    return replace(callback, body=chance.choice(bodies))


def strange_key(callback: Callback, chance: random.Random) -> Callback:
    """Sealed by somebody who has neither token nor key, or only one of the two, or for another company."""
    own = Stand.token, Stand.aes_key, Stand.corp_id
    token, key, corp = chance.choice([
        ("otherToken", own[1], own[2]), (own[0], "b" * 42 + "A", own[2]), (own[0], own[1], "wwOther"),
        ("otherToken", "b" * 42 + "A", own[2]),
    ])  # fmt: skip
    post = Post(Own(), Secrets(token, key, corp), Stand.agent_id)
    return post.sealed(callback.fields, int(callback.query["timestamp"]))


def garbage_inside(callback: Callback, chance: random.Random) -> Callback:
    """Whoever has the token signs something that is no message."""
    odd = ["", "no xml", "<xml>", "<xml/>", "<a/>", "<xml>" + "<b>" * 40 + "</b>" * 40 + "</xml>", "<xml>\x00</xml>",
           '<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>', "[" * 9000]  # fmt: skip
    cipher = Own().encrypt(Stand.aes_key, chance.choice(odd), Stand.corp_id)
    if chance.random() < 0.5:
        cipher = base64.b64encode(chance.randbytes(16 * chance.randrange(0, 8))).decode()
    stamp, nonce = callback.query["timestamp"], callback.query["nonce"]
    signed = Own().sign(Stand.token, stamp, nonce, cipher)
    body = f"<xml><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode()
    return replace(asked(callback, msg_signature=signed), body=body)


def stale(callback: Callback, chance: random.Random) -> Callback:
    """A true one of another time."""
    post = Post(Own(), Secrets(Stand.token, Stand.aes_key, Stand.corp_id), Stand.agent_id)
    away = chance.choice([-1, 1]) * chance.randrange(601, 10**8)
    return post.sealed(callback.fields, max(int(callback.query["timestamp"]) + away, 0))


FORGES: tuple[Forge, ...] = (
    changed_cipher, cut_body, doubled, changed_query, without, odd_query, other_body, strange_key, garbage_inside,
    stale,
)  # fmt: skip


async def knocked(web: Any, callback: Callback) -> int:
    """Bring it to the door; its status, or whatever is raised."""
    body, found = [{"type": "http.request", "body": callback.body, "more_body": False}], list[int]()

    async def receive() -> dict[str, Any]:
        return body.pop() if body else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            found.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": callback.method, "scheme": "https",
        "path": "/wecom/callback", "raw_path": b"/wecom/callback", "root_path": "", "headers": [],
        "query_string": urlencode(callback.query, errors="surrogatepass").encode(), "server": ("x", 443),
    }  # fmt: skip
    await web(scope, receive, send)
    return found[0]


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Desk:
    """The sample company; nothing is written here, so one database will do."""
    return Desk.furnished(sqlite_url, tmp_path)


@pytest.mark.slow
def test_whoever_is_not_wecom_is_not_heard(desk: Desk, wecom_stand: Stand, tmp_path: Path) -> None:
    """
    20,000 forged callbacks: none is accepted, none makes anything stumble, nothing of them is in the log.
    """
    app = build(settings(wecom_stand, tmp_path), desk.database, desk.clock, [])
    rooms = serve.rooms(app)
    web = serve.application(app, *rooms)
    chance, now = random.Random(5), int(desk.clock().timestamp())
    post = Post(Own(), Secrets(Stand.token, Stand.aes_key, Stand.corp_id), Stand.agent_id)
    fields = {"ToUserName": Stand.corp_id, "FromUserName": "ChengXiaoman", "CreateTime": now, "MsgType": "text",
              "Content": MARK}  # fmt: skip
    good = [post.sealed({**fields, "MsgId": number}, now) for number in range(50)]

    async def everything() -> Counter[int]:
        found: Counter[int] = Counter()
        for number in range(FORGED):
            found[await knocked(web, FORGES[number % len(FORGES)](chance.choice(good), chance))] += 1
        return found

    with edge.captured() as log:
        statuses = asyncio.run(everything())
    assert statuses == {403: FORGED}
    assert MARK not in log.getvalue()
    assert "ChengXiaoman" not in log.getvalue()
    assert desk.do(lambda uow: uow.session.scalar(select(func.count()).select_from(InboxRow))) == 0
    assert asyncio.run(knocked(web, good[0])) == 200
    for room in rooms:
        room.stop()
    desk.leave()
