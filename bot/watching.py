"""Watching the bot from outside: a small process that asks /readyz, and tells by another way when it is stuck."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE_SECONDS = 10.0
AGAIN_SECONDS = 5.0
"""A restart takes a moment: what is wrong is looked at once more before anybody is told."""
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: nothing wrong, or what."""

    faults: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether all is well."""
        return not self.faults


@dataclass
class Watch:
    """Looks again and again; tells once when something is wrong, and once when it is well again."""

    url: str
    tell: Callable[[str], None]
    patience: float = PATIENCE_SECONDS
    again: float = AGAIN_SECONDS
    sleep: Callable[[float], None] = time.sleep
    alarmed: bool = field(default=False, init=False)

    def look(self) -> Seen:
        """Look once, a second time where something is wrong, and tell what changed."""
        seen = ready(self.url, self.patience)
        if not seen.well and not self.alarmed:
            self.sleep(self.again)
            seen = ready(self.url, self.patience)
        if seen.well == self.alarmed:
            self.alarmed = not seen.well
            self.tell(f"gukebot is stuck: {'; '.join(seen.faults)} ({self.url})" if self.alarmed else
                      f"gukebot is well again ({self.url})")  # fmt: skip
        return seen


def ready(url: str, patience: float) -> Seen:
    """Ask /readyz, and name every check that does not hold."""
    asked = f"{url.rstrip('/')}/readyz"
    try:
        with urllib.request.urlopen(asked, timeout=patience) as answer:  # noqa: S310 - the address is the operator's
            return _read(answer.read(MOST))
    except urllib.error.HTTPError as error:
        return _read(error.read(MOST)) if error.code == 503 else Seen((f"/readyz answers {error.code}",))
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Seen((f"no answer within {patience:g} s ({type(reason).__name__})",))


def _read(body: bytes) -> Seen:
    try:
        checks = json.loads(body)["checks"]
        return Seen(tuple(f"{name}: {check['found']}" for name, check in checks.items() if not check["ok"]))
    except (ValueError, KeyError, TypeError):
        return Seen(("/readyz answers what nobody can read",))


def hooks(urls: Sequence[str], talk: Callable[[str], None]) -> Callable[[str], None]:
    """Give what tells a sentence at the terminal and to every webhook: Slack, WeCom, or whatever takes JSON."""

    def tell(sentence: str) -> None:
        talk(sentence)
        for url in urls:
            fault = post(url, sentence)
            if fault:
                talk(f"{urlsplit(url).hostname} was not told: {fault}")

    return tell


def post(url: str, sentence: str) -> str:
    """Send a sentence to a webhook; say what went wrong, never the address: it is a secret."""
    wecom = urlsplit(url).hostname == "qyapi.weixin.qq.com"
    body = {"msgtype": "text", "text": {"content": sentence}} if wecom else {"text": sentence}
    headers = {"content-type": "application/json"}
    try:
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - as above
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):  # noqa: S310 - as above
            return ""
    except (OSError, ValueError) as error:
        return type(error).__name__
