"""Turn a payload into a library's own objects, part by part, by a table of its classes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
Make = Callable[..., Any]

# what stands under these keys is of one kind, whatever its type says
ROLES = {
    "options": "option", "initial_option": "option", "initial_options": "option", "option_groups": "option_group",
    "confirm": "confirm", "filter": "filter", "dispatch_action_config": "dispatch", "slack_file": "slack_file",
}  # fmt: skip
TEXTS = ("plain_text", "mrkdwn")
INNER = ("elements", "element", "accessory", "rows")


class StrangeError(Exception):
    """A part that the library does not know: its type, or one of its keys."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library's classes by role or type, and what is adjusted for it, with the reason beside it."""

    makes: Mapping[str, Make]
    adjust: Mapping[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = field(default_factory=dict)
    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def load(self, value: Any, under: str = "") -> Any:
        """The library's object for a part; None for one that is left out, StrangeError for one nobody knows."""
        if isinstance(value, list):
            return [part for part in (self.load(each, under) for each in value) if part is not None]
        if not isinstance(value, Mapping):
            return value
        if under == "confirm" and "title" not in value:  # the button of a dialogue has the dialogue's name
            return self._made("text", value)
        return self._made(_role(value, under), value)

    def _made(self, role: str, value: Json) -> Any:
        adjusted = self.adjust[role](dict(value)) if role in self.adjust else dict(value)
        if adjusted is None:
            return None
        if role not in self.makes:
            raise StrangeError(f"nothing of the kind {role!r}")
        arguments = {
            self.renamed.get((role, key), key): self.load(each, key if key in ROLES or key in INNER else "")
            for key, each in adjusted.items()
            if key != "type"
        }
        if role == "text":
            arguments["type"] = adjusted["type"]
        try:
            return self.makes[role](**arguments)
        except TypeError as strange:
            raise StrangeError(f"{role}: {strange}") from strange


def _role(value: Json, under: str) -> str:
    if value.get("type") in TEXTS:
        return "text"
    if under in ROLES:
        return ROLES[under]
    if value.get("type") == "image":
        return "image_element" if under in INNER else "image"
    if value.get("type") == "text":
        return "rich_words"
    return str(value.get("type") or "style")
