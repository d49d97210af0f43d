"""Files that people sent at Slack: fetched by jobs, looked at, and kept; the bot's token goes to Slack alone."""

import http.client
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient

from bot.slack.calls import NO_ANSWER, TIMEOUT_SECONDS, RefusedError, read
from bot.slack.translating import GONE
from handlers import fetching
from handlers.company import Company
from handlers.events import Upload
from handlers.uploads import MOST_BYTES, looked_at
from notifications.gateway import DeliveryError, Letter
from notifications.manners import NONE
from storage.database import Database

log = structlog.stdlib.get_logger("bot.slack.files")

HOSTS = ("slack.com", "slack-files.com", "slack-edge.com")
"""Where Slack's own files lie, each with what is below it; besides the host of the Web API itself."""

PAGE = (b"<!doctype html", b"<html")
"""How the sign-in page begins that Slack answers with, status 200, where the token does not open a file."""

LOST = ("file_not_found", "file_deleted", "not_visible", "access_denied")


def _opener() -> urllib.request.OpenerDirector:
    """An opener that follows nobody: a token is not carried to where somebody else points."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener


class SlackFiles:
    """The gateway of platform ``slack-files``: a letter is a job, its receipt the file's own id."""

    platform = f"slack{fetching.JOBS}"
    can_find = True
    pace: Mapping[str, tuple[timedelta, int]] = {}
    manners = NONE
    fault = ""

    def __init__(self, web: WebClient, database: Database, company: Company) -> None:
        self._web = web
        self._database = database
        self._company = company
        self._opener = _opener()

    def send(self, letter: Letter) -> str:
        """Fetch the file that the job names; after the last try whoever sent it is asked to send it again."""
        attachment, file_id = int(str(letter.data["attachment"])), str(letter.data["file"])
        if not self._database.look(lambda uow: fetching.wanted(uow, attachment)):
            return file_id
        try:
            upload = self._fetched(file_id)
        except DeliveryError as error:
            if letter.last or error.lasting:
                fetching.lost(self._database, self._company, attachment)
            raise
        fetching.arrived(self._database, self._company, attachment, looked_at(upload))
        return file_id

    def find(self, letter: Letter) -> str | None:
        """Whether the file is here; fetching it twice does no harm."""
        attachment = int(str(letter.data["attachment"]))
        wanted = self._database.look(lambda uow: fetching.wanted(uow, attachment))
        return None if wanted else str(letter.data["file"])

    def _fetched(self, file_id: str) -> Upload:
        try:
            file = read(self._web, "files.info", file=file_id)["file"]
        except RefusedError as refused:
            raise DeliveryError(refused.error, lasting=True) from refused
        except DeliveryError as error:
            raise DeliveryError(str(error), lasting=str(error).endswith(LOST), retry_after=error.retry_after) from error
        if file.get("mode") in GONE:
            raise DeliveryError("Slack does not give this file", lasting=True)
        if int(file.get("size") or 0) > MOST_BYTES:
            return Upload(str(file.get("name") or ""), "", bytes(MOST_BYTES + 1))
        return Upload(str(file.get("name") or ""), "", self._download(file))

    def _download(self, file: Mapping[str, Any]) -> bytes:
        """The bytes, one more than we take at most. The token is sent to Slack's own hosts only."""
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if not ours(address, self._web.base_url):
            log.error("a file lies where the token does not go", host=urlsplit(address).hostname or "")
            raise DeliveryError("the file lies elsewhere", lasting=True)
        request = urllib.request.Request(address)  # noqa: S310 - its scheme and host were looked at
        request.add_unredirected_header("Authorization", f"Bearer {self._web.token}")
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read(MOST_BYTES + 1)
                kind = str(answer.headers.get_content_type())
        except (*NO_ANSWER, http.client.HTTPException) as error:
            raise DeliveryError(f"download: {type(error).__name__}") from error
        if kind == "text/html" or content[:64].lstrip().lower().startswith(PAGE):
            raise DeliveryError("a page came instead of the file")
        return content


def ours(address: str, api: str) -> bool:
    """Whether an address is Slack's, or of the host of the Web API where that is another; https where that is."""
    to, known = urlsplit(address), urlsplit(api)
    if to.username or to.password or to.fragment:
        return False
    if (to.scheme, to.hostname, to.port) == (known.scheme, known.hostname, known.port):
        return bool(to.hostname)
    host = to.hostname or ""
    return to.scheme == "https" and to.port in (None, 443) and any(host == h or host.endswith(f".{h}") for h in HOSTS)
