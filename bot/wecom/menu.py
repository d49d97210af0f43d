"""The app's menu: what it says, and pushing it to WeCom."""

from typing import Any

from bot.wecom.transport import Transport

START, MINE = "start:complaint", "mine"
MORE = (
    ("超期事项", "overdue"),
    ("草稿", "drafts"),
    ("月度汇总", "start:monthly_summary"),
    ("设置", "settings"),
    ("帮助", "help"),
)
"""Names and keys; WeCom allows five, of 13 Chinese characters."""

KEYS = frozenset({START, MINE, *(key for _, key in MORE)})


def menu() -> dict[str, Any]:
    """Three buttons: report, mine, more."""
    return {
        "button": [
            {"type": "click", "name": "报投诉", "key": START},
            {"type": "click", "name": "我的事项", "key": MINE},
            {"name": "更多", "sub_button": [{"type": "click", "name": name, "key": key} for name, key in MORE]},
        ]
    }


def push(transport: Transport) -> None:
    """Put the menu there; raises what a call does."""
    transport.put_menu(menu())


def there(transport: Transport) -> bool:
    """Whether the app has this menu; raises what a call does."""
    said = transport.read("menu/get", agentid=str(transport.agent))
    return [each.get("name") for each in said.get("button") or []] == [each["name"] for each in menu()["button"]]
