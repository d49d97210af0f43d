"""The key that signs links for customers: configured, or made once and kept beside the data for its owner alone."""

import secrets
from pathlib import Path

from bot.settings import Settings
from handlers.tokens import SHORTEST_KEY, Links

FILE = "links.key"
PRIVATE = 0o600


class KeyFileError(Exception):
    """The key cannot be used; the sentence says what to do."""


def links_of(settings: Settings) -> Links | None:
    """Give what makes and reads links; None where no address on the net is configured. Raises KeyFileError."""
    if not settings.server.public_url:
        return None
    file = settings.data.directory / FILE
    key = settings.server.link_key.get_secret_value() or _kept(file)
    if len(key) < SHORTEST_KEY:
        raise KeyFileError(f"The key that signs links is too short: {SHORTEST_KEY} characters at least.")
    return Links(settings.server.public_url, key.encode())


def _kept(file: Path) -> str:
    """Read the key beside the data; the first who needs one makes it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            made = file.with_suffix(f".{secrets.token_hex(4)}")
            made.touch(PRIVATE)
            made.write_text(secrets.token_urlsafe(48) + "\n")
            # whoever links first wins, and nobody reads half a key
            try:
                file.hardlink_to(made)
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return file.read_text().strip()
    except OSError as error:
        raise KeyFileError(f"The key that signs links, {file}, cannot be kept or read: {error.strerror}.") from None
