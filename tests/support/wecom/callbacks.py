"""What WeCom posts to an app, and what the app may answer: the XML outside and inside, sealed and opened."""

import itertools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from tests.support.wecom.crypto import Encrypter, Secrets

Fields = Mapping[str, Any]

REPLIED = ("text", "image", "voice", "video", "news", "update_button", "update_template_card", "update_taskcard")
ANSWERABLE = (
    "subscribe", "enter_agent", "LOCATION", "click", "view", "view_miniprogram", "scancode_waitmsg",
    "template_card_menu_event",
)  # fmt: skip
UPDATES = ("update_button", "update_template_card")
TEXT = 2048

_numbers = itertools.count(int(time.time()) << 20)


class ReplyError(Exception):
    """The product's answer is none that WeCom would take."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One request of WeCom: to send it, and to send the same once more."""

    method: str
    query: Mapping[str, str]
    body: bytes = b""
    fields: Fields = field(default_factory=dict)


def number() -> str:
    """A MsgId that was not there before."""
    return str(next(_numbers))


def xml(fields: Fields) -> str:
    """Fields as XML: texts in CDATA, numbers bare, mappings and lists inside."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(name, each) for name, each in value.items())
    if isinstance(value, str):
        return "<![CDATA[{}]]>".format(value.replace("]]>", "]]]]><![CDATA[>"))
    return str(value)


def _element(name: str, value: Any) -> str:
    several = value if isinstance(value, list) else [value]
    return "".join(f"<{name}>{_inside(each)}</{name}>" for each in several)


@dataclass(frozen=True, slots=True)
class Post:
    """WeCom's post office for one app: who writes, with which secrets, for which agent."""

    encrypter: Encrypter
    secrets: Secrets
    agent: int

    def sealed(self, fields: Fields, timestamp: int) -> Callback:
        """A message or an event on its way."""
        cipher = self._encrypt(xml(fields))
        outside = {"ToUserName": self.secrets.corp_id, "AgentID": str(self.agent), "Encrypt": cipher}
        return Callback("POST", self._signed(cipher, timestamp), xml(outside).encode(), fields)

    def echo(self, words: str, timestamp: int) -> Callback:
        """The request that an administrator's 保存 sends; the product answers with the words."""
        cipher = self._encrypt(words)
        return Callback("GET", {**self._signed(cipher, timestamp), "echostr": cipher})

    def opened(self, body: bytes, callback: Callback) -> Fields:
        """What the product said in its answer; empty where it said nothing, ReplyError where it is malformed."""
        if not body:
            return {}
        outside = _parsed(body.decode(errors="replace"))
        cipher, signature = outside.get("Encrypt", ""), outside.get("MsgSignature", "")
        right = self.encrypter.sign(self.secrets.token, outside.get("TimeStamp", ""), outside.get("Nonce", ""), cipher)
        if not cipher or signature != right:
            raise ReplyError("the signature of the answer is wrong")
        words, receiver = self.encrypter.decrypt(self.secrets.aes_key, cipher)
        if receiver != self.secrets.corp_id:
            raise ReplyError(f"the answer is for {receiver!r}")
        return _checked(_parsed(words), callback.fields)

    def _encrypt(self, words: str) -> str:
        return self.encrypter.encrypt(self.secrets.aes_key, words, self.secrets.corp_id)

    def _signed(self, cipher: str, timestamp: int) -> dict[str, str]:
        nonce = str(secrets.randbelow(10**10))
        signature = self.encrypter.sign(self.secrets.token, str(timestamp), nonce, cipher)
        return {"msg_signature": signature, "timestamp": str(timestamp), "nonce": nonce}


def _parsed(words: str) -> dict[str, Any]:
    try:
        root = ET.fromstring(words)  # noqa: S314 - what our own product wrote, in our own test
    except ET.ParseError as fault:
        raise ReplyError(f"the answer is no XML: {words[:80]!r}") from fault
    return {each.tag: _value(each) for each in root}


def _value(element: ET.Element) -> Any:
    return {each.tag: _value(each) for each in element} if len(element) else element.text or ""


def _checked(reply: dict[str, Any], asked: Fields) -> Fields:
    kind, event = reply.get("MsgType"), asked.get("Event")
    if kind not in REPLIED:
        raise ReplyError(f"no such answer: {kind!r}")
    if reply.get("ToUserName") != asked.get("FromUserName") or reply.get("FromUserName") != asked.get("ToUserName"):
        raise ReplyError("ToUserName or FromUserName of the answer is wrong")
    if not str(reply.get("CreateTime", "")).isdigit():
        raise ReplyError("CreateTime of the answer is no number")
    if event == "template_card_event" and kind not in UPDATES:
        raise ReplyError(f"a pressed button cannot be answered with {kind}")
    if event not in (None, "template_card_event", *ANSWERABLE):
        raise ReplyError(f"{event} cannot be answered")
    if kind == "text" and not 1 <= len(str(reply.get("Content", "")).encode()) <= TEXT:
        raise ReplyError("the text of the answer is empty or too long")
    return reply
