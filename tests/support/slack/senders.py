"""How a phone's requests reach the product: in this process, or over the wire."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from tests.support.slack.payloads import Answered
from tests.support.slack.phone import Send

EVENTS = "/slack/events"


def through(app: Callable[..., Any], path: str = EVENTS) -> Send:
    """To an ASGI application in this process; what it raises is an answer of 500, as behind a real server."""

    async def post(body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://bot.example.com") as client:
            return await client.post(path, content=body, headers=dict(headers))

    def send(body: bytes, headers: Mapping[str, str]) -> Answered:
        return asyncio.run(post(body, headers))

    return send


def over_http(base: str, path: str = EVENTS) -> Send:
    """To a server."""

    def send(body: bytes, headers: Mapping[str, str]) -> Answered:
        return httpx.post(f"{base}{path}", content=body, headers=dict(headers), trust_env=False, timeout=15)

    return send
