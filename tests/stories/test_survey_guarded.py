"""Survey links against what should not happen: guesses, crowds, previews, forged forms, hostile words (S2, S19)."""

import asyncio
import logging
import random
import re
import statistics
import time
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from bot import web
from bot.surveys import web as surveys
from conversations.words import LinkPlace
from storage.unit_of_work import UnitOfWork
from tests.support import LONG
from tests.support.answering import (
    ALL,
    NO_FILE,
    STAFF_SURVEY,
    answers,
    browser,
    campaign,
    form,
    links,
    press,
    sent,
    sent_to_staff,
    states,
)
from tests.support.browser import apart
from tests.support.customer import PUBLIC
from tests.support.desk import Desk
from tests.support.hostile import PAYLOADS

CROWD = 1000 if LONG else 60
GUESSES = 20_000 if LONG else 400
PREVIEWS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WeChat/8.0 (link preview)",
    "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "facebookexternalhit/1.1",
    "Microsoft Office/16.0 (Outlook SafeLinks)",
)


def app_of(desk: Desk) -> ASGIApp:
    """The web server of a company."""
    return web.application(lambda: (), lambda: b"", surveys.routes(desk.database, desk.company))


def test_of_a_crowd_with_one_link_one_is_heard(desk: Desk) -> None:
    """
    One link posted by sixty at the same instant (a thousand at full length), each with other ticks and a mark of his
    own: one is taken, whole; the others read that it is answered. Nobody sees an error.
    """
    link = sent(desk)[0]
    phone = browser(desk)
    page = phone.get(link)
    grades = ("very_satisfied", "satisfied", "rather_dissatisfied", "dissatisfied")
    forms = [form(phone.get(str(page.url)), "submit", dict.fromkeys(ALL, grades[n % 4])) for n in range(CROWD)]

    async def all_at_once() -> list[int]:
        transport = httpx.ASGITransport(app_of(desk))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC, cookies=phone.cookies, timeout=300) as asker:
            asked = [asker.post(page.url.path, data=given, files=NO_FILE) for given in forms]
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    heard = apart(all_at_once())
    [kept] = answers(desk)

    assert heard.count(200) == 1
    assert heard.count(409) == CROWD - 1
    assert kept.counts
    assert len(set(kept.grades.values())) == 1
    assert states(desk).count("answered") == 1
    desk.deliver()
    assert len(desk.heard("程小满", "已答复")) == 1


def test_of_many_ballots_by_one_link_one_counts(desk: Desk) -> None:
    """
    An employee's second ballot is none, at the same instant too, and the page says that the first one counts.
    """
    sent_to_staff(desk)
    phone = browser(desk)
    page = phone.get(links(desk)[0])
    given = form(page, "sure", {"safety": "satisfied"})

    async def at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app_of(desk))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC, cookies=phone.cookies) as asker:
            asked = [asker.post(page.url.path, data=given, files=NO_FILE) for _ in range(24)]
            return list(await asyncio.gather(*asked))

    heard = apart(at_once())
    late = next(answer.text for answer in heard if answer.status_code == 409)

    assert sorted(answer.status_code for answer in heard) == [200] + [409] * 23
    assert "以第一次提交的为准" in late
    assert desk.do(lambda uow: len(uow.ballots.pending(campaign(uow, STAFF_SURVEY).id))) == 1


def test_previews_use_nothing_up(desk: Desk) -> None:
    """
    Five kinds of robots that fetch a link for a preview, ten times each, and follow it: nothing is written, it opens.
    """
    link = sent(desk)[0]
    tables = ("survey_invitations", "survey_responses", "access_links", "inbox", "outbox", "audit", "rate_buckets")

    def rows() -> list[str]:
        with desk.database.reading() as session:
            return [str(session.connection().exec_driver_sql(f"select * from {table}").all()) for table in tables]

    async def robot(agent: str) -> list[int]:
        transport = httpx.ASGITransport(app_of(desk))
        async with httpx.AsyncClient(
            transport=transport, base_url=PUBLIC, headers={"user-agent": agent}, follow_redirects=True
        ) as client:
            return [(await client.request(method, link)).status_code for method in ("GET", "HEAD") for _ in range(5)]

    before = rows()
    seen = [apart(robot(agent)) for agent in PREVIEWS]

    assert seen == [[200] * 10] * len(PREVIEWS)
    assert rows() == before
    client = browser(desk)
    assert press(client, client.get(link)).status_code == 200


def test_guessing_opens_nothing_and_is_slowed_down(desk: Desk) -> None:
    """
    Links at random, and a real one with any sign turned: not one opens; after twenty in a minute it is 429, while a
    good link opens all the same.
    """
    link = sent(desk)[0]
    head, token = link[: len(PUBLIC) + 3], link[len(PUBLIC) + 3 :]
    chance, signs = random.Random(7), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    ends = token.split(".")[1]

    def guess(n: int) -> str:
        if n % 2:
            return f"{''.join(chance.choices(signs, k=32))}.{ends}.{''.join(chance.choices(signs, k=43))}"
        at = chance.randrange(len(token))
        return token[:at] + chance.choice([sign for sign in signs if sign != token[at]]) + token[at + 1 :]

    async def tried() -> list[int]:
        transport = httpx.ASGITransport(app_of(desk))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
            return [(await client.get(head + guess(n))).status_code for n in range(GUESSES)]

    heard = apart(tried())

    assert heard[:20] == [404] * 20
    assert set(heard[20:]) == {429}
    assert browser(desk).get(link).status_code == 200


SURVEY_NUMBER = re.compile("DC-2026")


def test_whatever_opens_nothing_looks_and_takes_the_same(desk: Desk) -> None:
    """
    Unknown, used, ended, revoked, altered, another survey's purpose: one page to the letter, in the same time.
    """
    good, used, revoked, ended, *_ = sent(desk)
    client = browser(desk)
    press(client, client.get(used))

    def spoil(uow: UnitOfWork) -> None:
        rows = [uow.access_links.get(link.split("/s/")[1].split(".")[0]) for link in (revoked, ended)]
        assert rows[0] is not None
        assert rows[1] is not None
        rows[0].revoked_at, rows[1].expires_at = desk.clock(), desk.clock() - timedelta(days=1)

    desk.do(spoil)
    assert desk.company.links is not None
    kinds = {
        # signed by us, and of no row
        "unknown": desk.company.links.url(LinkPlace("x" * 32, "s", desk.clock() + timedelta(days=9))),
        "used": used, "revoked": revoked, "ended": ended,
    }  # fmt: skip
    altered = [good[:-1] + ("A" if good[-1] != "A" else "B"), good.replace("/s/", "/s/x")]
    pages = {browser(desk).get(link).text for link in (*kinds.values(), *altered)}
    took = _timed(desk, kinds)

    assert len(pages) == 1
    assert SURVEY_NUMBER.search(pages.pop()) is None
    middle = {kind: statistics.median(spans) for kind, spans in took.items()}
    assert max(middle.values()) - min(middle.values()) <= 0.002, middle


def _timed(desk: Desk, kinds: dict[str, str]) -> dict[str, list[float]]:
    """How long each takes, in turns, so that whatever else runs here meets all of them."""

    async def all_of_them() -> dict[str, list[float]]:
        took: dict[str, list[float]] = {kind: [] for kind in kinds}
        transport = httpx.ASGITransport(app_of(desk))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
            for _ in range(300 if LONG else 60):
                for kind, link in kinds.items():
                    began = time.perf_counter()
                    await client.get(link)
                    took[kind].append(time.perf_counter() - began)
        return took

    return apart(all_of_them())


FORGED = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://bot.example.com.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


def test_a_form_that_is_not_ours_is_not_taken(desk: Desk) -> None:
    """
    From another page, without the mark, with another link's mark or cookie, as JSON, torn, by another method, after
    half a day: refused each time, and nothing kept.
    """
    one, other, *_ = sent(desk)
    phone, theirs = browser(desk), browser(desk)
    page, foreign = phone.get(one), theirs.get(other)
    path, right = page.url.path, form(page, "submit")
    torn = b'--x\r\ncontent-disposition: form-data; name="what"\r\n\r\nsubm'
    heard = [phone.post(path, data=right, files=NO_FILE, headers=headers).status_code for headers in FORGED]
    heard += [
        phone.post(path, data={**right, "form": "forged"}, files=NO_FILE).status_code,
        phone.post(path, data={**right, "form": form(foreign, "submit")["form"]}, files=NO_FILE).status_code,
        phone.post(path, data={**right, "what": "approve"}, files=NO_FILE).status_code,
        phone.post(path, json=right).status_code,
        phone.post(path, content=torn, headers={"content-type": "multipart/form-data; boundary=x"}).status_code,
        theirs.post(path, data=right, files=NO_FILE).status_code,
        browser(desk).post(path, data=right, files=NO_FILE).status_code,
        phone._ask("PUT", path, data=right).status_code,
    ]
    desk.clock.forward(timedelta(hours=13))
    heard.append(phone.post(path, data=right, files=NO_FILE).status_code)

    assert heard == [403] * 5 + [403, 403, 403, 400, 400, 404, 404, 405, 403]
    assert answers(desk) == []


def test_hostile_words_are_words(desk: Desk) -> None:
    """
    Whatever is written stands on the page and in the rows as it was typed; no markup, no template, no mention.
    """
    given = ["\n".join(PAYLOADS[n : n + 6])[:2000] for n in range(0, len(PAYLOADS), 6)]
    link = sent(desk)[0]
    client = browser(desk)
    page = client.get(link)
    for text in given:
        page = press(client, page, "save", {"quality": "satisfied"}, suggestions=text)
        desk.clock.forward(timedelta(seconds=3))
        assert page.status_code == 200, text
        assert not re.search(r"<(img|script|svg|iframe)[\s>]", page.text), text
    done = press(client, page, "sure", {"quality": "satisfied"}, suggestions="<script>alert(1)</script>{{ 7*7 }}")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in done.text
    assert answers(desk)[0].texts["suggestions"] == "<script>alert(1)</script>{{ 7*7 }}"


def test_every_answer_is_sealed_and_nothing_bears_the_token(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """
    Redirection, page, fault, thanks, nothing: none is stored, framed, sniffed or passed on; the token stands in no
    page, no row and no line of the log.
    """
    caplog.set_level(logging.DEBUG)
    link = sent(desk)[0]
    client = browser(desk)
    page = client.get(link)
    seen = [*page.history, page, press(client, page, grades={}), press(client, page), client.get(PUBLIC + "/s/x.1.y")]
    token = link.rpartition(".")[2]

    assert [answer.status_code for answer in seen] == [303, 200, 422, 200, 404]
    for answer in seen:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert len(answer.content) <= 30 * 1024
        assert token not in answer.text
    assert "<script" not in page.text
    assert "http" not in re.sub(r"<!doctype.*?>", "", page.text)
    assert re.fullmatch(
        r"__Host-gukebot-[0-9a-f]{12}=[\w.-]+; HttpOnly; Max-Age=86400; Path=/; SameSite=lax; Secure",
        page.history[0].headers["set-cookie"],
    )
    assert token not in "".join(r.getMessage() for r in caplog.records if "httpx" not in r.name)
    with desk.database.reading() as session:
        for table in ("outbox", "mailbox", "inbox", "audit", "access_links", "survey_responses"):
            assert token not in str(session.connection().exec_driver_sql(f"select * from {table}").all()), table
