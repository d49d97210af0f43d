"""Group chats that an app makes: only an app that sees the whole company, only its own, and nothing comes back."""

import re
import secrets

from tests.support.wecom.bodies import IN_CHATS, body_of
from tests.support.wecom.cards import Place
from tests.support.wecom.endpoints import Asked, Endpoint, get, text_at
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import Chat, Json

CHATID = re.compile(r"[0-9A-Za-z]{1,32}")
LEAST, MOST, NAME = 2, 2000, 50


def create(asked: Asked) -> Json:
    """A new chat of members; its id is the only way back to it."""
    args, world = asked.args, asked.world
    refuse(not asked.app.root, 48002)
    given = args.get("userlist")
    if not isinstance(given, list) or not LEAST <= len({str(each).lower() for each in given}) <= MOST:
        raise RefusedError(86006)
    members, unknown = world.people(map(str, given))
    refuse(unknown, 86216, "|".join(unknown))
    owner = text_at(args, "owner") or members[0]
    refuse(owner.lower() not in [each.lower() for each in members], 86207)
    chatid = args.get("chatid") or secrets.token_hex(16)
    refuse(not isinstance(chatid, str) or not CHATID.fullmatch(chatid), 86001)
    refuse(chatid in world.chats, 86215)
    refuse(not world.rates.take("chats", world.now(), *world.limits.chats), 45009)
    name = text_at(args, "name")
    if len(name) > NAME:
        world.cut.append(f"appchat.name: {name}")
    world.chats[chatid] = Chat(chatid, name[:NAME], owner, members, asked.app.agent)
    return {"chatid": chatid}


def read(asked: Asked) -> Json:
    """The chat as it stands."""
    chat = _own(asked, asked.query.get("chatid", ""))
    return {"chat_info": {"chatid": chat.chatid, "name": chat.name, "owner": chat.owner, "userlist": chat.members}}


def send(asked: Asked) -> Json:
    """Say something to everybody there; whoever had too many gets nothing."""
    world = asked.world
    chat = _own(asked, text_at(asked.args, "chatid"))
    kind, body = body_of(Place(world, asked.app), asked.args, IN_CHATS)
    weight = len(chat.members)
    room = world.rates.take(("chats", asked.app.agent), world.now(), *world.limits.chat_people, weight=weight)
    refuse(not room, 45009)
    message = world.new(asked.app.agent, kind, body)
    message.readers = world.reaches(chat.members, message, "chat", world.limits.chat_member)
    chat.messages.append(message)
    return {}


def _own(asked: Asked, chatid: str) -> Chat:
    refuse(not asked.app.root, 48002)
    chat = asked.world.chats.get(chatid)
    if chat is None:
        raise RefusedError(86003)
    refuse(chat.agent != asked.app.agent, 86008)
    return chat


ENDPOINTS = {
    "appchat/create": Endpoint(create, empty={"chatid": ""}),
    "appchat/get": get(read),
    "appchat/send": Endpoint(send),
}
