"""``gukebot demo``: one process, one page, this machine alone; what there is to see is made ready behind the page."""

import errno
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from bot import logs
from bot.demo import keeping
from bot.demo.door import Door, refuse_open
from bot.demo.show import Show
from bot.demo.web import House, application
from storage.process_lock import ProcessLock

PORT = 8765
"""The port of the page; the next free one where it is taken and none was asked for."""

STOP_SECONDS = 3


class PortTakenError(OSError):
    """The port that was asked for is not free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line."""

    folder: Path | None = None
    host: str = "127.0.0.1"
    port: int | None = None
    browser: bool = True


class _Web(uvicorn.Server):
    """Uvicorn without its own signal handlers: a demo ends with 0 when it is told to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(wanted: Wanted, say: Callable[[str], None], give: Callable[[str], None]) -> None:
    """Show the demo until Ctrl-C. ``say`` talks to the person at the terminal, ``give`` gives them the link.

    Raises OpenDoorError, NotADemoError, AlreadyRunningError or PortTakenError, each a sentence.
    """
    logs.configure("warning")
    host = refuse_open(wanted.host)
    folder = wanted.folder or keeping.default_folder()
    with ProcessLock(keeping.refuse_strangers(folder)), _listen(host, wanted.port) as listener:
        house = House(Door(_address(host, listener), _announced(say)), _language())
        server = _server(house)
        getting_ready = threading.Thread(target=_get_ready, args=(house, folder, server), name="getting-ready")
        getting_ready.start()
        give(house.door.link)
        say("The demo is on this page, on this machine alone; the link works once. Ctrl-C ends it.")
        if wanted.browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(house.door.link,), daemon=True).start()
        server.run(sockets=[listener])
        getting_ready.join()
        if house.show is not None:
            house.show.stage.database.dispose()
        if house.fault is not None:
            raise house.fault


def _server(house: House) -> _Web:
    server = _Web(
        uvicorn.Config(
            application(house),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if server.should_exit:
            os._exit(1)
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return server


def _get_ready(house: House, folder: Path, server: _Web) -> None:
    """The sample company moves in, or is there already; whatever is in the way ends the server and is told."""
    try:
        stage = keeping.prepared(folder, house.progress)
        house.open(Show(folder, stage, house.language, house.door.address))
    except Exception as error:  # noqa: BLE001 - told by the command, once the server has ended
        house.fault = error
        server.should_exit = True


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    wishes = [port] if port is not None else [PORT, 0]
    for wish in wishes:
        try:
            return socket.create_server((host, wish), family=family)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise PortTakenError(f"Port {port} is not free. Name another with --port, or leave it out.")


def _address(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _announced(say: Callable[[str], None]) -> Callable[[str], None]:
    return lambda link: say(f"A browser without the link asked for the page. A fresh link: {link}")


def _language() -> str:
    """What is spoken until a browser says what it prefers."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if spoken.startswith("en") else "zh"


def _has_screen() -> bool:
    """Without a screen, a browser would open in the terminal, over what is said there."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
