"""What can be done on the demo's page, each by the name of its form."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from bot.demo import tour
from bot.demo.phones import phones
from bot.demo.photos import ALBUM
from bot.demo.show import Show
from bot.demo.view import PHONES, View

Given: TypeAlias = Mapping[str, str]
"""What a form sent."""


def _phone(view: View, given: Given) -> str:
    """The address on the phone that was named; the first one's for any other word."""
    index = given.get("phone", "")
    return view.phones[int(index)] if index in map(str, range(PHONES)) else view.phones[0]


def _clock(show: Show, given: Given) -> None:
    show.later(given.get("step", ""))


def _look(show: Show, given: Given) -> None:
    """Nothing; the page comes back as it is now."""


def _language(show: Show, given: Given) -> None:
    show.speak("en" if given.get("language") == "en" else "zh")


def _skin(show: Show, given: Given) -> None:
    """The same conversations as another platform shows them."""
    show.look(lambda view: replace(view, as_slack=given.get("as") == "slack"))


def _restart(show: Show, given: Given) -> None:
    show.restart()


def _play(show: Show, given: Given) -> None:
    tour.play(show, whole=given.get("whole") == "yes")


def _active(show: Show, given: Given) -> None:
    """A small screen turns to another phone; what lies there counts as read."""
    address = _phone(show.view(), given)
    show.look(lambda view: replace(view, active=view.phones.index(address)))
    show.read(address)


def _shown(show: Show, given: Given) -> None:
    address, index = given.get("address", ""), given.get("phone", "")
    if address in show.faces and index in map(str, range(PHONES)):
        show.look(lambda view: view.showing(int(index), address))
        show.read(address)


def _read(show: Show, given: Given) -> None:
    show.read(_phone(show.view(), given))


def _say(show: Show, given: Given) -> None:
    show.say(_phone(show.view(), given), given.get("text", ""))


def _tap(show: Show, given: Given) -> None:
    """A button, if it is there to be tapped; the label that stands on it is what its owner says."""
    view = show.view()
    address = _phone(view, given)
    seen = phones(show, view, [address])[0]
    taps = [*(tap for bubble in reversed(seen.bubbles) for tap in bubble.taps), *seen.menu]
    tap = next((tap for tap in taps if tap.value == given.get("tap")), None)
    if tap is not None:
        show.tap(address, tap.action, tap.subject, tap.label)


def _photos(show: Show, given: Given) -> None:
    show.send_photos(_phone(show.view(), given), [name for name in given.get("photos", "").split(",") if name in ALBUM])


def _forward(show: Show, given: Given) -> None:
    view = show.view()
    address = _phone(view, given)
    seen = phones(show, view, [address])[0]
    bubble = next((each for each in seen.bubbles if str(each.id) == given.get("bubble") and each.forward), None)
    if bubble is not None:
        show.forward(address, bubble.key, bubble.forward, bubble.number)


ACTS: Mapping[str, Callable[[Show, Given], None]] = {
    "active": _active,
    "clock": _clock,
    "forward": _forward,
    "language": _language,
    "look": _look,
    "photo": _photos,
    "read": _read,
    "restart": _restart,
    "say": _say,
    "show": _shown,
    "skin": _skin,
    "tap": _tap,
    "tour": _play,
}
