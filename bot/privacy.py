"""Privacy of the log: what must never be written down there, recognised by key and by shape."""

import re
from collections.abc import Mapping
from typing import Any

MASK = "***"
LONGEST = 4000

# keys whose values are secrets, people or people's words: the log says that they were there, no more
_PEOPLE = frozenset(("address", "contact", "customer", "email", "name", "names", "person", "phone", "user"))
_WORDS = frozenset(("answer", "answers", "body", "description", "line", "reason", "reply", "text", "title", "words"))
_EDGE = frozenset(("authorization", "cookie", "path", "payload", "query", "recipient", "sender", "signature", "url"))
_KEYS = _PEOPLE | _WORDS | _EDGE
_PARTS = ("token", "secret", "password", "phone", "email", "cookie", "aes_key", "api_key")

_SHAPES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(\w{2,20}://[^\s:/@]{0,200}:)[^\s@/]{1,200}@", rf"\1{MASK}@"),
        (r"\bxox[a-z]-[\w-]{4,200}|\bxapp-[\w-]{4,200}", MASK),
        (r"(?i)\b(bearer|basic)\s{1,4}[\w.~+/=-]{8,500}", rf"\1 {MASK}"),
        (r"(?i)\b((?:access_?|corp)?(?:token|secret|password)|key|signature)=[^\s&\"']{1,500}", rf"\1={MASK}"),
        (r"/([scf])/[\w.~-]{8,500}", rf"/\1/{MASK}"),
        (r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", MASK),
        (r"(?<!\d)\d{17}[\dXx](?!\w)", MASK),
        (r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", MASK),
    )
)


def without_private(event: Mapping[str, Any]) -> dict[str, Any]:
    """Give back what may be logged: private keys masked, private shapes masked in all that is left."""
    return {key: MASK if is_private(key) else _masked(value) for key, value in event.items()}


def is_private(key: str) -> bool:
    """Tell whether the value under this key is a secret, a person or a person's words."""
    low = key.lower()
    return low in _KEYS or any(part in low for part in _PARTS)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return without_private({str(key): inner for key, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return [_masked(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else mask(str(value))


def mask(text: str) -> str:
    """Mask what looks like a token, a password in an address, a phone or identity number, an e-mail."""
    if len(text) > LONGEST:
        # of a trace the end says what happened
        text = f"{text[: LONGEST // 4]} ... {text[-LONGEST * 3 // 4 :]}"
    for shape, replacement in _SHAPES:
        text = shape.sub(replacement, text)
    return text
