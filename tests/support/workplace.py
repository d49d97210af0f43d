"""A desk with Slack: the sample company on the test stand, phones in its hands, the server's application behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select
from starlette.types import ASGIApp

from bot import serve
from bot.app import App, build
from bot.settings import Settings
from bot.slack.room import Room, furnish
from storage.outbox_rows import OutboxRow
from tests.support.desk import Desk
from tests.support.slack.payloads import Answered
from tests.support.slack.phone import Phone, Slack
from tests.support.slack.senders import through
from tests.support.slack.stand import Stand

Json = dict[str, Any]


@dataclass
class Workplace:
    """The product with Slack, all but its delivery threads: what goes out is delivered when a story says so."""

    desk: Desk
    stand: Stand
    app: App
    room: Room
    web: ASGIApp
    slack: Slack

    @classmethod
    def open(cls, desk: Desk, stand: Stand, folder: Path) -> Self:
        """Slack is used at this desk from now on."""
        app = build(settings(stand, folder), desk.database, desk.clock, [])
        room = furnish(app)
        web = serve.application(app, room)
        send = through(web)

        def settled(body: bytes, headers: Mapping[str, str]) -> Answered:
            answer = send(body, headers)
            room.workspace.afters.settle()
            return answer

        return cls(desk, stand, app, room, web, Slack(stand, settled))

    def leave(self) -> None:
        """Close the room."""
        self.room.workspace.afters.settle()
        self.room.stop()

    def phone(self, name: str) -> Phone:
        """Somebody's phone."""
        return self.slack.phone(name)

    def queued(self, topic: str = "reply") -> list[Json]:
        """What waits to be delivered, oldest first: address and payload."""
        wanted = select(OutboxRow).where(OutboxRow.topic == topic).order_by(OutboxRow.id)
        return self.desk.do(lambda uow: [{"to": row.address, **row.payload} for row in uow.session.scalars(wanted)])


def settings(stand: Stand, folder: Path) -> Settings:
    """The configuration of a server that talks to the stand."""
    return Settings.model_validate(
        {
            "data": {"directory": folder},
            "slack": {
                "bot_token": stand.token,
                "signing_secret": stand.signing_secret,
                "api_base_url": stand.api,
            },
        }
    )
