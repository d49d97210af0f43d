"""Closing leaves the form behind (M-15): everything of the case, hashed, filed, and written out again."""

import hashlib
from html.parser import HTMLParser

import pytest

from handlers import filing
from handlers.filing import Written
from handlers.turn import Turn
from reports.documents.filed import Filed, filed_of
from storage.files import path_of
from tests.support.desk import Desk, at

NUMBER = "TS-2026-0082"
HOSTILE = "少送两箱</pre><script>alert(1)</script>{{ 7*7 }}<img src=x onerror=alert(2)>\"'&"


class Page(HTMLParser):
    """The page as a browser reads it: its elements, and the text of one of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.content = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = ("id", "content") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.content += data if self._inside else ""


def handled(desk: Desk, **answers: str) -> None:
    """A complaint, late over the weekend, refused once, and solved."""
    desk.report(**answers)
    desk.until(at(11, 23, 13, 30))
    desk.say("程小满", "提措施 82", "周三随班车补发", "登记沟通 82", "汪店长", "告知周三到货")
    desk.say("程小满", "不满意 82", "要求周二到货", "汪店长")
    desk.until(at(11, 24, 9, 10))
    desk.say("程小满", "提措施 82", "今天专车补发", "登记沟通 82", "汪店长", "同意", "满意 82", "汪店长", "跳过")
    desk.until(at(11, 24, 15, 40))
    desk.say("程小满", "已实施 82", "签收单已回", "跳过")


def closed(desk: Desk) -> str:
    """Quality finds the cause and closes; the last answer."""
    desk.later(hours=2)
    desk.say("梁可欣", "登记原因 82", "拣货单漏打印第二页", "跳过", "总调度室", "需要", "改为自动分页打印", "12-31")
    return desk.say("梁可欣", "关闭 82", "拣货单漏打印第二页", "改为自动打印", "汪店长", "已发送")


def filed(desk: Desk) -> tuple[Filed, ...]:
    """What was filed of the case."""
    case_id = _case_id(desk)
    return desk.do(lambda uow: filed_of(uow.session, case_id))


def _case_id(desk: Desk) -> int:
    return desk.do(lambda uow: case.id if (case := uow.cases.find(NUMBER)) else 0)


def written(desk: Desk, issue: int | None = None) -> Written:
    """The form, written out again."""

    def write(turn: Turn) -> Written:
        case = turn.uow.cases.find(NUMBER)
        assert case is not None
        return filing.write_again(turn, case, issue)

    return desk.do(lambda uow: write(Turn(uow, desk.company)))


def test_closing_files_the_form(desk: Desk) -> None:
    """
    The form says all there is: customer, both rounds, the breach, cause, corrective action, people and times.
    """
    handled(desk)
    assert "已关闭" in closed(desk)

    form = written(desk).content.decode()
    for told in (
        "质量信息反馈单", "Quality feedback form", "HLLG-QR721-01", "A/0", NUMBER, "驰安汽配连锁有限公司",
        "LG-1040 球头总成", "少送两箱,门店断货", "2026-11-20 16:05", "周三随班车补发", "要求周二到货",
        "顾客不满意", "今天专车补发", "顾客满意", "超期完成,已超 21 小时 25 分", "时限内完成", "48 小时(D9 4.1.2)",
        "公司补充规定", "拣货单漏打印第二页", "总调度室", "JZ-2026-0033", "签收单已回", "程小满", "梁可欣",
        "2026-11-24 15:40",
    ):  # fmt: skip
        assert told in form, told
    assert "今天16" not in form


def test_what_is_filed_is_in_the_audit_trail(desk: Desk) -> None:
    """
    The attachment of the case, the audit row of the closing and the foot of the page name the same hashes.
    """
    handled(desk)
    closed(desk)

    one = filed(desk)[0]
    form = written(desk)
    case_id = _case_id(desk)
    kept = desk.do(lambda uow: [file for file in uow.files.of_case(case_id) if file.mime == "text/html"])
    content = Page(form.content.decode()).content
    assert [file.sha256 for file in kept] == [one.sha256] == [hashlib.sha256(form.content).hexdigest()]
    assert hashlib.sha256(content.encode()).hexdigest() == one.content
    assert one.content in form.content.decode()
    assert (form.intact, form.agrees) == (True, True)


def test_a_second_closing_files_beside_the_first(desk: Desk) -> None:
    """
    Opened again and closed again: the first filing stays as it was, the second says why and stands beside it.
    """
    handled(desk)
    closed(desk)
    first = written(desk)
    desk.later(hours=1)
    desk.say("沈知衡", "重新打开 82", "又少了一箱")
    desk.say("程小满", "提措施 82", "补第三箱", "登记沟通 82", "汪店长", "同意", "满意 82", "汪店长", "跳过")
    open_again = written(desk)
    desk.say("程小满", "已实施 82", "第三箱签收", "跳过")
    answer = closed(desk)

    assert "已关闭" in answer
    assert [one.issue for one in filed(desk)] == [1, 2]
    assert written(desk, 1).content == first.content
    assert open_again.agrees is None
    assert open_again.intact
    second = written(desk)
    assert second.agrees
    assert "重新打开(1)" in second.content.decode()
    assert first.sha256 in second.content.decode()


def test_what_people_wrote_is_never_markup(desk: Desk) -> None:
    """
    Tags, templates and quotes of people stand on the form as text, and nothing in it runs or loads.
    """
    handled(desk, description=HOSTILE)
    closed(desk)

    form = written(desk).content.decode()
    page = Page(form)
    assert not {"script", "img", "iframe", "link"} & page.tags
    assert "{{ 7*7 }}" in form
    assert HOSTILE.replace('"', '\\"') in page.content
    assert "http" not in form.replace("http-equiv", "")


def test_a_damaged_form_is_named_and_laid_out_anew(desk: Desk) -> None:
    """
    A kept file that somebody changed is not passed off as the form: it is made again from the records.
    """
    handled(desk)
    closed(desk)
    one = filed(desk)[0]
    place = path_of(desk.do(lambda uow: uow._attachments), one.sha256)
    place.write_bytes(place.read_bytes().replace("程小满".encode(), "某某某".encode()))

    again = written(desk)
    assert not again.intact
    assert again.sha256 == one.sha256
    assert again.agrees


def test_records_changed_behind_our_back_do_not_agree(desk: Desk) -> None:
    """
    An answer that was altered in the database after closing is found by the content's hash.
    """
    handled(desk)
    closed(desk)

    def tamper(turn: Turn) -> None:
        case = turn.uow.cases.find(NUMBER)
        assert case is not None
        case.answers = {**case.answers, "cause_occur": "不明"}

    desk.do(lambda uow: tamper(Turn(uow, desk.company)))
    assert written(desk).agrees is False


def test_an_open_case_is_written_as_not_filed(desk: Desk) -> None:
    """
    Before closing the form can be looked at; it says that it is not filed, and nothing is kept of it.
    """
    desk.report()

    form = written(desk)
    assert form.filed is None
    assert "未归档" in form.content.decode()
    assert filed(desk) == ()
    with pytest.raises(filing.NoFormError, match="filings: 0"):
        written(desk, 1)
