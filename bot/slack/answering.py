"""How an answer reaches somebody: a form opens, a modal changes, a whisper is heard, or the question is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.slack import modals
from bot.slack.blocks import fallback
from bot.slack.modals import Say, View
from bot.slack.states import Filled
from bot.slack.translating import PLATFORM, user_of
from bot.slack.workspace import Workspace
from conversations.replies import Reply
from handlers.events import Pressed, Sender

Json = Mapping[str, Any]

WHISPER_SECONDS = 5
DONE_BEFORE = frozenset({"exchanged_trigger_id"})
"""The window is open already: the same request came twice."""

log = structlog.stdlib.get_logger("bot.slack")


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody is: a trigger to open a window with, the modal or message they tapped in, or our conversation."""

    user: str
    trigger: str = ""
    modal: str = ""
    whisper: str = ""
    direct: bool = False


def where_of(body: Json) -> Where:
    """Where somebody is who tapped something."""
    view, channel = body.get("view") or {}, str((body.get("channel") or {}).get("id") or body.get("channel_id") or "")
    modal = str(view.get("id", "")) if view.get("type") == "modal" else ""
    direct = channel.startswith("D")
    whisper = "" if direct else str(body.get("response_url") or "")
    return Where(user_of(body), str(body.get("trigger_id") or ""), modal, whisper, direct)


def show(workspace: Workspace, key: str, reply: Reply, where: Where) -> None:
    """After the answer has gone out: open the form that was begun, else show what is said where nothing shows it."""
    if reply.draft and where.trigger:
        workspace.afters.once(key, lambda: _open(workspace, key, reply.draft, where))
    elif reply.lines and not where.direct:
        workspace.afters.once(key, lambda: _tell(workspace, reply, where))


def redraw(workspace: Workspace, key: str, view: Json, form: tuple[str, Filled, Mapping[str, str]]) -> None:
    """After an answer was kept: show the form anew if it asks or offers something else now."""
    user, filled, given = form

    def look() -> None:
        shown = workspace.shown(user, str(view["private_metadata"]), given)
        if shown is None or modals.shape(fresh := modals.form(shown, filled)) == modals.shape(view):
            return
        try:
            workspace.client.views_update(view_id=view["id"], hash=view.get("hash"), view=fresh)
        except SlackApiError as error:
            # somebody types quickly: the view has moved on, and the next change draws it
            if error.response.get("error") not in ("hash_conflict", "not_found"):
                raise

    workspace.afters.once(key, look)


def _open(workspace: Workspace, key: str, draft: str, where: Where) -> None:
    """Open a form; where Slack does not let us, its question is asked in the conversation."""
    shown = workspace.shown(where.user, draft)
    if shown is None or _window(workspace, modals.form(shown), where):
        return
    asked = Sender(PLATFORM, where.user, told="everything", forms="offered")
    workspace.receive(Pressed(f"{key}/asked", asked, f"open_form:{draft}"))


def open_window(workspace: Workspace, key: str, view: View, where: Where) -> None:
    """After the answer has gone out: open this."""

    def go() -> None:
        _window(workspace, view, where)

    workspace.afters.once(key, go)


def _window(workspace: Workspace, view: View, where: Where) -> bool:
    """Open a window, or change the one that is open; False when there is none now."""
    try:
        if where.modal:
            workspace.client.views_update(view_id=where.modal, view=view)
        else:
            workspace.client.views_open(trigger_id=where.trigger, view=view)
    except (SlackClientError, OSError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("no window opened", code=str(code))
        return code in DONE_BEFORE
    return True


def regret(workspace: Workspace, key: str, reply: Reply, where: Where) -> None:
    """Say in the company's language that something went wrong; the database may be what is wrong."""

    def tell() -> None:
        if where.whisper:
            _whisper(where.whisper, reply, workspace.plainly)
        elif where.trigger:
            _window(workspace, modals.answer(reply, workspace.plainly), where)

    workspace.afters.once(key, tell)


def _tell(workspace: Workspace, reply: Reply, where: Where) -> None:
    say = workspace.say(where.user)
    if where.whisper:
        _whisper(where.whisper, reply, say)
    elif where.trigger:
        _window(workspace, modals.answer(reply, say), where)


def _whisper(address: str, reply: Reply, say: Say) -> None:
    hook = WebhookClient(address, timeout=WHISPER_SECONDS, retry_handlers=[])
    said = whisper(reply, say)
    answer = hook.send(text=said["text"], blocks=said["blocks"], response_type="ephemeral", replace_original=False)
    if answer.status_code != 200:
        log.warning("no whisper", status=answer.status_code)


def whisper(reply: Reply, say: Say) -> dict[str, Any]:
    """An answer as a message to one person alone."""
    return {
        "response_type": "ephemeral",
        "text": fallback(*map(say, reply.lines)),
        "blocks": modals.answer_blocks(reply, say),
    }
