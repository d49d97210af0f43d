"""The bench of the pages: a browser, and where there is none a reason."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support import browser as browsers


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """
    Chromium; where there is none, a failure in CI and elsewhere a reason to leave the test out.
    """
    if browsers.find() is None:
        if os.environ.get("GUKEBOT_CI") == "1":
            pytest.fail(browsers.MISSING)
        pytest.skip(browsers.MISSING)
    with browsers.running() as started:
        yield started
