"""slack_sdk's own models as a judge: a payload they read and write again must come back as it was."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

# newer than the models: the other judges look at them
UNKNOWN = frozenset({"alert", "card", "carousel", "container", "data_table", "data_visualization", "plan", "task_card"})
VIEW_KEYS = (
    "type", "title", "submit", "close", "private_metadata", "callback_id", "clear_on_close", "notify_on_close",
    "external_id",
)  # fmt: skip


def faults(payload: Mapping[str, Any], surface: str) -> list[str]:
    """What the models find wrong, and what they lose or change."""
    blocks = [block for block in payload.get("blocks") or [] if block.get("type") not in UNKNOWN]
    found: list[str] = []
    for index, block in enumerate(blocks):
        found += [f"blocks[{index}]{fault}" for fault in _block(block)]
    if surface != "message":
        found += _view(payload, blocks)
    return found


def _block(block: Mapping[str, Any]) -> list[str]:
    try:
        read = Block.parse(dict(block))
        if read is None:
            return [f": no block of the type {block.get('type')!r}"]
        return list(changed(block, read.to_dict()))
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as fault:
        return [f": {fault}"]


def _view(payload: Mapping[str, Any], blocks: list[Any]) -> list[str]:
    given = {key: value for key, value in payload.items() if key in VIEW_KEYS}
    try:
        return list(changed(given, View(**given, blocks=blocks).to_dict(), "view"))
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError) as fault:
        return [f"view: {fault}"]


def changed(given: Any, back: Any, path: str = "") -> Iterator[str]:
    """Where what came back is not what was given; what stands there as nothing may be left out."""
    if isinstance(given, Mapping) and isinstance(back, Mapping):
        for key, value in given.items():
            if value not in (None, [], {}):
                yield from changed(value, back.get(key), f"{path}.{key}")
    elif isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        for index, (one, other) in enumerate(zip(given, back, strict=True)):
            yield from changed(one, other, f"{path}[{index}]")
    elif given != back:
        yield f"{path}: {given!r} came back as {back!r}"
