"""The bench stories are played on: the demo's stage, with the first report ready to be said."""

from pathlib import Path
from typing import Self

from bot.demo.stage import FRIDAY, ZONE, Stage, at

__all__ = ["FRIDAY", "ZONE", "Desk", "at"]


class Desk(Stage):
    """The whole bot on a database of its own; nothing of it is replaced."""

    @classmethod
    def furnished(cls, url: str, folder: Path) -> Self:
        """A desk at which the sample company works, Friday 20 November 2026, 16:05."""
        desk = cls.open(url, folder)
        desk.people()
        return desk

    def leave(self) -> None:
        """Nobody stays at the database."""
        self.database.dispose()

    def report(self, person: str = "程小满", **answers: str) -> str:
        """Somebody reports a complaint: domain C6, thread 1, unless told otherwise. The last answer."""
        asked = {
            "customer": "驰安", "product": "球头总成", "category": "交付", "impact": "仅通知", "photos": "跳过",
            "description": "少送两箱,门店断货", "quantity": "11–100只", "received_at": "刚刚", "handling": "销售自行处理",
        }  # fmt: skip
        return self.say(person, "报投诉", *{**asked, **answers}.values())
