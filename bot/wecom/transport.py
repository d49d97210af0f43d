"""Calls of WeCom's API over wechatpy's client, with the ways shut in which that would hang, loop or lose an answer.

Of wechatpy its raw transport is used: multipart bodies, JSON in UTF-8, one session. Its own token, its retries and
its downloads are not (they loop without end, ignore time-outs and the base URL, and take an error for a file).
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import requests
import structlog
from requests.exceptions import ConnectionError as Unconnected
from requests.exceptions import ConnectTimeout, RequestException
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.settings import Wecom
from bot.wecom.meanings import Means, means
from bot.wecom.tokens import Tokens
from notifications.gateway import DeliveryError, LostReplyError
from storage.database import Database

TIMEOUT_SECONDS = 10
PAUSE = timedelta(minutes=1)
WAITS = (0.4, 0.8)
"""After so many seconds a busy WeCom is asked again."""

Json = Mapping[str, Any]

# it writes down every address it calls, and WeCom wants secrets in them
logging.getLogger("urllib3").setLevel(logging.WARNING)

log = structlog.stdlib.get_logger("bot.wecom.transport")


class RefusedError(Exception):
    """WeCom refused a call: what that means, its code, and its sentence for whoever runs the bot."""

    def __init__(self, path: str, code: int, errmsg: str) -> None:
        super().__init__(f"WeCom {code} ({path})")
        self.means = means(path, code)
        self.code = code
        self.errmsg = errmsg


class _Client(BaseWeChatClient):  # type: ignore[misc]  # wechatpy ships no types
    """wechatpy's client for one address; it is handed every token."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__("", timeout=timeout, auto_retry=False)
        self.API_BASE_URL = f"{base_url}/cgi-bin/"

    def _decode_result(self, res: requests.Response) -> Any:
        """An answer is a JSON object; wechatpy lets a page of a proxy pass for one."""
        try:
            said = json.loads(res.content.decode())
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise NotWecomError
        return said


class NotWecomError(Exception):
    """What came back is no answer of WeCom's: a page of a proxy, or nothing."""


class Transport:
    """The app's line to WeCom. Every failure has a name: DeliveryError, LostReplyError, or RefusedError."""

    def __init__(
        self,
        settings: Wecom,
        database: Database,
        *,
        timeout: float = TIMEOUT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.corp, self.agent = settings.corp_id, settings.agent_id
        self._secret = settings.secret
        self._timeout = timeout
        self._base = settings.api_base_url
        self._client = _Client(self._base, timeout)
        self._sleep = sleep
        self._tokens = Tokens(database, f"{self.corp}/{self.agent}", self._token, sleep)

    def token(self) -> str:
        """A token: proof that the company's id and the secret are right."""
        return self._tokens.get()

    def call(self, path: str, body: Json, *, again: bool = False) -> Json:
        """Post a call with the app's token. ``again``: it may be done twice without harm."""
        return self._with_token(path, lambda params: self._posted(path, params, body), again=again)

    def post_raw(self, path: str, body: bytes) -> Json:
        """Post exactly these bytes with the app's token; a lost answer is told as such."""
        return self._with_token(path, lambda params: self._posted(path, params, body), again=False)

    def put_menu(self, menu: Json) -> Json:
        """Put up the app's menu."""
        agent = {"agentid": str(self.agent)}
        return self._with_token(
            "menu/create", lambda params: self._posted("menu/create", params | agent, menu), again=True
        )

    def read(self, path: str, **query: str) -> Json:
        """Ask for something; nothing is changed by it."""
        return self._with_token(path, lambda params: self._client.get(path, params={**params, **query}), again=True)

    def upload(self, kind: str, name: str, content: bytes) -> str:
        """Put a file up for three days; its media_id."""
        files = {"media": (name, content)}
        said = self._with_token(
            "media/upload",
            lambda params: self._client.post("media/upload", params={**params, "type": kind}, files=files),
            again=True,
        )
        return str(said["media_id"])

    def robot(self, key: str, body: bytes) -> Json:
        """Post to a group's robot; its key is all it takes, and is a secret."""
        return self._tried("webhook/send", lambda: self._posted("webhook/send", {"key": key, "access_token": ""}, body),
                           again=False)  # fmt: skip

    def download(self, media_id: str, most: int) -> tuple[bytes, str]:
        """A file's bytes, one more than ``most`` at most, and its name."""
        found: dict[str, tuple[bytes, str]] = {}

        def got(params: dict[str, str]) -> Json:
            found["file"] = self._download({**params, "media_id": media_id}, most)
            return {}

        self._with_token("media/get", got, again=True)
        return found["file"]

    # ------------------------------------------------------------ one call, whatever becomes of it

    def _with_token(self, path: str, go: Callable[[dict[str, str]], Json], *, again: bool) -> Json:
        """Call; when the token is said to be bad, once more with another one."""
        token = self._tokens.get()
        try:
            return self._tried(path, lambda: go({"access_token": token}), again=again)
        except RefusedError as refused:
            if refused.means is not Means.TOKEN:
                raise
        other = self._tokens.get(failed=token)
        try:
            return self._tried(path, lambda: go({"access_token": other}), again=again)
        except RefusedError as refused:
            if refused.means is Means.TOKEN:
                raise DeliveryError(f"WeCom takes no token: {refused.code}", closed=True, retry_after=PAUSE) from None
            raise

    def _tried(self, path: str, go: Callable[[], Json], *, again: bool) -> Json:
        """A busy WeCom is asked again, twice at most; whatever happens, no address with a secret in it gets out."""
        for wait in (*WAITS, None):
            try:
                return go()
            except WeChatClientException as error:
                refused = _refused(path, error, again=again)
            except (RequestException, NotWecomError) as error:
                raise _unheard(error, again=again) from None
            if wait is None or not (isinstance(refused, RefusedError) and refused.means is Means.BUSY):
                raise _told(refused) from None
            self._sleep(wait)
        raise AssertionError("the last try raises")

    def _posted(self, path: str, params: dict[str, str], body: Json | bytes) -> Json:
        said: Json = self._client.post(path, params=params, data=body if isinstance(body, bytes) else packed(body))
        return said

    def _token(self) -> tuple[str, int]:
        """Fetch a token, with the time-out and at the address that hold for everything else."""
        params = {"corpid": self.corp, "corpsecret": self._secret.get_secret_value(), "access_token": ""}
        said = self._tried("gettoken", lambda: self._client.get("gettoken", params=params), again=True)
        return str(said["access_token"]), int(said.get("expires_in") or 7200)

    def _download(self, params: dict[str, str], most: int) -> tuple[bytes, str]:
        address, found = f"{self._base}/cgi-bin/media/get", bytearray()
        with requests.get(address, params=params, timeout=self._timeout, stream=True) as answer:
            if answer.status_code >= 400:
                raise DeliveryError(f"WeCom: HTTP {answer.status_code}")
            kind = answer.headers.get("Content-Type", "")
            for piece in answer.iter_content(64 * 1024):
                found += piece
                if len(found) > most:
                    break
        if "Content-Disposition" not in answer.headers:
            _no_file(bytes(found[: 64 * 1024]), kind)
        return bytes(found[: most + 1]), _name(answer.headers.get("Content-Disposition", ""))


def packed(body: Json) -> bytes:
    """The bytes of a call, the same for the same body."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _no_file(found: bytes, kind: str) -> None:
    """What came instead of a file: an error of WeCom's, or a page of somebody's."""
    try:
        said = json.loads(found)
    except ValueError:
        said = None
    if isinstance(said, dict) and said.get("errcode"):
        raise WeChatClientException(int(said["errcode"]), str(said.get("errmsg", "")))
    raise DeliveryError(f"no file came, but {kind.partition(';')[0] or 'nothing'}")


def _name(disposition: str) -> str:
    _, _, name = disposition.partition("filename=")
    return unquote(name.strip(' ";'))


def _refused(path: str, error: WeChatClientException, *, again: bool) -> Exception:
    """What WeCom said no with; behind an HTTP error of the server it may have taken the call all the same."""
    if error.errcode is None:
        status = getattr(error.response, "status_code", 0)
        sure = again or status < 500
        return DeliveryError(f"WeCom: HTTP {status}") if sure else LostReplyError(f"WeCom: HTTP {status}")
    return RefusedError(path, int(error.errcode), str(error.errmsg or ""))


def _told(refused: Exception) -> Exception:
    """A refusal that may not be one tomorrow is a failure like others."""
    again = isinstance(refused, RefusedError) and refused.means in (Means.BUSY, Means.RETRY)
    return DeliveryError(str(refused)) if again else refused


def _unheard(error: Exception, *, again: bool) -> Exception:
    """Where no connection came about, WeCom surely has nothing; anywhere else it may."""
    if isinstance(error, NotWecomError):
        name, never = "a page came instead of WeCom's answer", False
    else:
        name = type(error).__name__
        never = isinstance(error, ConnectTimeout) or (isinstance(error, Unconnected) and _never_began(error))
    return DeliveryError(f"WeCom: {name}") if again or never else LostReplyError(f"WeCom: {name}")


def _never_began(error: Exception) -> bool:
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return type(cause).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
