"""The notice that the disk of the records is full."""

from conversations.words import N_, said
from notifications.notices import Notice


def disk_full(free: int) -> Notice:
    """To the administrators, while there is still room for this message."""
    title = said(N_("⚠ The disk of the records is full: {mib} MiB are left."), mib=str(free // 2**20))
    lines = (
        said(N_("Make room on the disk of the data directory. Nothing that was accepted is lost.")),
        said(N_("Once it is used up, nothing new is taken; when there is room again, it goes on by itself.")),
    )
    return Notice("disk", title, lines)
