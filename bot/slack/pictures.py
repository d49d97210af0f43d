"""Pictures for messages: each uploaded once per workspace, shown when Slack has looked it through, else shared."""

import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient

from bot.slack import blocks
from bot.slack.calls import NO_ANSWER, TIMEOUT_SECONDS, RefusedError, call, read
from notifications.gateway import DeliveryError, Letter, LostReplyError
from storage.database import Database

log = structlog.stdlib.get_logger("bot.slack.pictures")

ALT_TXT = 1000
NAME = "picture.png"
WAITS = (0.0, 0.5, 1.0)
"""How long, in seconds, the delivery waits by itself; escalations must not stand behind a picture for longer."""

LOOKS = 6
"""So often Slack is asked whether it has looked a picture through; then the file is shared plainly."""

AGAIN = timedelta(seconds=2)


class Pictures:
    """Uploads, remembered by hash in the state of the house: ``{"id": F..., "looks": n, "ready": bool}``."""

    def __init__(self, web: WebClient, database: Database, sleep: Callable[[float], None] = time.sleep) -> None:
        self._web = web
        self._database = database
        self._sleep = sleep

    def ready(self, letter: Letter) -> str:
        """The id of the letter's picture; empty where it is to be shared plainly. DeliveryError: not yet.

        No transaction is open while Slack is waited for.
        """
        known = self._known(letter.picture_sha256)
        if known is None:
            known = {"id": self._uploaded(letter, {}), "looks": 0, "ready": False}
            self._remember(letter.picture_sha256, known)
        if known["ready"]:
            return str(known["id"])
        for wait in WAITS if not known["looks"] else (0.0,):
            self._sleep(wait)
            known = {**known, "looks": int(str(known["looks"])) + 1, "ready": self._looked_through(str(known["id"]))}
            self._remember(letter.picture_sha256, known)
            if known["ready"]:
                return str(known["id"])
        if letter.last or int(str(known["looks"])) >= LOOKS:
            return ""
        raise DeliveryError("the picture is not ready yet", retry_after=AGAIN)

    def share(self, letter: Letter, channel: str, thread: str) -> None:
        """Put the file itself into a thread: less than a picture on a card, but it is there."""
        try:
            self._uploaded(letter, {"channel_id": channel, "thread_ts": thread})
        except (DeliveryError, LostReplyError, RefusedError) as error:
            log.warning("a picture was not shared", key=letter.key, error=str(error))

    def _known(self, sha256: str) -> dict[str, object] | None:
        return cast("dict[str, object] | None", self._database.look(lambda uow: uow.state.get(_key(sha256))))

    def _remember(self, sha256: str, known: dict[str, object]) -> None:
        self._database.do(lambda uow: uow.state.put(_key(sha256), known))

    def _uploaded(self, letter: Letter, where: dict[str, str]) -> str:
        content = letter.picture or b""
        alt = blocks.cut(letter.alt or letter.title, ALT_TXT)
        begun = read(self._web, "files.getUploadURLExternal", filename=NAME, length=str(len(content)), alt_txt=alt)
        self._put(str(begun["upload_url"]), content)
        title = blocks.cut(letter.title, blocks.HEADER)
        files = [{"id": begun["file_id"], "title": title}]
        call(self._web, "files.completeUploadExternal", again=not where, files=files, **where)
        return str(begun["file_id"])

    def _put(self, address: str, content: bytes) -> None:
        if urlsplit(address).scheme not in ("https", urlsplit(self._web.base_url).scheme):
            raise DeliveryError("Slack gave no address to upload to")
        request = urllib.request.Request(address, data=content, method="POST")  # noqa: S310 - its scheme was looked at
        request.add_header("Content-Type", "application/octet-stream")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                answer.read()
        except NO_ANSWER as error:
            raise DeliveryError(f"upload: {type(error).__name__}") from error

    def _looked_through(self, file_id: str) -> bool:
        return bool(read(self._web, "files.info", file=file_id)["file"].get("mimetype"))


def _key(sha256: str) -> str:
    return f"slack.file:{sha256}"
