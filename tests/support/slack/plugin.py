"""Fixtures for every test that needs Slack; nothing is started, or imported, before one asks."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from tests.support.slack.stand import Stand

CI = os.environ.get("GUKEBOT_CI") == "1"


@pytest.fixture(scope="session")
def slack_process() -> "Iterator[Stand]":
    """The stand's process and door; without Node a failure in CI, and elsewhere a reason to leave the test out."""
    from tests.support.slack.node import NodeError
    from tests.support.slack.stand import Stand

    try:
        stand = Stand.start()
    except NodeError as missing:
        if CI:
            pytest.fail(str(missing))
        pytest.skip(str(missing).partition("\n")[0])
    yield stand
    stand.stop()


@pytest.fixture
def slack_stand(slack_process: "Stand") -> "Iterator[Stand]":
    """Slack with the sample company in it, for this test alone; payloads Slack would refuse fail the test."""
    slack_process.open()
    yield slack_process
    bad = slack_process.gate.forgive()
    assert not bad, "Slack would have refused:\n" + "\n".join(bad)


@pytest.fixture
def slack_client(slack_stand: "Stand") -> "WebClient":
    """A product's client: every call once, no retries of its own."""
    from slack_sdk import WebClient

    return WebClient(token=slack_stand.token, base_url=slack_stand.api, retry_handlers=[])
