"""What a person reads of a message or view: its words without markup, one line per block, buttons in brackets."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

LEAVES: dict[str, Callable[[Json], Any]] = {
    "text": lambda part: part["text"],
    "link": lambda part: part.get("text") or part["url"],
    "user": lambda part: f"@{part['user_id']}",
    "usergroup": lambda part: f"@{part['usergroup_id']}",
    "channel": lambda part: f"#{part['channel_id']}",
    "emoji": lambda part: f":{part['name']}:",
    "broadcast": lambda part: f"@{part['range']}",
    "date": lambda part: part.get("fallback") or part["format"],
}

MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def text_of(payload: Json) -> str:
    """The words of a message or view as they are shown; a message without blocks shows its text."""
    title = payload.get("title")
    lines = [plain(title["text"])] if isinstance(title, Mapping) and title.get("text") else []
    lines += [line for block in payload.get("blocks") or [] for line in _lines(block)]
    if not payload.get("blocks"):
        lines.append(marked(str(payload.get("text") or "")))
    return "\n".join(filter(None, lines))


def marked(text: str) -> str:
    """The words of mrkdwn: a link shows its label, a date its fallback, a mention the id with an @."""

    def shown(found: re.Match[str]) -> str:
        target, label = found.group(1), found.group(2)
        if target.startswith(("@", "#")):
            return target if label is None else f"{target[0]}{label}"
        if target.startswith("!") and label is None:
            return f"@{target[1:]}"
        return target if label is None else label

    return html.unescape(MARKUP.sub(shown, text))


def plain(text: str) -> str:
    """The words of plain text: only &, < and > are written otherwise."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def label_of(part: Json) -> str:
    """What stands on a button, an option, beside an input."""
    for key in ("text", "label", "placeholder"):
        if isinstance(part.get(key), Mapping):
            return _words(part[key])
    return ""


def _words(text: Json) -> str:
    written = str(text.get("text", ""))
    return marked(written) if text.get("type") == "mrkdwn" else plain(written)


def _lines(block: Json) -> Iterator[str]:
    if block.get("type") == "rich_text":
        yield "".join(_rich(each) for each in block["elements"]).rstrip("\n")
        return
    for key in ("text", "label", "hint", "title"):
        if isinstance(block.get(key), Mapping):
            yield _words(block[key])
    for one in block.get("fields") or []:
        yield _words(one)
    if block.get("alt_text"):
        yield f"[{block['alt_text']}]"
    inner = [*(block.get("elements") or []), *(block[key] for key in ("accessory", "element") if block.get(key))]
    yield " ".join(_element(each) for each in inner)


def _element(part: Json) -> str:
    if part.get("type") in ("mrkdwn", "plain_text"):
        return _words(part)
    options = [label_of(option) for option in part.get("options") or []]
    shown = str(part.get("alt_text") or "") or label_of(part)
    return " ".join(f"[{words}]" for words in (shown, *options) if words)


def _rich(part: Json) -> str:
    """The words of a rich text element, lines ended where it ends them."""
    kind = part["type"]
    if kind == "rich_text_list":
        return "".join(f"- {_rich(each).rstrip(chr(10))}\n" for each in part["elements"])
    if "elements" in part:
        return "".join(_rich(each) for each in part["elements"]) + "\n"
    return str(LEAVES[kind](part)) if kind in LEAVES else ""
