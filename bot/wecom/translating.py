"""What WeCom sends, in our words: what somebody typed or sent, what was tapped, and each callback's key."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.wecom.menu import KEYS
from conversations.fields import cleaned, folded
from handlers.events import Answered, Attached, Event, Pressed, Sender, Upload, Wrote
from storage.parts import Part

Json = Mapping[str, Any]

PLATFORM = "wecom"
TAPS = frozenset({"template_card_event", "template_card_menu_event"})
HELLO = frozenset({"enter_agent", "subscribe"})
IDENTITY = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "TaskId", "ExternalUserID", "ResponseCode")
"""What a callback without a MsgId and its repetition share, and no other has (two taps may fall in one second)."""

NAMES = {"image": "photo.jpg", "voice": "voice.amr", "video": "video.mp4", "file": "file"}


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a card: whose, on which card, on what, and the code that may change the card once."""

    user: str
    task: str
    key: str
    chosen: Mapping[str, tuple[str, ...]]
    code: str


def key_of(said: Json) -> str:
    """The key of a callback, the same when it comes again (design 8)."""
    if text_of(said, "MsgId"):
        return f"wecom/{text_of(said, 'MsgId')[:64]}"
    parts = "\n".join(text_of(said, name) for name in IDENTITY)
    return f"wecom/{hashlib.sha256(parts.encode()).hexdigest()[:40]}"


def text_of(said: Json, name: str) -> str:
    """A text of a message; empty where there is none."""
    found = said.get(name)
    return found if isinstance(found, str) else ""


def sender_of(said: Json) -> Sender:
    """Who sent it: everything is answered by a message, photos of one burst together."""
    return Sender(PLATFORM, text_of(said, "FromUserName"), told="everything", singly=True, paged=True)


def event_of(said: Json) -> Event | None:
    """What came in, but for taps on cards; None for what needs no answer."""
    key, sender = key_of(said), sender_of(said)
    if not sender.id:
        return None
    match text_of(said, "MsgType"):
        case "text":
            return Wrote(key, sender, text_of(said, "Content"))
        case "image" | "voice" | "video" | "file" as kind:
            return _file(key, sender, said, kind)
        case "location":
            return Wrote(key, sender, text_of(said, "Label"))
        case "link":
            return Wrote(key, sender, " ".join(filter(None, (text_of(said, "Title"), text_of(said, "Url")))))
        case "event":
            return _event(key, sender, said)
        case _:
            return None


def _file(key: str, sender: Sender, said: Json, kind: str) -> Event | None:
    media = text_of(said, "MediaId")
    name = cleaned(text_of(said, "FileName") or text_of(said, "Title")) or NAMES[kind]
    return Attached(key, sender, (Upload(name, "", b"", remote=f"{PLATFORM}:{media}"),)) if media else None


def _event(key: str, sender: Sender, said: Json) -> Event | None:
    name = text_of(said, "Event").lower()
    if name in HELLO:
        # once for each person, however often they come in
        return Wrote(f"wecom/hello/{sender.id.lower()}", sender, "help", command=True)
    if name == "click" and text_of(said, "EventKey") in KEYS:
        return Pressed(key, sender, text_of(said, "EventKey"))
    return None


def tap_of(said: Json) -> Tap | None:
    """A tap on a card; None for anything else."""
    if text_of(said, "MsgType") != "event" or text_of(said, "Event").lower() not in TAPS:
        return None
    names = ("FromUserName", "TaskId", "EventKey", "ResponseCode")
    user, task, key, code = (text_of(said, name) for name in names)
    return Tap(user, task, key, selected(said), code) if user else None


def selected(said: Json) -> Mapping[str, tuple[str, ...]]:
    """What was chosen on a card, by question: one comes as itself, several as a list, none as nothing."""
    items = said.get("SelectedItems")
    found = items.get("SelectedItem") if isinstance(items, Mapping) else None
    chosen = {}
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, Mapping):
            ids = item.get("OptionIds")
            options = ids.get("OptionId") if isinstance(ids, Mapping) else None
            listed = options if isinstance(options, list) else [options]
            chosen[text_of(item, "QuestionKey")] = tuple(each for each in listed if isinstance(each, str))
    return chosen


def meant(tap: Tap, said: Json, part: Part | None) -> tuple[Event, str]:
    """What a tap means, as its card was kept, and the label of what was tapped; a card nobody knows is out of date."""
    key, sender = key_of(said), sender_of(said)
    if part is None:
        return Pressed(key, sender, "stale"), ""
    buttons = taps_of(part)
    draft, question = str(part.taps.get("draft", "")), str(part.taps.get("question", ""))
    if tap.key == SUBMIT:
        return _chosen(tap, (key, sender), part)
    if not tap.key.isdigit() or int(tap.key) >= len(buttons):
        return Pressed(key, sender, "stale"), ""
    action, subject, label = buttons[int(tap.key)]
    if action.startswith("option:") and draft:
        return Answered(key, sender, draft, {question: action.partition(":")[2]}, asked=question), label
    return Pressed(key, sender, action, subject), label


def _chosen(tap: Tap, came: tuple[str, Sender], part: Part) -> tuple[Event, str]:
    """What was chosen on a card: options of its question, or of each of its questions one."""
    draft, question = str(part.taps.get("draft", "")), str(part.taps.get("question", ""))
    run = run_of(part)
    if not run:
        picked = [buttons[int(each)] for buttons in (taps_of(part),) for each in tap.chosen.get(CHOSEN, ())
                  if each.isdecimal() and int(each) < len(buttons)]  # fmt: skip
        given = {question: "、".join(action.partition(":")[2] for action, _, _ in picked)}
        return Answered(*came, draft, given, asked=question), "、".join(label for *_, label in picked)
    found = {
        name: options[int(each)]
        for number, (name, options) in enumerate(run)
        for each in tap.chosen.get(str(number), ())
        if each.isdecimal() and int(each) < len(options)
    }
    given = {name: option for name, (option, _) in found.items()} or {question: ""}
    return Answered(*came, draft, given, asked=question), "、".join(label for _, label in found.values())


def counted(text: str, part: Part) -> dict[str, str] | None:
    """The answer to the question of a part that numbers mean, counted among its options; None where they mean none."""
    numbers = folded(text).replace("、", ",").replace(" ", ",").split(",")
    if not part.taps.get("choice") or not all(each.isascii() and each.isdigit() and len(each) < 3 for each in numbers):
        return None
    options = [action for action, _, _ in taps_of(part) if action.startswith("option:")]
    picked = [options[int(each) - 1] for each in numbers if 0 < int(each) <= len(options)]
    if len(picked) != len(numbers) or (len(picked) > 1 and part.taps["choice"] != "several"):
        return None
    return {str(part.taps["question"]): "、".join(action.partition(":")[2] for action in picked)}


SUBMIT, CHOSEN = "submit", "options"
"""The button of a card to choose from, and the key of its question."""


def run_of(part: Part) -> list[tuple[str, list[tuple[str, str]]]]:
    """The questions of a card that asks several: each with its options, key and label."""
    kept = part.taps.get("run")
    questions = kept if isinstance(kept, list) else []
    return [(str(name), [(str(key), str(label)) for key, label in options]) for name, options in questions]


def taps_of(part: Part) -> list[tuple[str, str, str]]:
    """The buttons of a card as it was kept: action, subject, label."""
    kept = part.taps.get("buttons")
    return [(str(a), str(s), str(label)) for a, s, label in kept] if isinstance(kept, list) else []
