"""Pictures for messages: each put up once in three days, remembered by its hash."""

import hashlib
from datetime import datetime, timedelta
from typing import cast

from bot.wecom.transport import Transport
from notifications.gateway import Letter
from storage.database import Database

LIFE = timedelta(days=2, hours=20)
"""WeCom keeps a file for three days."""

NAME = "picture.png"


class Pictures:
    """Media ids in the state of the house."""

    def __init__(self, transport: Transport, database: Database) -> None:
        self._transport = transport
        self._database = database

    def id_of(self, letter: Letter, *, afresh: bool = False) -> str:
        """The media id of a letter's picture, which is put up where that was not done lately.

        Nobody is shown the same picture twice within four hours under one id, so an address has one of its own then.
        """
        content = letter.picture or b""
        key = f"wecom.media:{letter.picture_sha256 or hashlib.sha256(content).hexdigest()}"
        now = self._database.clock()
        known = cast("dict[str, object] | None", self._database.look(lambda uow: uow.state.get(key))) or {}
        shown = cast("dict[str, str]", known.get("shown") or {})
        good = "until" in known and now < datetime.fromisoformat(str(known["until"]))
        twice = letter.address in shown and now < datetime.fromisoformat(shown[letter.address])
        if afresh or twice or not good:
            media = self._transport.upload("image", NAME, content)
            known, shown = {"id": media, "until": (now + LIFE).isoformat()}, {}
        shown = {**shown, letter.address: (now + timedelta(hours=4)).isoformat()}
        self._database.do(lambda uow: uow.state.put(key, {**known, "shown": shown}))
        return str(known["id"])
