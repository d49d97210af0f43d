"""The seal of a callback: who wrote it is looked at first, in constant time; what it says is read after that."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

from bot.settings import Wecom

FRESH = timedelta(seconds=600)
"""An older callback is somebody's copy; so is one from the future."""

DEEPEST = 16
"""So many levels a message of WeCom's never has."""

STAMP, NONCE, SIGNATURE = re.compile(r"[0-9]{1,12}"), re.compile(r"[\x21-\x7e]{1,128}"), re.compile(r"[0-9a-f]{40}")
CIPHER = re.compile(r"[A-Za-z0-9+/]+={0,2}")
OUTER = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+?)(?:\]\]>)?\s*</Encrypt>")
"""The one thing that is looked for before the signature is known to be good; no parser sees the body until then."""

NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no XML may hold: somebody's message is not lost because of one."""

Json = Mapping[str, Any]


class BadCallbackError(Exception):
    """Not written by our WeCom, or not now; nothing more is said of it."""


class Seal:
    """Checks and opens what WeCom sends to one app."""

    def __init__(self, settings: Wecom) -> None:
        self._token = settings.token.get_secret_value()
        self._corp = settings.corp_id
        self._crypto = WeChatCrypto(self._token, settings.aes_key.get_secret_value(), self._corp)

    def echo(self, query: Mapping[str, str], now: datetime) -> str:
        """What the address is proved with; raises BadCallbackError."""
        # a + that was not written as %2B arrives as a space
        return self._opened(query, query.get("echostr", "").replace(" ", "+"), now)

    def message(self, query: Mapping[str, str], body: bytes, now: datetime) -> Json:
        """A message or an event as a plain dict; raises BadCallbackError."""
        found, outside = OUTER.findall(body), body.strip()
        if len(found) != 1 or not (outside.startswith(b"<xml>") and outside.endswith(b"</xml>")):
            raise BadCallbackError
        words = NO_XML.sub("", self._opened(query, found[0].decode().strip(), now))
        try:
            said = xmltodict.parse(words, disable_entities=True)["xml"]
        except (ExpatError, ValueError, KeyError, TypeError, RecursionError):
            raise BadCallbackError from None
        if not isinstance(said, dict) or _depth(said) > DEEPEST:
            raise BadCallbackError
        return said

    def _opened(self, query: Mapping[str, str], cipher: str, now: datetime) -> str:
        stamp, nonce, given = (query.get(name, "") for name in ("timestamp", "nonce", "msg_signature"))
        shaped = STAMP.fullmatch(stamp) and NONCE.fullmatch(nonce) and SIGNATURE.fullmatch(given)
        if not shaped or not CIPHER.fullmatch(cipher):
            raise BadCallbackError
        ours = hashlib.sha1("".join(sorted((self._token, stamp, nonce, cipher))).encode()).hexdigest()  # noqa: S324 - WeCom's own
        if not hmac.compare_digest(ours, given) or abs(int(stamp) - now.timestamp()) > FRESH.total_seconds():
            raise BadCallbackError
        try:
            return cast("str", PrpCrypto(self._crypto.key).decrypt(cipher, self._corp))
        except Exception:  # noqa: BLE001 - wechatpy raises whatever its libraries do; all of it means the same
            raise BadCallbackError from None


def _depth(said: object, level: int = 0) -> int:
    if level > DEEPEST or not isinstance(said, (dict, list)):
        return level
    inner = said.values() if isinstance(said, dict) else said
    return max((_depth(each, level + 1) for each in inner), default=level)
