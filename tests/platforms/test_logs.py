"""Logs: one object per line, without secrets and without people."""

import io
import json
import logging
import time

import pytest
import structlog

from bot import logs
from bot.privacy import mask
from bot.storms import Calm
from tests.support.edge import captured

# what must never stand in a log line, and how it could come in
CANARIES = [
    ("xoxb-1234-canary", "event", "sent with xoxb-1234-canary"),
    ("canary-token", "token", "canary-token"),
    ("canary-aes", "encoding_aes_key", "canary-aes"),
    ("canary-secret", "event", "GET /cgi-bin/gettoken?corpsecret=canary-secret"),
    ("hunter2", "event", "connecting to postgresql+psycopg://guke:hunter2@db/guke"),
    ("canarybearer", "event", "Authorization: Bearer canarybearer"),
    ("13800138000", "event", "called 13800138000 twice"),
    ("138-0013-8000", "event", "called +86 138-0013-8000"),
    ("11010519491231002X", "event", "number 11010519491231002X"),
    ("canary@example.com", "event", "mailed canary@example.com"),
    ("程小满", "person", "程小满"),
    ("少送两箱", "text", "少送两箱"),
    ("canaryanswer", "answers", {"description": "canaryanswer"}),
    ("canarynested", "detail", {"phone": "canarynested"}),
    ("canarylist", "detail", [{"name": "canarylist"}]),
    ("c4n4ry.link.t0ken", "event", "GET /s/c4n4ry.link.t0ken"),
]


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    """Read the log as a program would: every line one JSON object."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def failing(log: structlog.stdlib.BoundLogger, error: Exception) -> None:
    """Log an error with its trace."""
    try:
        raise error
    except type(error):
        log.exception("boom\n%s", error)


@pytest.mark.parametrize(("canary", "key", "value"), CANARIES, ids=[canary for canary, _, _ in CANARIES])
def test_the_log_holds_no_secret_and_no_person(canary: str, key: str, value: object) -> None:
    """
    Whatever is logged under whatever key, through us or a library: the canary does not come out.
    """
    with captured() as stream:
        log = structlog.stdlib.get_logger("canary")
        if key == "event":
            log.info(str(value))
            logging.getLogger("library").warning("%s", value)
            failing(log, ValueError(value))
        else:
            log.info("seen", **{key: value})

    assert lines(stream)
    assert canary not in stream.getvalue()


def test_every_line_is_one_object_whatever_is_logged() -> None:
    """
    Line breaks, quotes and traces cannot forge a second line; Chinese stays readable.
    """
    with captured() as stream:
        structlog.stdlib.get_logger("x").info('第一行\n{"level": "critical"}\r\n\x1b[31m')
        failing(structlog.stdlib.get_logger("y"), RuntimeError("a\nb"))

    assert len(lines(stream)) == 2
    assert "第一行" in stream.getvalue()
    assert {"event", "level", "logger", "at"} <= set(lines(stream)[0])
    assert "RuntimeError" in str(lines(stream)[1]["exception"])


def test_lines_of_one_request_share_an_id() -> None:
    """
    Ours and a library's lines within carry the same correlation; outside there is none.
    """
    with captured() as stream:
        with logs.correlated("abc"):
            structlog.stdlib.get_logger("x").info("one")
            logging.getLogger("library").warning("two")
        structlog.stdlib.get_logger("x").info("three")

    assert [line.get("correlation") for line in lines(stream)] == ["abc", "abc", None]


def test_masking_is_quick_on_hostile_text() -> None:
    """
    A megabyte made to slow the patterns down costs no noticeable time.
    """
    start = time.perf_counter()
    for text in ("a" * 10**6, "a@" * 500_000, "1" * 10**6, "x:" * 500_000, "key=" * 250_000):
        mask(text)

    assert time.perf_counter() - start < 1


def test_a_storm_is_told_once_in_ten_seconds() -> None:
    """
    While the database is away each kind of work that it hinders is one line in ten seconds, and the next one says how
    many were left out; another fault is told at once, and whoever was shown a code is always found.
    """
    now = [0.0]
    with captured() as stream:
        logging.getLogger().handlers[0].filters[:] = [Calm(lambda: now[0])]
        log = structlog.stdlib.get_logger("bot.slack")
        for number in range(100):
            now[0] += 0.15
            log.error(
                "a request failed", reference=f"R{number}", kind="OperationalError", place=f"base.py:{number % 7}"
            )
            log.info("as usual")
            failing(log, ValueError("always the same"))
        log.error("a request failed", reference="R1", kind="KeyError", place="cases.py:1")
        log.error("a request failed", reference="R2", kind="KeyError", place="cases.py:1")
        failing(log, KeyError("always the same"))
    told = [line for line in lines(stream) if line["level"] == "error"]

    assert [line.get("withheld") for line in told if line.get("kind") == "OperationalError"] == [None, 66]
    assert [line["reference"] for line in told if line.get("kind") == "KeyError"] == ["R1", "R2"]
    assert len([line for line in told if str(line["event"]).startswith("boom")]) == 3
    assert len([line for line in lines(stream) if line["event"] == "as usual"]) == 100
