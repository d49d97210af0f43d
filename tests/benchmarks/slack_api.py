"""A Slack, and a WeCom, that takes everything at once: what our server sends while it is measured costs no waiting.

``python -m tests.benchmarks.slack_api PORT``
"""

import asyncio
import itertools
import json
import sys

BOT = {"ok": True, "user_id": "U0BOT", "bot_id": "B0BOT", "team_id": "T0BENCH", "user": "bot", "team": "bench"}
WECOM = {"errcode": 0, "errmsg": "ok", "access_token": "bench", "expires_in": 7200}
_numbers = itertools.count(1)


def answer() -> bytes:
    """Whatever was asked: yes, with the few words that callers look for."""
    stamp = f"1800000000.{next(_numbers):06}"
    told = {
        **BOT,
        **WECOM,
        "msgid": stamp,
        "ts": stamp,
        "channel": "D0BENCH",
        "messages": [],
        "view": {"id": "V0", "hash": "0"},
    }
    return json.dumps(told).encode()


def opened() -> bytes:
    """The conversation with somebody."""
    return json.dumps({**BOT, "channel": {"id": "D0BENCH"}}).encode()


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One call, one connection: the client of the product keeps none open."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next((int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
        await reader.readexactly(length)
        body = opened() if "conversations.open" in head else answer()
        kind = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
        writer.write(kind + str(len(body)).encode() + b"\r\n\r\n" + body)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.start_server(take, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
