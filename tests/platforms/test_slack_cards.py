"""Everything that is told, in Slack's shape: judged in both languages; whatever people have written stays text."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.slack import blocks, cards
from conversations.replies import Button
from conversations.words import Said, people, said
from handlers.living import STATES, Living
from notifications import decisions, notices
from notifications.gateway import Letter
from notifications.notices import About, Lateness, Notice
from notifications.render import render
from reports.words import Words
from storage.outbox_rows import Claimed
from tests.support.hostile import LONG, PAYLOADS, UNWANTED
from tests.support.slack.judges import judge
from tests.support.slack.pings import pings_and_links
from tests.support.slack.reading import text_of

NOW = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
DUE = NOW + timedelta(hours=48)
WORDS = Words(ZoneInfo("Asia/Shanghai"))
LANGUAGES = ("zh", "en")
NUMBER, FILE = "TS-2026-0082", "F0123456789"
MOST_CHARACTERS = 10_000


def say(language: str) -> cards.Say:
    """Say a sentence now."""
    return lambda sentence: WORDS.say(sentence, language, NOW)


def about(text: str) -> About:
    """A case in which everything that people have written is this."""
    return About(
        number=NUMBER, customer=text, headline=people(text), step=people("待品保接收"), owner=text, lead=text,
        urgent="line", next=(Button("accept", said("Accept"), NUMBER), Button("return", said("Return"), NUMBER)),
    )  # fmt: skip


def lateness(text: str) -> Lateness:
    """A deadline that was missed."""
    return Lateness(
        needs=people(text), due=NOW - timedelta(hours=3), now=NOW, duty=text, supervisor=text, deputy_gm=text,
        reminders=3, impact=people(text),
    )  # fmt: skip


def every(text: str) -> Iterator[Notice]:
    """Every notice there is, about a case in which everything is this text."""
    case, late = about(text), lateness(text)
    yield from (notices.level(case, late, name) for name in notices.LEVELS if name not in ("at once", "off hours"))
    yield notices.again(case, late)
    yield notices.assigned(case, DUE, NOW)
    yield notices.moved(case, people(text), text)
    yield notices.another_round(case, 3)
    yield notices.spoke(case, people(text), text, (people(text), people(text)))
    yield notices.receipt(case, people(text))
    yield notices.cleared(case, late)
    yield notices.acknowledged(case, text, DUE, people(text))
    yield notices.catch_up(NOW, DUE, (people(text),) * 30)
    yield notices.draft_expires(people(text), DUE)
    yield notices.deadlines_moved(30, (people(text),) * 30)
    yield notices.year_unknown(2027)
    bound = (("approve:0123456789abcdef", people("同意")), ("refuse:0123456789abcdef", people("退回")))
    yield decisions.sign(case, (people(text),) * 12, bound, DUE)
    yield decisions.void(case)
    yield decisions.not_effective(case, 2)
    yield decisions.action_failed(case, text, text, people(text))
    yield Notice("reply", people(text), (people(text),), tuple(Button(f"option:{n}", people(text)) for n in range(30)))


def report(text: str) -> Notice:
    """The summary of a month."""
    figures = tuple((people(text), people(text)) for _ in range(6))
    return Notice("summary", people(text), (people(text),), notices.buttons(NUMBER, "confirm", "comment"),
                  picture="0" * 64, alt=people(text), fields=figures)  # fmt: skip


def letter(notice: Notice, language: str) -> Letter:
    """A notice as it is delivered, calling somebody by name."""
    told = notice.because(notices.why("lead", notices.rule_of("GL-1 4.1.2", people("48 h"))))
    row = Claimed(
        id=1, key="key", short="ABCDEF", platform="slack", address="channel:PB", topic=notice.topic, case_id=1,
        subject="", level="L2" if notice.topic == "level" else None, card="", priority=3, payload=told.payload(),
        attempts=1, next_at=NOW, leased_until=NOW, fence=1, created_at=NOW,
    )  # fmt: skip
    return replace(render(row, WORDS, language, NOW), mentions=("U0123456789",))


def living(text: str, *, closed: bool = False, many: int = 20) -> Living:
    """A case on its card, in which everything that people have written is this."""
    taps = tuple(Button(f"a{n}", people(text), NUMBER, main=True) for n in range(3))
    return Living(
        number=NUMBER, customer=text, mark=said(notices.URGENT["line"]), headline=people(text), step=people("已受理"),
        handler=text, due=None if closed else DUE, state=None if closed else said(STATES["late"]), last=people(text),
        closed=closed, taps=taps, more=tuple(Button(f"b{n}", people(text), NUMBER) for n in range(many)),
    )  # fmt: skip


def payloads(text: str, language: str) -> Iterator[dict[str, Any]]:
    """Everything that can go out, with this text in every place."""
    for notice in every(text):
        told = letter(notice, language)
        yield cards.notice(told)
        yield cards.line(told.title)
        yield {"text": cards.notice(told)["text"]}
    for file in (FILE, ""):
        yield cards.picture(letter(report(text), language), file)
        yield cards.picture(letter(replace(report(text), fields=()), language), file)
    for many in (0, 3, 5, 20):
        yield cards.case(living(text, many=many), say(language), news=text, foot=text)
    yield cards.case(living(text, closed=True), say(language))
    yield cards.stub(living(text), say(language))


def strings(payload: object) -> Iterator[str]:
    """Every text that is shown."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            if key in ("text", "alt_text", "fallback") and isinstance(value, str):
                yield value
            else:
                yield from strings(value)
    elif isinstance(payload, list):
        for each in payload:
            yield from strings(each)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["凌岳", LONG, " ", "x"])
def test_slack_takes_every_card(language: str, text: str) -> None:
    """Three judges and our own rules find nothing, whether a text is short, missing or ten thousand characters long."""
    for payload in payloads(text, language):
        assert judge(payload, "message") == [], json.dumps(payload, ensure_ascii=False)[:2000]
        assert sum(map(len, strings(payload))) < MOST_CHARACTERS
        assert len(payload.get("blocks", [])) <= 50
        assert 0 < len(payload["text"]) <= 4000


def test_whatever_people_have_written_stays_text() -> None:
    """Seventy hostile texts in every place: nobody is called but whom we call, nothing leads anywhere."""
    for text in PAYLOADS:
        for payload in payloads(text, "zh"):
            assert set(pings_and_links(payload)) <= {"@U0123456789"}, (text, payload)
            assert not any(UNWANTED.search(shown.replace("\n", "")) for shown in strings(payload)), (text, payload)
        assert judge(cards.case(living(text), say("zh"), news=text), "message") == [], text


def test_what_is_cut_is_cut_between_signs() -> None:
    """An accent, a family, a flag stay whole; nothing is longer than asked."""
    for sign in ("a\u0301\u0302", "👨‍👩‍👧‍👦", "👍🏽", "🇨🇳", "中"):
        for most in range(1, 60):
            cut = blocks.cut(sign * 40, most)
            whole = cut.removesuffix("…")
            assert len(cut) <= most
            assert whole == sign * (len(whole) // len(sign))


def test_a_notification_begins_with_number_customer_and_time() -> None:
    """What a phone shows of it: the number, whose it is and until when stand in the first 80 characters."""
    shown = cards.case(living("瀚途新能源汽车有限公司"), say("zh"))["text"][:80]

    assert NUMBER in shown
    assert "瀚途新能源汽车有限公司" in shown
    assert "11月22日(周日)16:05" in shown


def test_a_card_shows_three_buttons_and_the_rest_in_a_menu() -> None:
    """Three at most are seen at once, one of them stands out; five more are a menu, and many a list."""
    few, many = (cards.case(living("x", many=count), say("zh"))["blocks"][-1]["elements"] for count in (5, 20))

    assert [each["type"] for each in few] == ["button"] * 3 + ["overflow"]
    assert [each.get("style") for each in few[:3]] == ["primary", None, None]
    assert [each["type"] for each in many] == ["button"] * 3 + ["static_select"]
    assert blocks.read_value(many[-1]["options"][-1]["value"]) == ("b19", NUMBER)


def test_a_text_for_the_customer_can_be_copied_as_it_is() -> None:
    """It stands in a frame of its own, without anything of ours in it."""
    text = "卢工您好,进度请点:https://bot.example.com/c/abc —衡岚立光"
    payload = cards.notice(letter(notices.receipt(about("瀚途"), people(text)), "zh"))
    frames = [block["elements"][0] for block in payload["blocks"] if block["type"] == "rich_text"]

    assert frames[-1] == {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}


@pytest.mark.parametrize("make", [cards.notice, lambda told: cards.picture(told, FILE)])
def test_a_level_is_read_in_five_lines(make: Callable[[Letter], dict[str, Any]]) -> None:
    """Who is called, what is late, what it is about, what can be tapped, why it came: no more."""
    told = letter(notices.level(about("瀚途"), lateness("接收"), "L2"), "zh")

    assert len(text_of(make(told)).splitlines()) <= 6
    assert text_of(make(told)).startswith("@U0123456789 【停线】⚠️ 超期升级(主管)|TS-2026-0082 瀚途")


def test_no_sign_is_left_half() -> None:
    """Whatever is hostile is shown without what nobody can see."""
    for text in PAYLOADS:
        shown = blocks.plain(text)["text"]
        assert not [sign for sign in shown if unicodedata.category(sign) == "Cc" and sign not in "\n\t"], repr(text)


def test_the_sentence_before_a_card_is_said_once() -> None:
    """The news above a card does not repeat the number and the customer of its headline."""
    news: Said = notices.another_round(about("瀚途"), 3).title
    payload = cards.case(living("瀚途"), say("zh"), news=WORDS.say(news, "zh", NOW))

    assert text_of(payload).splitlines()[1].startswith("顾客不认可") or NUMBER not in text_of(payload).splitlines()[1]
