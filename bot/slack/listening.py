"""What Slack tells us, each kind at one place: translated, dealt with in one transaction, and answered (slack.md 3)."""

import json
import re
from collections.abc import Callable, Mapping
from logging import CRITICAL, Logger, getLogger
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot import troubles
from bot.slack import answering, home, modals, states, talking
from bot.slack.answering import Where, where_of
from bot.slack.inputs import found
from bot.slack.translating import files_of, key_of, tapped, typed
from bot.slack.workspace import Workspace
from conversations.replies import Reply, say
from conversations.words import N_, said
from handlers import finding, whole
from handlers.events import Answered, Attached, Pressed, Quoted, Sender, Wrote

Json = Mapping[str, Any]
Listener = Callable[[Workspace, Json], BoltResponse]
Sorry = Callable[[Workspace, Json, str], BoltResponse]

JSON = "application/json;charset=utf-8"
ANYTHING = re.compile(r".*", re.DOTALL)

log = structlog.stdlib.get_logger("bot.slack")


def build(workspace: Workspace, token: str, signing_secret: str) -> App:
    """
    Bolt's app over one workspace: nothing is asked of Slack to build it or to let a request in.

    Its own log is silent: it would write down whole requests (slack.md M9).
    """

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = App(
        logger=_silent(),
        client=workspace.client,
        authorize=authorize,
        signing_secret=signing_secret,
        process_before_response=True,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )

    def each(listener: Listener, sorry: Sorry) -> Callable[..., BoltResponse]:
        return lambda body: _careful(workspace, listener, sorry, body)

    app.event(ANYTHING)(each(talking.heard, _again))
    app.command(ANYTHING)(each(command, _sorry_here))
    app.shortcut(ANYTHING)(each(shortcut, _sorry_there))
    app.action(ANYTHING)(each(acted, _sorry_there))
    app.view(ANYTHING)(each(submitted, _sorry_beside))
    app.view_closed(ANYTHING)(each(closed, _nothing))
    app.options(ANYTHING)(each(options, _no_options))
    return app


def _silent() -> Logger:
    logger = getLogger("slack_bolt.silent")
    logger.setLevel(CRITICAL + 1)
    return logger


def answered(content: Mapping[str, Any] | None = None) -> BoltResponse:
    """Taken; with what Slack is to show."""
    if content is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=json.dumps(content, ensure_ascii=False), headers={"content-type": JSON})


# ------------------------------------------------------------ commands, shortcuts


def command(workspace: Workspace, body: Json) -> BoltResponse:
    """``/guke`` and what follows: its answer is whispered, a form opens."""
    text = typed(body.get("text"), workspace.named)
    sender = workspace.sender(body, "changes")
    key = key_of(body)
    reply = workspace.receive(Wrote(key, sender, text, command=True))
    if reply.draft:
        answering.show(workspace, key, reply, Where(sender.id, str(body.get("trigger_id", "")), direct=True))
        return answered()
    return answered(answering.whisper(reply, workspace.say(sender.id)))


def shortcut(workspace: Workspace, body: Json) -> BoltResponse:
    """A shortcut from the lightning menu, or from a message's."""
    subject, _, what = str(body.get("callback_id", "")).partition(".")
    begin = SHORTCUTS.get(what)
    if begin is not None:
        begin(workspace, body, subject)
    return answered()


def _new(workspace: Workspace, body: Json, procedure: str) -> None:
    key, sender = key_of(body), workspace.sender(body, "changes")
    reply = workspace.receive(Pressed(key, sender, f"start:{procedure}"))
    answering.show(workspace, key, reply, where_of(body))


def _send(workspace: Workspace, body: Json, what: str) -> None:
    key, sender = key_of(body), workspace.sender(body, "changes")
    answering.show(workspace, key, workspace.receive(Wrote(key, sender, what, command=True)), where_of(body))


def _from_message(workspace: Workspace, body: Json, procedure: str) -> None:
    message, key, sender = body.get("message") or {}, key_of(body), workspace.sender(body, "changes")
    text, files = typed(message.get("text"), workspace.named), files_of(message.get("files") or ())
    reply = workspace.receive(Quoted(key, sender, procedure, text, files))
    answering.show(workspace, key, reply, Where(sender.id, str(body.get("trigger_id", ""))))


def _attach(workspace: Workspace, body: Json, _subject: str) -> None:
    """A message's photos belong to a case, which is chosen next; its form then takes them in."""
    key, sender = key_of(body), workspace.sender(body, "nothing")
    files = files_of((body.get("message") or {}).get("files") or ())
    where = Where(sender.id, str(body.get("trigger_id", "")))
    if not files:
        answering.show(workspace, key, say(said(N_("There are no photos or files in this message."))), where)
        return
    reply = workspace.receive(Attached(key, sender, files, apart=True))
    if reply.buttons:
        speak = workspace.say(sender.id)
        answering.open_window(workspace, key, modals.attach(speak, len(files)), where)
    else:
        answering.show(workspace, key, reply, where)


SHORTCUTS: Mapping[str, Callable[[Workspace, Json, str], None]] = {
    "new": _new, "send": _send, "from_message": _from_message, "attach": _attach,
}  # fmt: skip
"""By what follows the dot of a callback_id: ``complaint.new``."""


# ------------------------------------------------------------ buttons, modals


IN_TALK = frozenset({"option", "back", "skip", "cancel", "done_files", "same", "drop_files"})
"""Buttons beside a question that is asked in the conversation: the next one is asked there too."""


def acted(workspace: Workspace, body: Json) -> BoltResponse:
    """Something was tapped, or changed in a form."""
    action = (body.get("actions") or [{}])[0]
    view = body.get("view") or {}
    if view.get("callback_id") == modals.FORM and action.get("action_id") == states.FIELD:
        return _changed(workspace, body, view, str(action.get("block_id")))
    tap = tapped(action)
    if tap is None:
        return answered()
    key, where = key_of(body), where_of(body)
    kind = tap[0].partition(":")[0]
    in_talk = where.direct and kind in IN_TALK
    sender = workspace.sender(body, "everything" if where.direct else "changes", "offered" if in_talk else "opened")
    if view.get("callback_id") == modals.FORM:
        _keep(workspace, f"{key}/kept", sender, view, "")
    reply = workspace.receive(Pressed(key, sender, *tap))
    if view.get("type") == "home" and kind in home.SILENT:
        workspace.afters.once(key, lambda: home.show(workspace.client, workspace.app, sender.id))
    elif not in_talk:
        answering.show(workspace, key, reply, where)
    return answered()


def _changed(workspace: Workspace, body: Json, view: Json, block_id: str) -> BoltResponse:
    """A field was changed: kept, and what follows from it shown; what is being typed is left alone."""
    key, sender = key_of(body), workspace.sender(body, "nothing")
    filled, given = _keep(workspace, key, sender, view, block_id)
    answering.redraw(workspace, key, view, (sender.id, filled, given))
    return answered()


def _keep(
    workspace: Workspace, key: str, sender: Sender, view: Json, block_id: str
) -> tuple[states.Filled, dict[str, str]]:
    """Keep what stands in a form, of which this block was changed."""
    filled = states.read(view, workspace.company.zone, workspace.named)
    given = states.touched(view, filled, block_id)
    workspace.receive(Answered(key, sender, str(view.get("private_metadata")), given, kept=True))
    return filled, given


def submitted(workspace: Workspace, body: Json) -> BoltResponse:
    """A modal was submitted: what is wrong stands beside its field, else the answer takes its place."""
    view = body.get("view") or {}
    if view.get("callback_id") == modals.ATTACH:
        number = ((view.get("state") or {}).get("values") or {}).get("case", {}).get(states.FIELD, {})
        tap = Pressed(key_of(body), workspace.sender(body, "changes"), "attach", _chosen(number))
        return _followed(workspace, tap.sender.id, workspace.receive(tap))
    filled = states.read(view, workspace.company.zone, workspace.named)
    key, sender, draft = key_of(body), workspace.sender(body, "changes"), str(view.get("private_metadata"))
    unfinished = bool(filled.untyped or filled.strangers)
    event = Answered(key, sender, draft, filled.given, filled.files, whole=not unfinished, kept=unfinished)
    reply = workspace.receive(event)
    if filled.strangers:
        sentence = workspace.say(sender.id)(STRANGER)
        faults = dict.fromkeys(filled.strangers, sentence)
        return answered({"response_action": "errors", "errors": modals.errors(view, faults)})
    if reply.faults:
        speak = workspace.say(sender.id)
        faults = {key: speak(sentence) for key, sentence in reply.faults.items()}
        return answered({"response_action": "errors", "errors": modals.errors(view, faults)})
    return _followed(workspace, sender.id, reply, filled)


STRANGER = said(N_("I do not know this person. Please choose a colleague."))


def _chosen(state: Json) -> str:
    return str((state.get("selected_option") or {}).get("value") or "")


def _followed(workspace: Workspace, user: str, reply: Reply, filled: states.Filled | None = None) -> BoltResponse:
    """The modal shows what comes next: the form with what is still to be asked, or the answer."""
    shown = workspace.shown(user, reply.draft, filled.given if filled else None) if reply.draft else None
    view = modals.form(shown, filled) if shown is not None else modals.answer(reply, workspace.say(user))
    return answered({"response_action": "update", "view": view})


def closed(workspace: Workspace, body: Json) -> BoltResponse:
    """A form was closed: what stands in it is kept, as far as Slack tells, and what is typed now is no answer to it."""
    view = body.get("view") or {}
    if view.get("callback_id") == modals.FORM:
        key, sender = key_of(body), workspace.sender(body, "nothing")
        _keep(workspace, key, sender, view, "")
        workspace.receive(Pressed(f"{key}/left", sender, f"leave_form:{view.get('private_metadata')}"))
    return answered()


# ------------------------------------------------------------ what can be chosen


def options(workspace: Workspace, body: Json) -> BoltResponse:
    """What can be chosen in a field that is looked up, for these letters: only what this person may see."""
    view, user, text = body.get("view") or {}, workspace.sender(body, "nothing").id, str(body.get("value") or "")
    draft, key = str(view.get("private_metadata")), states.key_of(str(body.get("block_id", "")))
    attaching = view.get("callback_id") == modals.ATTACH
    offered = workspace.database.look(
        lambda uow: (
            finding.offered(workspace.turn(uow, user), text)
            if attaching
            else whole.options(workspace.turn(uow, user), draft, key, text)
        )
    )
    return answered({"options": found(offered, workspace.say(user))})


# ------------------------------------------------------------ when something goes wrong


def _careful(workspace: Workspace, listener: Listener, sorry: Sorry, body: Json) -> BoltResponse:
    """Whatever is raised, Slack gets its answer, the person a number, and the log where it was: no word of theirs."""
    try:
        return listener(workspace, body)
    except Exception as error:  # noqa: BLE001 - the last line of defence of the ack (slack.md M3)
        reference = troubles.new_code()
        troubles.noted(reference, error, "slack")
        _kept(workspace, body, reference, error)
        return sorry(workspace, body, reference)


def _kept(workspace: Workspace, body: Json, reference: str, error: Exception) -> None:
    """For `gukebot trace`, once the answer has gone out."""

    def keep() -> None:
        troubles.remember(workspace.database, reference, error, "slack", key_of(body))

    workspace.afters.once(f"{reference}/kept", keep)


def _trouble(reference: str) -> Reply:
    return say(troubles.sentence(reference))


def _again(_workspace: Workspace, _body: Json, _reference: str) -> BoltResponse:
    """Slack delivers events again that were not taken."""
    return BoltResponse(status=503, body="")


def _sorry_here(workspace: Workspace, _body: Json, reference: str) -> BoltResponse:
    return answered(answering.whisper(_trouble(reference), workspace.plainly))


def _sorry_there(workspace: Workspace, body: Json, reference: str) -> BoltResponse:
    where = where_of(body)
    if (body.get("view") or {}).get("callback_id") != modals.FORM:
        answering.regret(workspace, reference, _trouble(reference), where)
    return answered()


def _sorry_beside(workspace: Workspace, body: Json, reference: str) -> BoltResponse:
    """The modal stays, with everything in it."""
    sentence = workspace.plainly(_trouble(reference).lines[0])
    errors = modals.errors(body.get("view") or {}, {"": sentence})
    return answered({"response_action": "errors", "errors": errors} if errors else None)


def _nothing(_workspace: Workspace, _body: Json, _reference: str) -> BoltResponse:
    return answered()


def _no_options(_workspace: Workspace, _body: Json, _reference: str) -> BoltResponse:
    return answered({"options": []})
