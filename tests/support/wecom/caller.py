"""A bare client of the fake, for tests of the fake itself: every call once, answers as they come."""

from typing import Any

import httpx

from tests.support.wecom.stand import Stand

Json = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


class Caller:
    """Calls with a token of the product's app, or of another."""

    def __init__(self, stand: Stand, secret: str = "") -> None:
        self.stand = stand
        self.agent = stand.other_agent if secret else stand.agent_id
        # a loopback has no certificates to look at, and reading them takes a tenth of a second
        self.http = httpx.Client(base_url=stand.api, trust_env=False, verify=False, timeout=20)  # noqa: S501
        self.secret = secret or stand.secret
        self.token = ""
        self.renew()

    def close(self) -> None:
        self.http.close()

    def renew(self) -> None:
        """A new token."""
        got = self.ask("gettoken", corpid=self.stand.corp_id, corpsecret=self.secret)
        self.token = str(got.get("access_token"))

    def post(self, path: str, body: Json, **query: Any) -> Json:
        """An endpoint that reads JSON."""
        return self._json(self.http.post(path, params=self._query(path, query), json=body))

    def ask(self, path: str, **query: Any) -> Json:
        """An endpoint that is asked by query."""
        return self._json(self.http.get(path, params=self._query(path, query)))

    def upload(self, path: str, content: bytes, name: str = "图.png", field: str = "media", **query: Any) -> Json:
        """A file."""
        files = {field: (name, content)}
        return self._json(self.http.post(path, params=self._query(path, query), files=files))

    def say(self, kind: str, body: Json, to: str = "ChengXiaoman", **more: Any) -> Json:
        """A message to members."""
        return self.post("message/send", {"touser": to, "agentid": self.agent, "msgtype": kind, kind: body, **more})

    def _query(self, path: str, query: Json) -> Json:
        token = {} if path == "gettoken" or path.startswith("webhook/") else {"access_token": self.token}
        return {**token, **query}

    def _json(self, answer: httpx.Response) -> Json:
        assert answer.status_code == 200
        said: Json = answer.json()
        return said
