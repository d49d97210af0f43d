"""The page of a form against what should not happen: links of others, forged forms, two browsers, crowds, floods."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from bot import web
from bot.staff import web as staff
from bot.staff.door import COOKIE
from handlers import filling
from storage.cases import Case
from storage.links import AccessLink
from tests.support.browser import Browser, apart
from tests.support.customer import PUBLIC, reachable, receipt
from tests.support.desk import CASE, Desk
from tests.support.staff import COMPLAINT, NOTHING, browser, fields, link_in, send

SELLER, OTHER = "程小满", "罗一帆"
FORGED = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://bot.example.com.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]
EVERY_ANSWER = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


@pytest.fixture
def seller(desk: Desk) -> Desk:
    """A company with an address on the net, in which somebody has begun to report a complaint."""
    reachable(desk).say(SELLER, "报投诉")
    return desk


@pytest.fixture
def phone(seller: Desk) -> Browser:
    """The browser of their phone."""
    return browser(seller)


@pytest.fixture
def link(seller: Desk) -> str:
    """The link that chat gives them."""
    return link_in(seller, seller.say(SELLER, "网页"))


def cases(desk: Desk) -> list[str | None]:
    """The numbers of the cases of this year's complaints so far."""
    return desk.do(lambda uow: [case.number for case in uow.session.query(Case).filter(Case.number >= CASE).all()])


def test_looking_changes_nothing(seller: Desk, link: str) -> None:
    """
    A robot that fetches the link for a preview, ten times, has used nothing up: whoever it is for still comes in.
    """
    before = seller.do(lambda uow: [row.answers for row in uow.drafts.expiring(uow.now + timedelta(days=9))])
    for _ in range(10):
        assert browser(seller).get(link).status_code == 200

    assert seller.do(lambda uow: [row.answers for row in uow.drafts.expiring(uow.now + timedelta(days=9))]) == before
    assert browser(seller).get(link).status_code == 200


def test_the_first_thing_sent_uses_the_link_up(seller: Desk, phone: Browser, link: str) -> None:
    """
    Once something was saved, the link opens nothing in another browser; the one that saved goes on by it.
    """
    page = phone.get(link)
    send(phone, page, "save", {"t.description": "孔位偏移"})

    assert browser(seller).get(link).status_code == 404
    assert fields(phone.get(link)).values["t.description"] == "孔位偏移"
    assert browser(seller).get(link_in(seller, seller.say(SELLER, "网页"))).status_code == 200


def test_what_opens_nothing_looks_the_same(seller: Desk, phone: Browser, link: str) -> None:
    """
    A link that never was, one with a letter turned, a customer's, one that has ended, one of a form that was dropped or
    filed: one answer, which names nothing.
    """
    turned = link[:-1] + ("A" if link[-1] != "A" else "B")
    wrong = [phone.get(f"{PUBLIC}/f/{'x' * 40}.1999999999.{'y' * 43}"), phone.get(turned)]
    assert "已受理" in seller.report(SELLER)
    seller.deliver()
    wrong += [phone.get(link), phone.get(receipt(seller).replace("/c/", "/f/")), phone.get(PUBLIC + "/f/" + "0" * 12)]
    seller.say(SELLER, "报投诉")
    dropped = link_in(seller, seller.say(SELLER, "网页"))
    seller.say(SELLER, "取消")
    wrong.append(phone.get(dropped))
    seller.say(SELLER, "报投诉")
    late = link_in(seller, seller.say(SELLER, "网页"))
    seller.clock.forward(timedelta(minutes=30))
    wrong.append(phone.get(late))

    assert {answer.status_code for answer in wrong} == {404}
    assert len({re.sub(r'nonce="[^"]+"', "", answer.text) for answer in wrong}) == 1


def test_guessing_is_slowed_down(seller: Desk, phone: Browser, link: str) -> None:
    """
    After twenty links that open nothing in a minute an address is told to wait; a good link opens all the same.
    """
    answers = [phone.get(f"{PUBLIC}/f/{'x' * 30}.1999999999.{'y' * 43}").status_code for _ in range(22)]

    assert answers == [404] * 20 + [429] * 2
    assert phone.get(link).status_code == 200


def test_a_cookie_is_one_person_s_and_one_draft_s(seller: Desk, phone: Browser, link: str) -> None:
    """
    With the cookie of one's own form another person's page opens nothing, and neither does a form sent there; a cookie
    that names another is no cookie of ours.
    """
    mine = phone.get(link)
    seller.say(OTHER, "报投诉")
    theirs = browser(seller).get(link_in(seller, seller.say(OTHER, "网页")))
    assert phone.get(str(theirs.url)).status_code == 404
    sent = phone.post(theirs.url.path, data={**fields(mine).values, **COMPLAINT, "what": "save"}, files=NOTHING)
    assert sent.status_code == 404
    # the mark of one form does not open another, even with both cookies
    both = browser(seller)
    both.get(link)
    both.get(link_in(seller, seller.say(OTHER, "网页")))
    crossed = both.post(
        mine.url.path, data={**fields(theirs).values, "t.description": "别人的", "what": "save"}, files=NOTHING
    )
    assert crossed.status_code == 403
    assert seller.do(lambda uow: [row.answers for row in uow.drafts.expiring(uow.now + timedelta(days=9))]) == [[], []]
    # signed for another purpose, or for a person and a draft that do not belong together
    assert seller.company.links is not None
    draft = seller.do(lambda uow: uow.drafts.expiring(uow.now + timedelta(days=9))[0].id)
    for person, purpose in ((1, COOKIE), (999, COOKIE), (6, "visit")):
        forged = browser(seller)
        ends = seller.clock() + timedelta(hours=1)
        name = next(name for name in phone.cookies if "gukebot" in name)
        forged.cookies.set(name, seller.company.links.seal(purpose, str(person), draft, ends))
        assert forged.get(str(mine.url)).status_code == 404


def test_whoever_has_left_the_company_is_out(seller: Desk, phone: Browser, link: str) -> None:
    """
    An account that was closed closes the page at once, and the link.
    """
    page = phone.get(link)
    seller.do(lambda uow: setattr(uow.organisation.person_by_name(SELLER), "active", False))

    assert phone.get(str(page.url)).status_code == 404
    assert send(phone, page, "save", COMPLAINT).status_code == 404
    assert browser(seller).get(link).status_code == 404


@pytest.mark.parametrize("headers", FORGED)
def test_a_page_from_elsewhere_cannot_speak(seller: Desk, phone: Browser, link: str, headers: dict[str, str]) -> None:
    """
    A form that a browser says comes from another page is not taken, even with everything else right (S19).
    """
    answer = send(phone, phone.get(link), "save", COMPLAINT, headers=headers)

    assert answer.status_code == 403
    assert seller.do(lambda uow: uow.drafts.expiring(uow.now + timedelta(days=9))[0].answers) == []


def test_a_form_of_another_kind_is_not_taken(seller: Desk, phone: Browser, link: str) -> None:
    """
    Without its mark, with an old one, as JSON, torn, with a button nobody has: nothing is kept, nothing breaks, and
    what was typed stands there.
    """
    page = phone.get(link)
    path, right = page.url.path, {**fields(page).values, **COMPLAINT, "what": "save"}
    torn = b'--x\r\ncontent-disposition: form-data; name="what"\r\n\r\nsave'
    answers = [
        phone.post(path, data={**right, "form": ""}, files=NOTHING),
        phone.post(path, data={**right, "form": right["form"][:-1] + "x"}, files=NOTHING),
        phone.post(path, data={**right, "what": "delete"}, files=NOTHING),
        phone.post(path, json=right),
        phone.post(path, content=torn, headers={"content-type": "multipart/form-data; boundary=x"}),
        phone.post(path, content=b"\xff\xfe=1", headers={"content-type": "application/x-www-form-urlencoded"}),
    ]
    kept = answers[0]
    seller.clock.forward(timedelta(hours=11))
    phone.get(str(page.url))
    seller.clock.forward(timedelta(hours=2))
    answers.append(phone.post(path, data=right, files=NOTHING))

    assert [answer.status_code for answer in answers] == [403, 403, 403, 400, 400, 400, 403]
    assert f">{COMPLAINT['t.description']}</textarea>" in kept.text
    assert seller.do(lambda uow: uow.drafts.expiring(uow.now + timedelta(days=9))[0].answers) == []


def test_what_the_form_does_not_ask_is_not_taken(seller: Desk, phone: Browser, link: str) -> None:
    """
    Names that no question has, the last question by the back door, files for a question of words, a hundred answers
    and a mark of nonsense: none of it is kept or breaks anything.
    """
    page = phone.get(link)
    was = fields(page).values["was"] + " $seen=0-0 owner=0-0 handling=0-0 " + "x=" * 5000
    odd = {
        "was": was, "t.$seen": "x", "t.owner": "x", "q.handling": "transmit", "q.category": "nonsense",
        **{f"t.extra{n}": "x" for n in range(150)},
    }  # fmt: skip
    back = send(phone, page, "save", odd, files=[("file.description", ("a.png", b"x", "image/png"))])
    kept = seller.do(lambda uow: uow.drafts.expiring(uow.now + timedelta(days=9))[0].answers)

    assert back.status_code == 422
    assert {str(each["key"]) for each in kept} <= {"$wrong"}
    assert cases(seller) == []


def test_a_second_submission_is_the_same_case(seller: Desk, phone: Browser, link: str) -> None:
    """
    The last look sent twice, from two tabs, or after going back, is one case, and every one shows its number.
    """
    page = phone.get(link)
    check = send(phone, page, "submit", COMPLAINT)
    other = phone.get(str(check.url))
    answers = [send(phone, each, "as:transmit") for each in (check, check, other)]
    answers.append(send(phone, page, "submit", COMPLAINT))

    assert cases(seller) == [CASE]
    assert {answer.status_code for answer in answers} == {200}
    assert all(f"编号 {CASE}" in answer.text for answer in answers)


def test_a_crowd_with_one_form_files_once(seller: Desk, phone: Browser, link: str) -> None:
    """
    The same last look from twelve at the same instant, each to its own server, is one case; nobody sees an error.
    """
    check = send(phone, phone.get(link), "submit", COMPLAINT)
    data = {**fields(check).values, "what": "as:transmit"}

    async def all_at_once() -> list[int]:
        app = web.application(lambda: (), lambda: b"", staff.routes(seller.database, seller.company))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=PUBLIC, cookies=phone.cookies
        ) as asker:
            sent = [asker.post(check.url.path, data=data, files=NOTHING) for _ in range(12)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    assert set(apart(all_at_once())) == {303}
    assert cases(seller) == [CASE]


def test_a_flood_is_stopped(seller: Desk, phone: Browser, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Forms that come without end are answered with a sentence that keeps the words; after a minute it goes on.
    """
    monkeypatch.setattr(filling, "BURST", 3)
    page = phone.get(link)
    answers = [send(phone, page, "save", {"t.description": f"第 {n} 次"}) for n in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 422]
    assert "短时间内发送较多" in answers[3].text
    assert ">第 3 次</textarea>" in answers[3].text
    told = send(phone, page, "auto", {"t.description": "第 4 次"}, headers={"accept": "application/json"}).json()
    assert told["wrong"] == ["description"]
    seller.clock.forward(timedelta(minutes=1))
    assert send(phone, page, "save", {"t.description": "再来一次"}).status_code == 200


HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}{% x %}</textarea><script>1</script> ' \" & \u202e"


def test_hostile_text_is_text(seller: Desk, phone: Browser, link: str) -> None:
    """
    What is typed stands as it was typed: in its box, at the last look, with a fault beside it.
    """
    page = send(
        phone, phone.get(link), "save", {"t.description": HOSTILE, "s.customer": HOSTILE, "t.quantity": HOSTILE}
    )
    check = send(phone, page, "submit", {**COMPLAINT, "t.description": HOSTILE, "s.customer": "", "t.quantity": ""})

    for each in (page, check):
        assert "<img" not in each.text
        assert "<script>1" not in each.text
        assert "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}{% x %}" in each.text
    assert "\u202e" not in check.text


def test_every_answer_is_sealed(seller: Desk, phone: Browser, link: str) -> None:
    """
    The redirection, the page, the last look, the answer: none is kept, framed, sniffed or passed on; only the script
    that stands there runs. No row holds what opens the page.
    """
    page = phone.get(link)
    check = send(phone, page, "submit", COMPLAINT)
    done = send(phone, check, "as:transmit")
    answers = [*page.history, page, *check.history, check, done, phone.get(PUBLIC + "/f/x.1.y")]

    for answer in answers:
        assert {name: answer.headers[name] for name in EVERY_ANSWER} == EVERY_ANSWER
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
    nonces = {re.findall(r"nonce-([\w-]+)", answer.headers["content-security-policy"])[0] for answer in (page, check)}
    assert len(nonces) == 2
    assert re.fullmatch(
        r"__Host-gukebot-[0-9a-f]{12}=[\w.-]+; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure",
        page.history[0].headers["set-cookie"],
    )
    token = link.rpartition(".")[2]
    rows = seller.do(lambda uow: [repr(row) for row in uow.session.query(AccessLink).all()])
    assert token not in page.text + "".join(rows)
