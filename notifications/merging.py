"""One message in the place of many that wait: a flood of plain notices is read as one list, and nothing is lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from conversations.plain import Json, load
from conversations.replies import Button
from conversations.words import N_, Said, said
from notifications.gateway import Gateway
from notifications.manners import LOOKS, MOST_TOGETHER, MOST_WAITING, PLAIN, STEP
from notifications.notices import Notice
from storage.outbox_rows import Message, MessageState, OutboxRow
from storage.unit_of_work import UnitOfWork

TOPIC = "merged"


def merge(uow: UnitOfWork, gateway: Gateway, address: str, until: datetime) -> bool:
    """Where too many messages wait for an address, let one say what the plain ones of them say; whether it was so.

    Each line is a notice's own headline, with its number.
    """
    if address.partition(":")[0] not in gateway.manners.together:
        return False
    waiting = uow.outbox.waiting(address, gateway.platform, until)
    if len(waiting) <= MOST_WAITING:
        return False
    plain = _plain(waiting)[:MOST_TOGETHER]
    return len(plain) > 1 and uow.outbox.merge([row.id for row in plain], _one(plain)) > 0


def _plain(waiting: Sequence[OutboxRow]) -> list[OutboxRow]:
    """The notices that need no message of their own; of a case all or none, so that its order stays."""
    kept = {row.case_id for row in waiting if not _is_plain(row) and row.case_id is not None}
    return [row for row in waiting if _is_plain(row) and row.case_id not in kept]


def _is_plain(row: OutboxRow) -> bool:
    """Nothing to tap, nothing to pass on, no picture, no level above a reminder, and sent for the first time."""
    payload = cast("Mapping[str, Json]", row.payload)
    taps = cast("list[tuple[str, Json, str]]", payload.get("buttons") or [])
    more = any(payload.get(part) for part in ("forward", "picture", "mentions", "instead_of"))
    untold = row.state == MessageState.PENDING and not row.attempts
    plain = row.topic in PLAIN and row.priority >= STEP and not (row.level or "").startswith("L")
    return untold and plain and not more and all(action in LOOKS for action, _, _ in taps)


def _one(plain: Sequence[OutboxRow]) -> Message:
    """The message that stands for these."""
    first, last = plain[0], plain[-1]
    titles = [load(cast("Json", row.payload.get("title"))) for row in plain]
    title = said(N_("{n} notices in one message:"), n=len(plain))
    mine = Button("mine", said(N_("My cases")))
    taps = (mine,) if first.address.startswith("person:") else ()
    notice = Notice(TOPIC, title, tuple(line for line in titles if isinstance(line, Said)), taps)
    return Message(
        key=f"{TOPIC}/{first.address}/{first.platform}/{first.id}-{last.id}", platform=first.platform,
        address=first.address, topic=TOPIC, payload=notice.payload(), priority=min(row.priority for row in plain),
        not_before=first.next_at,
    )  # fmt: skip
