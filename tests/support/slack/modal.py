"""A modal as it stands open before somebody: fields to fill, a button to submit, and what comes of it."""

import json
from typing import TYPE_CHECKING, Any

from tests.support.slack import emulator
from tests.support.slack.elements import MANY, Element, chosen, complaint, elements, find, flat, typed
from tests.support.slack.payloads import Answered, as_interaction
from tests.support.slack.reading import label_of, text_of
from tests.support.slack.world import named

if TYPE_CHECKING:
    from tests.support.slack.phone import Phone

Json = dict[str, Any]
Key = tuple[str, str]


class Modal:
    """One view; where the product updates it, entered values stay where block_id and action_id stay."""

    def __init__(self, phone: "Phone", view: Json) -> None:
        self._phone = phone
        self._view = view
        self._entered: dict[Key, Any] = {}
        self.errors: dict[str, str] = {}
        self.trouble = ""

    @property
    def view(self) -> Json:
        """The view as it is now; the product may have changed it."""
        now = self._phone.world.view(self._view["id"])
        if now is not None:
            self._becomes(now)
        return self._view

    def _becomes(self, view: Json) -> None:
        if view.get("hash") != self._view.get("hash"):
            kept = {(element.key, element.kind) for element in elements(view)}
            before = {element.key: element.kind for element in elements(self._view)}
            self._entered = {key: value for key, value in self._entered.items() if (key, before.get(key)) in kept}
        self._view = view

    @property
    def title(self) -> str:
        return label_of({"text": self.view.get("title") or {}})

    @property
    def text(self) -> str:
        """Everything on it that a person reads."""
        return text_of(self.view)

    @property
    def labels(self) -> list[str]:
        """The labels of its inputs, in order."""
        return [element.label for element in elements(self.view) if element.input]

    def value(self, name: str) -> Any:
        """What a field holds now, as the state says it."""
        element = find(self.view, name)
        return self._held(element)

    def state(self) -> Json:
        """The whole state, as submission and actions carry it."""
        values: dict[str, Json] = {}
        for element in elements(self.view):
            if element.kind not in ("button", "overflow"):
                block, action = element.key
                values.setdefault(block, {})[action] = element.state(self._held(element))
        return {"values": values}

    def _held(self, element: Element) -> Any:
        return self._entered[element.key] if element.key in self._entered else element.first()

    # ------------------------------------------------------------ filling in

    def fill(self, name: str, value: Any) -> "Modal":
        """
        Enter something in the field with this label, block_id or action_id; None or "" empties it.

        Choices by their words, several as a list; people by name; dates as date, datetime or text; files as
        (name, bytes) pairs. Where the element dispatches, the product hears of it at once.
        """
        element = find(self.view, name)
        self.errors.pop(element.key[0], None)
        self._entered[element.key] = self._entry(element, value)
        if element.dispatches:
            said = element.state(self._entered[element.key])
            self._phone.act(self.view, element, said, state=self.state())
        return self

    def choices(self, name: str, query: str = "") -> list[str]:
        """What can be chosen in a field; where the product looks it up, with these letters typed."""
        return [label_of(option) for option in self._options(find(self.view, name), query)]

    def _entry(self, element: Element, value: Any) -> Any:
        if element.kind in MANY:
            several = [] if value in (None, "") else [value] if isinstance(value, str) else list(value)
            return self._several(element, several)
        if value in (None, ""):
            return None
        if element.kind == "users_select":
            return self._phone.stand.user(value)
        if "select" in element.kind or element.kind == "radio_buttons":
            return chosen(self._options(element, str(value)), str(value))
        return typed(element, value)

    def _several(self, element: Element, values: list[Any]) -> list[Any]:
        if element.kind == "file_input":
            most = element.part.get("max_files", 10)
            assert len(values) <= most, f"{len(values)} files, the field takes {most}"
            return [self._phone.upload(name, content) for name, content in values]
        if element.kind == "multi_users_select":
            return [self._phone.stand.user(name) for name in values]
        return [chosen(self._options(element, str(value)), str(value)) for value in values]

    def _options(self, element: Element, query: str) -> list[Json]:
        if "external" not in element.kind:
            return element.options()
        if len(query) < int(element.part.get("min_query_length", 3)):
            return []
        return flat(self._phone.suggestions(self.view, element, query))

    # ------------------------------------------------------------ leaving it

    def press(self, name: str, choice: str = "") -> Answered:
        """Press a button on it, or choose from a menu of its own."""
        return self._phone.press(self.view, name, choice)

    def submit(self) -> Answered | None:
        """
        Submit it. `errors` then says what the product finds wrong, by block_id.

        None where the client itself does not let it go: `errors` says why. The answer changes, stacks or closes it.
        """
        self.trouble = ""
        self.errors = {
            element.key[0]: said
            for element in elements(self.view)
            if element.input and (said := complaint(element, self._held(element)))
        }
        if self.errors:
            return None
        view = {**self.view, "state": self.state()}
        payload = self._phone.interaction(
            "view_submission", trigger_id=self._phone.trigger(self.view["id"]), view=view, response_urls=[]
        )
        answer = self._phone.send(as_interaction(payload), payload)
        self._follow(answer)
        return answer

    def _follow(self, answer: Answered) -> None:
        if answer.status_code != 200:
            self.trouble = f"HTTP {answer.status_code}"
            return
        said: Json = json.loads(answer.text) if answer.text.strip() else {}
        world = self._phone.world
        world.acks.append(("view_submission", said))
        stack = world.screens[self._phone.user]
        follow = {"errors": self._refused, "update": self._changed, "push": self._stacked}
        action = said.get("response_action")
        if action is None:
            stack[:] = [view for view in stack if view["id"] != self.view["id"]]
        elif action == "clear":
            stack.clear()
        elif action in follow:
            follow[action](said)
        else:
            world.bad.append(f"ack: no response_action {action!r}")

    def _refused(self, said: Json) -> None:
        inputs = {block.get("block_id") for block in self.view["blocks"] if block["type"] == "input"}
        strange = set(said.get("errors") or {}) - inputs
        if strange or not said.get("errors"):
            self._phone.world.bad.append(f"ack: errors beside no input: {sorted(strange)}")
        self.errors = dict(said["errors"])

    def _changed(self, said: Json) -> None:
        if view := self._shown("views.update", said, view_id=self.view["id"]):
            self._phone.world.replace(view)

    def _stacked(self, said: Json) -> None:
        if view := self._shown("views.open", said, trigger_id=self._phone.trigger(self.view["id"])):
            self._phone.world.stack(self._phone.user, view)

    def _shown(self, method: str, said: Json, **where: str) -> Json | None:
        view = said.get("view") or {}
        if self._phone.world.judged("ack", view, "modal"):
            self.trouble = "invalid view"
            return None
        shown: Json = self._phone.stand.emulator.get(method, emulator.TOKEN, view=named(view), **where)["view"]
        return shown

    def close(self, *, everything: bool = False) -> Answered | None:
        """Leave it by its close button, or with `everything` the whole stack; the product hears if it asked to."""
        stack = self._phone.world.screens[self._phone.user]
        gone = list(stack) if everything else [view for view in stack if view["id"] == self.view["id"]]
        stack[:] = [view for view in stack if view not in gone]
        if not self.view.get("notify_on_close"):
            return None
        view = {**self.view, "state": self.state()}
        payload = self._phone.interaction("view_closed", view=view, is_cleared=everything)
        return self._phone.send(as_interaction(payload), payload)
