"""Slack's own TypeScript types over everything that went in and out: arguments, blocks, requests, acks; one tsc run."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.slack import node
from tests.support.slack.world import Call, World

Record = tuple[str, Any]
"""The name of a type, and what should be of it."""

FAULT = re.compile(r"^payloads\.ts\((\d+),\d+\): error (TS\d+: .*(?:\n  .*)*)$", re.MULTILINE)

ARGUMENTS = {
    "chat.postMessage": "ChatPostMessageArguments",
    "chat.postEphemeral": "ChatPostEphemeralArguments",
    "chat.update": "ChatUpdateArguments",
    "chat.delete": "ChatDeleteArguments",
    "views.open": "ViewsOpenArguments",
    "views.push": "ViewsPushArguments",
    "views.update": "ViewsUpdateArguments",
    "views.publish": "ViewsPublishArguments",
    "files.completeUploadExternal": "FilesCompleteUploadExternalArguments",
    "conversations.open": "ConversationsOpenArguments",
    "conversations.history": "ConversationsHistoryArguments",
}
REQUESTS = {
    "command": "SlashCommand",
    "block_actions": "Action",
    "block_suggestion": "BlockSuggestion",
    "view_submission": "ViewSubmitAction",
    "view_closed": "ViewClosedAction",
    "shortcut": "GlobalShortcut",
    "message_action": "MessageShortcut",
}
EVENTS = {
    "message": "MessageEvent",
    "file_share": "FileShareMessageEvent",
    "app_mention": "AppMentionEvent",
    "app_home_opened": "AppHomeOpenedEvent",
}
ACKS = {"view_submission": "ViewResponseAction", "command": "RespondArguments", "block_suggestion": "OptionsAnswer"}

HEAD = """\
import type * as api from '@slack/web-api'
import type * as types from '@slack/types'
import type * as bolt from '@slack/bolt'
type MessageEvent = Omit<types.GenericMessageEvent, 'subtype'>
const given = <T>() => <U extends T>(value: U) => value
// the type wants a response_url always; in views there is none
type Action = Omit<bolt.BlockAction, 'response_url'>
type AnyAction = Omit<bolt.BlockAction<bolt.BasicElementAction & Record<string, unknown>>, 'response_url'>
type OptionsAnswer = bolt.BlockOptions | bolt.OptionGroups<bolt.BlockOptions>
"""
HOMES = {
    "types.": ("KnownBlock[]", "FileShareMessageEvent", "AppMentionEvent", "AppHomeOpenedEvent"),
    "api.": tuple(ARGUMENTS.values()),
    "": ("OptionsAnswer", "MessageEvent", "Action", "AnyAction"),
}
SETTINGS = {
    "strict": True, "noEmit": True, "skipLibCheck": True, "module": "nodenext", "moduleResolution": "nodenext",
    "target": "es2022", "types": ["node"],
}  # fmt: skip

# Slack sends actions of these; its union of actions leaves them out
UNTYPED = frozenset({"number_input", "datetimepicker", "email_text_input", "url_text_input", "file_input"})

# Slack sends null where its types say that the key is absent
ABSENT = frozenset({"enterprise", "previous_view_id"})


def check(recorded: World | list[Record]) -> list[str]:
    """Each payload that is not of its type, with what tsc says; NodeError where there is no Node."""
    records = list(_records(recorded)) if isinstance(recorded, World) else recorded
    said = _compiled([f"const v{index}{_written(record)}" for index, record in enumerate(records)])
    first = HEAD.count("\n") + 1
    found = []
    for line, fault in FAULT.findall(said):
        kind, value = records[int(line) - first]
        found.append(f"{kind}: {fault} in {json.dumps(value, ensure_ascii=False)[:300]}")
    if said.strip() and not found:
        found.append(said)
    return found


def _records(world: World) -> Iterator[Record]:
    for call in world.calls:
        yield from _outgoing(call)
    for request in world.incoming:
        yield _incoming(request)
    for kind, said in world.acks:
        if said:
            yield ACKS[kind], said


def _outgoing(call: Call) -> Iterator[Record]:
    # Bolt adds the team to every call; Slack ignores it, its types do not know it
    args = {key: value for key, value in call.args.items() if key != "team_id"}
    if call.method in ARGUMENTS:
        yield ARGUMENTS[call.method], _shaped(call.method, args)
    for payload in (args, args.get("view") or {}):
        if payload.get("blocks"):
            # the arguments' own type takes any object for a block
            yield "KnownBlock[]", payload["blocks"]


def _incoming(request: Mapping[str, Any]) -> Record:
    if request["type"] != "event_callback":
        return _kind(request), _without_type(request)
    event = request["event"]
    return EVENTS[event.get("subtype") or event["type"]], _counted(event)


def _kind(request: Mapping[str, Any]) -> str:
    kinds = {action["type"] for action in request.get("actions") or []}
    return "AnyAction" if kinds & UNTYPED else REQUESTS[request["type"]]


def _counted(event: Mapping[str, Any]) -> dict[str, Any]:
    """Two types of Slack's own disagree on whether a file's comments_count is a number."""
    files = event.get("files")
    if files is None:
        return dict(event)
    return {**event, "files": [{key: each for key, each in file.items() if key != "comments_count"} for file in files]}


def _shaped(method: str, args: dict[str, Any]) -> dict[str, Any]:
    """Arguments that came as form fields are strings; their types are of what a caller writes."""
    if method == "conversations.history":
        numbers = {key: int(args[key]) for key in ("limit",) if key in args}
        asked = [key for key in ("inclusive", "include_all_metadata") if key in args]
        flags: dict[str, Any] = {key: str(args[key]).lower() in ("1", "true") for key in asked}
        return {**args, **numbers, **flags}
    return args


def _without_type(request: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in request.items() if not (key in ABSENT and value is None)}
    if request["type"] == "command":
        given.pop("type")
    return given


def _written(record: Record) -> str:
    kind, value = record
    home = next((home for home, kinds in HOMES.items() if kind in kinds), "bolt.")
    said = json.dumps(value, ensure_ascii=False)
    # what Slack sends may hold more than its types tell; what we send may not
    incoming = kind in ("AnyAction", *REQUESTS.values(), *EVENTS.values())
    return f" = given<{home}{kind}>()({said})" if incoming else f": {home}{kind} = {said}"


def _compiled(lines: list[str]) -> str:
    modules = node.modules()
    with tempfile.TemporaryDirectory(prefix="gukebot-tsc-") as folder:
        home = Path(folder)
        (home / "node_modules").symlink_to(modules)
        (home / "payloads.ts").write_text(HEAD + "\n".join([*lines, "export {}"]), encoding="utf-8")
        (home / "tsconfig.json").write_text(json.dumps({"compilerOptions": SETTINGS, "files": ["payloads.ts"]}))
        done = subprocess.run(
            [node.program(), str(modules / "typescript" / "bin" / "tsc"), "--project", folder, "--pretty", "false"],
            cwd=folder, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100,
        )  # fmt: skip
        return done.stdout
