"""Template cards: what can be tapped, within what WeCom takes and a phone shows. The text is told beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.wecom.texts import cut, width
from bot.wecom.translating import CHOSEN, SUBMIT
from notifications.gateway import Together

Card = dict[str, Any]
Tap = tuple[str, str, str]
"""A button: its action, its label, its subject."""

TITLE, DESC, BODY, BUTTON, OPTION = 26, 30, 112, 10, 17
"""The characters that a phone shows of each."""

NAME, PICK, COLUMNS = 13, 16, 20
"""The characters of a question among several and of its options; ten Chinese signs, as wide as twenty letters, fit."""

BUTTONS, MENU, OPTIONS, PICKS = 6, 3, 20, 10

NOTHING = "-"
"""The option that is no answer. WeCom chooses the first of a list by itself, and nobody may answer so unawares."""


def buttons(title: str, body: str, taps: Sequence[Tap], main: Sequence[str] = (), more: Sequence[Tap] = ()) -> Card:
    """A headline and up to six buttons, those of ``main`` stand out, else the first; up to three more in a menu.

    The keys count on from the buttons to the menu.
    """
    stand_out = set(main) or {taps[0][0]}
    listed = [
        {"text": cut(label, BUTTON), "style": 1 if action in stand_out else 4, "key": str(index)}
        for index, (action, label, _) in enumerate(taps[:BUTTONS])
    ]
    card: Card = {"card_type": "button_interaction", "main_title": {"title": cut(title, TITLE) or "…"}}
    menu = [{"text": cut(label, BUTTON), "key": str(len(listed) + n)} for n, (_, label, _) in enumerate(more[:MENU])]
    below = {"sub_title_text": cut(body, BODY)} if body else {}
    return {**card, **below, "button_list": listed, **({"action_menu": {"action_list": menu}} if menu else {})}


def vote(title: str, desc: str, taps: Sequence[Tap], submit: str, *, several: bool) -> Card | None:
    """A question with up to twenty options, one or several of which are chosen and then sent; None if they look alike.

    ``desc`` stands below it where it fits.
    """
    listed = [{"id": str(index), "text": cut(label, OPTION)} for index, (_, label, _) in enumerate(taps)]
    if not 0 < len(listed) <= OPTIONS or len({each["text"] for each in listed}) < len(listed):
        return None
    return {
        "card_type": "vote_interaction", "main_title": _title(title, desc),
        "checkbox": {"question_key": CHOSEN, "option_list": listed, "mode": 1 if several else 0},
        "submit_button": {"text": cut(submit, BUTTON), "key": SUBMIT},
    }  # fmt: skip


def fitting(questions: Sequence[Together]) -> Sequence[Together]:
    """As many of these, from the first on, as one card shows in full; none where that is not two."""
    fit = next((index for index, each in enumerate(questions) if not _is_short(each)), len(questions))
    return questions[:fit] if fit > 1 else ()


def _is_short(asked: Together) -> bool:
    labels = [label for _, label in asked.options]
    short = all(label and label == cut(label, PICK) and width(label) <= COLUMNS for label in labels)
    whole = bool(asked.label) and asked.label == cut(asked.label, NAME)
    return short and whole and len({*labels}) == len(labels) < PICKS


def together(title: str, desc: str, questions: Sequence[Together], words: tuple[str, str]) -> Card:
    """Several questions with a few short options each, sent together; ``words`` are “please choose” and “send”."""
    choose, submit = words
    selects = [
        {
            "question_key": str(number), "title": asked.label, "selected_id": NOTHING,
            "option_list": [
                {"id": NOTHING, "text": cut(choose, PICK)},
                *({"id": str(index), "text": label} for index, (_, label) in enumerate(asked.options)),
            ],
        }
        for number, asked in enumerate(questions)
    ]  # fmt: skip
    return {
        "card_type": "multiple_interaction", "main_title": _title(title, desc), "select_list": selects,
        "submit_button": {"text": cut(submit, BUTTON), "key": SUBMIT},
    }  # fmt: skip


def _title(title: str, desc: str) -> dict[str, str]:
    return {"title": cut(title, TITLE) or "…", **({"desc": desc} if desc and fits(desc, DESC) else {})}


def fits(text: str, most: int) -> bool:
    """Whether a card shows all of it."""
    return cut(text, most) == " ".join(text.split())


def done(card: Card, words: str, state: str, chosen: Mapping[str, Sequence[str]]) -> Card:
    """The same card after it was tapped: who did what and when, and nothing more to tap."""
    after = {key: value for key, value in card.items() if key not in ("task_id", "action_menu")}
    if card["card_type"] == "button_interaction":
        return {**after, "sub_title_text": cut(words, BODY), "replace_text": cut(state, BUTTON)}
    after["main_title"] = {**card["main_title"], "desc": cut(words, DESC)}
    if "checkbox" in card:
        checked = chosen.get(CHOSEN, ())
        options = [{**each, "is_checked": each["id"] in checked} for each in card["checkbox"]["option_list"]]
        after["checkbox"] = {**card["checkbox"], "option_list": options, "disable": True}
    else:
        after["select_list"] = [
            {**each, "selected_id": "".join(chosen.get(each["question_key"], ())[:1]) or NOTHING, "disable": True}
            for each in card["select_list"]
        ]
    return {**after, "replace_text": cut(state, BUTTON)}
