"""Our door and our one listener a kind, over a table of as many handlers as wanted; each of them does nothing.

``python -m tests.benchmarks.slack_routes PORT SECRET COUNT``
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot import clock
from bot.app import build
from bot.settings import Settings
from bot.slack import listening
from bot.slack.room import furnish
from bot.slack.workspace import Workspace
from storage.database import Database


def nothing(_workspace: Workspace, _body: Mapping[str, Any], _subject: str) -> None:
    """What a route that costs nothing costs."""


def main(port: str, secret: str, count: str) -> None:
    """Serve until killed."""
    names = [*(f"other{number}" for number in range(int(count) - 1)), "wanted"]
    listening.SHORTCUTS = dict.fromkeys(names, nothing)
    with TemporaryDirectory(prefix="gukebot-bench-") as folder:
        words = {"bot_token": "xoxb-bench", "signing_secret": secret}
        settings = Settings.model_validate({"data": {"directory": folder}, "slack": words})
        database = Database(f"sqlite:///{Path(folder) / 'none.db'}", clock.now, attachments=Path(folder))
        room = furnish(build(settings, database, clock.now, []))
        uvicorn.run(Starlette(routes=room.routes), port=int(port), log_config=None, access_log=False, lifespan="off")


if __name__ == "__main__":
    main(*sys.argv[1:])
