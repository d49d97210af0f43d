"""The photos in the album of the demo's phones: drawn for it, like everything else in the sample company."""

from collections.abc import Mapping
from importlib import resources

from conversations.words import N_

ALBUM: Mapping[str, str] = {
    "shelf": N_("Shelf with two boxes missing"),
    "label": N_("Label of a box"),
    "receipt": N_("Signed delivery note"),
}
"""Every photo by its file, with what is to be seen on it."""

SETS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("shelf", "label"), N_("Shelf and label")),
    (("receipt",), N_("Signed delivery note")),
)
"""What is sent with one tap, and what it is called."""


class NoSuchPhotoError(LookupError):
    """The album has no photo of that name."""


def photo_named(name: str) -> bytes:
    """The bytes of a photo; NoSuchPhotoError for any other name."""
    if name not in ALBUM:
        raise NoSuchPhotoError(name)
    return (resources.files("bot.demo") / "pages" / "photos" / f"{name}.jpg").read_bytes()
