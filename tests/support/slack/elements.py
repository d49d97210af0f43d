"""Elements of a view or message as a client handles them: where they are, what they hold, what may be typed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.support.slack.reading import label_of

Json = dict[str, Any]

# type of the element: (what the state calls its value, what the element calls its first value)
VALUES = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
MANY = frozenset(kind for kind, (name, _) in VALUES.items() if name in ("selected_options", "selected_users", "files"))


@dataclass(frozen=True, slots=True)
class Element:
    """An interactive element, and the block it stands in."""

    block: Json
    part: Json

    @property
    def kind(self) -> str:
        return str(self.part["type"])

    @property
    def key(self) -> tuple[str, str]:
        return str(self.block.get("block_id", "")), str(self.part.get("action_id", ""))

    @property
    def label(self) -> str:
        return label_of(self.block) if self.block["type"] == "input" else label_of(self.part)

    @property
    def input(self) -> bool:
        return bool(self.block["type"] == "input")

    @property
    def dispatches(self) -> bool:
        """Whether a change is told at once."""
        return not self.input or bool(self.block.get("dispatch_action"))

    def answers(self, name: str) -> bool:
        """Whether a person would mean this one."""
        names = {self.label, label_of(self.block), *self.key, label_of(self.part)}
        return name in names - {""}

    def first(self) -> Any:
        """What it holds before anybody touched it."""
        initial = self.part.get(VALUES[self.kind][1])
        return [] if initial is None and self.kind in MANY else initial

    def state(self, value: Any) -> Json:
        """How the state of the view says what it holds."""
        return {"type": self.kind, VALUES[self.kind][0]: value}

    def options(self) -> list[Json]:
        """What can be chosen, if the element says so itself."""
        return flat(self.part)


def flat(said: Mapping[str, Any]) -> list[Json]:
    """Options, also those in groups."""
    groups = said.get("option_groups") or []
    return [*(said.get("options") or []), *(option for group in groups for option in group["options"])]


def elements(payload: Mapping[str, Any]) -> Iterator[Element]:
    """Every element of a view or message that a person can use."""
    for block in payload.get("blocks") or []:
        inner = [*(block.get("elements") or []), *(block[key] for key in ("accessory", "element") if block.get(key))]
        for part in inner:
            if part.get("action_id"):
                yield Element(block, part)


def find(payload: Mapping[str, Any], name: str) -> Element:
    """The element with this label, action_id or block_id; AssertionError says which there are."""
    every = list(elements(payload))
    found = [element for element in every if element.answers(name)]
    assert found, f"no {name!r} among {[element.label or element.key for element in every]}"
    return found[0]


def chosen(options: list[Json], wanted: str) -> Json:
    """The option a person means: by its whole words, its value, or the only one that begins or holds them."""
    for same in (
        lambda option: label_of(option) == wanted or option.get("value") == wanted,
        lambda option: label_of(option).startswith(wanted),
        lambda option: wanted in label_of(option),
    ):
        found = [option for option in options if same(option)]
        if len(found) == 1:
            return found[0]
    raise AssertionError(f"no one option {wanted!r} among {[label_of(option) for option in options]}")


def typed(element: Element, value: Any) -> Any:
    """What a simple element holds when a person enters this."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return int(value.timestamp()) if element.kind == "datetimepicker" else value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if element.kind == "datetimepicker" else str(value)


def complaint(element: Element, value: Any) -> str:
    """What the client itself says to a value on submit; '' if nothing."""
    if value in (None, "", []):
        return "" if element.block.get("optional") else "Please complete this required field."
    checks: dict[str, Callable[[Element, Any], str]] = {"plain_text_input": _text, "number_input": _number}
    return checks[element.kind](element, value) if element.kind in checks else ""


def _text(element: Element, value: str) -> str:
    least, most = int(element.part.get("min_length") or 0), int(element.part.get("max_length") or 3000)
    return "" if least <= len(value) <= most else f"Please use {least} to {most} characters."


def _number(element: Element, value: str) -> str:
    try:
        given = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element.part.get("is_decimal_allowed") and given != given.to_integral_value():
        return "Please enter a whole number."
    least, most = element.part.get("min_value"), element.part.get("max_value")
    if (least is not None and given < Decimal(least)) or (most is not None and given > Decimal(most)):
        return "Please enter a number within the limits."
    return ""
