"""The app manifest: what Slack is told about the app, from one declaration, and why each right is asked for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from conversations.words import N_
from reports.words import translated

Manifest: TypeAlias = dict[str, Any]
Mode: TypeAlias = Literal["http", "socket"]

EVENTS_PATH = "/slack/events"
COMMAND = "/guke"
COLOUR = "#1f3a5f"


@dataclass(frozen=True, slots=True)
class Scope:
    """A right of the bot: the methods and events that need it, and what people get by it."""

    name: str
    why: str
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


LOOK_UP = ("conversations.history", "conversations.replies")
"""How a message whose answer was lost is looked for before it is sent again."""

SCOPES = (
    Scope("commands", "the command and the shortcuts"),
    Scope("chat:write", "answers, cards, escalations",
          ("chat.postMessage", "chat.update", "chat.postEphemeral", "chat.delete")),
    Scope("im:write", "notices to one person", ("conversations.open",)),
    Scope("im:history", "what is written to the bot", LOOK_UP, ("message.im",)),
    Scope("channels:history", "looking up a message in a public channel whose answer was lost", LOOK_UP),
    Scope("groups:history", "the same in a private channel", LOOK_UP),
    Scope("channels:read", "whether a department's channel is there", ("conversations.info",), ("channel_archive",)),
    Scope("groups:read", "the same of a private channel", ("conversations.info",), ("group_archive",)),
    Scope("channels:join", "going into a department's public channel by itself", ("conversations.join",)),
    Scope("files:read", "photos that people send", ("files.info",), ("file_deleted",)),
    Scope("files:write", "charts in the channel",
          ("files.getUploadURLExternal", "files.completeUploadExternal", "files.delete")),
    Scope("users:read", "who it is", ("users.info",), ("user_change",)),
    Scope("users:read.email", "whose e-mail address is known here", ("users.lookupByEmail",)),
    Scope("app_mentions:read", "being called in a channel", (), ("app_mention",)),
)  # fmt: skip
"""Everything the bot may do, and nothing that nobody uses."""

FREE_METHODS = frozenset((
    "apps.connections.open", "auth.test", "blocks.validate", "views.open", "views.publish", "views.push",
    "views.update",
))  # fmt: skip
"""Methods that need no right."""

FREE_EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")

EVENTS = tuple(sorted({*FREE_EVENTS, *(event for scope in SCOPES for event in scope.events)}))

SHORTCUTS = (
    ("global", "complaint.new", N_("New complaint"), N_("Report a customer complaint")),
    ("global", "survey.send", N_("Send survey"), N_("Send a satisfaction survey")),
    ("message", "complaint.from_message", N_("Make complaint"), N_("Report this message as a complaint")),
    ("message", "case.attach", N_("Attach to case"), N_("Add this message and its photos to a case")),
)
"""What can be chosen from menus: where, how it is called back, its name and what it does."""

NAME = N_("Customer care")
SHORT = N_("Complaints with numbers, deadlines and escalation; monthly summaries")
LONG = N_(
    "Staff report customer complaints from their phones by guided forms, with photos. Every complaint has a number, "
    "an owner and deadlines by the company's procedure; what is overdue is escalated to the department, its head and "
    "management. Customers answer by a link. On the first working day the month's summary is there, with its charts. "
    "All records stay in your own database."
)
"""Slack takes a long description of 174 characters or more."""

ABOUT_COMMAND = N_("Report a complaint, find a case, see what waits for you")
HINT = N_("[complaint | 82 | mine | overdue | help]")


def manifest(mode: Mode, base_url: str, language: str) -> Manifest:
    """The manifest; over Socket Mode it names no address."""

    def said(message: str) -> str:
        return translated(message, language)

    url = f"{base_url.rstrip('/')}{EVENTS_PATH}" if mode == "http" else ""
    command = {
        "command": COMMAND, "description": said(ABOUT_COMMAND), "usage_hint": said(HINT), "should_escape": True,
    }  # fmt: skip
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": said(NAME), "description": said(SHORT), "long_description": said(LONG), "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "gukebot", "always_online": True},
            "shortcuts": [
                {"name": said(name), "type": kind, "callback_id": callback, "description": said(what)}
                for kind, callback, name, what in SHORTCUTS
            ],
            "slash_commands": [{**command, "url": url} if url else command],
        },
        "oauth_config": {"scopes": {"bot": [scope.name for scope in SCOPES]}},
        "settings": _settings(url),
    }  # fmt: skip


def _settings(url: str) -> Manifest:
    called = {"request_url": url} if url else {}
    asked = {**called, "message_menu_options_url": url} if url else {}
    return {
        "event_subscriptions": {**called, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **asked},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": False,
    }


def as_yaml(value: Manifest) -> str:
    """The same as YAML, as Slack's own editor shows it; every text is quoted, so none is read as something else."""
    return "\n".join(_yaml(value, 0)) + "\n"


def _yaml(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    space = "  " * depth
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield f"{space}{key}:"
            yield from _yaml(inner, depth + 1)
        elif isinstance(inner, list):
            yield f"{space}{key}:"
            for each in inner:
                yield from _item(each, depth + 1)
        else:
            yield f"{space}{key}: {json.dumps(inner, ensure_ascii=False)}"


def _item(value: object, depth: int) -> Iterator[str]:
    space = "  " * depth
    if not isinstance(value, Mapping):
        yield f"{space}- {json.dumps(value, ensure_ascii=False)}"
        return
    first, *rest = _yaml(value, depth + 1)
    yield f"{space}- {first.strip()}"
    yield from rest
