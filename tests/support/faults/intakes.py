"""Complaints reported one after another by a process of its own, each acknowledged in a file: for the power-loss story.

``python -m tests.support.faults.intakes FOLDER COUNT full|normal``
"""

import os
import random
import sqlite3
import sys
from pathlib import Path

from sqlalchemy import event

from handlers import switchboard
from handlers.events import Answered, Attached, Event, Pressed, Sender, Upload
from tests.support.desk import FRIDAY, Desk
from tests.support.faults.driver import ANSWERS, SALES
from tests.support.pictures import noise

PHOTO_EVERY = 5


def report(desk: Desk, title: str, photo: Upload | None) -> str:
    """Report one complaint; its number once it is committed."""
    sender = Sender("console", SALES[0])

    def tell(happened: Event) -> object:
        return switchboard.receive(desk.database, desk.company, happened)

    form = switchboard.receive(desk.database, desk.company, Pressed(f"{title}/start", sender, "start:complaint"))
    tell(Answered(f"{title}/form", sender, form.draft, {**ANSWERS, "description": title}))
    last: Event = Pressed(f"{title}/file", sender, "skip")
    if photo is not None:
        last = Attached(f"{title}/file", sender, (photo,))
    filed = switchboard.receive(desk.database, desk.company, last)
    return str(filed.lines[0].values["n"])


def less_careful(desk: Desk) -> None:
    """For comparison: commits that do not wait for the disk."""

    def settle(connection: sqlite3.Connection, record: object, proxy: object) -> None:
        connection.execute("PRAGMA synchronous = normal")

    event.listen(desk.database._engine, "checkout", settle)


def main(folder: Path, count: int, synchronous: str) -> None:
    """Report so many complaints, and acknowledge each."""
    desk = Desk.open(f"sqlite:///{folder / 'gukebot.db'}", folder, start=FRIDAY)
    if synchronous == "normal":
        less_careful(desk)
    chance = random.Random(count)
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for index in range(count):
        photo = Upload("label.png", "image/png", noise(chance)) if index % PHOTO_EVERY == 0 else None
        title = f"第 {index:04} 件:少送两箱"
        number = report(desk, title, photo)
        os.write(acks, f"{title}\t{number}\n".encode())
    # the process ends as it is: closing the database would tidy up
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
