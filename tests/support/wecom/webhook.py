"""Robots of groups: the key in the address is all it takes; twenty messages a minute."""

import base64
import binascii
import hashlib
from collections.abc import Mapping

from tests.support.wecom.bodies import Read, articles, attached, body_of, card
from tests.support.wecom.cards import Place
from tests.support.wecom.endpoints import Asked, Endpoint, size, text_at
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.media import PICTURE_MOST, PICTURES
from tests.support.wecom.world import Json

MOST = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}


def send(asked: Asked) -> Json:
    """Say something in the robot's group."""
    world = asked.world
    robot = world.robots[asked.query["key"]]
    kind, body = body_of(Place(world, robot=robot.key), asked.args, KINDS)
    refuse(not world.rates.take(("robot", robot.key), world.now(), *world.limits.robot), 45009)
    robot.messages.append(world.new(robot.key, kind, body))
    return {}


def _words(place: Place, kind: str, body: Json) -> Json:
    content = text_at(body, "content")
    refuse(not content.strip(), 44004)
    refuse(size(content) > MOST[kind], 40058, f"{kind}.content exceed max length {MOST[kind]}")
    return body


def _picture(place: Place, kind: str, body: Json) -> Json:
    """The picture itself; its digest is of the bytes, not of their base64."""
    refuse(not text_at(body, "base64") or not text_at(body, "md5"), 40063, "base64 or md5 is empty")
    try:
        content = base64.b64decode(body["base64"], validate=True)
    except binascii.Error as fault:
        raise RefusedError(40058, "image.base64") from fault
    refuse(len(content) > PICTURE_MOST, 40009)
    refuse(not content.startswith(PICTURES), 40004)
    refuse(hashlib.md5(content, usedforsecurity=False).hexdigest() != body["md5"].lower(), 301019)
    return {"file": ("", content)}


def _news(place: Place, kind: str, body: Json) -> Json:
    for article in articles(body):
        refuse(not text_at(article, "title"), 41016)
        refuse(not text_at(article, "url"), 40063, "url is empty")
    return body


KINDS: Mapping[str, Read] = {
    "text": _words, "markdown": _words, "markdown_v2": _words, "image": _picture, "news": _news, "file": attached,
    "voice": attached, "template_card": card,
}  # fmt: skip

ENDPOINTS = {"webhook/send": Endpoint(send, opens="key")}
