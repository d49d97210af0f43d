"""The whole story in WeCom: from 报投诉 to closing with photos, an escalation, the customer's word, the month."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.play import photo
from tests.support import staff
from tests.support.customer import LINK, PUBLIC, browser, send
from tests.support.desk import CASE, Desk, at
from tests.support.pictures import small_edition
from tests.support.slack import node
from tests.support.wecom.crypto import Encrypter, Own
from tests.support.wecom.stand import Stand
from tests.support.wecom_filling import Answers, Rep
from tests.support.wecom_office import Office

REPORT: Answers = {
    "customer": "瀚途", "product": "LG-1010 前下控制臂总成", "category": "产品质量", "impact": "换货",
    "photos": (photo(1), photo(2), photo(3)), "description": "孔位偏移,装不上", "quantity": "120",
    "received_at": "刚刚", "handling": "提交并转品保",
}  # fmt: skip
ACCEPTED: Answers = {"severity": "一般", "stage": "装配线(0公里)", "defect": "CC02 孔位偏移"}
CAUSE: Answers = {
    "cause_occur": "定位销磨损",
    "responsible": "生产部",
    "capa_needed": "不需要(说明理由)",
    "capa_reason": "偶发",
}
TOLD: Answers = {
    "cause_for_customer": "定位销磨损",
    "action_for_customer": "已更换",
    "contact": "汪店长",
    "told": "已发送",
}


@pytest.fixture
def encrypter(request: pytest.FixtureRequest) -> Encrypter:
    """Tencent's own crypto where there is Node, else ours."""
    return Own() if node.home() is None else request.getfixturevalue("wecom_tencent")


@pytest.fixture
def office(url: str, wecom_stand: Stand, tmp_path: Path, encrypter: Encrypter) -> Iterator[Office]:
    """The office, whose company has pages for its customers; charts are small."""
    desk = Desk.open(url, tmp_path)
    office = Office.open(desk, wecom_stand, tmp_path, encrypter)
    office.more = {"server": {"public_url": PUBLIC}}
    office.restart()
    desk.draw = small_edition
    yield office
    office.stop()
    desk.leave()


def reported(office: Office, seller: Rep) -> None:
    """The report, and the customer's link in the text to pass on."""
    seller.hand.menu("报投诉" if office.stand.app.menu else "start:complaint")
    assert CASE in seller.fills(REPORT)


def reported_on_the_page(office: Office, seller: Rep) -> None:
    """The same, begun in chat and finished on the page of the form, as its link from chat opens it."""
    seller.hand.menu("报投诉" if office.stand.app.menu else "start:complaint")
    seller.hand.say("瀚途")
    found = staff.LINK.search(seller.hand.say("网页"))
    assert found is not None
    client = staff.browser(office.desk)
    photos = [("file.photos", (f"{shade}.png", photo(shade), "image/png")) for shade in (1, 2, 3)]
    check = staff.send(client, client.get(found.group()), "submit", staff.COMPLAINT, photos)
    assert CASE in staff.send(client, check, "as:transmit").text
    office.deliver()


def late(office: Office, lead: Rep) -> None:
    """Nobody takes it up: on Monday its lead is asked, in person and in the group, and says that it is theirs."""
    office.until(at(11, 23, 9, 0))
    group = [each for each in office.group("PB") if "超期通知" in each.text]
    assert all("<@ShenZhiheng>" in str(each.body) or each.mentioned == ("ShenZhiheng",) for each in group)
    card = next(each for each in reversed(lead.hand.phone.cards()) if "我来处理" in each.buttons)
    assert "已登记" in lead.does(CASE, "我来处理", "我来处理", {})
    assert next(each for each in lead.hand.messages if each.number == card.number).greyed == "已由沈知衡处理"


def handled(office: Office, lead: Rep) -> None:
    """Accepted, a measure, a word with the customer."""
    lead.does(CASE, "接收", "接收", ACCEPTED)
    lead.does(CASE, "提出措施", "提措施", {"remedy": "补发并致歉"})
    lead.does(CASE, "登记沟通", "登记沟通", {"contact": "汪店长", "result": "已说明措施"})
    assert office.desk.step() == "awaiting_customer"


def heard(office: Office, seller: Rep) -> None:
    """The customer opens the link that was passed on, and is satisfied."""
    office.later(minutes=6)
    link = next(found.group() for each in seller.hand.messages if (found := LINK.search(each.text)))
    customer = browser(office.desk)
    assert "补发并致歉" in customer.get(link).text
    send(customer, customer.get(link), "satisfied", "谢谢,处理得很快")
    office.deliver()
    assert "谢谢,处理得很快" in seller.hand.messages[-1].text + seller.hand.messages[-2].text


def finished(office: Office, lead: Rep) -> None:
    """Carried out with a photo, its cause, closed."""
    lead.does(CASE, "已实施", "已实施", {"evidence": "签收单已回", "photos": (photo(4),)})
    lead.does(CASE, "登记原因", "登记原因", CAUSE)
    assert office.desk.step() == "analysing"
    lead.does(CASE, "关闭", "关闭", TOLD)
    assert office.desk.step() == "closed"


def month(office: Office, supervisor: Rep) -> None:
    """On the first working day the draft; confirmed, the sales group reads the month and sees its chart."""
    office.until(at(12, 1, 8, 10))
    assert "已发布并锁定" in supervisor.does("YB-2026-11", "确认发布", "确认发布", {})
    office.later(minutes=5)
    seen = office.group("XS")
    assert [each.picture[:4] for each in seen if each.kind == "image" and each.picture] == [b"\x89PNG"]
    assert any("【月报】2026-11" in each.text for each in seen)


@pytest.mark.parametrize("way", ["typing", "cards", "half"])
def test_a_complaint_from_the_menu_to_the_months_chart(office: Office, way: str) -> None:
    """
    By typing alone, by cards wherever there are some, and by page, typing and cards with a restart between: the same
    things are done, nothing is lost, dropped or refused, and the photos are there.
    """
    seller, lead, supervisor = (Rep(office, name, way == "cards") for name in ("程小满", "沈知衡", "顾晓岚"))
    (reported_on_the_page if way == "half" else reported)(office, seller)
    late(office, lead)
    if way == "half":
        lead, supervisor = Rep(office, "沈知衡", on_cards=True), Rep(office, "顾晓岚", on_cards=True)
        office.restart()
    handled(office, lead)
    heard(office, seller)
    finished(office, lead)
    month(office, supervisor)
    assert office.desk.done() == [
        "file", "take_over", "accept", "propose_remedy", "log_contact", "satisfied", "done_implementing", "analyse",
        "close",
    ]  # fmt: skip
    files = office.desk.look(CASE, lambda uow, case: [file.sha256 for file in uow.files.of_case(case.id)])
    assert len([each for each in files if each]) >= 4
    assert (office.wecom.lost, office.stand.dropped) == ([], [])
