"""
What the gate does with each method of the Web API before, instead of and after the emulator.

Asked of the emulator, with what is listed in CHECKS before and in POLISH after:
    auth.test, bots.info, team.info, users.info, users.list, users.lookupByEmail, users.profile.get,
    conversations.info, .list, .join, .open, .members, chat.postMessage, .postEphemeral, .update, .delete,
    .scheduleMessage, .deleteScheduledMessage, .scheduledMessages.list, .getPermalink, reactions.add, .remove,
    views.open, .update, .push, .publish, files.getUploadURLExternal, .completeUploadExternal, .info, .delete
Answered here: ANSWERS (conversations.history and .replies are read from the emulator and cut as Slack cuts them).
Refused: files.upload (gone since 2025); every other method is unknown, and a fault of the test that meets it.
"""

import re
from collections.abc import Callable
from typing import Any

from tests.support.slack import emulator
from tests.support.slack.judges import judge
from tests.support.slack.world import Json, Upload, World, signed

FORWARDED = frozenset((
    "auth.test", "bots.info", "team.info", "users.info", "users.list", "users.lookupByEmail", "users.profile.get",
    "conversations.info", "conversations.list", "conversations.join", "conversations.open", "conversations.members",
    "chat.postMessage", "chat.postEphemeral", "chat.update", "chat.delete", "chat.scheduleMessage",
    "chat.deleteScheduledMessage", "chat.scheduledMessages.list", "chat.getPermalink", "reactions.add",
    "reactions.remove", "views.open", "views.update", "views.push", "views.publish", "files.getUploadURLExternal",
    "files.completeUploadExternal", "files.info", "files.delete",
))  # fmt: skip

# the emulator counts closed views into a stack; how high it is, the gate knows
ASKED_AS = {"views.push": "views.open"}
MOST_VIEWS = 3

MESSAGES = ("text", "blocks", "attachments")
FILE = re.compile(r"F[A-Z0-9]{8,}")


class RefusedError(Exception):
    """The method answers with this error; more fields of the answer may come with it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


def explained(error: str, faults: list[str]) -> RefusedError:
    """An error with its reasons, as Slack gives them."""
    said = [f"[ERROR] {fault}" for fault in faults]
    return RefusedError(error, errors=faults, response_metadata={"messages": said})


# ---------------------------------------------------------------- before


def _message(world: World, args: Json) -> None:
    payload = {key: args[key] for key in MESSAGES if key in args}
    if faults := world.judged("message", payload, "message"):
        raise explained("invalid_blocks", faults)
    _pictures(world, args.get("blocks") or [])


def _pictures(world: World, part: Any) -> None:
    """Every picture of a file of ours: refused, as Slack does, until the upload has been looked through."""
    if isinstance(part, list):
        for each in part:
            _pictures(world, each)
    elif isinstance(part, dict):
        if isinstance(part.get("slack_file"), dict) and not _ready(world, part["slack_file"]):
            raise explained("invalid_blocks", ["invalid slack file"])
        _pictures(world, list(part.values()))


def _ready(world: World, picture: Json) -> bool:
    name = str(picture.get("id") or "") or str(picture.get("url", "")).partition("/files-pri/")[2].partition("/")[0]
    upload = world.uploads.get(name)
    if upload is not None:
        return upload.complete and upload.polls <= 0
    found = world.emulator.call("files.info", emulator.TOKEN, file=name)
    return bool(FILE.fullmatch(name) and found.get("ok"))


def _spoken(world: World, args: Json) -> None:
    channel = str(args.get("channel", ""))
    if not re.fullmatch(r"[CDGU][A-Z0-9]+", channel):
        raise RefusedError("channel_not_found")
    if error := world.outside(world.conversation(channel)):
        raise RefusedError(error)


def _post(world: World, args: Json) -> None:
    _message(world, args)
    _spoken(world, args)
    if world.too_soon(world.conversation(str(args["channel"]))):
        raise RefusedError("ratelimited")


def _whisper(world: World, args: Json) -> None:
    _message(world, args)
    _spoken(world, args)


def _update(world: World, args: Json) -> None:
    if len(str(args.get("text") or "")) > 4000:
        raise RefusedError("msg_too_long")
    _message(world, args)


def _view(world: World, args: Json) -> None:
    view = args.get("view")
    if not isinstance(view, dict):
        raise RefusedError("invalid_arguments")
    if faults := world.judged("view", view, str(view.get("type", "modal"))):
        raise explained("invalid_arguments", faults)
    _pictures(world, view.get("blocks") or [])


def _pushed_view(world: World, args: Json) -> None:
    _view(world, args)
    open_now = len(world.screens.get(_whose(world, args)) or [])
    if not 0 < open_now < MOST_VIEWS:
        raise RefusedError("push_limit_reached" if open_now else "view_not_found")


def _changed_view(world: World, args: Json) -> None:
    _view(world, args)
    if world.view(str(args.get("view_id") or ""), str(args.get("external_id") or "")) is None:
        raise RefusedError("not_found")  # closed in the meantime


def _upload_begins(world: World, args: Json) -> None:
    if len(str(args.get("alt_txt") or "")) > 1000:
        raise RefusedError("alt_txt_too_large")


def _upload_ends(world: World, args: Json) -> None:
    for each in args.get("files") or []:
        upload = world.uploads.get(str(each.get("id")))
        if upload is None or upload.received != upload.length:
            raise RefusedError("file_not_found")
    if args.get("blocks"):
        _message(world, {"text": "file", **args})
    for channel in filter(None, [args.get("channel_id"), *str(args.get("channels") or "").split(",")]):
        if not re.fullmatch(r"[CGDZ][A-Z0-9]+", str(channel)):
            raise RefusedError("invalid_arguments")
        if error := world.outside(str(channel)):
            raise RefusedError(error)


CHECKS: dict[str, Callable[[World, Json], None]] = {
    "chat.postMessage": _post,
    "chat.postEphemeral": _whisper,
    "chat.scheduleMessage": _whisper,
    "chat.update": _update,
    "views.open": _view,
    "views.push": _pushed_view,
    "views.publish": _view,
    "views.update": _changed_view,
    "files.getUploadURLExternal": _upload_begins,
    "files.completeUploadExternal": _upload_ends,
}


# ---------------------------------------------------------------- instead


def _history(world: World, args: Json) -> Json:
    return _cut(world, args, "conversations.history", {"channel": args.get("channel")})


def _replies(world: World, args: Json) -> Json:
    return _cut(world, args, "conversations.replies", {"channel": args.get("channel"), "ts": args.get("ts")})


def _cut(world: World, args: Json, method: str, what: Json) -> Json:
    answer = world.emulator.call(method, emulator.TOKEN, limit=1000, **what)
    if not answer.get("ok"):
        return answer
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9999999999")
    inclusive = str(args.get("inclusive")).lower() in ("true", "1")
    within = [
        message for message in answer["messages"]
        if oldest < message["ts"] < latest or (inclusive and message["ts"] in (oldest, latest))
        or (method.endswith("replies") and message["ts"] == args.get("ts"))
    ]  # fmt: skip
    start, size = int(str(args.get("cursor") or "at:0").removeprefix("at:")), int(args.get("limit") or 100)
    page = [_seen(message, args) for message in within[start : start + size]]
    more = start + size < len(within)
    cursor = f"at:{start + size}" if more else ""
    return {"ok": True, "messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _seen(message: Json, args: Json) -> Json:
    """A message as the history shows it: metadata only to those who ask for it."""
    message = signed(message)
    if str(args.get("include_all_metadata")).lower() not in ("true", "1"):
        message.pop("metadata", None)
    return message


def _validate(world: World, args: Json) -> Json:
    given = [key for key in ("blocks", "message", "view") if args.get(key) is not None]
    if len(given) != 1:
        raise RefusedError("invalid_arguments")
    key, value = given[0], args[given[0]]
    payload = {"text": "fallback", "blocks": value} if key == "blocks" else value
    faults = judge(payload, str(value.get("type", "modal")) if key == "view" else "message")
    if not faults:
        return {"ok": True}
    errors = [{"pointer": f"/{key}", "code": "failed_constraint", "message": fault} for fault in faults]
    raise RefusedError(f"invalid_{key}", errors=errors)


def _usergroups(world: World, args: Json) -> Json:
    return {"ok": True, "usergroups": world.usergroups}


def _members(world: World, args: Json) -> Json:
    for group in world.usergroups:
        if group["id"] == args.get("usergroup"):
            return {"ok": True, "users": list(group.get("users", []))}
    raise RefusedError("no_such_subteam")


def _retired(world: World, args: Json) -> Json:
    world.bad.append("files.upload is gone: getUploadURLExternal and completeUploadExternal")
    raise RefusedError("method_deprecated")


ANSWERS: dict[str, Callable[[World, Json], Json]] = {
    "conversations.history": _history,
    "conversations.replies": _replies,
    "blocks.validate": _validate,
    "usergroups.list": _usergroups,
    "usergroups.users.list": _members,
    "files.upload": _retired,
}


# ---------------------------------------------------------------- after


def _posted(world: World, args: Json, answer: Json) -> None:
    if "message" in answer:
        answer["message"] = signed(answer["message"])


def _whispered(world: World, args: Json, answer: Json) -> None:
    world.whispers.append({**args, "ts": answer["message_ts"]})


def _opened(world: World, args: Json, answer: Json) -> None:
    world.screens[_whose(world, args)] = [answer["view"]]


def _pushed(world: World, args: Json, answer: Json) -> None:
    world.stack(_whose(world, args), answer["view"])


def _whose(world: World, args: Json) -> str:
    return world.triggers.get(str(args.get("trigger_id") or args.get("interactivity_pointer")), "")


def _updated(world: World, args: Json, answer: Json) -> None:
    world.replace(answer["view"])


def _published(world: World, args: Json, answer: Json) -> None:
    world.homes[str(args["user_id"])] = answer["view"]


def _begun(world: World, args: Json, answer: Json) -> None:
    upload = Upload(length=int(args["length"]), alt=str(args.get("alt_txt") or ""), polls=world.polls)
    world.uploads[answer["file_id"]] = upload


def _completed(world: World, args: Json, answer: Json) -> None:
    for each in answer["files"]:
        world.uploads[each["id"]].complete = True
    answer["files"] = [{"id": each["id"], "title": each["title"]} for each in answer["files"]]


def _looked_at(world: World, args: Json, answer: Json) -> None:
    file: Json = answer["file"]
    file["user"] = world.owners.get(file["id"], file["user"])
    upload = world.uploads.get(file["id"])
    if upload is None:
        return
    if upload.alt:
        file["alt_txt"] = upload.alt
    if upload.polls > 0:
        upload.polls -= 1
        file.update(mimetype="", filetype="", pretty_type="", shares={}, channels=[], groups=[], ims=[])


POLISH: dict[str, Callable[[World, Json, Json], None]] = {
    "chat.postMessage": _posted,
    "chat.update": _posted,
    "chat.postEphemeral": _whispered,
    "views.open": _opened,
    "views.push": _pushed,
    "views.update": _updated,
    "views.publish": _published,
    "files.getUploadURLExternal": _begun,
    "files.completeUploadExternal": _completed,
    "files.info": _looked_at,
}
