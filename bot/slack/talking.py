"""What is said to the bot: a line or photos in its conversation, its name in a channel; news of people and homes."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse

from bot.slack import home
from bot.slack.translating import bot_of, files_of, key_of, typed
from bot.slack.workspace import Workspace
from handlers.events import Attached, Wrote

Json = Mapping[str, Any]

SPOKEN = frozenset({None, "", "file_share", "thread_broadcast"})
"""Subtypes of messages that people wrote; all others tell what happened to messages and channels."""


def heard(workspace: Workspace, body: Json) -> BoltResponse:
    """An event: taken, whatever it is; dealt with where somebody wants something."""
    event = body.get("event") or {}
    take = EVENTS.get(str(event.get("type")))
    if take is not None and not _ours(body, event):
        take(workspace, body, event)
    return BoltResponse(status=200, body="")


def _ours(body: Json, event: Json) -> bool:
    """Whether a bot said it: ourselves, or another one that we would talk with for ever."""
    return bool(event.get("bot_id")) or event.get("user") == (bot_of(body) or "-")


def _line(workspace: Workspace, body: Json, event: Json) -> None:
    if event.get("channel_type") == "im" and event.get("subtype") in SPOKEN:
        _said(workspace, body, event, command=False)


def _mention(workspace: Workspace, body: Json, event: Json) -> None:
    if event.get("subtype") in SPOKEN:
        _said(workspace, body, event, command=True)


def _said(workspace: Workspace, body: Json, event: Json, *, command: bool) -> None:
    """Photos first, then what was said about them."""
    key, sender = key_of(body), workspace.sender(body, "everything", "offered")
    files = files_of(event.get("files") or ())
    text = typed(event.get("text"), workspace.named, bot_of(body))
    if files:
        workspace.receive(Attached(f"{key}/files" if text else key, sender, files))
    if text or not files:
        workspace.receive(Wrote(key, sender, text, command=command))


def _home(workspace: Workspace, body: Json, event: Json) -> None:
    """They look at their home: shown after the answer has gone out."""
    if event.get("tab") == "home":
        user = workspace.sender(body, "nothing").id
        workspace.afters.once(key_of(body), lambda: home.opened(workspace.client, workspace.app, user))


def _account(workspace: Workspace, _body: Json, event: Json) -> None:
    account = event.get("user")
    if isinstance(account, Mapping):
        workspace.people.changed(account)


EVENTS: Mapping[str, Callable[[Workspace, Json, Json], None]] = {
    "message": _line, "app_mention": _mention, "app_home_opened": _home, "user_change": _account,
}  # fmt: skip
