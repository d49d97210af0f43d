"""Golden vectors made with Tencent's @wecom/crypto; `python -m tests.support.wecom.golden` makes them anew."""

import base64
import hashlib
import json
from pathlib import Path
from typing import TypedDict

from tests.support.wecom.crypto import Encrypter

FILE = Path(__file__).with_suffix(".json")

LENGTHS = (0, 1, 11, 12, 13, 31, 32, 33, 43, 44, 45, 100)
WORDS = (
    "你好", "报投诉", "😀 孔位偏 3 mm", "a]]>b", "<xml><Content><![CDATA[x]]></Content></xml>", "\r\n\t ", "e\u0301",
    "汉" * 200,
)  # fmt: skip


class Vector(TypedDict):
    """One callback: what was sealed with what, and what came of it."""

    token: str
    aes_key: str
    receiver: str
    words: str
    salt: str
    timestamp: str
    nonce: str
    cipher: str
    signature: str


def made(encrypter: Encrypter) -> list[Vector]:
    """The vectors as somebody writes them; the same ones every time."""
    words = [*("x" * length for length in LENGTHS), *WORDS]
    return [_one(encrypter, number, each) for number, each in enumerate(words)]


def _one(encrypter: Encrypter, number: int, words: str) -> Vector:
    chance = hashlib.sha512(f"golden {number}".encode()).digest()
    aes_key = base64.b64encode(chance[:32]).decode().rstrip("=")
    receiver = ("", "ww0123456789abcdef", "wx5823bf96d3bd56c7")[number % 3]
    token, nonce, timestamp = chance[32:40].hex(), str(int.from_bytes(chance[40:44])), str(1_790_000_000 + number)
    cipher = encrypter.encrypt(aes_key, words, receiver, chance[44:60])
    return {
        "token": token, "aes_key": aes_key, "receiver": receiver, "words": words, "salt": chance[44:60].hex(),
        "timestamp": timestamp, "nonce": nonce, "cipher": cipher,
        "signature": encrypter.sign(token, timestamp, nonce, cipher),
    }  # fmt: skip


def kept() -> list[Vector]:
    """The vectors as they lie there."""
    vectors: list[Vector] = json.loads(FILE.read_text(encoding="utf-8"))
    return vectors


if __name__ == "__main__":
    from tests.support.wecom.tencent import Tencent

    tencent = Tencent.start()
    FILE.write_text(json.dumps(made(tencent), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    tencent.stop()
