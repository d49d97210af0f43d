"""Delivery: claim what is due, send it, write down how it went.

Nothing is sent while a transaction is open, and nothing queued is dropped. A message whose answer
was lost is looked up before it is sent again; only where the platform cannot be asked may it come
twice, and then it carries the same short number.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from notifications import merging, pacing, places
from notifications.gateway import CannotTellError, DeliveryError, Gateway, Letter, LostReplyError
from notifications.render import render
from reports.words import Words
from storage.database import Database
from storage.outbox_rows import Claimed
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 240, 900, 1800, 3600))
"""How long to wait after each failed attempt; after the last a person must look (R9: eight attempts)."""

CLOSED = timedelta(minutes=1)
"""How long to wait where the platform takes nothing from us and does not say until when."""

BATCH = 20

ROUNDS = 25
"""So often another batch is looked at in one transaction when the pace allows nothing of the one before."""

MARGIN = timedelta(seconds=15)
"""The end of a claim is left alone: a slow platform must not let us send what another worker has taken over."""


@dataclass(frozen=True)
class Post:
    """What delivery works with: the database, one platform's gateway, and the words."""

    database: Database
    gateway: Gateway
    words: Words
    language: str = "zh"
    owner: str = "delivery"
    jitter: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True, slots=True)
class Went:
    """How one attempt went: a receipt, or why not and when to try again."""

    message: Claimed
    receipt: str | None = None
    reason: str = ""
    lost: bool = False
    lasting: bool = False
    gone: bool = False
    untried: bool = False
    closed: bool = False
    retry_after: timedelta | None = None


def deliver_due(post: Post, limit: int = BATCH) -> int:
    """Try every message that is due, each on its own. Returns how many were tried."""
    most = limit if post.gateway.can_find else 1
    asked, claimed = post.database.do(lambda uow: _take(uow, post, limit, most))
    tried = len(asked)
    if asked:
        _settle_unknown(post, asked)
        claimed = post.database.do(lambda uow: _claim(uow, post, most))
    if not claimed:
        return tried
    went = [_send(post, message, letter) for message, letter in claimed]
    post.database.do(lambda uow: _write_down(uow, post, went))
    return tried + len(went)


def _take(
    uow: UnitOfWork, post: Post, limit: int, most: int
) -> tuple[list[tuple[Claimed, Letter | None]], list[tuple[Claimed, Letter | None]]]:
    """Messages whose answer was lost, which come first; what is due only where there is none of those."""
    uow.outbox.recover()
    lost = uow.outbox.claim_unknown(post.owner, post.gateway.platform, limit)
    asked = [(message, _letter(uow, post, message)) for message in lost]
    return asked, [] if lost else _claim(uow, post, most)


def _claim(uow: UnitOfWork, post: Post, limit: int) -> list[tuple[Claimed, Letter | None]]:
    """Take what is due and what the platform's pace allows now; the rest goes back untried.

    Those that go back are no reason to wait: others are behind them.
    """
    ready: list[tuple[Claimed, Letter | None]] = []
    uow.rates.queue(post.gateway.platform)
    for _ in range(ROUNDS):
        claimed = uow.outbox.claim(post.owner, post.gateway.platform, limit)
        full: dict[str, Full] = {}
        ready += [(message, _letter(uow, post, message)) for message in claimed if _may_go(uow, post, message, full)]
        for address, waits in full.items():
            uow.outbox.put_off(waits.mine, address, post.gateway.platform, waits.until)
            merging.merge(uow, post.gateway, address, waits.until)
        if ready or not claimed:
            break
    return ready


@dataclass(frozen=True, slots=True)
class Full:
    """An address that took all it may for now: until when, and which claimed messages wait for that."""

    until: datetime
    mine: list[int] = field(default_factory=list)


def _may_go(uow: UnitOfWork, post: Post, message: Claimed, full: dict[str, Full]) -> bool:
    """Whether a message goes now. One that does not is given back, or waits for an address that is ``full``."""
    until = pacing.aside(post.gateway.manners, message, uow.now)
    by_itself = until is not None or message.topic in post.gateway.pace
    if not by_itself and message.address in full:
        full[message.address].mine.append(message.id)
        return False
    until = until or pacing.later(uow, post.gateway.pace, message)
    if until is None:
        return True
    if by_itself:
        uow.outbox.release(message.id, message.fence, until)
    else:
        full[message.address] = Full(until, [message.id])
    return False


def _letter(uow: UnitOfWork, post: Post, message: Claimed) -> Letter | None:
    """The letter; None when it cannot be made, which is our fault and concerns this message alone."""
    try:
        language = places.language(uow, message, post.language)
        last = wait_after(message.attempts) is None
        letter = replace(render(message, post.words, language, uow.now), last=last)
        letter = places.addressed(uow, letter, message, lambda said: post.words.say(said, language, uow.now))
        if letter.picture_sha256:
            letter = replace(letter, picture=uow.files.read(letter.picture_sha256))
    except Exception:  # one message that cannot be rendered must not keep the others waiting
        log.exception("message %s could not be rendered", message.key)
        return None
    return letter


def _send(post: Post, message: Claimed, letter: Letter | None) -> Went:
    if letter is None:
        return Went(message, reason="it could not be rendered", lasting=True)
    if post.database.clock() > message.leased_until - MARGIN:
        return Went(message, untried=True)
    try:
        return Went(message, receipt=post.gateway.send(letter))
    except DeliveryError as error:
        return Went(message, reason=str(error), lasting=error.lasting, gone=error.gone, closed=error.closed,
                    retry_after=error.retry_after)  # fmt: skip
    except LostReplyError as error:
        return Went(message, reason=str(error), lost=True)
    except Exception as error:  # a fault of the gateway itself: whether it was taken is not known
        log.exception("message %s: the gateway failed", message.key)
        return Went(message, reason=type(error).__name__, lost=True)


def _write_down(uow: UnitOfWork, post: Post, went: Sequence[Went]) -> None:
    arrived = [(a.message.id, a.message.fence, a.receipt) for a in went if a.receipt is not None]
    uow.outbox.sent_all(arrived)
    for attempt in went:
        message = attempt.message
        if attempt.receipt is not None:
            continue
        if attempt.untried:
            uow.outbox.release(message.id, message.fence)
        elif attempt.closed:
            uow.outbox.release(message.id, message.fence, uow.now + (attempt.retry_after or CLOSED))
        elif attempt.lost:
            uow.outbox.unknown(message.id, message.fence, attempt.reason)
        else:
            if attempt.retry_after is not None:
                pacing.pause(uow, post.gateway.pace, message, attempt.retry_after)
            uow.outbox.failed(message.id, message.fence, attempt.reason, _next_at(uow, post, attempt))
            if attempt.gone:
                places.instead(uow, message)


def _next_at(uow: UnitOfWork, post: Post, attempt: Went) -> datetime | None:
    wait = None if attempt.lasting else wait_after(attempt.message.attempts)
    if wait is None:
        log.warning("message %s is a dead letter: %s", attempt.message.key, attempt.reason)
        return None
    jittered = wait * post.jitter.uniform(0.8, 1.2)
    return uow.now + max(jittered, attempt.retry_after or jittered)


def wait_after(attempts: int) -> timedelta | None:
    """Longer after each failure; after the last, not at all: a person must look."""
    return WAITS[attempts - 1] if 1 <= attempts <= len(WAITS) else None


def _settle_unknown(post: Post, asked: Sequence[tuple[Claimed, Letter | None]]) -> None:
    """Ask the platform about messages whose answer was lost, before any of them is sent again."""
    found = [(message, _find(post.gateway, message, letter)) for message, letter in asked]
    post.database.do(lambda uow: _write_found(uow, found))


@dataclass(frozen=True, slots=True)
class Found:
    """What the platform said of a message: its receipt, that it is absent, or that it cannot tell."""

    receipt: str | None = None
    absent: bool = False
    ask_again: bool = False


def _find(gateway: Gateway, message: Claimed, letter: Letter | None) -> Found:
    if letter is None:
        return Found(absent=True)
    try:
        receipt = gateway.find(letter)
    except CannotTellError:
        return Found(absent=True)
    except Exception:  # asking failed: nothing is known yet, so it is asked again and not sent
        log.exception("message %s could not be looked up", message.key)
        return Found(ask_again=True)
    return Found(receipt=receipt, absent=receipt is None)


def _write_found(uow: UnitOfWork, found: Sequence[tuple[Claimed, Found]]) -> None:
    for message, said in found:
        if said.receipt is not None:
            uow.outbox.sent(message.id, message.fence, said.receipt)
        elif said.ask_again:
            uow.outbox.unknown(message.id, message.fence, "could not be looked up", uow.now + WAITS[0])
        else:
            uow.outbox.failed(message.id, message.fence, "the answer was lost", _after_absent(uow, message))


def _after_absent(uow: UnitOfWork, message: Claimed) -> datetime | None:
    return uow.now if wait_after(message.attempts) is not None else None
