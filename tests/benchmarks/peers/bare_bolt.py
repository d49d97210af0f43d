"""A bare Bolt app, as its documentation shows it: it answers and stores nothing, or one row with its commit.

``python -m tests.benchmarks.peers.bare_bolt PORT SECRET API quick|waiting LISTENERS [FILE|DSN]``
"""

import asyncio
import logging
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import uvicorn
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TOKEN = "xoxb-bench"
TABLE = "create table if not exists taken (body text)"
CONNECTIONS = 4
Store = Callable[[str], Awaitable[None]]


async def nothing(_text: str) -> None:
    """Store nothing."""


def in_sqlite(file: str) -> Store:
    """One row, on the disk before the answer."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute(TABLE)

    async def store(text: str) -> None:
        connection.execute("insert into taken values (?)", (text,))

    return store


def in_postgresql(dsn: str) -> Store:
    """One row, committed before the answer, on one of a few connections that stay open."""
    idle: list[psycopg.AsyncConnection[Any]] = []
    free = asyncio.Semaphore(CONNECTIONS)
    with psycopg.connect(dsn, autocommit=True) as first:
        first.execute(TABLE)

    async def store(text: str) -> None:
        async with free:
            connection = idle.pop() if idle else await psycopg.AsyncConnection.connect(dsn, autocommit=True)
            await connection.execute("insert into taken values (%s)", (text,))
            idle.append(connection)

    return store


def quick(secret: str, api: str, store: Store, listeners: int) -> AsyncSlackRequestHandler:
    """The quickest that Bolt offers: asyncio, answered when the listener is through; the last listener is wanted."""
    client = AsyncWebClient(token=TOKEN, base_url=api)
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)

    async def taken(ack: Any, body: dict[str, Any]) -> None:
        await store(str(body["type"]))
        await ack()

    for number in range(listeners - 2):
        app.shortcut(f"other.{number}")(taken)
    app.shortcut("wanted")(taken)
    app.view("form")(taken)
    return AsyncSlackRequestHandler(app)


def waiting(secret: str, api: str) -> SlackRequestHandler:
    """What the first page of the documentation shows: the answer is waited for in steps of 10 ms."""
    client = WebClient(token=TOKEN, base_url=api)
    app = App(client=client, signing_secret=secret, token_verification_enabled=False)

    def taken(ack: Ack) -> None:
        ack()

    app.view("form")(taken)
    return SlackRequestHandler(app)


def main(port: str, secret: str, api: str, kind: str, listeners: str, where: str = "") -> None:
    """Serve until killed."""
    logging.disable(logging.ERROR)
    store = in_postgresql(where) if "host=" in where else in_sqlite(where) if where else nothing
    handler = waiting(secret, api) if kind == "waiting" else quick(secret, api, store, int(listeners))

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    uvicorn.run(app, port=int(port), log_config=None, access_log=False, lifespan="off")


if __name__ == "__main__":
    main(*sys.argv[1:])
