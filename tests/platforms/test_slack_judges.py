"""The judges of payloads catch one planted fault each, and let a rich valid message, form and home pass."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.slack.judges import judge
from tests.support.slack.pings import pings_and_links
from tests.support.slack.reading import text_of

Json = dict[str, Any]
Blocks = dict[str, Any]


def plain(text: str) -> Json:
    """Plain text."""
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    """Text with markup."""
    return {"type": "mrkdwn", "text": text}


def option(text: str) -> Json:
    """A choice."""
    return {"text": plain(text), "value": text}


def field(name: str, kind: str, **element: Any) -> Json:
    """An input."""
    block = {"type": "input", "block_id": name, "label": plain(name)}
    return {**block, "element": {"type": kind, "action_id": "v", **element}}


def rich(*elements: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    """A part of rich text."""
    return {"type": kind, "elements": list(elements), **more}


def words(text: str, **style: bool) -> Json:
    """Words of rich text."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


CHOICES = [option("轻微"), option("一般"), option("严重")]
SURE = {
    "title": plain("确定?"),
    "text": marked("*真的*"),
    "confirm": plain("是"),
    "deny": plain("否"),
    "style": "danger",
}
ACCEPT = {
    "type": "button",
    "action_id": "accept",
    "text": plain("接收"),
    "value": "TS-1",
    "style": "primary",
    "confirm": SURE,
}
OPEN = {"type": "button", "action_id": "open", "text": plain("打开"), "url": "https://bot.example.com/c/1"}
MORE = {"type": "overflow", "action_id": "more", "options": [option("延期"), option("历史")]}
PICTURE = {"type": "image", "image_url": "https://bot.example.com/a.png", "alt_text": "图"}

RICH = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        rich(words("粗", bold=True), {"type": "link", "url": "https://bot.example.com", "text": "开"},
             {"type": "user", "user_id": "U1"}, {"type": "usergroup", "usergroup_id": "S1"},
             {"type": "emoji", "name": "bell"},
             {"type": "date", "timestamp": 1795161900, "format": "{date_num} {time}", "fallback": "11-20 16:05"}),
        rich(rich(words("一")), rich(words("二")), kind="rich_text_list", style="bullet", indent=0),
        rich(rich(words("甲")), kind="rich_text_list", style="ordered", indent=1, border=0),
        rich(words("引"), kind="rich_text_quote"),
        rich(words("码"), kind="rich_text_preformatted", border=0),
    ],
}  # fmt: skip
CARD: list[Json] = [
    {"type": "header", "block_id": "head", "text": {**plain("客诉 TS-1"), "emoji": True}},
    {"type": "section", "block_id": "plain", "text": plain("孔位偏移")},
    {"type": "section", "block_id": "fields", "fields": [marked("*顾客*\n瀚途"), plain("数量 3")], "accessory": ACCEPT},
    {"type": "section", "block_id": "menu", "text": marked("*更多*"), "accessory": MORE, "expand": True},
    {"type": "section", "block_id": "look", "text": marked("看"), "accessory": PICTURE},
    {"type": "context", "block_id": "context", "elements": [marked("48 h"), plain("二级"), PICTURE]},
    {"type": "actions", "block_id": "acts", "elements": [
        ACCEPT, OPEN, MORE,
        {"type": "users_select", "action_id": "who", "placeholder": plain("谁"), "initial_user": "U1"},
        {"type": "static_select", "action_id": "level", "options": CHOICES, "placeholder": plain("级")},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-20"},
    ]},
    {"type": "image", "block_id": "chart", "slack_file": {"id": "F0123456789"}, "alt_text": "数" * 500,
     "title": plain("图")},
    {"type": "divider", "block_id": "line"},
    RICH,
]  # fmt: skip
FORM: Json = {
    "type": "modal", "callback_id": "complaint", "private_metadata": "draft-1", "title": plain("新建投诉"),
    "submit": plain("提交"), "close": plain("取消"), "notify_on_close": True, "clear_on_close": False,
    "blocks": [
        {**field("text", "plain_text_input", multiline=True, max_length=3000, min_length=1, initial_value="x",
                 focus_on_load=True, placeholder=plain("说")), "hint": plain("一句话"), "optional": True},
        {**field("live", "plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
         "dispatch_action": True},
        field("decimal", "number_input", is_decimal_allowed=True, min_value="0.5", max_value="100", initial_value="1"),
        field("whole", "number_input", is_decimal_allowed=False, min_value="0"),
        field("radio", "radio_buttons", options=CHOICES, initial_option=CHOICES[0]),
        field("marked", "radio_buttons", options=[{**option("a"), "text": marked("*a*"), "description": plain("d")}]),
        field("select", "static_select", options=CHOICES, initial_option=CHOICES[0], placeholder=plain("选")),
        field("groups", "static_select", option_groups=[{"label": plain("组"), "options": CHOICES}]),
        field("recent", "external_select", min_query_length=0, initial_option=CHOICES[0]),
        field("external", "external_select", min_query_length=1, placeholder=plain("找")),
        field("several", "multi_static_select", options=CHOICES, initial_options=CHOICES, max_selected_items=3),
        field("boxes", "checkboxes", options=CHOICES, initial_options=CHOICES[:1]),
        field("people", "multi_users_select", initial_users=["U1"], max_selected_items=3),
        field("person", "users_select", initial_user="U1"),
        field("day", "datepicker", initial_date="2026-11-20"),
        field("time", "timepicker", initial_time="16:05", timezone="Asia/Shanghai"),
        field("instant", "datetimepicker", initial_date_time=1795161900),
        field("photos", "file_input", max_files=5, filetypes=["jpg", "jpeg", "png", "heic", "pdf"]),
        field("any_file", "file_input"),
        {"type": "actions", "block_id": "when", "elements": [{"type": "datetimepicker", "action_id": "when"}]},
        *CARD,
    ],
}  # fmt: skip


def test_what_slack_takes_passes() -> None:
    """
    Every block and element the product may use, with what Slack allows and a library alone would not.
    """
    assert judge({"text": "TS-1", "blocks": CARD}, "message") == []
    assert judge(FORM, "modal") == []
    assert judge({"type": "home", "blocks": CARD}, "home") == []
    assert judge({"text": "只有字"}, "message") == []


Fault = Callable[[Blocks], object]

IN_CARDS: dict[str, Fault] = {
    "a header with markup": lambda of: of["head"].update(text=marked("x")),
    "a long header": lambda of: of["head"].update(text=plain("长" * 151)),
    "a long section": lambda of: of["plain"].update(text=plain("长" * 3001)),
    "a section without words": lambda of: of["plain"].pop("text"),
    "a long button": lambda of: of["acts"]["elements"][0].update(text=plain("长" * 76)),
    "a blue button": lambda of: of["acts"]["elements"][0].update(style="blue"),
    "a long value": lambda of: of["acts"]["elements"][0].update(value="x" * 2001),
    "an unknown key": lambda of: of["head"].update(colour="red"),
    "an unknown block": lambda of: of["head"].update(type="headline"),
    "an action twice": lambda of: of["acts"]["elements"].append(ACCEPT),
    "26 actions": lambda of: of["acts"].update(elements=[{**OPEN, "action_id": str(each)} for each in range(26)]),
    "a long block_id": lambda of: of["head"].update(block_id="x" * 256),
    "a block_id twice": lambda of: of["head"].update(block_id="acts"),
    "a picture without words": lambda of: of["chart"].pop("alt_text"),
    "a picture with too many words": lambda of: of["chart"].update(alt_text="x" * 2001),
    "eleven fields": lambda of: of["fields"].update(fields=[plain("x")] * 11),
    "a long field": lambda of: of["fields"].update(fields=[plain("x" * 2001)]),
    "eleven elements": lambda of: of["context"].update(elements=[plain("x")] * 11),
    "words instead of text": lambda of: of["head"].update(text="x"),
    "rich text of no kind": lambda of: of["rich"]["elements"][0]["elements"].append({"type": "words"}),
    "a file field": lambda of: of["line"].update(field("file", "file_input")),
    "six more choices": lambda of: of["menu"]["accessory"].update(options=[option(str(each)) for each in range(6)]),
}  # fmt: skip
IN_FORMS: dict[str, Fault] = {
    "a long option": lambda of: of["select"]["element"].update(options=[option("x" * 76)], initial_option=None),
    "a long option value": lambda of: of["select"]["element"]["options"][0].update(value="x" * 151),
    "101 options": lambda of: of["groups"].update(
        field("groups", "static_select", options=[option(str(each)) for each in range(101)])),
    "eleven radio buttons": lambda of: of["radio"]["element"].update(options=[option(str(each)) for each in range(11)]),
    "a first choice that is none": lambda of: of["select"]["element"].update(initial_option=option("无")),
    "a number as number": lambda of: of["whole"]["element"].update(min_value=0),
    "nothing about decimals": lambda of: of["whole"]["element"].pop("is_decimal_allowed"),
    "no label": lambda of: of["whole"].pop("label"),
    "an empty label": lambda of: of["whole"].update(label=plain("")),
    "no element": lambda of: of["whole"].pop("element"),
    "a button as input": lambda of: of["whole"].update(element=ACCEPT),
    "a day of no calendar": lambda of: of["day"]["element"].update(initial_date="20.11.2026"),
    "a time of no clock": lambda of: of["time"]["element"].update(initial_time="25:00"),
    "eleven files": lambda of: of["photos"]["element"].update(max_files=11),
    "two with the focus": lambda of: of["live"]["element"].update(focus_on_load=True),
    "a table": lambda of: of["line"].update(type="table", rows=[[{"type": "raw_text", "text": "x"}]]),
    "markdown": lambda of: of["line"].update(type="markdown", text="x"),
}  # fmt: skip
IN_VIEWS: dict[str, Json] = {
    "a long title": {"title": plain("题" * 25)},
    "a long submit": {"submit": plain("交" * 25)},
    "no submit": {"submit": None},
    "no title": {"title": None},
    "a long metadata": {"private_metadata": "x" * 3001},
    "101 blocks": {"blocks": [{"type": "divider"}] * 101},
    "too large": {"blocks": [{"type": "section", "text": plain("长" * 2900)}] * 30},
}
IN_MESSAGES: dict[str, Json] = {
    "no fallback": {"text": " "},
    "51 blocks": {"blocks": [{"type": "divider"}] * 51},
    "too long": {"blocks": [{"type": "section", "text": plain("长" * 2700)}] * 5},
    "two tables": {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2},
    "nothing": {"text": "", "blocks": []},
}


def spoilt(payload: Json, fault: Fault) -> Json:
    """A copy with one fault."""
    payload = copy.deepcopy(payload)
    fault({block["block_id"]: block for block in payload["blocks"]})
    return payload


@pytest.mark.parametrize("name", IN_CARDS)
def test_a_fault_in_a_card_is_found(name: str) -> None:
    """
    One planted fault, found by whoever knows it.
    """
    assert judge(spoilt({"text": "TS-1", "blocks": CARD}, IN_CARDS[name]), "message")


@pytest.mark.parametrize("name", IN_FORMS)
def test_a_fault_in_a_form_is_found(name: str) -> None:
    """
    One planted fault, found by whoever knows it.
    """
    assert judge(spoilt(FORM, IN_FORMS[name]), "modal")


@pytest.mark.parametrize("name", IN_VIEWS)
def test_a_fault_in_a_whole_view_is_found(name: str) -> None:
    """
    One planted fault, found by whoever knows it.
    """
    view = {key: value for key, value in {**FORM, **IN_VIEWS[name]}.items() if value is not None}
    assert judge(view, "modal")


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_fault_in_a_whole_message_is_found(name: str) -> None:
    """
    One planted fault, found by whoever knows it.
    """
    assert judge({"text": "TS-1", "blocks": CARD, **IN_MESSAGES[name]}, "message")


def test_each_judge_knows_a_fault() -> None:
    """
    None of the four sleeps.
    """
    for fault, who in (("a blue button", "slack_sdk"), ("a header with markup", "blockkit"),
                       ("eleven fields", "slackblocks"), ("an action twice", "rules")):  # fmt: skip
        found = judge(spoilt({"text": "TS-1", "blocks": CARD}, IN_CARDS[fault]), "message")
        assert who in {each.partition(":")[0] for each in found}


def test_every_mention_and_link_is_listed() -> None:
    """
    What a client would make a ping or a link of, wherever it stands; plain text makes neither.
    """
    assert pings_and_links({"text": "TS-1", "blocks": CARD}) == [
        "https://bot.example.com/a.png", "https://bot.example.com/a.png", "https://bot.example.com/c/1",
        "https://bot.example.com", "@U1", "!subteam^S1",
    ]  # fmt: skip
    hostile = (
        "<!channel> <@U2|x> <https://evil.example|点> http://evil.example/2 <!date^1^{date}^https://d.example|d> @here"
    )
    makes = ["!channel", "@U2", "https://evil.example", "https://d.example", "http://evil.example/2", "!here"]
    assert pings_and_links({"text": hostile}) == makes
    assert pings_and_links({"text": "", "blocks": [{"type": "section", "fields": [marked(hostile)]}]}) == makes
    escaped = "&lt;!channel&gt; &lt;@U2&gt;"
    assert pings_and_links({"text": escaped, "blocks": [{"type": "section", "text": plain(hostile)}]}) == []


def test_what_a_person_reads() -> None:
    """
    The words of a card, one line per block, buttons in brackets.
    """
    assert text_of({"text": "TS-1", "blocks": CARD[:3]}) == "客诉 TS-1\n孔位偏移\n*顾客*\n瀚途\n数量 3\n[接收]"
    assert text_of({"blocks": [RICH]}) == "粗开@U1@S1:bell:11-20 16:05\n- 一\n- 二\n- 甲\n引\n码"
    assert text_of({"text": "&lt;b&gt; <https://x.example|看> <!date^1^{date}|11-20>"}) == "<b> 看 11-20"
