"""The callback cipher, written from its description: what the product's is compared with, and a third party's too."""

import base64
import hashlib
import os
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""PKCS7 to 32 bytes, though the cipher's own blocks have 16."""

SALT = 16


class CipherError(Exception):
    """Nobody who has the key wrote this."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What an administrator copies from the app's page 接收消息: token, key of 43 characters, and the company."""

    token: str
    aes_key: str
    corp_id: str


class Encrypter(Protocol):
    """Somebody who can write and read callbacks."""

    def encrypt(self, aes_key: str, words: str, receiver: str, salt: bytes | None = None) -> str:
        """The cipher text in base64; the salt is 16 random bytes unless it is given."""
        ...

    def decrypt(self, aes_key: str, cipher: str) -> tuple[str, str]:
        """The words, and whom they are for."""
        ...

    def sign(self, token: str, timestamp: str, nonce: str, cipher: str) -> str:
        """The signature, in hexadecimal digits."""
        ...


class Own:
    """Our own."""

    def encrypt(self, aes_key: str, words: str, receiver: str, salt: bytes | None = None) -> str:
        said = words.encode()
        plain = (os.urandom(SALT) if salt is None else salt) + len(said).to_bytes(4, "big") + said + receiver.encode()
        padding = BLOCK - len(plain) % BLOCK
        writer = _cipher(aes_key).encryptor()
        return base64.b64encode(writer.update(plain + bytes([padding]) * padding) + writer.finalize()).decode()

    def decrypt(self, aes_key: str, cipher: str) -> tuple[str, str]:
        reader = _cipher(aes_key).decryptor()
        try:
            padded = reader.update(base64.b64decode(cipher, validate=True)) + reader.finalize()
        except ValueError as fault:
            raise CipherError(str(fault)) from fault
        padding = padded[-1] if padded else 0
        plain = padded[:-padding] if 1 <= padding <= BLOCK else b""
        end = SALT + 4 + int.from_bytes(plain[SALT : SALT + 4], "big")
        if padded[len(plain) :] != bytes([padding]) * padding or not SALT + 4 <= end <= len(plain):
            raise CipherError("padding or length is not what the key's owner writes")
        return plain[SALT + 4 : end].decode(), plain[end:].decode()

    def sign(self, token: str, timestamp: str, nonce: str, cipher: str) -> str:
        sorted_together = "".join(sorted((token, timestamp, nonce, cipher)))
        return hashlib.sha1(sorted_together.encode(), usedforsecurity=False).hexdigest()


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(f"{aes_key}=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
