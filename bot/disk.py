"""The disk of the records: how much room there is, for whoever watches."""

import shutil

from bot.settings import Settings

FULL = 4 * 2**20
"""With less than this the disk counts as full."""


def free(settings: Settings) -> int:
    """How many bytes are free where the records are; where only the files are, when the records are on PostgreSQL."""
    file = settings.database_file
    folder = file.parent if file is not None else settings.data.directory
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def room(settings: Settings) -> str:
    """What /readyz tells of it; raises when it is full."""
    left = free(settings)
    if left < FULL:
        raise DiskFullError
    return f"{left // 2**20} MiB free"


class DiskFullError(Exception):
    """There is no room for another complaint."""
