"""What systemd wants to hear of us (Type=notify, WatchdogSec): one datagram to the socket it names."""

import os
import socket
from contextlib import suppress


def notify(state: str) -> bool:
    """Tell ``READY=1``, ``WATCHDOG=1`` or ``STOPPING=1``; False where nobody asked to be told."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return False
    address = f"\0{place[1:]}" if place.startswith("@") else place
    # whoever does not listen any more will see for himself
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
        way.sendto(state.encode(), address)
        return True
    return False
