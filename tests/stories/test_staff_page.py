"""The page of a form: a link from chat, every question at once, half here and half there, filed once."""

import re
from hashlib import sha256

import httpx
import pytest

from bot import arriving
from bot.demo.play import photo
from storage.drafts import DraftRow
from tests.support.browser import Browser
from tests.support.customer import PUBLIC, reachable
from tests.support.desk import CASE, Desk
from tests.support.staff import COMPLAINT, browser, fields, link_in, send

SELLER = "程小满"


@pytest.fixture
def seller(desk: Desk) -> Desk:
    """A company with an address on the net, in which somebody has begun to report a complaint."""
    reachable(desk).say(SELLER, "报投诉")
    return desk


@pytest.fixture
def phone(seller: Desk) -> Browser:
    """The browser of their phone."""
    return browser(seller)


def opened(desk: Desk, phone: Browser, word: str = "网页") -> httpx.Response:
    """The page behind the link that chat gives."""
    return phone.get(link_in(desk, desk.say(SELLER, word)))


def answers(desk: Desk) -> dict[str, tuple[object, object]]:
    """The answers of the open draft with the surface of each, the newest of every question."""

    def look(row: DraftRow | None) -> dict[str, tuple[object, object]]:
        kept = row.answers if row is not None else []
        return {str(each["key"]): (each["value"], each["surface"]) for each in kept if not each["skipped"]}

    return desk.do(lambda uow: look(uow.drafts.find(uow.organisation.person_by_name(SELLER).id, "complaint")))  # type: ignore[union-attr]


def test_a_complaint_is_reported_on_one_page(seller: Desk, phone: Browser) -> None:
    """
    网页 gives a link; the page asks everything, shows what it understood with the time limit and the form's own
    buttons, and files: number and time limit stand there, and in chat.
    """
    page = opened(seller, phone)
    check = send(phone, page, "submit", COMPLAINT)
    done = send(phone, check, "as:transmit")
    seller.deliver()

    assert re.fullmatch(PUBLIC + "/f/[0-9a-f]{12}", str(page.url))
    assert "请核对后提交" in check.text
    assert "孔位偏移,装不上" in check.text
    assert "处理时限" in check.text
    assert fields(check).buttons[:2] == ["as:transmit", "as:self"]
    assert f"编号 {CASE}" in done.text
    assert "11月22日(周日)16:05" in done.text
    assert CASE in phone.get(str(done.url)).text
    assert seller.step() == "handed_over"
    assert seller.heard(SELLER, CASE)
    for each in (page, check, done):
        assert len(each.content) <= 30 * 1024
        assert "http" not in re.sub(r"https://bot\.example\.com/c/", "", each.text)


def test_half_in_chat_half_on_the_page_and_back(seller: Desk, phone: Browser) -> None:
    """
    What chat was told stands on the page; what is saved there is not asked in chat again; each keeps its surface.
    """
    seller.say(SELLER, "瀚途", "前下控制臂总成")
    page = opened(seller, phone)
    assert fields(page).values["q.customer"] == "K02"
    saved = send(phone, page, "save", {"q.category": "delivery", "q.impact": "notice", "t.description": "少送两箱"})
    asked = seller.say(SELLER, "继续")

    assert "已保存" in saved.text
    kept = answers(seller)
    assert kept["customer"] == ("K02", "console")
    assert kept["description"] == ("少送两箱", "page")
    assert "照片" in asked
    assert "已受理" in seller.say(SELLER, "跳过", "跳过", "刚刚", "销售自行处理")
    assert seller.answers()["description"] == "少送两箱"


def test_what_cannot_be_read_stays_with_the_reason_beside_it(seller: Desk, phone: Browser) -> None:
    """
    A quantity that is none and a description that is too short come back as they were typed; all the rest is kept.
    """
    page = opened(seller, phone)
    back = send(phone, page, "submit", {**COMPLAINT, "t.description": "锈", "t.quantity": "很多很多"})

    assert back.status_code == 422
    assert ">锈</textarea>" in back.text
    assert fields(back).values["t.quantity"] == "很多很多"
    assert 'id="fault-description"' in back.text
    assert 'id="fault-quantity"' in back.text
    assert answers(seller)["customer"] == ("K02", "page")
    check = send(phone, back, "submit", {"t.description": "锈蚀严重", "t.quantity": "120"})
    assert "锈蚀严重" in check.text
    assert "120" in check.text


def test_what_is_missing_is_named_beside_its_question(seller: Desk, phone: Browser) -> None:
    """
    提交 with required answers missing files nothing and says beside each what is to be answered.
    """
    back = send(phone, opened(seller, phone), "submit", {"q.customer": "K02"})

    assert back.status_code == 422
    missing = re.findall(r'id="fault-(\w+)"', back.text)
    assert missing == ["product", "category", "impact", "description", "received_at"]


def test_the_newer_answer_from_chat_is_not_overwritten(seller: Desk, phone: Browser) -> None:
    """
    A page that lay open gives back only what was changed on it: what chat answered meanwhile remains.
    """
    page = opened(seller, phone)
    seller.say(SELLER, "瀚途", "前下控制臂总成", "产品质量")
    send(phone, page, "save", {"t.description": "孔位偏移"})

    kept = answers(seller)
    assert kept["customer"] == ("K02", "console")
    assert kept["category"] == ("quality", "console")
    assert kept["description"] == ("孔位偏移", "page")


def test_an_answer_that_is_wiped_out_is_none(seller: Desk, phone: Browser) -> None:
    """
    Whoever empties a question has it open again, here and in chat.
    """
    page = send(phone, opened(seller, phone), "save", COMPLAINT)
    send(phone, page, "save", {"t.description": "", "q.product": ""})

    assert {"description", "product"} & set(answers(seller)) == set()
    assert "哪个产品" in seller.say(SELLER, "继续")


def test_a_question_that_depends_on_another_appears_after_saving(seller: Desk, phone: Browser) -> None:
    """
    A new customer is asked for once that is what was chosen; without a script the page says so beside the question.
    """
    page = opened(seller, phone)
    back = send(phone, page, "submit", {**COMPLAINT, "q.customer": "new"})

    assert "t.new_customer" not in fields(page).values
    assert 'id="fault-new_customer"' in back.text
    check = send(phone, back, "submit", {"t.new_customer": "新客户机械有限公司"})
    assert "新客户机械有限公司" in check.text
    assert "已受理" in send(phone, check, "as:transmit").text


def test_against_the_suggestion_a_reason_is_asked_at_the_last_look(seller: Desk, phone: Browser) -> None:
    """
    销售自行处理 for a quality problem asks why, on the same page; then it is filed with the reason.
    """
    check = send(phone, opened(seller, phone), "submit", COMPLAINT)
    why = send(phone, check, "as:self")
    assert why.status_code == 422
    assert seller.do(lambda uow: uow.cases.find(CASE)) is None
    done = send(phone, why, "as:self", {"q.handling_reason": "accepted"})

    assert "已受理" in done.text
    assert seller.step() == "sales_handling"
    assert seller.answers()["handling_reason"] == "accepted"


def test_a_name_is_looked_for(seller: Desk, phone: Browser) -> None:
    """
    A part of a name that one customer has is enough; where several may be meant, the list offers them first.
    """
    page = opened(seller, phone)
    several = send(phone, page, "save", {"s.customer": "汽车有限公司"})
    one = send(phone, several, "save", {"q.customer": "K02"})
    other = send(phone, one, "save", {"s.customer": "云麓"})
    nobody = send(phone, other, "save", {"s.customer": "没有这家"})

    assert several.status_code == nobody.status_code == 422
    assert fields(several).values["s.customer"] == "汽车有限公司"
    assert fields(several).options["q.customer"][1:3] == ["K01", "K02"]
    assert [fields(each).values["q.customer"] for each in (one, other)] == ["K02", "K08"]
    assert fields(nobody).values["s.customer"] == "没有这家"


def test_an_action_has_its_page_too(seller: Desk, phone: Browser) -> None:
    """
    接收 is a form like others: its page files it, without a last look where the form has none.
    """
    send(phone, send(phone, opened(seller, phone), "submit", COMPLAINT), "as:transmit")
    seller.say("梁可欣", f"接收 {CASE}")
    page = browser(seller)
    form = page.get(link_in(seller, seller.say("梁可欣", "page")))
    done = send(page, form, "submit", {"q.severity": "general", "q.stage": "line", "s.defect": "CC02"})

    assert CASE in form.text
    assert seller.step() == "qa_handling"
    assert done.status_code == 200


def test_a_form_about_oneself_has_its_page_too(seller: Desk) -> None:
    """
    请假 is filled in on a page like anything else, with days picked from a calendar.
    """
    seller.say("梁可欣", "请假")
    page = browser(seller)
    form = page.get(link_in(seller, seller.say("梁可欣", "网页")))
    asked = {name: "2026-11-24" for name in fields(form).values if name.startswith("t.")}
    done = send(page, form, "submit", {**asked, "s.deputy": "沈知衡"})

    assert 'type="date"' in form.text
    assert "可以关闭本页" in done.text
    person = seller.do(lambda uow: uow.organisation.person_by_name("梁可欣"))
    assert person is not None
    assert person.leave_from is not None


def photos(*contents: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Photos as a browser sends them."""
    return [("file.photos", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(contents)]


def test_photos_are_kept_with_the_draft(seller: Desk, phone: Browser) -> None:
    """
    Photos of the page and of chat are in one form; the same one sent again is one; then they are the case's.
    """
    seller.photos(SELLER, 1)
    page = opened(seller, phone)
    assert "已收到 1 张照片" in page.text
    page = send(phone, page, "save", files=photos(photo(2), photo(3)))
    page = send(phone, page, "save", files=photos(photo(2)))
    assert "已收到 3 张照片" in page.text
    send(phone, send(phone, page, "submit", COMPLAINT), "as:transmit")

    files = seller.look(CASE, lambda uow, case: [file.sha256 for file in uow.files.of_case(case.id)])
    assert {sha256(photo(n)).hexdigest() for n in (2, 3)} <= set(files)
    assert len(files) == 3


def test_a_photo_of_twenty_megabytes_too_many(seller: Desk, phone: Browser) -> None:
    """
    A photo over 20 MB and a file that is no photo are named beside the question; good ones and the words are kept.
    """
    large = photo(1) + bytes(20 * 1024 * 1024)
    page = opened(seller, phone)
    back = send(phone, page, "save", {"t.description": "孔位偏移"}, files=photos(photo(2), large))
    worse = send(phone, back, "save", files=photos(b"MZ not a picture"))

    assert back.status_code == worse.status_code == 422
    assert "20 MB" in back.text
    assert "已收到 1 张照片" in back.text
    assert 'id="fault-photos"' in worse.text
    assert answers(seller)["description"] == ("孔位偏移", "page")


def test_photos_too_large_together(seller: Desk, phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What is more than we take at a time is let go, with a sentence; the words that came with it are kept.
    """
    monkeypatch.setattr(arriving, "MOST_BYTES", 10_000)
    page = opened(seller, phone)
    back = send(phone, page, "submit", {"t.description": "孔位偏移"}, files=photos(b"\xff\xd8\xff" + bytes(20_000)))

    assert back.status_code == 413
    assert "照片合起来太大" in back.text
    assert ">孔位偏移</textarea>" in back.text


def test_the_script_keeps_what_is_typed(seller: Desk, phone: Browser) -> None:
    """
    Every few seconds the page sends itself: what can be read is kept, the rest is named and nothing is said of it; an
    answer that others depend on asks for a fresh page.
    """
    page = opened(seller, phone)
    asking = {"accept": "application/json"}
    typed = send(phone, page, "auto", {"t.description": "孔"}, headers=asking).json()
    told = send(phone, page, "auto", {"t.description": "孔位偏移"}, headers=asking).json()
    chosen = send(phone, page, "auto", {"q.customer": "new"}, files=photos(photo(3)), headers=asking).json()

    searched = send(phone, page, "auto", {"s.customer": "汽车有限公司"}, headers=asking).json()

    assert [key for key, _ in searched["found"]["customer"]][:2] == ["K01", "K02"]
    assert "哪一个" in searched["state"]
    assert typed["wrong"] == ["description"]
    assert told["state"] == "已保存 今天16:05"
    assert not told["fresh"]
    assert told["was"] != fields(page).values["was"]
    assert chosen["fresh"]
    assert chosen["photos"] == {"photos": "已收到 1 张照片。"}
    assert answers(seller)["description"] == ("孔位偏移", "page")


def test_english_for_whoever_reads_english(seller: Desk, phone: Browser) -> None:
    """
    The page speaks the language of its reader.
    """
    seller.do(lambda uow: setattr(uow.organisation.person_by_name(SELLER), "language", "en"))
    page = opened(seller, phone, "page")

    assert 'lang="en"' in page.text
    assert "Which customer?" in page.text
    assert not re.search("[\u4e00-\u9fff]", re.sub(r"<style.*?</style>|<option.*?</option>|<header.*?</header>", "",
                                                    page.text, flags=re.DOTALL))  # fmt: skip


def test_without_an_address_there_is_no_page(desk: Desk) -> None:
    """
    A company without an address on the net says so, and everything goes on in chat.
    """
    desk.say(SELLER, "报投诉")

    assert "没有网页" in desk.say(SELLER, "网页")
    assert "哪个产品" in desk.say(SELLER, "瀚途")
