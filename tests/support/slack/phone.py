"""Somebody with Slack on their phone: what they do arrives at the product as Slack would send it, signed."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.slack import emulator, payloads, rules
from tests.support.slack.elements import Element, chosen, find
from tests.support.slack.modal import Modal
from tests.support.slack.payloads import Answered, as_form, as_interaction, as_json, escaped, signed
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand
from tests.support.slack.world import World
from tests.support.waiting import eventually

Json = dict[str, Any]
Send = Callable[[bytes, Mapping[str, str]], Answered]
File = tuple[str, bytes]


@dataclass(slots=True)
class Sent:
    """A request that went out, to send it once more."""

    body: bytes
    kind: str
    headers: dict[str, str]


UNSAID = ("shares", "channels", "groups", "ims", "is_starred", "comments_count")
"""What a file does not say of itself before it is shared."""


class Slack:
    """Everybody's phones, and the product they talk to: `send` posts body and headers to /slack/events."""

    def __init__(self, stand: Stand, send: Send, signed_at: Callable[[], float] = time.time) -> None:
        self.stand = stand
        self.deliver = send
        self.signed_at = signed_at
        self._phones: dict[str, Phone] = {}

    def phone(self, name: str) -> "Phone":
        """The phone of somebody, always the same one."""
        return self._phones.setdefault(name, Phone(self, name))


class Phone:
    """One person's Slack. `answer` is what the product answered to the last request."""

    def __init__(self, slack: Slack, name: str) -> None:
        self.slack = slack
        self.stand = slack.stand
        self.name = name
        self.member = slack.stand.member(name)
        self.user = slack.stand.user(name)
        self.answer: Answered | None = None
        self.took = 0.0
        self._last: Sent | None = None
        self._modals: dict[str, Modal] = {}

    @property
    def world(self) -> World:
        return self.stand.world

    # ------------------------------------------------------------ what they do

    def command(self, command: str, text: str = "", channel: str = "") -> Answered:
        """Type a slash command, in the conversation with the bot or in a channel; the answer is whispered."""
        where = self.stand.channel(channel) if channel else self.stand.dm(self.name)
        fields = {
            "token": payloads.VERIFICATION_TOKEN,
            "team_id": emulator.TEAM,
            "team_domain": payloads.TEAM_DOMAIN,
            "channel_id": where,
            "channel_name": self.stand.channel_name(where),
            "user_id": self.user,
            "user_name": self.member.handle,
            "command": command,
            "text": escaped(text),
            "api_app_id": emulator.APP,
            "is_enterprise_install": "false",
            "response_url": self.world.response_url(self.user, where),
            "trigger_id": self.trigger(),
        }
        answer = self.send(as_form(fields), {"type": "command", **fields})
        self._hear(answer, where)
        return answer

    def dm(self, text: str = "", files: Iterable[File] = (), thread: str = "") -> Answered:
        """Write to the bot, with files or without, in a thread or not."""
        return self._say(self.stand.dm(self.name), escaped(text), list(files), thread)

    def mention(self, channel: str, text: str, thread: str = "") -> Answered:
        """Call the bot in a channel."""
        where = self.stand.channel(channel)
        message = self._post(where, f"<@{emulator.BOT_USER}> {escaped(text)}", thread)
        event = {**message, "type": "app_mention", "channel": where, "event_ts": message["ts"]}
        return self._event(event)

    def open_home(self) -> Answered:
        """Look at the bot's home."""
        where = self.stand.dm(self.name)
        stamp = payloads.instant(self.stand)
        event: Json = {"type": "app_home_opened", "user": self.user, "channel": where, "tab": "home", "event_ts": stamp}
        if self.user in self.world.homes:
            event["view"] = self.world.homes[self.user]
        return self._event(event)

    def shortcut(self, callback_id: str) -> Answered:
        """Choose a shortcut from the lightning menu."""
        payload = self.interaction(
            "shortcut", callback_id=callback_id, trigger_id=self.trigger(), action_ts=payloads.instant(self.stand)
        )
        return self.send(as_interaction(payload), payload)

    def message_shortcut(self, callback_id: str, message: Json) -> Answered:
        """Choose a shortcut from a message's menu."""
        where = message["channel"]
        payload = self.interaction(
            "message_action",
            callback_id=callback_id,
            trigger_id=self.trigger(),
            action_ts=payloads.instant(self.stand),
            message_ts=message["ts"],
            response_url=self.world.response_url(self.user, where, message["ts"]),
            channel={"id": where, "name": self.stand.channel_name(where)},
            message=_bare(message),
        )
        return self.send(as_interaction(payload), payload)

    def press(self, where: Json, name: str, choice: str = "") -> Answered:
        """
        Press a button of a message, modal or home by its label or action_id; or choose from a menu there.

        In an overflow or select menu `choice` names the option; people by name, dates as text.
        """
        element = find(where, name)
        if element.kind == "button":
            said: Json = {"type": "button", "text": element.part["text"], "value": element.part.get("value")}
        elif element.kind == "overflow":
            said = {"type": "overflow", "selected_option": chosen(element.options(), choice)}
        elif element.kind == "users_select":
            said = element.state(self.stand.user(choice))
        else:
            said = element.state(chosen(element.options(), choice) if element.options() else choice)
        modal = self._modals.get(str(where.get("id")))
        return self.act(where, element, said, state=modal.state() if modal else {"values": {}})

    # ------------------------------------------------------------ what they see

    @property
    def modal(self) -> Modal | None:
        """The view that stands open, the topmost; None where there is none."""
        stack = self.world.screens.get(self.user) or []
        if not stack:
            return None
        return self._modals.setdefault(stack[-1]["id"], Modal(self, stack[-1]))

    @property
    def form(self) -> Modal:
        """The same, where there must be one: a product may open it after its answer."""
        modal = eventually(lambda: self.modal)
        assert modal is not None, f"nothing stands open before {self.name}; the answer was {self.said!r}"
        return modal

    @property
    def said(self) -> str:
        """The body of the last answer."""
        return self.answer.text if self.answer else ""

    def home(self) -> Json | None:
        """The home that was last published for them."""
        return self.world.homes.get(self.user)

    def messages(self, channel: str = "") -> list[Json]:
        """A conversation as it stands now, oldest first: a channel's, else the one with the bot."""
        return self.stand.messages(channel or self.stand.dm(self.name))

    def message(self, words: str, channel: str = "") -> Json:
        """The newest message with these words, waited for a while; AssertionError shows what there is."""
        every: list[Json] = []

        def look() -> list[Json]:
            every[:] = self.messages(channel)
            return [message for message in every if words in text_of(message) or words in message.get("text", "")]

        found = eventually(look)
        assert found, f"no message with {words!r} among {[text_of(message) for message in every]}"
        return found[-1]

    def whispers(self) -> list[Json]:
        """What was shown to them alone: ephemeral messages, answers to commands."""
        return [whisper for whisper in self.world.whispers if whisper["user"] == self.user]

    # ------------------------------------------------------------ how it is sent

    def send(self, content: tuple[bytes, str], record: Json | None = None) -> Answered:
        """Send a body of this content type to the product; the record is for the type check."""
        body, kind = content
        if record is not None:
            self.world.incoming.append(record)
        self._last = Sent(body, kind, signed(body, kind, int(self.slack.signed_at())))
        return self._deliver(self._last)

    def again(self, timestamp: int | None = None, **headers: str) -> Answered:
        """Send the last request once more, byte for byte; with another timestamp it is signed anew."""
        assert self._last is not None, "nothing was sent yet"
        if timestamp is not None:
            self._last.headers = signed(self._last.body, self._last.kind, timestamp)
        return self._deliver(Sent(self._last.body, self._last.kind, {**self._last.headers, **headers}))

    def _deliver(self, sent: Sent) -> Answered:
        before = time.monotonic()
        self.answer = self.slack.deliver(sent.body, sent.headers)
        self.took = time.monotonic() - before
        return self.answer

    def trigger(self, view: str = "") -> str:
        """A trigger of theirs, good for three seconds and one view."""
        asked = {"view_id": view} if view else {"user_id": self.user}
        self.world.now()
        trigger = str(self.stand.emulator.get("views.generateTriggerId", emulator.TOKEN, **asked)["trigger_id"])
        self.world.triggers[trigger] = self.user
        return trigger

    def interaction(self, kind: str, **more: Any) -> Json:
        """A payload of theirs."""
        return payloads.interaction(self.stand, kind, self.name, **more)

    def act(self, where: Json, element: Element, said: Json, state: Json) -> Answered:
        """They use an element of a message or view: one block_actions request."""
        block, action = element.key
        acted = {**said, "action_id": action, "block_id": block, "action_ts": payloads.instant(self.stand)}
        payload = self.interaction("block_actions", **self._place(where, state), actions=[acted])
        answer = self.send(as_interaction(payload), payload)
        self._hear(answer, where.get("channel", ""))
        return answer

    def suggestions(self, view: Json, element: Element, query: str) -> Json:
        """Ask the product what can be chosen."""
        block, action = element.key
        payload = self.interaction(
            "block_suggestion", action_id=action, block_id=block, value=query, view=view,
            container={"type": "view", "view_id": view["id"]},
        )  # fmt: skip
        answer = self.send(as_interaction(payload), payload)
        assert answer.status_code == 200, f"no options: HTTP {answer.status_code}"
        said: Json = json.loads(answer.text)
        self.world.acks.append(("block_suggestion", said))
        self.world.bad += [f"options: {fault}" for fault in _options_faults(said)]
        return said

    def upload(self, name: str, content: bytes) -> Json:
        """A file they put into a file field: the bot may read it, they own it."""
        self.world.now()
        file = self._stored(emulator.TOKEN, name, content)
        self.world.owners[file["id"]] = self.user
        stored = self.ours(self.stand.emulator.get("files.info", emulator.TOKEN, file=file["id"])["file"])
        return {**{key: value for key, value in stored.items() if key not in UNSAID}, "user": self.user}

    def ours(self, said: Json) -> Json:
        """The same with the gate's addresses."""
        ours: Json = json.loads(self.stand.gate.ours(json.dumps(said)))
        return ours

    def _place(self, where: Json, state: Json) -> Json:
        if "ts" not in where:
            container = {"type": "view", "view_id": where["id"]}
            return {
                "container": container, "trigger_id": self.trigger(where["id"]), "view": {**where, "state": state},
            }  # fmt: skip
        channel, stamp = where["channel"], where["ts"]
        return {
            "container": {"type": "message", "message_ts": stamp, "channel_id": channel, "is_ephemeral": False},
            "trigger_id": self.trigger(),
            "channel": {"id": channel, "name": self.stand.channel_name(channel)},
            "message": _bare(where),
            "state": state,
            "response_url": self.world.response_url(self.user, channel, stamp),
        }

    def _hear(self, answer: Answered, channel: str) -> None:
        """A body in an answer to a command is shown to them alone."""
        text = answer.text.strip()
        if answer.status_code != 200 or not text:
            return
        said: Json = json.loads(text) if text.startswith("{") else {"text": text}
        if said and not self.world.judged("ack", said, "message"):
            self.world.acks.append(("command", said))
            self.world.whispers.append({**said, "user": self.user, "channel": channel})

    def _event(self, inner: Json) -> Answered:
        payload = payloads.event(self.stand, inner)
        return self.send(as_json(payload), payload)

    def _say(self, channel: str, text: str, files: list[File], thread: str) -> Answered:
        message = self._share(channel, text, files, thread) if files else self._post(channel, text, thread)
        event = {**message, "channel": channel, "channel_type": "im", "event_ts": message["ts"]}
        return self._event(event)

    def _post(self, channel: str, text: str, thread: str) -> Json:
        self.world.now()
        more = {"thread_ts": thread} if thread else {}
        said = self.stand.emulator.get("chat.postMessage", self.member.token, channel=channel, text=text, **more)
        return {
            **said["message"], "team": emulator.TEAM, "client_msg_id": payloads.number("msg-"),
            "blocks": payloads.rich(text),
        }  # fmt: skip

    def _share(self, channel: str, text: str, files: list[File], thread: str) -> Json:
        self.world.now()
        ids = [{"id": self._begun(self.member.token, name, content)} for name, content in files]
        more = {"thread_ts": thread} if thread else {}
        self.stand.emulator.get(
            "files.completeUploadExternal", self.member.token,
            files=ids, channel_id=channel, initial_comment=text, **more,
        )  # fmt: skip
        newest = self.ours(_bare(self.stand.messages(channel)[-1]))
        return {**newest, "files": [{"username": "", **file} for file in newest["files"]]}

    def _begun(self, token: str, name: str, content: bytes) -> str:
        get = self.stand.emulator.get
        begun = get("files.getUploadURLExternal", token, filename=name, length=len(content))
        self.stand.emulator.forward("POST", f"/upload/v1/{begun['file_id']}", content=content)
        return str(begun["file_id"])

    def _stored(self, token: str, name: str, content: bytes) -> Json:
        file = self._begun(token, name, content)
        stored: Json = self.stand.emulator.get("files.completeUploadExternal", token, files=[{"id": file}])["files"][0]
        return stored


def _bare(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "channel"}


def _options_faults(said: Json) -> list[str]:
    """What is wrong with an answer to block_suggestion."""
    if not isinstance(said.get("options", said.get("option_groups")), list):
        return ["neither options nor option_groups"]
    element = {"type": "static_select", "action_id": "a", **said}
    block = {"type": "actions", "elements": [element]}
    return rules.faults({"text": "options", "blocks": [block]}, "message")
