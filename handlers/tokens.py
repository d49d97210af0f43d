"""Tokens that bear a right: signed, bound to a purpose and an end, made where they are shown and kept nowhere.

One mechanism for all links (design 8): ``/s`` surveys, ``/c`` the customer's page, ``/f`` a staff form.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from itsdangerous import Signer

from conversations.words import LinkPlace

SHORTEST_KEY = 32
TOKEN = re.compile(r"[\w-]+(?:\.[\w-]+){1,6}", re.ASCII)
LONGEST_TOKEN = 400
OURS = re.compile(r"(/[scf]/[\w-]{16,64}\.[0-9]{9,12})\.[\w-]{43}(?![\w-])", re.ASCII)


class Purpose(StrEnum):
    """What a link opens: the first part of its path."""

    SURVEY = "s"
    CUSTOMER = "c"
    STAFF = "f"


@dataclass(frozen=True, slots=True)
class Links:
    """Make links and read them. ``key`` signs; without the key nobody can make one, whatever rows they have seen."""

    public_url: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < SHORTEST_KEY:
            raise ValueError(f"the key that signs links needs {SHORTEST_KEY} bytes at least")

    def url(self, place: LinkPlace) -> str:
        """The link that stands in a text for a person: the same place gives the same link."""
        token = self.seal(place.purpose, place.id, place.expires_at)
        return f"{self.public_url.rstrip('/')}/{place.purpose}/{token}"

    def opened(self, purpose: str, token: str, now: datetime) -> str | None:
        """The id of the link that a token opens now for this purpose; None for every other token."""
        parts = self.unseal(purpose, token, now)
        return parts[0] if parts is not None and len(parts) == 1 else None

    def seal(self, purpose: str, *parts: str | datetime) -> str:
        """Sign parts of letters, digits, ``-`` and ``_``; the last one is the instant at which the token ends."""
        texts = [str(int(part.timestamp())) if isinstance(part, datetime) else part for part in parts]
        return self._signer(purpose).sign(".".join(texts)).decode()

    def unseal(self, purpose: str, token: str, now: datetime) -> tuple[str, ...] | None:
        """The parts of a token that we sealed for this purpose and that has not ended; None for any other."""
        if len(token) > LONGEST_TOKEN or not TOKEN.fullmatch(token):
            return None
        signed, _, _ = token.rpartition(".")
        # compared as a whole: a signature has unused bits, and a token with one of them turned is not ours
        ours = hmac.compare_digest(self._signer(purpose).sign(signed), token.encode())
        *parts, ends = signed.split(".")
        if not ours or not ends.isdecimal() or datetime.fromtimestamp(int(ends), UTC) <= now:
            return None
        return tuple(parts)

    def signed(self, text: str) -> str:
        """A text whose links were kept without their signatures, with them again, for the person who may read it."""
        kept = re.compile(
            re.escape(self.public_url.rstrip("/")) + r"/([scf])/([\w-]{16,64}\.[0-9]{9,12})(?![\w.-])", re.ASCII
        )
        return kept.sub(lambda link: f"{self.public_url.rstrip('/')}/{link[1]}/{self._sign(link[1], link[2])}", text)

    def _sign(self, purpose: str, signed: str) -> str:
        return self._signer(purpose).sign(signed).decode()

    def _signer(self, purpose: str) -> Signer:
        return Signer(self.key, salt=f"gukebot.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)


def unsigned(text: str) -> str:
    """A text whose links open nothing any more: what may be kept of it."""
    return OURS.sub(r"\1", text)
