"""python-telegram-bot's ConversationHandler, its state pickled to a file after every step, no network."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from telegram import Chat, Message, Update, User
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    ExtBot,
    MessageHandler,
    PicklePersistence,
    filters,
)

ASKING = 0


Asking = ConversationHandler[Any]


class Offline(ExtBot[None]):
    """A bot that is never asked who it is."""

    async def initialize(self) -> None:
        """Nothing to ask."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    @property
    def username(self) -> str:
        """A name."""
        return "offline"


async def asked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer, ask the next."""
    if context.user_data is not None and update.message is not None:
        context.user_data.setdefault("answers", []).append(update.message.text)
    return ASKING


class PtbForm:
    """A conversation with so many users, each with a few answers."""

    def __init__(self, folder: Path, users: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._loop = asyncio.new_event_loop()
        self._steps = 0
        self._loop.run_until_complete(self._start(folder, users))

    async def _start(self, folder: Path, users: int) -> None:
        kept = PicklePersistence(filepath=folder / "state")
        self._application = Application.builder().bot(Offline("1:offline")).persistence(kept).updater(None).build()
        text: MessageHandler[Any, Any] = MessageHandler(filters.TEXT, asked)
        handler = Asking([text], {ASKING: [text]}, [], name="form", persistent=True)
        self._application.add_handler(handler)
        await self._application.initialize()
        for user in range(1, users + 1):
            await self._application.process_update(self._update(user, "first"))
        await self._application.update_persistence()

    def steps(self, users: list[int], answer: str) -> float:
        """Seconds for one step of each of these users, each written before the next."""

        async def run() -> float:
            start = time.perf_counter()
            for user in users:
                await self._application.process_update(self._update(user, answer))
                await self._application.update_persistence()
            return time.perf_counter() - start

        return self._loop.run_until_complete(run())

    def close(self) -> None:
        """End it."""
        self._loop.close()

    def _update(self, user: int, text: str) -> Update:
        self._steps += 1
        sender = User(user, "user", is_bot=False)
        message = Message(self._steps, datetime.now(UTC), Chat(user, "private"), from_user=sender, text=text)
        message.set_bot(self._application.bot)
        return Update(self._steps, message=message)
