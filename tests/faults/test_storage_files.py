"""Files that people sent: there when the row is, and refused when they are not what was sent."""

import os
from pathlib import Path

import pytest

from storage.errors import DamagedFileError
from storage.files import Belongs, path_of, store
from tests.support.storage import House, a_case


def test_a_file_comes_back_as_it_was_sent(house: House) -> None:
    """
    The same bytes sent twice are two rows and one file; both read back equal.
    """
    with house.database.begin() as uow:
        case = a_case(uow)
        for name in ("照片.jpg", "again.jpg"):
            uow.files.put(b"\xff\xd8 picture", name=name, mime="image/jpeg", to=Belongs(case_id=case.id, draft_id="d"))
        first, second = uow.files.of_case(case.id)
        assert list(uow.files.of_draft("d")) == [first, second]
        assert (first.sha256, first.size, first.name) == (second.sha256, 10, "照片.jpg")
        assert uow.files.read(first.sha256) == b"\xff\xd8 picture"

    assert len([path for path in (house.folder / "files").rglob("*") if path.is_file()]) == 1


def test_the_file_is_on_the_disk_before_the_commit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    File and folders are synced when ``put`` returns, so a committed row never names a file that a power loss took.
    """
    synced: list[str] = []

    def fsync(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))

    monkeypatch.setattr(os, "fsync", fsync)
    digest = store(house.folder / "files", b"x")
    place = path_of(house.folder / "files", digest)

    assert synced[0].startswith(f"{place.parent}/.")
    assert {str(place.parent), str(place.parent.parent), str(house.folder)} <= set(synced[1:])


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_file_that_is_not_what_was_stored_is_refused(tmp_path: Path, house: House, damage: str) -> None:
    """
    A changed or missing file is named, never handed out.
    """
    with house.database.begin() as uow:
        row = uow.files.put(b"proof", name="a", mime="text/plain", to=Belongs())
        place = path_of(house.folder / "files", row.sha256)
        place.write_bytes(b"wrong") if damage == "changed" else place.unlink()
        with pytest.raises(DamagedFileError, match=row.sha256):
            uow.files.read(row.sha256)


def test_a_torn_file_of_the_same_hash_is_written_again(tmp_path: Path) -> None:
    """
    What a crash left shorter than it should be is replaced when the bytes are sent again.
    """
    digest = store(tmp_path, b"whole")
    path_of(tmp_path, digest).write_bytes(b"who")
    store(tmp_path, b"whole")
    assert path_of(tmp_path, digest).read_bytes() == b"whole"
