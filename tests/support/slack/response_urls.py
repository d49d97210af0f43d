"""Answers to an interaction through its response_url: whispered, posted, or in place of the message."""

import json

from tests.support.slack import emulator
from tests.support.slack.world import RESPONSE_URL_LIFE, RESPONSE_URL_USES, Json, World, named


def respond(world: World, key: str, args: Json) -> tuple[str, int]:
    """What Slack answers, and its status."""
    url = world.response_urls.get(key)
    if url is None or world.now() - url.made > RESPONSE_URL_LIFE or url.uses >= RESPONSE_URL_USES:
        return json.dumps({"ok": False, "error": "used_url"}), 404
    url.uses += 1
    payload: Json = {name: args[name] for name in ("text", "blocks", "attachments") if name in args}
    if args.get("delete_original") and url.message:
        world.emulator.call("chat.delete", emulator.STAND_TOKEN, channel=url.channel, ts=url.message)
        return "ok", 200
    if world.judged("response_url", payload, "message"):
        return json.dumps({"ok": False, "error": "invalid_blocks"}), 400
    named(payload)
    if args.get("replace_original") and url.message:
        world.emulator.call("chat.update", emulator.STAND_TOKEN, channel=url.channel, ts=url.message, **payload)
    elif args.get("response_type") == "in_channel":
        world.emulator.call("chat.postMessage", emulator.STAND_TOKEN, channel=url.channel, **payload)
    else:
        world.whispers.append({**payload, "channel": url.channel, "user": url.user})
    return "ok", 200
