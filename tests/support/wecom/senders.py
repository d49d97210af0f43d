"""How WeCom's requests reach the product: in this process, or over the wire."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx

CALLBACK = "/wecom/callback"


class Answered(Protocol):
    """What the product answered; httpx's and Starlette's responses are such."""

    @property
    def status_code(self) -> int:
        """Its status."""
        ...

    @property
    def content(self) -> bytes:
        """Its body."""
        ...


Send = Callable[[str, Mapping[str, str], bytes], Answered]
"""Method, query (unquoted) and body to the product's callback address."""


def through(app: Callable[..., Any], path: str = CALLBACK) -> Send:
    """To an ASGI application in this process; what it raises is an answer of 500, as behind a real server."""

    async def ask(method: str, query: Mapping[str, str], body: bytes) -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://guke.example.com") as client:
            return await client.request(method, path, params=dict(query), content=body)

    def send(method: str, query: Mapping[str, str], body: bytes) -> Answered:
        return asyncio.run(ask(method, query, body))

    return send


def over_http(base: str, path: str = CALLBACK, timeout: float = 15) -> Send:
    """To a server."""

    def send(method: str, query: Mapping[str, str], body: bytes) -> Answered:
        # a loopback has no certificates to look at, and reading them takes a tenth of a second
        with httpx.Client(trust_env=False, verify=False, timeout=timeout) as client:  # noqa: S501
            return client.request(method, f"{base}{path}", params=dict(query), content=body)

    return send
