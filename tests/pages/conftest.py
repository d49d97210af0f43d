"""The bench of the pages: a browser, and where there is none a reason."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support import chromium


# not for the whole session: as long as it runs, Playwright keeps an event loop that other tests would trip over
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """
    Chromium; where there is none, a failure in CI and elsewhere a reason to leave the test out.
    """
    if chromium.find() is None:
        if os.environ.get("GUKEBOT_CI") == "1":
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with chromium.running() as started:
        yield started
