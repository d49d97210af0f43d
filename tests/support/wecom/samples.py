"""Cards and bodies that WeCom takes, as tests begin with them."""

from typing import Any

Json = dict[str, Any]

URL = "https://guke.example.com/"


def options(count: int, key: str = "") -> list[Json]:
    """So many options; the key is the first one's id."""
    return [{"id": key if key and not number else f"o{number}", "text": f"选项{number}"} for number in range(count)]


def card(kind: str, **more: Any) -> Json:
    """A card of a kind, and what is different about it."""
    submit = {"text": "提交", "key": "submit"}
    parts: dict[str, Json] = {
        "text_notice": {"card_action": {"type": 1, "url": URL}},
        "news_notice": {"card_action": {"type": 1, "url": URL}, "card_image": {"url": URL, "aspect_ratio": 1.3}},
        "button_interaction": {"task_id": "t", "button_list": [{"text": "接收", "key": "accept"}]},
        "vote_interaction": {
            "task_id": "t", "submit_button": submit, "checkbox": {"question_key": "q", "option_list": options(2)},
        },
        "multiple_interaction": {
            "task_id": "t", "submit_button": submit, "select_list": [{"question_key": "q", "option_list": options(2)}],
        },
    }  # fmt: skip
    return {"card_type": kind, "main_title": {"title": "客诉"}, **parts[kind], **more}


def without(body: Json, name: str) -> Json:
    """The same without one part."""
    return {key: value for key, value in body.items() if key != name}
