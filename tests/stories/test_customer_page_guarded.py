"""The customer's page against what should not happen: forged forms, foreign links, crowds, floods and hostile text."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from bot import arriving, web
from bot.customers import web as customers
from bot.demo.play import photo
from storage.cases import Case
from storage.unit_of_work import UnitOfWork
from tests.support.browser import Browser, apart
from tests.support.customer import PUBLIC, browser, filled, proposed, reachable, receipt, send
from tests.support.desk import CASE, Desk

OTHER = "TS-2026-0083"
EVERY_ANSWER = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


@pytest.fixture
def linked(desk: Desk) -> Desk:
    """A company that customers can reach, with one complaint of today."""
    reachable(desk).report()
    desk.deliver()
    return desk


@pytest.fixture
def phone(linked: Desk) -> Browser:
    """The customer's browser."""
    return browser(linked)


def app_of(desk: Desk) -> ASGIApp:
    """The web server of a company."""
    return web.application(lambda: (), lambda: b"", customers.routes(desk.database, desk.company))


def crowd(desk: Desk, client: Browser, url: str, count: int, **what: object) -> list[int]:
    """The same form from many at once, each to its own server: the answers' numbers."""

    async def all_at_once() -> list[int]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app_of(desk)), base_url=PUBLIC, cookies=client.cookies
        ) as asker:
            sent = [asker.post(url, data=what, files=[("photos", ("", b""))]) for _ in range(count)]
            return [answer.status_code for answer in await asyncio.gather(*sent)]

    return apart(all_at_once())


def test_two_cases_in_one_browser_are_never_taken_for_each_other(linked: Desk, phone: Browser) -> None:
    """
    Two links of one customer, open side by side: the first page still acts on the first case, and on no other.
    """
    linked.report()
    linked.deliver()
    first = phone.get(receipt(linked, 0))
    second = phone.get(receipt(linked, 1))
    send(phone, first, "message", "关于第一件")
    crossed = phone.post(second.url.path, data=filled(first, "message", "关于第一件"), files=[("photos", ("", b""))])

    assert (CASE in first.text, OTHER in second.text) == (True, True)
    assert linked.done(CASE)[-1] == "customer_message"
    assert "customer_message" not in linked.done(OTHER)
    assert crossed.status_code == 403


def test_every_link_opens_its_own_case_alone(linked: Desk) -> None:
    """
    Cookies under other names, tokens for other purposes, visits of others: all answered with the one page (S15).
    """
    linked.report()
    linked.deliver()
    mine, theirs = browser(linked), browser(linked)
    seen = mine.get(receipt(linked, 0))
    other = theirs.get(receipt(linked, 1))
    nothing = browser(linked).get(f"{PUBLIC}/c/nothing.1.x")
    (cookie,) = mine.cookies.jar
    swapped = browser(linked)
    swapped.cookies.set("__Host-gukebot-" + other.url.path.rpartition("/")[2], str(cookie.value), "bot.example.com")
    tries = [
        mine.get(str(other.url)),
        browser(linked).get(str(seen.url)),
        swapped.get(str(other.url)),
        browser(linked).get(f"{PUBLIC}/c/{cookie.value}"),
        browser(linked).get(receipt(linked).replace("/c/", "/c/x")),
    ]

    assert {answer.status_code for answer in tries} == {404}
    assert {answer.text for answer in tries} == {nothing.text}
    assert CASE not in nothing.text
    assert browser(linked).get(receipt(linked).replace("/c/", "/s/")).status_code == 404


def test_no_sign_of_a_token_can_be_turned(linked: Desk) -> None:
    """
    Whatever sign of a link is another one, it opens nothing, and the answer is the same to the letter.
    """
    link = receipt(linked)
    head, token = link[: len(PUBLIC) + 3], link[len(PUBLIC) + 3 :]
    anybody = browser(linked)
    pages = set()
    for at in range(len(token)):
        turned = "A" if token[at] != "A" else "B"
        answer = anybody.get(head + token[:at] + turned + token[at + 1 :])
        linked.clock.forward(timedelta(seconds=4))
        pages.add((answer.status_code, answer.text))

    assert len(pages) == 1
    assert browser(linked).get(link).status_code == 200


FORGED = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://bot.example.com.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", FORGED)
def test_a_page_from_elsewhere_cannot_speak(linked: Desk, phone: Browser, headers: dict[str, str]) -> None:
    """
    A form that a browser says comes from another page is not taken, even with everything else right (S19).
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    answer = phone.post(page.url.path, data=filled(page, "satisfied"), files=[("photos", ("", b""))], headers=headers)

    assert answer.status_code == 403
    assert linked.step() == "awaiting_customer"


def test_a_form_of_another_kind_is_not_taken(linked: Desk, phone: Browser) -> None:
    """
    JSON, a torn body, another method, a mark that has ended: nothing is recorded, nothing breaks.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    path, right = page.url.path, filled(page, "satisfied")
    torn = b'--x\r\ncontent-disposition: form-data; name="what"\r\n\r\nsatisf'
    answers = [
        phone.post(path, json=right),
        phone.post(path, content=torn, headers={"content-type": "multipart/form-data; boundary=x"}),
        phone.post(path, content=b"\xff\xfe=1", headers={"content-type": "application/x-www-form-urlencoded"}),
        phone.post(path, content=b"", headers={"content-type": "multipart/form-data"}),
        phone.post(path, data={**right, "what": "close"}),
        phone.post(path, data={**right, "form": ""}, headers={"x-http-method-override": "PUT"}),
    ]
    linked.clock.forward(timedelta(hours=13))
    answers.append(phone.post(path, data=right))

    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 403, 403, 403]
    assert linked.step() == "awaiting_customer"


def test_a_crowd_with_one_form_is_heard_once(linked: Desk, phone: Browser) -> None:
    """
    One form sent by twelve at the same instant is one verdict; nobody sees an error.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    answers = crowd(linked, phone, page.url.path, 12, **filled(page, "satisfied", "好"))

    assert set(answers) == {303}
    assert linked.done().count("satisfied") == 1


def test_satisfied_and_not_satisfied_at_once_is_one_of_them(linked: Desk, phone: Browser) -> None:
    """
    Two tabs of one page, another button in each: the first stands, the second reads that something has changed.
    """
    proposed(linked)
    one, other = phone.get(receipt(linked)), phone.get(receipt(linked))
    send(phone, one, "not_satisfied", "还差一箱")
    late = send(phone, other, "satisfied", "算了")

    assert late.status_code == 422
    assert ">算了</textarea>" in late.text
    assert linked.step() == "sales_handling"


def test_a_verdict_after_closing_comes_too_late(linked: Desk, phone: Browser) -> None:
    """
    A page from before the closing says so and keeps the words; what is unsettled can be written and is told to sales.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    linked.satisfied()
    linked.implemented()
    linked.cause()
    linked.close()
    late = send(phone, page, "not_satisfied", "又少了一箱")
    again = send(phone, late, "unsettled", "又少了一箱")
    linked.deliver()

    assert late.status_code == 422
    assert ">又少了一箱</textarea>" in late.text
    assert again.status_code == 200
    assert linked.step() == "closed"
    assert linked.heard("程小满", "又少了一箱")


def test_the_language_that_was_chosen_stays(linked: Desk, phone: Browser) -> None:
    """
    Whoever reads English is answered in English, also when something has to be mended and after it was taken.
    """
    proposed(linked)
    phone.get(receipt(linked))
    page = phone.get(str(phone.get(receipt(linked)).url) + "?lang=en")
    asked = send(phone, page, "not_satisfied", "")
    done = send(phone, asked, "not_satisfied", "One box is missing")

    assert all('lang="en"' in each.text for each in (page, asked, done))
    assert "Please tell us why" in asked.text


def test_thirty_photos_are_nine_and_the_words_stay(linked: Desk, phone: Browser) -> None:
    """
    Of too many photos the first nine are kept; the page says so, with the words in their place.
    """
    page = phone.get(receipt(linked))
    many = [("photos", (f"{n}.png", photo(n % 4) + bytes([n]), "image/png")) for n in range(30)]
    back = send(phone, page, "message", "看这些", files=many)
    done = send(phone, back, "message", "看这些")
    kept = linked.look(CASE, lambda uow, case: [file.name for file in uow.files.of_case(case.id)])

    assert back.status_code == 422
    assert "最多 9 张" in back.text
    assert ">看这些</textarea>" in back.text
    assert done.status_code == 200
    assert len(kept) == 9


def test_large_photos_are_let_go_as_a_browser_sends_them(
    linked: Desk, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A browser names the button last, behind photos that are too large: the sentence is about the photos all the same.
    """
    monkeypatch.setattr(arriving, "MOST_BYTES", 10_000)
    page = phone.get(receipt(linked))
    given = filled(page, "message", "两箱都压坏了")
    button = given.pop("what")
    parts = [(name, (None, value)) for name, value in given.items()]
    photos = [("photos", ("a.jpg", b"\xff\xd8\xff" + bytes(20_000), "image/jpeg"))]
    back = phone.post(page.url.path, files=[*parts, *photos, ("what", (None, button))])

    assert back.status_code == 413
    assert "照片合起来太大" in back.text
    assert ">两箱都压坏了</textarea>" in back.text
    assert linked.done()[-1] != "customer_message"


def test_staff_see_the_photos_and_the_words_in_the_case(linked: Desk, phone: Browser) -> None:
    """
    The notice shows the first photo as a copy that knows no place; the case says whose photos there are.
    """
    page = phone.get(receipt(linked))
    send(phone, page, "message", "两箱都压坏了", files=[("photos", ("a.png", photo(3), "image/png"))])
    linked.deliver()
    [told] = linked.heard("程小满", "两箱都压坏了")
    [file] = linked.look(CASE, lambda uow, case: uow.files.of_case(case.id))

    assert "附照片 1 张" in told.text
    assert told.picture == file.preview
    assert told.picture != file.sha256
    details = linked.say("程小满", f"详情 {CASE}")
    assert "照片和文件 1 个,其中顾客发来 1 个。" in details
    assert "(顾客):两箱都压坏了" in details


def test_a_flood_by_one_link_is_stopped(linked: Desk, phone: Browser) -> None:
    """
    Forms that come without end are answered with a sentence that keeps the words, and nothing more of them is kept.
    """
    page = phone.get(receipt(linked))
    answers = [send(phone, page, "not_satisfied", "", form=filled(page, "")["form"]) for _ in range(16)]

    assert "短时间内发送较多" not in answers[14].text
    assert "短时间内发送较多" in answers[15].text
    linked.clock.forward(timedelta(minutes=2))
    assert send(phone, page, "message", "还在吗").status_code == 200


def filed(uow: UnitOfWork, case: Case) -> bytes:
    """The form that closing filed."""
    [form] = [file for file in uow.files.of_case(case.id) if file.mime == "text/html"]
    return uow.files.read(form.sha256)


HOSTILE = (
    "<img src=x onerror=alert(1)>{{ 7*7 }}{% x %} <!channel> @所有人 [点](http://evil.example) \u202e\u200b$x^2$ ' \"&"
)


def test_hostile_text_is_text_everywhere(linked: Desk, phone: Browser) -> None:
    """
    What a customer writes stands as it was typed on the page, in the chat, in the case, and on the filed form.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    shown = send(phone, page, "satisfied", HOSTILE)
    linked.deliver()
    [told] = [letter for letter in linked.heard("程小满", "onerror") if "顾客满意" in letter.text]
    linked.implemented()
    linked.cause()
    linked.close()
    form = linked.look(CASE, filed)

    assert "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}{% x %}" in shown.text
    assert "<img" not in shown.text
    assert "\u202e" not in shown.text + told.text
    assert "@所有人 [点](http://evil.example)" in told.text
    assert b"<img src=x" not in form
    assert b"&lt;img src=x" in form


def test_a_page_stays_small_however_much_was_written(linked: Desk, phone: Browser) -> None:
    """
    After many long messages the page is under 30 KB, shows the latest, and says that there is more.
    """
    page = phone.get(receipt(linked))
    for number in range(14):
        send(phone, page, "message", f"第{number}条" + "&<压>'" * 395)
        linked.clock.forward(timedelta(minutes=2))
        page = phone.get(str(page.url))

    assert "第13条" in page.text
    assert "更早还有" in page.text
    assert len(page.content) <= 30 * 1024


def test_every_answer_is_sealed(linked: Desk, phone: Browser) -> None:
    """
    The redirection, the page, the page of nothing, the page of a fault: none is kept, framed, sniffed or passed on.
    """
    link = receipt(linked)
    page = phone.get(link)
    answers = [*page.history, page, phone.get(PUBLIC + "/c/x.1.y"), send(phone, page, "message", "")]
    exchanged = page.history[0]

    assert [answer.status_code for answer in answers] == [303, 200, 404, 422]
    for answer in answers:
        assert {name: answer.headers[name] for name in EVERY_ANSWER} == EVERY_ANSWER
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert exchanged.headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch(
        r"__Host-gukebot-[0-9a-f]{12}=[\w.-]+; HttpOnly; Max-Age=86400; Path=/; SameSite=lax; Secure",
        exchanged.headers["set-cookie"],
    )
    assert link.rpartition(".")[2] not in exchanged.headers["set-cookie"] + page.text
