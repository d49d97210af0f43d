"""Where machines talk no secret and no person is named: sixty canaries, every door, and everything fails (S11)."""

import io
import json
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import serve, ticks
from bot.app import App, build
from bot.demo.play import photo
from bot.settings import Settings
from bot.slack.outbound import gateways as slack_ways
from bot.slack.room import Room as SlackRoom
from bot.wecom.outbound import gateways as wecom_ways
from bot.wecom.transport import Transport
from handlers import switchboard
from handlers.events import Attached, Sender, Upload
from notifications.delivery import Post, deliver_due
from storage.customers import Contact
from storage.unit_of_work import UnitOfWork
from tests.support import canaries, customer, edge, hostile, knocking, remains
from tests.support.answering import links, press, sent
from tests.support.browser import Browser
from tests.support.canaries import ANSWERS, FILES, MAILS, NUMBERS, PEOPLE, PHONES, PLACES, SECRETS, TYPED, WORDS
from tests.support.desk import CASE, Desk
from tests.support.wecom import callbacks, crypto
from tests.support.wecom import knocking as wecom
from tests.support.wecom.world import AGENT

NOWHERE = "http://127.0.0.1:9"
PUBLIC = customer.PUBLIC


def settings(folder: Path) -> Settings:
    """Everything is switched on, and what is secret is a canary; nobody answers at the other end."""
    of = {name.partition(".")[2]: value for name, value in SECRETS.items()}
    return Settings.model_validate({
        "data": {"directory": folder},
        "server": {"public_url": PUBLIC, "link_key": of["link_key"]},
        "slack": {"bot_token": of["bot_token"], "signing_secret": of["signing_secret"],
                  "api_base_url": f"{NOWHERE}/api/"},
        "wecom": {"corp_id": of["corp_id"], "agent_id": AGENT, "secret": of["secret"], "token": of["token"],
                  "aes_key": of["aes_key"], "api_base_url": f"{NOWHERE}/cgi-bin/"},
    })  # fmt: skip


@dataclass
class Served:
    """The web application behind a server: what comes out of it is logged with its trace, as uvicorn does."""

    web: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.web(scope, receive, send)
        except Exception:  # as a server must
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")


@dataclass
class Tour:
    """One installation, and what its machines said."""

    desk: Desk
    app: App
    web: ASGIApp
    rooms: list[serve.Room]
    keys: list[str]
    count: int = 0

    @property
    def next(self) -> int:
        """A number that was not used."""
        self.count += 1
        return self.count

    def slack(self, *knocks: knocking.Knock) -> list[knocking.Heard]:
        """What Slack sends, signed with the canary."""
        kind = "content-type"
        heard = knocking.put(self.web, [
            knocking.signed(each.body, each.headers[kind], SECRETS["slack.signing_secret"]) for each in knocks
        ])  # fmt: skip
        for room in self.rooms:
            if isinstance(room, SlackRoom):
                room.workspace.afters.settle()
        return heard

    def wecom(self, *lines: str, person: str = "程小满") -> list[knocking.Heard]:
        """What WeCom sends, sealed with the canary."""
        own = callbacks.Post(crypto.Own(), crypto.Secrets(
            SECRETS["wecom.token"], SECRETS["wecom.aes_key"], SECRETS["wecom.corp_id"]), AGENT)  # fmt: skip
        at, user = int(self.desk.clock().timestamp()), f"u{self.desk.person_id(person)}"
        said = [{**wecom.line(self.next, user, text, at), "ToUserName": SECRETS["wecom.corp_id"]} for text in lines]
        made = [own.sealed(each, at) for each in said]
        return knocking.put(self.web, [
            knocking.Knock(each.body, {"content-type": "text/xml"}, "/wecom/callback", urlencode(each.query))
            for each in made
        ])  # fmt: skip

    def deliver(self) -> None:
        """Try to deliver what is due; nobody answers."""
        slack = next(room for room in self.rooms if isinstance(room, SlackRoom))
        transport = Transport(self.app.settings.wecom, self.app.database, timeout=1, sleep=lambda _seconds: None)
        ways = (*slack_ways(slack.workspace.client, self.app.database, self.app.company),
                *wecom_ways(transport, self.app.database, self.app.company))  # fmt: skip
        for way in ways:
            deliver_due(Post(self.app.database, way, self.app.company.words, owner="tour", jitter=random.Random(1)))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at its most talkative."""
    with edge.captured("debug") as stream:
        logging.getLogger().handlers[0].filters.clear()  # what comes often is written every time
        logging.getLogger("httpx").setLevel(logging.WARNING)  # the browser of this test is no part of the product
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        yield stream


@pytest.fixture
def tour(sqlite_url: str, tmp_path: Path, log: io.StringIO) -> Iterator[Tour]:
    """The whole bot with every door, and people whose names are canaries."""
    desk = Desk.furnished(sqlite_url, tmp_path)
    desk.do(knocking.known)
    desk.do(wecom.known)
    desk.do(named)
    app = build(settings(tmp_path), desk.database, desk.clock, [])
    # what the desk says is delivered to its own post box, so that links can be read there
    desk.company = replace(app.company, platforms=("console",))
    rooms = serve.rooms(app)
    tour = Tour(desk, app, Served(serve.application(app, *rooms)), rooms, [])
    yield tour
    for room in rooms:
        room.stop()
    desk.leave()


def named(uow: UnitOfWork) -> None:
    """Contacts whose names, numbers and addresses are canaries."""
    for at, name in enumerate(PEOPLE):
        uow.customers.add(Contact(customer="K01", name=name, phone=PHONES[at % len(PHONES)], email=MAILS[at % 3]))


def in_chat(tour: Tour) -> None:
    """A complaint with everything in it, at the console; files with telling names."""
    desk = tour.desk
    told = ",".join((*WORDS[:6], *PHONES, *NUMBERS, *PLACES, *MAILS, *PEOPLE))
    desk.report(description=told)
    desk.say("程小满", f"提措施 {CASE}", WORDS[10])
    desk.say("程小满", f"登记沟通 {CASE}", PEOPLE[0], WORDS[8])
    desk.say("程小满", *WORDS[6:8], f"查 {PHONES[0]}", f"到哪了 {PEOPLE[1]}")
    files = tuple(Upload(name, "image/png", photo(at)) for at, name in enumerate(FILES))
    switchboard.receive(tour.app.database, tour.app.company, Attached("files", Sender("console", "程小满"), files))
    broken = tuple(Upload(name, "image/png", b"\xff\xd8\xff" + name.encode()) for name in FILES)
    switchboard.receive(tour.app.database, tour.app.company, Attached("broken", Sender("console", "程小满"), broken))


def on_platforms(tour: Tour) -> list[knocking.Heard]:
    """The same words by Slack and WeCom, where also nonsense comes in."""
    user = f"U{tour.desk.person_id('罗一帆'):09}"
    knocks = [knocking.line(tour.next, user, each) for each in (*WORDS, *PHONES[:2], *NUMBERS, PEOPLE[2])]
    knocks += [knocking.command(tour.next, user, TYPED[0]), knocking.command(tour.next, user, f"查 {TYPED[1]}"),
               knocking.submission(tour.next, user, "no-draft", {"description": ("value", TYPED[2])}),
               knocking.tap(tour.next, user, f"{TYPED[3]}|{TYPED[3]}"),
               knocking.line(tour.next, "U0NOBODY", WORDS[0])]  # fmt: skip
    return [*tour.slack(*knocks), *tour.wecom(*WORDS, *PHONES[:2], PEOPLE[3], TYPED[1])]


def on_pages(tour: Tour) -> list[str]:
    """A customer writes, an invitee answers, and strangers try keys; the texts of the pages that refused."""
    desk = tour.desk
    desk.deliver()
    link = customer.link_in(desk, desk.heard("程小满", "回执")[0].text)
    tour.keys.append(link.rpartition("/")[2])
    client = Browser(tour.web, PUBLIC)
    page = client.get(link)
    customer.send(client, page, "message", f"{WORDS[13]} {PHONES[1]}")
    sent(desk, PUBLIC)
    refused = [Browser(tour.web, PUBLIC).get(f"{PUBLIC}/{kind}/{link.rpartition('/')[2]}x").text for kind in "csf"]
    tour.keys += [value for value in client.cookies.values() if value]
    posted = client.post(f"/c/{'x' * 12}", data={"words": WORDS[13], "what": "message"})
    return [*refused, posted.text]


def answered(tour: Tour) -> None:
    """A survey is answered in words."""
    found = links(tour.desk)[0]
    tour.keys.append(found.rpartition("/")[2])
    client = Browser(tour.web, PUBLIC)
    press(client, client.get(found), suggestions=";".join(ANSWERS), expectations=ANSWERS[3])


def broken(tour: Tour, url: str) -> list[str]:
    """The tables that hold what people say are gone: everything fails, and says so."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("inbox", "drafts", "access_links"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_away")
    engine.dispose()
    heard = on_platforms(tour)
    client = Browser(tour.web, PUBLIC)
    pages = [client.get(f"{PUBLIC}/{kind}/{tour.keys[0]}") for kind in "cs"]
    tour.deliver()
    assert {each.status for each in heard} & {500, 503}
    return [*(each.body.decode() for each in heard if each.status >= 400), *(page.text for page in pages)]


def commands(tour: Tour, folder: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """What an administrator's tools print, and what they say when they fail."""
    edge.without_settings(patch)
    patch.chdir(folder)
    patch.setenv("GUKEBOT_DATA__DIRECTORY", str(folder))
    patch.setenv("GUKEBOT_SERVER__PUBLIC_URL", PUBLIC)
    for name, value in SECRETS.items():
        patch.setenv(f"GUKEBOT_{name.replace('.', '__').upper()}", value)
    patch.setenv("GUKEBOT_WECOM__AGENT_ID", str(AGENT))
    patch.setenv("GUKEBOT_SLACK__API_BASE_URL", f"{NOWHERE}/api/")
    patch.setenv("GUKEBOT_WECOM__API_BASE_URL", f"{NOWHERE}/cgi-bin/")
    words = (
        ("doctor", "--offline", "--json"), ("doctor", "--offline"), ("doctor", "slack", "--json"),
        ("doctor", "wecom", "--json"), ("outbox", "list", "--json"), ("outbox", "dead"), ("config", "check"),
        ("audit", "verify"), ("rules",), ("subject", "erase", "nobody", "--out", "x.json"), ("export", "form", "TS-1"),
    )  # fmt: skip
    printed = [edge.run(*each) for each in words]
    return [f"{each.stdout}{each.stderr}" for each in printed]


def test_nobody_is_named_where_machines_talk(
    tour: Tour, sqlite_url: str, tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A tour of every door at the most talkative: log, figures, dead letters, doctor and what is said when all of it fails
    hold none of sixty canaries, nor a key to a page; every line of the log is one object.
    """
    in_chat(tour)
    on_platforms(tour)
    refused = on_pages(tour)
    answered(tour)
    tour.deliver()
    ticked(tour)
    rows = "\n".join(remains.rows_with(sqlite_url, ""))
    assert [word for word in (*PEOPLE, *PHONES, *NUMBERS, *PLACES, *MAILS, *ANSWERS, *FILES) if word not in rows] == []
    figures = tour.app.metrics.exposition().decode()
    printed = commands(tour, tmp_path, monkeypatch)
    refused += broken(tour, sqlite_url)
    printed += commands(tour, tmp_path, monkeypatch)
    assert len(canaries.PLANTED) >= 60
    assert len(tour.keys) >= 3
    said = log.getvalue()
    assert len(said.splitlines()) > 20
    for text in (said, figures, *printed, *refused):
        assert canaries.seen(text, *tour.keys) == []
    for line in said.splitlines():
        assert isinstance(json.loads(line), dict)


def ticked(tour: Tour) -> None:
    """What time asks for, twice, the second time an hour later."""
    for _ in range(2):
        ticks.run_parts(tour.app)
        tour.desk.clock.forward(timedelta(hours=1))


def test_nobody_writes_a_line_of_the_log(tour: Tour, log: io.StringIO) -> None:
    """
    What people send with line breaks, quotes and objects of their own is no line: log injection comes to nothing.
    """
    user = f"U{tour.desk.person_id('罗一帆'):09}"
    forged = '\n{"event":"forged","level":"critical"}\r\n\u2028{"event":"forged"}\x1b[2K'
    for each in (*hostile.PAYLOADS, "x"):
        text = f"{each[:200]}{forged}"
        tour.slack(knocking.line(tour.next, user, text), knocking.command(tour.next, f"{user}\n{forged}", text))
        tour.wecom(text)
    Browser(tour.web, PUBLIC).get(f"{PUBLIC}/nowhere%0a%7b%22event%22%3a%22forged%22%7d")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line for line in lines if line.get("event") == "forged"] == []
