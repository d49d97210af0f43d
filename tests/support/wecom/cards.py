"""Template cards: what the fake refuses of one, field by field, and what a phone would cut."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.wecom.endpoints import size, text_at
from tests.support.wecom.errors import refuse
from tests.support.wecom.media import kept
from tests.support.wecom.world import App, Json, World

NOTICES = ("text_notice", "news_notice")
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
KEY, OPTION_ID = 1024, 128

SHOWN = ("quote_area", "sub_title_text", "horizontal_content_list", "card_action", "action_menu")
KNOWN = {
    "text_notice": (*SHOWN, "emphasis_content", "jump_list"),
    "news_notice": (*SHOWN, "image_text_area", "card_image", "vertical_content_list", "jump_list"),
    "button_interaction": (*SHOWN, "button_selection", "button_list"),
    "vote_interaction": ("checkbox", "submit_button"),
    "multiple_interaction": ("select_list", "submit_button"),
}
EVERYWHERE = ("card_type", "source", "main_title", "task_id")
"""The fields of each kind. WeCom says nothing of others, and shows nothing of them: for us a fault."""

ASPECT = (1.3, 2.25)

# how many characters a phone shows: of an app's card, of a robot's
SHOWS = {
    ("source", "desc"): (20, 13),
    ("main_title", "title"): (36, 26),
    ("main_title", "desc"): (44, 30),
    ("sub_title_text",): (160, 112),
    ("emphasis_content", "title"): (14, 10),
    ("emphasis_content", "desc"): (22, 15),
    ("button_list", "text"): (10, 10),
    ("checkbox", "option_list", "text"): (17, 11),
    ("select_list", "title"): (13, 13),
    ("select_list", "option_list", "text"): (16, 10),
    ("submit_button", "text"): (10, 10),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card is to be: sent by an app, sent by a robot (no app), or in place of another card."""

    world: World
    app: App | None = None
    robot: str = ""
    update: bool = False


def check(place: Place, card: Any) -> Json:
    """The card, if WeCom would take it; RefusedError if not."""
    refuse(not isinstance(card, dict) or not card, 40063, "template_card is empty")
    kind = card.get("card_type")
    refuse(kind not in KNOWN or (place.app is None and kind not in NOTICES), 42031)
    _may_be_answered(place, card)
    for rule in (_title, _quote, _horizontal, _vertical, _jumps, _action, _image, _menu):
        rule(place, card)
    if kind in OF_KIND:
        OF_KIND[kind](card)
    _unknown(place, card)
    _shown(place, card)
    return dict(card)


def _may_be_answered(place: Place, card: Json) -> None:
    answered = card["card_type"] in INTERACTIVE or "action_menu" in card
    refuse(answered and place.app is not None and not place.app.callback, 43012)
    task = card.get("task_id")
    refuse(answered and not place.update and not task, 42014, "task_id is empty")
    refuse(task is not None and not (isinstance(task, str) and TASK_ID.fullmatch(task)), 42014)
    if place.app and not place.update and task:
        refuse((place.app.agent, task) in place.world.task_ids, 42014, "task_id was used before")


def _title(_place: Place, card: Json) -> None:
    instead = card["card_type"] == "text_notice" and text_at(card, "sub_title_text")
    refuse(not text_at(card, "main_title", "title") and not instead, 42033)


def _leads(part: Json, *, appid_too: bool = True) -> None:
    """A part of type 1 has an address, of type 2 a mini-program."""
    refuse(part.get("type") == 1 and not text_at(part, "url"), 42028)
    refuse(appid_too and part.get("type") == 2 and not text_at(part, "appid"), 42030)


def _quote(_place: Place, card: Json) -> None:
    _leads(_object(card, "quote_area"))


def _horizontal(place: Place, card: Json) -> None:
    lines = _list(card, "horizontal_content_list")
    refuse(len(lines) > 6, 42035)
    for line in lines:
        refuse(not text_at(line, "keyname"), 42027)
        _leads(line, appid_too=False)
        refuse(line.get("type") == 3 and not text_at(line, "userid"), 42050)
        if line.get("type") == 2:
            refuse(not text_at(line, "media_id"), 42029)
            kept(place.world, line["media_id"], robot=place.robot)


def _vertical(_place: Place, card: Json) -> None:
    lines = _list(card, "vertical_content_list")
    refuse(len(lines) > 4, 42036)
    for line in lines:
        refuse(not text_at(line, "title"), 42033)


def _jumps(_place: Place, card: Json) -> None:
    jumps = _list(card, "jump_list")
    refuse(len(jumps) > 3, 42042)
    for jump in jumps:
        refuse(not text_at(jump, "title") or jump.get("type", 0) not in (0, 1, 2), 42042)
        _leads(jump)


def _action(_place: Place, card: Json) -> None:
    action = _object(card, "card_action")
    refuse(card["card_type"] in NOTICES and action.get("type") not in (1, 2), 42045)
    refuse(action and action.get("type", 0) not in (0, 1, 2), 42045)
    _leads(action)


def _image(place: Place, card: Json) -> None:
    image, beside = _object(card, "card_image"), _object(card, "image_text_area")
    if image:
        ratio = image.get("aspect_ratio", ASPECT[0])
        right = isinstance(ratio, (int, float)) and ASPECT[0] <= ratio <= ASPECT[1]
        refuse(not text_at(image, "url") or not right, 42044)
    if beside:
        refuse(not text_at(beside, "image_url"), 42044)
        _leads(beside)
    if card["card_type"] == "news_notice":
        refuse(not image and (place.app is None or not beside), 42044)


def _menu(_place: Place, card: Json) -> None:
    if "action_menu" not in card:
        return
    actions = _list(_object(card, "action_menu"), "action_list")
    refuse(not 1 <= len(actions) <= 3, 42018)
    for action in actions:
        refuse(not text_at(action, "text"), 42051)
    _keys([text_at(action, "key") for action in actions], 42020, KEY)


def _buttons(card: Json) -> None:
    buttons = _list(card, "button_list")
    refuse(not 1 <= len(buttons) <= 6, 42038)
    for button in buttons:
        refuse(not text_at(button, "text") or button.get("style", 1) not in (1, 2, 3, 4), 42039)
        _leads(button, appid_too=False)
    _keys([text_at(button, "key") for button in buttons if button.get("type", 0) == 0], 42039, KEY)
    if "button_selection" in card:
        _question(_object(card, "button_selection"), 10)


def _vote(card: Json) -> None:
    _question(_object(card, "checkbox"), 20)
    _submit(card)


def _multiple(card: Json) -> None:
    questions = _list(card, "select_list")
    refuse(not 1 <= len(questions) <= 3, 42047)
    for question in questions:
        _question(question, 10)
    _keys([question["question_key"] for question in questions], 42043, KEY)
    _submit(card)


OF_KIND: Mapping[str, Callable[[Json], None]] = {
    "button_interaction": _buttons, "vote_interaction": _vote, "multiple_interaction": _multiple,
}  # fmt: skip


def _question(question: Json, most: int) -> None:
    refuse(not 1 <= size(text_at(question, "question_key")) <= KEY, 42043)
    options = _list(question, "option_list")
    refuse(not 1 <= len(options) <= most, 42037)
    _keys([text_at(option, "id") for option in options], 42040, OPTION_ID)
    for option in options:
        refuse(not text_at(option, "text"), 42041)


def _submit(card: Json) -> None:
    button = _object(card, "submit_button")
    refuse(not text_at(button, "text"), 42049)
    refuse(not 1 <= size(text_at(button, "key")) <= KEY, 42046)


def _keys(keys: list[str], code: int, most: int) -> None:
    refuse(any(not 1 <= size(key) <= most for key in keys) or len(set(keys)) < len(keys), code)


def _object(part: Any, key: str) -> Json:
    found = part.get(key) if isinstance(part, Mapping) else None
    refuse(found is not None and not isinstance(found, dict), 40058, f"{key} is no object")
    return found or {}


def _list(part: Any, key: str) -> list[Json]:
    found = part.get(key) if isinstance(part, Mapping) else None
    right = found is None or (isinstance(found, list) and all(isinstance(each, dict) for each in found))
    refuse(not right, 40058, f"{key} is no list of objects")
    return found or []


def _unknown(place: Place, card: Json) -> None:
    known = {*EVERYWHERE, *KNOWN[card["card_type"]], *(("replace_text",) if place.update else ())}
    unknown = sorted(set(card) - known)
    if unknown:
        place.world.bad.append(f"a {card['card_type']} shows no {', '.join(unknown)}")


def _shown(place: Place, card: Json) -> None:
    for path, (of_app, of_robot) in SHOWS.items():
        most = of_app if place.app else of_robot
        place.world.cut += [f"{'.'.join(path)}: {text}" for text in _texts(card, path) if len(text) > most]


def _texts(part: Any, path: tuple[str, ...]) -> list[str]:
    if isinstance(part, list):
        return [text for each in part for text in _texts(each, path)]
    if not path:
        return [part] if isinstance(part, str) else []
    return _texts(part.get(path[0]), path[1:]) if isinstance(part, Mapping) else []
