"""The inventory of doors: what is shipped is on the page, and what is on the page is there (S13)."""

from pathlib import Path

import pytest

from tests.support import doors, knocking
from tests.support.desk import Desk


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Desk:
    """The whole bot, with the sample company."""
    return Desk.furnished(sqlite_url, tmp_path)


def test_every_route_is_known(desk: Desk, tmp_path: Path) -> None:
    """
    A route that nobody said anything about may not be shipped; one that is gone is not promised any more.
    """
    assert doors.routes(doors.server(desk, tmp_path)) == set(doors.SERVER)
    assert doors.demo_routes() == set(doors.DEMO)
    desk.leave()


def test_the_page_is_as_the_code_is() -> None:
    """
    The page of doors names every route, and every action with who may do it. ``make doors`` writes it anew.
    """
    assert doors.DOORS.read_text("utf-8") == doors.document()


def test_who_brings_nothing_gets_nothing(desk: Desk, tmp_path: Path) -> None:
    """
    Every door that is not a probe refuses who comes without a signature, a link or a cookie, and says nothing of why.
    """
    web = doors.server(desk, tmp_path)
    closed = [path for method, path in doors.SERVER if method == "POST"]
    knocks = [knocking.Knock(b"a=1", {"content-type": knocking.FORM}, path.replace("{token}", "x")) for path in closed]
    heard = knocking.put(web, knocks)
    assert {each.status for each in heard} <= {401, 403, 404}, list(zip(closed, heard, strict=True))
    for each in heard:
        assert b"Traceback" not in each.body
        assert "投诉".encode() not in each.body
    desk.leave()
