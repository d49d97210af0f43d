"""Uploads are pictures and documents, or refused: forty files that mean harm, by every way in (S10)."""

import time
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from handlers import fetching, pictures, switchboard, uploads
from handlers.events import Attached, Sender, Upload
from storage.files import Attachment, Belongs
from storage.unit_of_work import UnitOfWork
from tests.support import customer, doors, hostile_files
from tests.support.desk import CASE, Desk
from tests.support.hostile import UNWANTED
from tests.support.hostile_files import GPS, HTML, PLACE, Bad

FILES = tuple(hostile_files.files())
SECONDS, MEBIBYTES = 1.0, 128
"""Within so long each is decided (300 ms on a machine of its own), and within so much more memory."""
DOCUMENTS = {"application/pdf", "application/zip", "audio/amr", "image/heic"}


def looked(bad: Bad) -> Upload:
    """A file that was looked at, as every way in does before anything is kept."""
    return uploads.looked_at(Upload(bad.name, "text/html", bad.content))


def plain(copy: bytes) -> list[str]:
    """What is wrong with a copy that is shown: it is a small JPEG, and nothing is written beside the picture."""
    with Image.open(BytesIO(copy)) as shown:
        faults = [*map(str, shown.getexif().values())]
        faults += [key for key in ("exif", "comment", "icc_profile", "xmp") if key in shown.info]
        faults += [shown.format or ""] if shown.format != "JPEG" or max(shown.size) > pictures.LONGEST_SIDE else []
    return faults + [word for word in (str(GPS), PLACE) if word.encode() in copy]


@pytest.mark.parametrize("bad", FILES, ids=[f"{at}-{each.name[:20]!a}" for at, each in enumerate(FILES)])
def test_each_is_decided_by_its_bytes(bad: Bad) -> None:
    """
    Neither name nor sender is believed: a picture has a copy without any notes, a document is kept unopened, the rest
    is refused with a sentence; at once.
    """
    begun = time.perf_counter()
    file = looked(bad)
    took = time.perf_counter() - begun
    found = "" if file.fault is not None else ("picture" if file.preview is not None else "document")
    assert found == bad.kept
    assert took < SECONDS
    assert file.mime not in ("text/html", "image/svg+xml", "application/xhtml+xml")
    if file.preview is not None:
        assert plain(file.preview) == []
        assert HTML not in file.preview
    if found == "document":
        assert file.mime in DOCUMENTS
    assert UNWANTED.search(file.name) is None
    assert len(file.name) <= uploads.LONGEST_NAME


def test_no_bomb_fills_the_memory(tmp_path: Path) -> None:
    """
    All of them, one after another in a process of their own, take no more than so much memory beside what it had.
    """
    worker = get_context("spawn").Process(target=hostile_files.measured, args=(str(tmp_path / "more"),))
    worker.start()
    worker.join(60)
    assert float((tmp_path / "more").read_text()) <= MEBIBYTES


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Desk:
    """The whole bot, with a complaint that a customer can follow."""
    desk = customer.reachable(Desk.furnished(sqlite_url, tmp_path))
    desk.report()
    desk.deliver()
    return desk


def kept(uow: UnitOfWork) -> list[Attachment]:
    """Everything that was kept."""
    return list(uow.session.scalars(select(Attachment).order_by(Attachment.id)))


def test_the_customers_page_keeps_pictures_only(desk: Desk, tmp_path: Path) -> None:
    """
    All of them by the page: what is kept is a picture by its bytes, under a name of ours and a hash; no path is.
    """
    client = customer.browser(desk)
    page = client.get(customer.receipt(desk))
    for first in range(0, len(FILES), 8):
        files = [("photos", (each.name, each.content, "text/html")) for each in FILES[first : first + 8]]
        answer = customer.send(client, page, "message", f"看照片 {first}", files=files)
        assert answer.status_code in (200, 422)
        page = client.get(str(page.url))
    rows = desk.do(kept)
    assert rows
    assert {row.mime for row in rows} <= {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"}
    assert all(row.name.startswith("customer-") for row in rows)
    lying = [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert {len(name) for name in lying} == {64}
    assert not list(tmp_path.parent.rglob("passwd*"))
    desk.leave()


def test_what_platforms_give_is_looked_at_as_well(desk: Desk) -> None:
    """
    A file that was fetched from Slack or WeCom is believed no more than one that came with a form: the bad ones are
    told about and have no row left.
    """
    person = desk.person_id("程小满")
    for at, bad in enumerate(FILES):
        row = desk.do(lambda uow, at=at, bad=bad: uow.files.expect(  # type: ignore[misc]  # bound at once
            f"slack:F{at}", name=bad.name, mime="image/png", to=Belongs(person_id=person)).id)  # fmt: skip
        fetching.arrived(desk.database, desk.company, row, looked(bad))
    rows = desk.do(kept)
    assert len(rows) == sum(bool(bad.kept) for bad in FILES)
    assert all(row.sha256 and row.mime.partition("/")[0] in ("image", "application", "audio") for row in rows)
    desk.deliver()
    assert len(desk.heard("程小满")) > sum(not bad.kept for bad in FILES) / 2
    desk.leave()


def test_in_chat_all_at_once(desk: Desk) -> None:
    """
    Sent in chat, nine at a time: each bad one is named, and the case gets the good ones.
    """
    for first in range(0, len(FILES), 9):
        files = tuple(Upload(each.name, "", each.content) for each in FILES[first : first + 9])
        desk.say("程小满", f"补照片 {CASE}")
        event = Attached(f"h{first}", Sender("console", "程小满"), files)
        answer = switchboard.receive(desk.database, desk.company, event)
        assert answer.lines
    desk.leave()


def test_no_door_serves_what_people_sent() -> None:
    """
    The server has no route that gives an attachment out: what is kept can be shown to nobody's browser as a page.
    """
    assert not [path for _, path in doors.SERVER if "file" in path or "photo" in path or "picture" in path]
