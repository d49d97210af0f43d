"""Seals: what waits in the database, closed so that a copy of the database does not show it, all of one length."""

import base64
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handlers.tokens import Links

NONCE = 12
LENGTH = 4
"""Bytes that say how long the text is, in front of it."""


class SealError(Exception):
    """A seal that this key does not open: the key was changed, or the text was."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Close texts and open them. ``key`` is derived for this one use; it stands beside the data, never in them."""

    key: bytes = field(repr=False)

    def seal(self, text: str, about: str, room: int) -> str:
        """Close a text of at most ``room`` bytes, bound to what it is about; as long as every other of this room."""
        plain = text.encode()
        if len(plain) > room:
            raise ValueError(f"a text of {len(plain)} bytes has no room in {room}")
        padded = len(plain).to_bytes(LENGTH, "big") + plain.ljust(room, b"\0")
        nonce = os.urandom(NONCE)
        closed = nonce + AESGCM(self.key).encrypt(nonce, padded, about.encode())
        return base64.b64encode(closed).decode("ascii")

    def unseal(self, closed: str, about: str) -> str:
        """The text. Raises SealError for what was not closed by this key, about this."""
        try:
            raw = base64.b64decode(closed, validate=True)
            padded = AESGCM(self.key).decrypt(raw[:NONCE], raw[NONCE:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("not closed by this key") from error
        return padded[LENGTH : LENGTH + int.from_bytes(padded[:LENGTH], "big")].decode()


def sealer_of(links: Links) -> Sealer:
    """The sealer of an installation: its key comes from the one that signs links, and gives nothing of it away."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gukebot.ballots")
    return Sealer(derived.derive(links.key))
