"""How the world reaches us: the name of our address, its certificate, and whether our clock is the world's."""

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

import requests

from bot.clock import Clock
from bot.doctor.findings import Finding, guarded
from bot.settings import Settings

T = TypeVar("T")

SECONDS = 3.0
SOON = timedelta(days=14)
OFF = timedelta(seconds=60)
"""Slack refuses what is signed five minutes apart; so far off, deadlines are told at the wrong minute."""


class SlowError(Exception):
    """There was no answer in time."""


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Ask what may take for ever (a resolver), and wait so long; SlowError when nothing came."""
    answer: queue.Queue[T | Exception] = queue.Queue()

    def asked() -> None:
        try:
            answer.put(ask())
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
            answer.put(error)

    threading.Thread(target=asked, daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise SlowError from None
    if isinstance(found, Exception):
        raise found
    return found


def public_addresses(settings: Settings) -> list[tuple[str, SplitResult]]:
    """The addresses under which others reach us, each with the key that says so; one that stands twice comes once."""
    given = {settings.wecom.public_url: "[wecom] public_url", settings.server.public_url: "[server] public_url"}
    return [(key, urlsplit(url)) for url, key in given.items() if url]


def looks(settings: Settings, clock: Clock) -> list[tuple[str, Callable[[], Iterator[Finding]]]]:
    """Everything that is asked of the network, one question each, so that all can be asked at once."""
    asked = [("name", partial(_name, key, parts)) for key, parts in public_addresses(settings)]
    secure = [(key, parts) for key, parts in public_addresses(settings) if parts.scheme == "https"]
    asked += [("certificate", partial(_certificate, key, parts, clock())) for key, parts in secure]
    used = ((settings.slack.used, settings.slack.api_base_url), (settings.wecom.used, settings.wecom.api_base_url))
    asked += [("clock", partial(_world_clock, url, clock)) for is_used, url in used if is_used]
    return [(name, lambda ask=ask: iter([ask()])) for name, ask in asked]  # type: ignore[misc]  # the loop's own value


def at_once(looks: Sequence[tuple[str, Callable[[], Iterator[Finding]]]]) -> Iterator[Finding]:
    """Look at all of them at once, and tell what was found in their order."""
    with ThreadPoolExecutor(max(1, len(looks))) as pool:
        for found in pool.map(lambda look: list(guarded(*look)), looks):
            yield from found


def _name(key: str, parts: SplitResult) -> Finding:
    """The name of our address leads somewhere."""
    host = parts.hostname or ""
    try:
        found = within(SECONDS, lambda: socket.getaddrinfo(host, None))
    except (OSError, SlowError):
        fix = f"enter an A or AAAA record for {host} where its domain is kept, or mend {key}"
        return Finding("name", "fault", f"{host} cannot be resolved", fix)
    return Finding("name", "ok", f"{host} is {found[0][4][0]}")


def _certificate(key: str, parts: SplitResult, now: datetime) -> Finding:
    """Who opens a link sees a certificate that is right and lasts."""
    host, port = parts.hostname or "", parts.port or 443
    renew = f"renew the certificate of {host} at the reverse proxy (for example: certbot renew)"
    try:
        ends = within(SECONDS, lambda: _end_of_certificate(host, port))
    except ssl.SSLCertVerificationError as error:
        return Finding("certificate", "fault", f"{host}: {error.verify_message}", renew)
    except (OSError, SlowError) as error:
        fix = (
            f"start the reverse proxy; if {host} opens on a phone outside, only this network hides it, and all is well"
        )
        found = f"{host}:{port} does not answer from here ({type(error).__name__})"
        return Finding("certificate", "warning", found, fix)
    if ends - now < SOON:
        return Finding("certificate", "warning", f"{host}: it ends on {ends:%Y-%m-%d}", renew)
    return Finding("certificate", "ok", f"{host}: good until {ends:%Y-%m-%d}")


def _end_of_certificate(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        told = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)


def _world_clock(url: str, clock: Clock) -> Finding:
    """Our clock agrees with that of a platform, as its answer's Date says."""
    host = urlsplit(url).hostname
    try:
        answer = within(SECONDS, lambda: requests.head(url, timeout=SECONDS, allow_redirects=False))
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, SlowError, KeyError, ValueError):
        fix = "mend the network or the proxy; gukebot doctor slack (or wecom) says more"
        return Finding("clock", "warning", f"{host} does not answer from here, its clock is not known", fix)
    return apart("clock", clock() - theirs, str(host))


def apart(name: str, ahead: timedelta, whose: str) -> Finding:
    """How far our clock is ahead of another."""
    seconds = ahead.total_seconds()
    if abs(ahead) > OFF:
        found = f"our clock is {abs(seconds):,.0f} s {'ahead of' if seconds > 0 else 'behind'} that of {whose}"
        return Finding(name, "fault", found, "set the machine's clock: timedatectl set-ntp true")
    return Finding(name, "ok", f"agrees with {whose}")
