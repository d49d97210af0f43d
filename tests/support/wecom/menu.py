"""The app's menu: three buttons of five below them, names and keys measured in bytes."""

from typing import Any

from tests.support.wecom.endpoints import Asked, Endpoint, agent_in_query, get, size, text_at
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import Json

KEYED = (
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select",
)  # fmt: skip
TOP, BELOW = 3, 5
NAME, NAME_BELOW, KEY, URL = 16, 40, 128, 1024


def create(asked: Asked) -> Json:
    """A new menu in place of the old."""
    agent_in_query(asked)
    buttons = asked.args.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= TOP:
        raise RefusedError(40016)
    for button in buttons:
        _top(button)
    asked.app.menu = {"button": buttons}
    return {}


def _top(button: Any) -> None:
    refuse(not 1 <= size(text_at(button, "name")) <= NAME, 40018)
    below = button.get("sub_button") or []
    if not below:
        _acts(button, 40017, 40019, 40020)
        return
    refuse(not isinstance(below, list) or len(below) > BELOW, 40023)
    for each in below:
        refuse(not 1 <= size(text_at(each, "name")) <= NAME_BELOW, 40025)
        refuse(each.get("sub_button"), 40022)
        _acts(each, 40024, 40026, 40027)


def _acts(button: Json, kind_code: int, key_code: int, url_code: int) -> None:
    kind = text_at(button, "type")
    refuse(kind not in (*KEYED, "view", "view_miniprogram"), kind_code)
    refuse(kind in KEYED and not 1 <= size(text_at(button, "key")) <= KEY, key_code)
    refuse(kind == "view" and not 1 <= size(text_at(button, "url")) <= URL, url_code)
    refuse(kind == "view_miniprogram" and not (text_at(button, "appid") and text_at(button, "pagepath")), url_code)


def read(asked: Asked) -> Json:
    """The menu as it stands."""
    agent_in_query(asked)
    if asked.app.menu is None:
        raise RefusedError(46003)
    return asked.app.menu


def delete(asked: Asked) -> Json:
    """No menu any more."""
    agent_in_query(asked)
    asked.app.menu = None
    return {}


ENDPOINTS = {"menu/create": Endpoint(create), "menu/get": get(read), "menu/delete": get(delete)}
