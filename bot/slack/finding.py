"""Looking up whether a message was taken: by the key it carries, in the place where it would stand."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.slack.calls import RefusedError, read
from bot.slack.places import read_receipt, receipt
from notifications.gateway import CannotTellError, Letter

SKEW = timedelta(minutes=5)
"""Slack's clock and ours may differ so much."""

PAGE, PAGES = 200, 20
"""So many messages are looked through; a busier place cannot be searched."""


def find(web: WebClient, channel: str, letter: Letter) -> str | None:
    """The receipt of a letter's message, None when there is none. Raises CannotTellError where we may not look."""
    since = f"{(letter.since - SKEW).timestamp():.6f}" if letter.since else "0"
    thread = read_receipt(letter.place.under or letter.place.standing)[1]
    try:
        for message in _messages(web, channel, since, thread):
            if _key_of(message) == letter.key:
                return receipt(channel, str(message["ts"]))
    except RefusedError as refused:
        raise CannotTellError(refused.error) from refused
    return None


def _messages(web: WebClient, channel: str, since: str, thread: str) -> Iterator[Mapping[str, Any]]:
    where = {"channel": channel, "oldest": since, "limit": str(PAGE), "include_all_metadata": "true"}
    if thread:
        yield from _pages(web, "conversations.replies", {**where, "ts": thread})
    yield from _pages(web, "conversations.history", where)


def _pages(web: WebClient, method: str, where: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    cursor = ""
    for _ in range(PAGES):
        answer = read(web, method, **where, **({"cursor": cursor} if cursor else {}))
        yield from answer.get("messages") or []
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
    raise CannotTellError("too much was said there since")


def _key_of(message: Mapping[str, Any]) -> str:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))
