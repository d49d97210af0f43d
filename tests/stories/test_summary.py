"""The monthly summary through the front door: drafted, discussed, confirmed or not, posted with pictures, locked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.demo.stage import Heard
from bot.editions import drawer
from conversations.words import people
from handlers.summaries import Edition
from tests.support.desk import Desk, at

CHANNELS = ("channel:XS", "channel:PB", "channel:JS", "channel:SC", "channel:ZJ")
LEAD, DEPUTY = "顾晓岚", "陆明舟"
NUMBER = "YB-2026-11"


@dataclass
class Pencil:
    """Draws five blank pictures in no time, each time other ones, and remembers when it was asked to."""

    asked: list[tuple[str, datetime]] = field(default_factory=list)

    def draw(self, month: str, cut_off: datetime) -> Edition:
        self.asked.append((month, cut_off))
        clean, stamped = (
            tuple(f"{kind} {number} of {len(self.asked)}".encode() for number in range(1, 6))
            for kind in ("clean", "stamped")
        )
        return Edition("【月报】2026年11月", clean, stamped, (people("投诉1件"), people("无未关闭事项")))


@pytest.fixture
def pencil(desk: Desk) -> Pencil:
    """A desk with one complaint of November, on the evening before the draft is due."""
    pencil = Pencil()
    desk.draw = pencil.draw
    desk.tick()
    desk.report()
    desk.until(at(11, 30, 20))
    return pencil


def texts(desk: Desk, address: str) -> list[str]:
    """The messages about the summary that arrived somewhere, without pictures."""
    return [heard.text for heard in desk.heard(address, "月度汇总") if not heard.picture]


def pictures(desk: Desk, address: str) -> list[bytes]:
    """The pictures that arrived somewhere, in their order."""

    def bytes_of(heard: Heard) -> Callable[..., bytes]:
        return lambda uow: bytes(uow.files.read(heard.picture))

    return [desk.do(bytes_of(heard)) for heard in desk.heard(address) if heard.picture]


def test_confirmed_it_is_posted_at_once_without_the_stamp(desk: Desk, pencil: Pencil) -> None:
    """08:05 draft with 未确认 to the sales lead; confirmed, every channel gets the signed text and clean pictures."""
    desk.until(at(12, 1, 8, 5))
    [draft] = texts(desk, LEAD)
    drafted = pictures(desk, LEAD)
    desk.tap(LEAD, "confirm", NUMBER)
    desk.tick()

    assert draft.splitlines()[1:4] == ["【月报】2026年11月", "结论:1.投诉1件 2.无未关闭事项", "未确认"]
    assert drafted[0] == b"stamped 1 of 1"
    for channel in CHANNELS:
        [posted] = texts(desk, channel)
        assert "未确认" not in posted
        assert "编制 自动汇总 审核 顾晓岚 已确认 12月1日" in posted
        assert pictures(desk, channel) == [f"clean {number} of 1".encode() for number in range(1, 6)]


def test_own_conclusions_and_rectifications_are_in_text_and_pictures(desk: Desk, pencil: Pencil) -> None:
    """What the lead writes replaces what was suggested; the pictures are drawn again as of the draft's cut-off."""
    desk.until(at(12, 1, 8, 5))
    desk.say(LEAD, f"修改说明 {NUMBER}", "交付问题集中在月末")
    desk.say(LEAD, f"整改计划 {NUMBER}", "总调度室", "核对拣货单", "12-20")
    desk.tick()
    desk.tap(LEAD, "confirm", NUMBER)
    desk.tick()
    [posted] = texts(desk, "channel:XS")
    (first, as_of), (again, same) = pencil.asked

    assert "结论:交付问题集中在月末" in posted
    assert "投诉1件" not in posted
    assert "整改:总调度室 12月20日前完成核对拣货单(JZ-2026-0033)" in posted
    assert "编制 顾晓岚 审核 顾晓岚" in posted
    assert (first, as_of) == (again, same)
    assert pictures(desk, "channel:XS")[4] == b"clean 5 of 2"


def test_a_hasty_confirmation_posts_no_picture_that_says_something_else(desk: Desk, pencil: Pencil) -> None:
    """Confirmed before the pictures could be drawn again: the text goes at once, the pictures once they are right."""
    desk.until(at(12, 1, 8, 5))
    desk.say(LEAD, f"修改说明 {NUMBER}", "交付问题集中在月末")
    desk.tap(LEAD, "confirm", NUMBER)
    desk.deliver()
    early = pictures(desk, "channel:XS")
    for _ in range(3):
        desk.tick()

    assert len(texts(desk, "channel:XS")) == 1
    assert early == []
    assert pictures(desk, "channel:XS") == [f"clean {number} of 2".encode() for number in range(1, 6)]


def test_not_confirmed_it_is_posted_with_the_stamp_and_goes_up(desk: Desk, pencil: Pencil) -> None:
    """17:00 of the third working day: posted as it is, every line and picture says so, the deputy GM hears."""
    desk.until(at(12, 3, 16, 59))
    before = texts(desk, "channel:XS")
    desk.until(at(12, 3, 17, 1))
    [posted] = texts(desk, "channel:XS")

    assert before == []
    assert "未确认" in posted.splitlines()
    assert "已确认" not in posted
    assert pictures(desk, "channel:XS")[0] == b"stamped 1 of 1"
    assert len(desk.heard(DEPUTY, "2026-11 月度汇总在 今天17:00 前未确认,已按未确认发布")) == 1
    assert len(pencil.asked) == 1


def test_the_word_shows_the_summary_as_it_stands(desk: Desk, pencil: Pencil) -> None:
    """月报 gives the newest summary with its conclusions, before and after it is confirmed."""
    desk.until(at(12, 1, 8, 5))
    draft = desk.say(LEAD, "月报")
    desk.tap(LEAD, "confirm", NUMBER)

    assert "结论:1.投诉1件 2.无未关闭事项" in draft
    assert "未确认" in draft
    assert "已确认 12月1日" in desk.say("程小满", "月报 2026-11")


def test_a_correction_is_a_note_and_changes_nothing_that_was_posted(desk: Desk, pencil: Pencil) -> None:
    """更正 after locking: every channel reads the old and the new figure; nothing is drawn or posted again."""
    desk.until(at(12, 1, 8, 5))
    desk.tap(LEAD, "confirm", NUMBER)
    desk.tick()
    shown = pictures(desk, "channel:XS")
    desk.say(LEAD, f"更正 {NUMBER}", "投诉总数", "1", "2")
    desk.tick()

    for channel in CHANNELS:
        assert len(desk.heard(channel, "【更正】2026-11 月度汇总 投诉总数:原 1,更正为 2。")) == 1
    assert pictures(desk, "channel:XS") == shown
    assert len(pencil.asked) == 1


def test_the_button_of_a_correction_opens_its_form(desk: Desk, pencil: Pencil) -> None:
    """更正 as a button on a summary that is posted asks what is to be corrected, as the typed word does."""
    desk.until(at(12, 1, 8, 5))
    desk.tap(LEAD, "confirm", NUMBER)

    assert "投诉总数" in desk.tap(LEAD, "correct", NUMBER) or desk.console(LEAD).reply.question == "what"


# drawing looks at figures, which are the same on both databases: `test_monthly.py`
@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_drawn_summary_shows_what_the_lead_wrote(desk: Desk) -> None:
    """The real pencil: conclusions that people write change the fifth picture, and no other."""
    desk.draw = drawer(desk.database, desk.company)
    desk.tick()
    desk.report()
    desk.until(at(12, 1, 8, 5))
    before = pictures(desk, LEAD)
    desk.say(LEAD, f"修改说明 {NUMBER}", "交付问题集中在月末")
    desk.tick()
    desk.tap(LEAD, "confirm", NUMBER)
    desk.tick()
    [posted] = texts(desk, "channel:XS")

    assert len(before) == len(pictures(desk, "channel:XS")) == 5
    assert all(picture.startswith(b"\x89PNG") for picture in before)
    assert "本月投诉 1 件" in posted
