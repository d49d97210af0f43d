"""Deliveries: one thread per platform that sends what is due, until the process stops."""

import threading
import time

import structlog

from bot import logs
from bot.app import App
from notifications.delivery import Post, deliver_due
from notifications.gateway import Gateway

IDLE_SECONDS = 1.0
FAULT_SECONDS = 5.0
QUIET_LIMIT_SECONDS = 50.0

log = structlog.stdlib.get_logger("bot.deliveries")


def start(app: App) -> tuple[threading.Thread, ...]:
    """Start the delivery thread of every platform; they end by themselves once the app is stopping."""
    threads = tuple(
        threading.Thread(target=_deliver, args=(app, platform, gateway), name=f"delivery-{platform}", daemon=True)
        for platform, gateway in app.gateways.items()
    )
    for thread, platform in zip(threads, app.gateways, strict=True):
        app.heartbeats.expect(f"delivery-{platform}", QUIET_LIMIT_SECONDS)
        thread.start()
    return threads


def _deliver(app: App, platform: str, gateway: Gateway) -> None:
    post = Post(app.database, gateway, app.company.words, app.company.language, app.owner)
    while not app.stopping.is_set():
        heard = app.bell.rings
        wait = _round(post)
        app.heartbeats.beat(f"delivery-{platform}")
        app.metrics.deliveries.labels(platform).inc()
        if wait == FAULT_SECONDS:
            app.stopping.wait(wait)
        elif wait:
            _wait(app, post, heard)


def _wait(app: App, post: Post, heard: int) -> None:
    """Wait a second, or for a ring after which something is due here.

    The bell rings for every platform at each request: to claim keeps others from writing, to look does not.
    """
    end = time.monotonic() + IDLE_SECONDS
    while not app.stopping.is_set() and (left := end - time.monotonic()) > 0:
        rings = app.bell.wait(heard, left)
        if rings == heard or _is_due(post):
            return
        heard = rings


def _is_due(post: Post) -> bool:
    try:
        return post.database.look(lambda uow: uow.outbox.due(post.gateway.platform))
    except Exception:  # noqa: BLE001 - the round that follows meets the same fault and writes it down
        return True


def _round(post: Post) -> float:
    """Deliver once, and tell how long to wait: not at all while there is more to send."""
    with logs.correlated():
        try:
            return 0.0 if deliver_due(post) else IDLE_SECONDS
        except Exception:  # a database that is away for a moment must not end the deliveries
            log.exception("delivery round failed", platform=post.gateway.platform)
            return FAULT_SECONDS
