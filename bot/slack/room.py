"""The room of Slack in the server process: what hears it, put together for the configuration, started and stopped."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from bot.app import App
from bot.health import Check
from bot.slack import calls, listening
from bot.slack.afters import Afters
from bot.slack.door import Door
from bot.slack.people import People
from bot.slack.socket import Lines
from bot.slack.workspace import Workspace

LOOK_SECONDS = 1
"""So long Slack may take to say who somebody is: a request waits for it."""


@dataclass(frozen=True)
class Room:
    """How Slack is heard: through a door of the web server, or over lines that are dialled."""

    workspace: Workspace
    door: Door | None = None
    lines: Lines | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the web server opens for it."""
        return [self.door.route()] if self.door else []

    def checks(self) -> tuple[Check, ...]:
        """What /readyz tells of it."""
        return (self.lines.check(),) if self.lines else ()

    def start(self) -> None:
        """Begin to hear."""
        if self.lines:
            self.lines.start()

    def stop(self) -> None:
        """Hear nothing more."""
        if self.lines:
            self.lines.stop()
        if self.door:
            self.door.stop()
        self.workspace.afters.stop()


def furnish(app: App) -> Room:
    """Put the room together for a configuration that uses Slack; nothing is asked of Slack, nothing started."""
    settings = app.settings.slack
    client, quick = calls.client(settings), calls.client(settings)
    quick.timeout = LOOK_SECONDS
    workspace = Workspace(app, client, People(app.database, quick), Afters())
    secret = settings.signing_secret.get_secret_value()
    bolt = listening.build(workspace, settings.bot_token.get_secret_value(), secret)
    if settings.mode == "socket":
        return Room(workspace, lines=Lines(bolt, client, settings.app_token.get_secret_value()))
    return Room(workspace, door=Door(bolt, secret))
