"""The demo as Slack would show it: what the bot says as Slack's messages, and the form that is asked as its modal."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.demo.bubbles import Bubble, Reader
from bot.slack import blocks, cards, modals, preview
from bot.slack.modals import Shown
from bot.slack.preview import Known, Screen
from handlers import whole
from handlers.turn import Turn
from notifications.gateway import Letter


def bubble(each: Bubble, language: str) -> Markup:
    """What the bot said, by the same cards as in Slack; its buttons are those of the bubble."""
    title, *lines = each.lines or [picture.caption or picture.alt for picture in each.pictures[:1]] or [""]
    letter = Letter(
        key=each.key, short="", address="", title=title, lines=tuple(lines), foot=each.foot, language=language,
        buttons=tuple((tap.action, tap.label, tap.subject) for tap in each.taps),
        main=tuple(tap.action for tap in each.taps if tap.main), topic="" if each.foot else "reply",
    )  # fmt: skip
    payload = cards.notice(letter)
    pictures = [blocks.image(picture.sha, picture.alt) for picture in each.pictures]
    payload["blocks"] = [*payload["blocks"][:1], *pictures, *payload["blocks"][1:]]
    known = Known(
        pictures={picture.sha: f"/picture/{picture.sha}" for picture in each.pictures},
        beckons=next((tap.value for tap in each.taps if tap.next), ""),
    )
    return preview.drawn(Screen("message", payload), language, f"b{each.id}", known)


def form(turn: Turn, said: Sequence[Bubble], reader: Reader) -> Markup:
    """The form that is asked question by question, as the modal that Slack opens for it; nothing without one."""
    draft = waiting(said)
    found = whole.shown(turn, draft) if draft else None
    if found is None:
        return Markup()
    view = modals.form(Shown(found, lambda sentence: reader.say(sentence, turn.now), {}))
    known = Known(zone=reader.zone)
    return preview.drawn(Screen("modal", view), reader.language, f"f{draft[:6]}", known, live=False)


def waiting(said: Sequence[Bubble]) -> str:
    """The draft whose question was asked last; empty when something else was said since."""
    answers = [each for each in said if each.side == "in" and each.draft]
    return answers[-1].draft if answers and answers[-1] is said[-1] else ""
