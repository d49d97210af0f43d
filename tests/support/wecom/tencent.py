"""
Tencent's own @wecom/crypto as the platform's pen: one Node process for as many callbacks as the tests send.

The process ends when its input closes, so also when the tests are killed.
"""

import json
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

from tests.support.slack import node
from tests.support.wecom.crypto import CipherError

PACKAGE = "@wecom/crypto"
LAUNCHER = Path(__file__).with_name("tencent.mjs")


class Tencent:
    """An Encrypter."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lock = threading.Lock()

    @classmethod
    def start(cls) -> Self:
        """Start it; NodeError where there is no Node or npm."""
        command = [node.program(), str(LAUNCHER), str(node.modules() / PACKAGE / "lib" / "index.js")]
        return cls(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        )

    def stop(self) -> None:
        """End it; nothing stays behind."""
        if self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait(timeout=10)
            self._process.stdout.close()

    def encrypt(self, aes_key: str, words: str, receiver: str, salt: bytes | None = None) -> str:
        return str(self._ask("encrypt", key=aes_key, words=words, receiver=receiver, salt=salt.hex() if salt else None))

    def decrypt(self, aes_key: str, cipher: str) -> tuple[str, str]:
        words, receiver = self._ask("decrypt", key=aes_key, cipher=cipher)
        return str(words), str(receiver)

    def sign(self, token: str, timestamp: str, nonce: str, cipher: str) -> str:
        return str(self._ask("sign", token=token, timestamp=timestamp, nonce=nonce, cipher=cipher))

    def _ask(self, asked: str, **details: Any) -> Any:
        with self._lock:
            if not self._process.stdin or not self._process.stdout:
                raise CipherError("the process has no ears")
            self._process.stdin.write(json.dumps({"asked": asked, **details}) + "\n")
            self._process.stdin.flush()
            said = json.loads(self._process.stdout.readline() or '{"error": "the process ended"}')
        if "error" in said:
            raise CipherError(said["error"])
        return said["answer"]
