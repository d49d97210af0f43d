"""The room of WeCom in the server process: the door through which it is heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from bot.app import App
from bot.health import Check
from bot.wecom.door import Door
from bot.wecom.hearing import Hearing
from bot.wecom.seal import Seal
from bot.wecom.signing_in import SignIn
from bot.wecom.transport import Transport


@dataclass(frozen=True)
class Room:
    """How WeCom is heard."""

    door: Door

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the web server opens for it."""
        return [self.door.route()]

    def checks(self) -> tuple[Check, ...]:
        """What /readyz tells of it: the door is open as long as the server is."""
        return ()

    def start(self) -> None:
        """Nothing is dialled: WeCom comes by itself."""

    def stop(self) -> None:
        """Hear nothing more."""
        self.door.stop()


def furnish(app: App) -> Room:
    """Put the room together for a configuration that uses WeCom; nothing is asked of WeCom, nothing started."""
    return Room(Door(Seal(app.settings.wecom), Hearing(app)))


def sign_in(app: App) -> SignIn | None:
    """The sign-in of phone pages; none where WeCom is not used or has no address to send people back to."""
    settings = app.settings
    base = settings.wecom.public_url or settings.server.public_url
    if not settings.wecom.used or not base:
        return None
    return SignIn(Transport(settings.wecom, app.database), f"{base}/f/in")
