"""The customer's page: a link in the receipt, what it shows, and a verdict that counts like any other."""

import logging
import re
from datetime import timedelta
from hashlib import sha256

import pytest

from bot import arriving
from bot.customers import web as customers
from bot.demo.play import photo
from handlers import links
from handlers.turn import Turn
from tests.support.browser import Browser
from tests.support.customer import PUBLIC, browser, proposed, reachable, receipt, send
from tests.support.desk import CASE, Desk


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


def test_the_receipt_carries_a_link_that_shows_where_it_stands(linked: Desk, phone: Browser) -> None:
    """
    One tap, no account: number, what was reported, how far it is and by when we answer; on a clean address.
    """
    page = phone.get(receipt(linked))

    assert page.status_code == 200
    assert re.fullmatch(PUBLIC + "/c/[0-9a-f]{12}", str(page.url))
    assert CASE in page.text
    assert "少送两箱" in page.text
    assert "我们将在" in page.text
    assert "程小满" in page.text
    assert len(page.content) <= 30 * 1024
    assert "<script" not in page.text
    assert "http" not in re.sub(r"<!doctype.*?>", "", page.text)


def test_satisfied_is_the_verdict(linked: Desk, phone: Browser) -> None:
    """
    满意 on the page is the action that staff record otherwise: the case goes on, the owner is told, the trail says who.
    """
    proposed(linked)
    shown = phone.get(receipt(linked))
    thanked = send(phone, shown, "satisfied", "谢谢,处理得很快")

    assert "补发并致歉" in shown.text
    assert linked.step() == "implementing"
    assert "我们已收到您的答复" in thanked.text or "谢谢" in thanked.text
    assert "谢谢,处理得很快" in thanked.text
    linked.deliver()
    assert linked.heard("程小满", "满意")


def test_not_satisfied_opens_the_next_round_and_needs_a_word(linked: Desk, phone: Browser) -> None:
    """
    不满意 without a reason comes back with a sentence, with photos and words kept; with one it opens round two.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    asked = send(phone, page, "not_satisfied", "", files=[("photos", ("a.png", photo(1), "image/png"))])
    done = send(phone, asked, "not_satisfied", "要当天送到")

    assert asked.status_code == 422
    assert "已保留的照片: 1" in asked.text.replace("：", ": ")
    assert done.status_code == 200
    assert linked.step() == "sales_handling"
    [file] = linked.look(CASE, lambda uow, case: uow.files.of_case(case.id))
    assert file.sha256 == sha256(photo(1)).hexdigest()
    assert file.preview is not None


def test_looking_changes_nothing(linked: Desk, phone: Browser) -> None:
    """
    A robot that fetches the link for a preview, ten times, has done nothing; the link still opens.
    """
    proposed(linked)
    link = receipt(linked)
    before = linked.look(CASE, lambda uow, case: (case.version, len(uow.cases.actions_of(case.id))))
    for _ in range(10):
        browser(linked).get(link)

    assert linked.look(CASE, lambda uow, case: (case.version, len(uow.cases.actions_of(case.id)))) == before
    assert phone.get(link).status_code == 200


def test_what_opens_nothing_looks_the_same(linked: Desk, phone: Browser) -> None:
    """
    A link that never was, one with a letter turned, one that has ended and one that was closed: one answer, no number.
    """
    link = receipt(linked)
    turned = link[:-1] + ("A" if link[-1] != "A" else "B")
    wrong = [phone.get(f"{PUBLIC}/c/{'x' * 40}.1999999999.{'y' * 43}"), phone.get(turned)]
    linked.do(lambda uow: links.revoke(Turn(uow, linked.company), uow.cases.find(CASE)))  # type: ignore[arg-type]
    wrong.append(phone.get(link))
    linked.clock.forward(timedelta(days=400))
    wrong.append(phone.get(link))

    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.text for answer in wrong}) == 1
    assert CASE not in wrong[0].text


def test_guessing_is_slowed_down(linked: Desk, phone: Browser) -> None:
    """
    After twenty links that open nothing in a minute an address is told to wait; a good link opens all the same.
    """
    answers = [phone.get(f"{PUBLIC}/c/{'x' * 30}.1999999999.{'y' * 43}").status_code for _ in range(22)]

    assert answers == [404] * 20 + [429] * 2
    assert phone.get(receipt(linked)).status_code == 200


def test_a_remedy_that_changed_meanwhile_is_read_again(linked: Desk, phone: Browser) -> None:
    """
    A verdict is about what was seen: after another remedy it comes back with the words, and nothing was recorded.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    linked.refused()
    linked.say("程小满", f"提措施 {CASE}", "专车直送")
    linked.say("程小满", f"登记沟通 {CASE}", "汪店长", "已说明措施")
    linked.later(minutes=6)
    late = send(phone, page, "satisfied", "可以")

    assert late.status_code == 422
    assert ">可以</textarea>" in late.text
    assert linked.step() == "awaiting_customer"


def test_a_second_press_is_the_first_one(linked: Desk, phone: Browser) -> None:
    """
    A form that is sent twice is heard once.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    for _ in range(2):
        send(phone, page, "not_satisfied", "要当天送到")

    assert (
        linked.look(CASE, lambda uow, case: [a.key for a in uow.cases.actions_of(case.id)]).count("not_satisfied") == 1
    )


def test_a_form_from_elsewhere_does_nothing(linked: Desk, phone: Browser) -> None:
    """
    Without the page's own mark, or with that of another link, nothing is taken.
    """
    proposed(linked)
    page = phone.get(receipt(linked))
    forged = send(phone, page, "satisfied", "", form="forged")
    bare = phone.post(page.url.path, data={"what": "satisfied"}, files=[("photos", ("", b""))])
    alone = send(browser(linked), page, "satisfied", "")

    assert (forged.status_code, bare.status_code, alone.status_code) == (403, 403, 404)
    assert linked.step() == "awaiting_customer"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg onload=alert(1)>", "不是照片"),
        (b"\xff\xd8\xff" + b"\x00" * 99, "图片已损坏"),
        (b"%PDF-1.4 x", "不是照片"),
    ],
)
def test_what_is_no_photo_is_told_and_the_words_are_kept(
    linked: Desk, phone: Browser, content: bytes, sentence: str
) -> None:
    """
    A file that is no photo comes back with a sentence; the words stay in their place, and nothing was recorded.
    """
    page = phone.get(receipt(linked))
    back = send(phone, page, "message", "请看照片", files=[("photos", ("<b>.jpg", content, "image/jpeg"))])

    assert back.status_code == 422
    assert sentence in back.text
    assert ">请看照片</textarea>" in back.text
    assert "<b>" not in back.text


def test_too_much_is_not_read_to_its_end(linked: Desk, phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Photos over the limit are let go with a sentence, whatever the form says of its length; the words stay.
    """
    monkeypatch.setattr(arriving, "MOST_BYTES", 10_000)
    page = phone.get(receipt(linked))
    big = send(phone, page, "message", "看", files=[("photos", ("a.png", photo(1) + b"\x00" * 20_000, "image/png"))])

    assert big.status_code == 413
    assert "照片合起来太大" in big.text
    assert ">看</textarea>" in big.text


HOSTILE = [
    "<script>alert(1)</script>", "{{ 'hi'*4 }}", "<!channel> @所有人 <@U1>", "\u202e反着写", '=HYPERLINK("http://x")',
    "$\\frac{1}{2}$",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_words(linked: Desk, phone: Browser, words: str) -> None:
    """
    What a customer writes is shown to customer and staff as it was written: no markup, no mention, no template.
    """
    page = phone.get(receipt(linked))
    shown = send(phone, page, "message", f"你好 {words}")
    linked.deliver()

    assert shown.status_code == 200
    assert "<script" not in shown.text
    assert "hihihihi" not in shown.text
    assert linked.heard("程小满", "你好")
    assert "\u202e" not in shown.text


def test_both_languages(linked: Desk, phone: Browser) -> None:
    """
    The page speaks the customer's language, and the other one at a tap.
    """
    link = receipt(linked)
    assert 'lang="zh-CN"' in phone.get(link).text
    english = phone.get(f"{phone.get(link).url}?lang=en").text
    assert "You reported" in english
    assert "We answer you before" in english
    assert not re.search(r"(编号|经过|补救措施)", english)


def test_the_page_asks_nothing_of_anybody_else(linked: Desk, phone: Browser) -> None:
    """
    No script, no frame, no third party, nothing kept by the browser; the style is allowed by its hash.
    """
    page = phone.get(receipt(linked))
    policy = page.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"


def test_no_token_is_kept_or_logged(linked: Desk, phone: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """
    Neither rows nor log have a link that opens something.
    """
    caplog.set_level(logging.DEBUG)
    link = receipt(linked)
    phone.get(link)
    signature = link.rpartition(".")[2]

    assert signature not in "".join(
        message for record in caplog.records if "httpx" not in record.name for message in [record.getMessage()]
    )
    tables = ("outbox", "mailbox", "inbox", "actions", "audit", "access_links")
    with linked.database.reading() as session:
        for table in tables:
            rows = session.connection().exec_driver_sql(f"select * from {table}").all()
            assert signature not in str(rows), table


def test_without_an_address_there_are_no_links(desk: Desk) -> None:
    """
    A company that customers cannot reach gives no links, and has no page.
    """
    desk.report()
    desk.deliver()

    assert "/c/" not in desk.heard("程小满", "回执")[0].text
    assert customers.routes(desk.database, desk.company) == ()
