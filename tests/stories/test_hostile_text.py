"""Whatever is written stays text, on every surface there is (S7, S8)."""

import csv
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from io import StringIO
from itertools import cycle

from bot.demo.play import photo
from conversations.words import people, said
from handlers import filing
from handlers.events import Attached, Sender, Upload
from handlers.imports.complaints_file import Line
from handlers.imports.complaints_rejects import as_csv
from handlers.imports.complaints_rows import Rejected, clean
from handlers.turn import Turn
from storage.cases import Case
from storage.unit_of_work import UnitOfWork
from tests.support.desk import Desk, at
from tests.support.hostile import LONG, PAYLOADS, UNWANTED, visible

OURS = {"!doctype", "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article",
        "h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "pre", "ul", "ol", "li",
        "span", "div", "strong", "small", "em", "br", "hr", "time", "code", "caption", "figure", "figcaption", "b", "i",
        "details", "summary", "colgroup", "col"}  # fmt: skip
FIELDS = 12
"""So many texts are written on the way of one complaint."""


class Page(HTMLParser):
    """A page as a browser reads it: its elements, what they point to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.points_to: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.points_to += [value or "" for name, value in attrs if name in ("href", "src", "action", "style", "srcset")]
        self.points_to += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data


class Clerk:
    """Writes one hostile text after another wherever a text is asked for, and keeps all that is answered."""

    def __init__(self, desk: Desk, texts: Iterator[str]) -> None:
        self.desk, self.texts = desk, texts
        self.answers: list[str] = []
        self.written: list[str] = []

    def say(self, person: str, *lines: str) -> str:
        """Type lines; ``?`` stands for the next hostile text."""
        for line in lines:
            words = line
            if line == "?":
                words = f"{next(self.texts)}如上"
                self.written.append(words)
            self.answers.append(self.desk.say(person, words))
        return self.answers[-1]


def complaint(clerk: Clerk, number: str) -> None:
    """One complaint from its first word to its end, with hostile text in every field that takes text."""
    tail = number[-4:].lstrip("0")
    clerk.say("程小满", "报投诉", "驰安", "球头总成", "交付", "仅通知", "跳过", "?", "11–100只", "刚刚", "销售自行处理")
    clerk.say("程小满", f"提措施 {tail}", "?", f"登记沟通 {tail}", "?", "?")
    clerk.say("程小满", f"不满意 {tail}", "?", "汪店长", f"提措施 {tail}", "?", f"登记沟通 {tail}", "汪店长", "?")
    clerk.say("程小满", f"满意 {tail}", "汪店长", "?", f"修改 {tail}", "批次/生产日期", "?", "?")
    clerk.say("程小满", f"已实施 {tail}", "?", "跳过")
    clerk.say("梁可欣", f"登记原因 {tail}", "?", "?", "总调度室", "不需要(说明理由)", "?")
    clerk.say("梁可欣", f"关闭 {tail}", "?", "?", "汪店长", "已发送")


def sweep(desk: Desk) -> list[str]:
    """Everything that anybody heard."""
    return [row.text for row in desk.do(lambda uow: uow.mailbox.all_after(0))]


def forms(desk: Desk, numbers: list[str]) -> list[str]:
    """The forms that were filed, as bytes on the disk say it."""

    def written(uow: UnitOfWork, number: str) -> str:
        turn, case = Turn(uow, desk.company), uow.cases.find(number)
        assert isinstance(case, Case)
        return filing.write_again(turn, case, None).content.decode()

    return [desk.do(partial(written, number=number)) for number in numbers]


def test_a_whole_complaint_in_hostile_words(desk: Desk) -> None:
    """
    Answers, notices, lists, digest, explanation and texts to forward show what was written, and obey none of it.
    """
    texts = cycle(text for text in PAYLOADS if text != LONG)
    clerk = Clerk(desk, texts)
    numbers = [f"TS-2026-{number:04}" for number in range(82, 82 + 5)]
    for number in numbers:
        complaint(clerk, number)
        assert desk.step(number) == "closed", clerk.answers[-3:]
        for line in (number, f"为什么 {number}", "我的事项", "超期", "规则", f"查 {clerk.written[-1]}"):
            clerk.say("梁可欣", line)
    desk.until(at(11, 23, 9))

    assert len(set(clerk.written)) >= len(PAYLOADS) - 1
    shown = [*clerk.answers, *sweep(desk)]
    assert [text for text in shown if UNWANTED.search(text)] == []
    pages = [Page(form) for form in forms(desk, numbers)]
    assert [page.tags - OURS for page in pages] == [set()] * len(pages)
    assert [page.points_to for page in pages] == [[]] * len(pages)
    everything = " ".join(" ".join([*(page.words for page in pages), *shown]).split())
    assert [words for words in clerk.written if visible(words) not in everything] == []


def test_names_of_new_customers_and_of_files(desk: Desk) -> None:
    """
    A customer's name typed by hand and the name of a file go through notices, lists and the form as text.
    """
    for payload in PAYLOADS:
        name = f"{payload[:30]}公司"
        desk.say("程小满", "报投诉", "新客户", name, "暂不清楚", "交付", "仅通知")
        files = (Upload(f"{payload}.png", "image/png", photo(1)), Upload(f"{payload}.exe", "", b"MZ"))
        refused = desk.console("程小满").receive(Attached(f"file-{hash(payload)}", Sender("console", "程小满"), files))
        filed = desk.say("程小满", "好了", "少送两箱,门店断货", "跳过", "刚刚", "销售自行处理")
        assert UNWANTED.search(refused + filed) is None, payload
        assert "已受理" in filed, f"{payload}: {filed}"
    desk.until(at(11, 20, 16, 40))
    names = desk.do(lambda uow: [file.name for file in uow.files.loose_of(0, uow.now)] + stored(uow))

    assert len(names) == len(PAYLOADS)
    assert [name for name in names if UNWANTED.search(name) or len(name) > 255] == []
    heard = sweep(desk)
    assert [text for text in heard if UNWANTED.search(text)] == []
    told = " ".join(" ".join(heard).split())
    assert [each for each in PAYLOADS if visible(each)[:6] not in told] == []


def stored(uow: UnitOfWork) -> list[str]:
    """The names of all files that belong to a case."""
    return [file.name for case in uow.cases.open_of() for file in uow.files.of_case(case.id)]


def test_ten_thousand_characters_are_refused_in_words(desk: Desk) -> None:
    """
    Too long an answer is not cut in silence: the person reads how much is taken, and the question stays open.
    """
    desk.report()
    for word in ("提措施", "登记沟通", "请技术支持"):
        answer = desk.say("程小满", f"{word} 82", LONG)
        assert "字" in answer, f"{word}: {answer[:80]}"
        assert len(answer) < 400
        desk.say("程小满", "取消")


def test_rejected_rows_compute_nothing() -> None:
    """
    Rows that come back from an import hold no formula, keep every cell, and say the same when they are read again.
    """
    rows = [
        Rejected(Line(row, (payload, "好"), 1.0), said("{why}", why=people(payload))) for row, payload in numbered()
    ]
    written = as_csv(["customer", "note"], rows, lambda sentence: str(sentence.values["why"]))
    table = list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))

    assert [len(row) for row in table] == [3] * (len(PAYLOADS) + 1)
    cells = [cell for row in table for cell in row[1:]]
    assert [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@")] == []
    assert [clean(row[1]) for row in table[1:]] == [clean(payload) for payload in PAYLOADS]


def numbered() -> Iterator[tuple[int, str]]:
    """Each payload with its row."""
    return enumerate(PAYLOADS, start=2)
