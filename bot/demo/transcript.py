"""What was said on the phones, kept with the delivered post so that both stay in their order."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from conversations.plain import Json
from conversations.replies import Reply, from_plain
from storage.mailbox import NewLetter
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a phone: said by its owner, answered by the bot, told by a colleague or customer, or delivered."""

    id: int
    key: str
    at: datetime
    address: str
    kind: str
    text: str = ""
    sender: str = ""
    photos: tuple[str, ...] = ()
    source: str = ""
    reply: Reply | None = None
    payload: Mapping[str, Json] | None = None
    level: str = ""
    picture: str = ""
    replaced: bool = False


def keep_said(uow: UnitOfWork, address: str, text: str, photos: Sequence[str] = ()) -> None:
    """The owner of a phone said something, or sent photos."""
    _keep(uow, address, {"kind": "said", "text": text, "photos": list(photos)})


def keep_reply(uow: UnitOfWork, address: str, reply: Reply) -> None:
    """The bot answered."""
    _keep(uow, address, {"kind": "reply", "reply": reply.plain()})


def keep_told(uow: UnitOfWork, address: str, sender: str, text: str, source: str = "") -> None:
    """Somebody outside the bot wrote: a customer to her seller, a seller to his customer."""
    _keep(uow, address, {"kind": "told", "sender": sender, "text": text, "source": source})


def entries(uow: UnitOfWork) -> dict[str, list[Entry]]:
    """Everything on every phone, oldest first, by the address it came to."""
    rows = uow.mailbox.all_after(0)
    letters = {row.key: row for row in uow.outbox.of_keys(row.key for row in rows)}
    found: dict[str, list[Entry]] = {}
    for row in rows:
        if row.address.startswith("chat:"):
            entry = _chat(row.id, row.key, row.at, (row.address, json.loads(row.text)))
        else:
            letter = letters.get(row.key)
            payload = cast("Mapping[str, Json]", letter.payload) if letter else None
            level = (letter.level or "") if letter else ""
            entry = Entry(
                row.id, row.key, row.at, row.address, "letter", row.text,
                payload=payload, level=level, picture=row.picture or "", replaced=row.replaced,
            )  # fmt: skip
        found.setdefault(row.address, []).append(entry)
    return found


def _keep(uow: UnitOfWork, address: str, what: Mapping[str, object]) -> None:
    text = json.dumps(what, ensure_ascii=False)
    uow.mailbox.put(NewLetter(key=f"chat/{uuid.uuid4()}", address=f"chat:{address}", text=text))


def _chat(row_id: int, key: str, at: datetime, kept: tuple[str, dict[str, Any]]) -> Entry:
    address, what = kept
    return Entry(
        row_id, key, at, address, what["kind"],
        text=what.get("text", ""),
        sender=what.get("sender", ""),
        photos=tuple(what.get("photos", ())),
        source=what.get("source", ""),
        reply=from_plain(what["reply"]) if what["kind"] == "reply" else None,
    )  # fmt: skip
