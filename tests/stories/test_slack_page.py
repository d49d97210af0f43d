"""The page of a form for whoever works in Slack: 网页 gives a link that can be followed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import Browser
from tests.support.customer import PUBLIC
from tests.support.desk import Desk
from tests.support.slack.stand import Stand
from tests.support.staff import fields
from tests.support.workplace import Workplace

SELLER = "程小满"


@pytest.fixture
def there(desk: Desk, slack_stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    """Slack, and an address on the net."""
    monkeypatch.setenv("GUKEBOT_SERVER__PUBLIC_URL", PUBLIC)
    work = Workplace.open(desk, slack_stand, tmp_path)
    yield work
    work.leave()


def links(blocks: Any) -> list[str]:
    """Everything in a message that can be followed."""
    if isinstance(blocks, dict):
        return [blocks["url"]] if blocks.get("type") == "link" else links(list(blocks.values()))
    return [url for each in blocks for url in links(each)] if isinstance(blocks, list) else []


def test_the_word_gives_a_link_in_slack(there: Workplace) -> None:
    """
    A form that was left is gone on with on its page: with the answers that its modal kept.
    """
    phone = there.phone(SELLER)
    phone.command("/guke", "投诉")
    phone.form.fill("问题说明", "孔位偏移,装不上")
    phone.form.close()
    phone.command("/guke", "网页")
    assert len(links(phone.whispers()[-1]["blocks"])) == 1
    phone.dm("网页")
    there.deliver()
    [url] = [url for each in phone.messages() for url in links(each.get("blocks")) if "/f/" in url]
    page = Browser(there.web, PUBLIC)

    assert fields(page.get(url)).values["t.description"] == "孔位偏移,装不上"
