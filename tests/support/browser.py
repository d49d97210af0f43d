"""A browser without a screen and without a script: it follows redirections and keeps cookies, over no network."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from starlette.types import ASGIApp

T = TypeVar("T")


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Do what is asynchronous on a thread of its own: a Chromium that other tests use has its loop on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class Browser:
    """Somebody's browser, looking at a web application of ours."""

    app: ASGIApp
    address: str
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    follows: bool = True

    def get(self, url: str) -> httpx.Response:
        """Open an address."""
        return self._ask("GET", url)

    def post(self, url: str, **what: Any) -> httpx.Response:
        """Send a form."""
        return self._ask("POST", url, **what)

    def _ask(self, method: str, url: str, **what: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url=self.address, cookies=self.cookies, follow_redirects=self.follows
            ) as client:
                answer = await client.request(method, url, **what)
                self.cookies = client.cookies
                return answer

        return apart(asked())
