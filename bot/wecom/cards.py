"""Template cards: what can be tapped, within what WeCom takes and a phone shows. The text is told beside them."""

from collections.abc import Sequence
from typing import Any

from bot.wecom.texts import cut
from bot.wecom.translating import CHOSEN, SUBMIT

Card = dict[str, Any]
Tap = tuple[str, str, str]
"""A button: its action, its label, its subject."""

TITLE, DESC, BODY, BUTTON, OPTION = 26, 30, 112, 10, 17
"""The characters that a phone shows of each."""

BUTTONS, OPTIONS = 6, 20


def buttons(title: str, body: str, taps: Sequence[Tap], main: Sequence[str] = ()) -> Card:
    """A headline and up to six buttons; those of ``main`` stand out, without any the first does."""
    stand_out = set(main) or {taps[0][0]}
    listed = [
        {"text": cut(label, BUTTON), "style": 1 if action in stand_out else 4, "key": str(index)}
        for index, (action, label, _) in enumerate(taps[:BUTTONS])
    ]
    card: Card = {"card_type": "button_interaction", "main_title": {"title": cut(title, TITLE) or "…"}}
    return {**card, **({"sub_title_text": cut(body, BODY)} if body else {}), "button_list": listed}


def vote(title: str, taps: Sequence[Tap], submit: str, *, several: bool) -> Card:
    """A question with up to twenty options, one or several of which are chosen and then sent."""
    listed = [{"id": str(index), "text": cut(label, OPTION)} for index, (_, label, _) in enumerate(taps[:OPTIONS])]
    return {
        "card_type": "vote_interaction", "main_title": {"title": cut(title, TITLE) or "…"},
        "checkbox": {"question_key": CHOSEN, "option_list": listed, "mode": 1 if several else 0},
        "submit_button": {"text": cut(submit, BUTTON), "key": SUBMIT},
    }  # fmt: skip


def done(card: Card, words: str, state: str, chosen: Sequence[str] = ()) -> Card:
    """The same card after it was tapped: who did what and when, and nothing more to tap."""
    after = {key: value for key, value in card.items() if key != "task_id"}
    if card["card_type"] == "vote_interaction":
        options = [{**each, "is_checked": each["id"] in chosen} for each in card["checkbox"]["option_list"]]
        after["checkbox"] = {**card["checkbox"], "option_list": options, "disable": True}
        after["main_title"] = {**card["main_title"], "desc": cut(words, DESC)}
    else:
        after["sub_title_text"] = cut(words, BODY)
    return {**after, "replace_text": cut(state, BUTTON)}
