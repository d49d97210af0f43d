"""What becomes of a message afterwards: a card that changes for its readers, a message taken back."""

from datetime import timedelta
from typing import Any

from tests.support.wecom.cards import Place, check
from tests.support.wecom.endpoints import Asked, Endpoint, text_at
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.messages import recipients
from tests.support.wecom.world import Json, Message, World

CODE_LIFE, RECALL_LIFE = timedelta(hours=72), timedelta(hours=24)
LISTS = ("userids", "partyids", "tagids")


def update(asked: Asked) -> Json:
    """Change a card for these readers, or for all; a code is good once and for 72 hours."""
    args, world = asked.args, asked.world
    asked.agent(args.get("agentid"))
    given = [args.get(name, []) for name in LISTS]
    refuse(not all(isinstance(each, list) for each in given), 40035, "userids, partyids, tagids are arrays")
    code = world.codes.get(str(args.get("response_code") or ""))
    if code is None or not world.fresh(code.made, CODE_LIFE):
        raise RefusedError(60140)
    refuse(code.agent != asked.app.agent, 42015)
    refuse(code.used, 42022)
    message = world.message(code.message)
    assert message is not None
    change = _change(asked, args)
    readers, invalid = _readers(world, message, args, given)
    code.used = True
    for reader in readers:
        message.states[reader] = change(message.states.get(reader, message.body))
    return invalid


def _change(asked: Asked, args: Json) -> Any:
    if words := text_at(args, "button", "replace_name"):
        return lambda before: {**before, "replace_text": words}
    refuse(not args.get("template_card"), 40063, "neither button nor template_card")
    card = check(Place(asked.world, asked.app, update=True), args["template_card"])
    return lambda before: {"task_id": before.get("task_id"), **card}


def _readers(world: World, message: Message, args: Json, given: list[list[Any]]) -> tuple[list[str], Json]:
    if args.get("atall") == 1:
        return list(message.readers), {}
    refuse(not any(given), 82001)
    named, unknown = recipients(world, *given)
    readers = [userid for userid in named if userid in message.readers]
    invalid: Json = {name: words.split("|") for name, words in unknown.items()}
    # a colleague who never had the card has nothing to change
    strangers = [userid.lower() for userid in named if userid not in message.readers]
    if strangers:
        invalid["invaliduser"] = [*invalid.get("invaliduser", []), *strangers]
    return readers, invalid


def recall(asked: Asked) -> Json:
    """Take a message back within 24 hours."""
    message = asked.world.message(text_at(asked.args, "msgid"))
    if message is None or message.sender != asked.app.agent:
        raise RefusedError(40058, "msgid")
    refuse(not asked.world.fresh(message.at, RECALL_LIFE), 42052)
    message.recalled = True
    return {}


ENDPOINTS = {"message/update_template_card": Endpoint(update), "message/recall": Endpoint(recall)}
