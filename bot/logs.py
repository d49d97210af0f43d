"""
Logs: one JSON object per line, joined by a correlation id, without secrets or personal data.

Both structlog and the standard library end up here, so a library's own warning is a line like ours.
"""

import logging
import sys
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog

from bot.privacy import without_private
from bot.storms import Calm

_QUIET = ("apscheduler", "alembic", "matplotlib", "fontTools", "PIL", "asyncio", "slack_sdk")


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log line of this process to the stream (standard error) in our form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(Calm())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_shared(), _bare_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _private,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


@contextmanager
def correlated(correlation: str | None = None) -> Iterator[str]:
    """Give every line logged inside the same id, new unless one came along; it is yielded."""
    chosen = correlation or uuid.uuid4().hex[:12]
    with structlog.contextvars.bound_contextvars(correlation=chosen):
        yield chosen


def _shared() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
    ]


def _bare_name(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Uvicorn colours a second copy of its messages; one is enough."""
    event.pop("color_message", None)
    return event


def _private(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return without_private(event)
