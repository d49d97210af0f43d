"""Fixtures for every test that needs WeCom; nothing is started, or imported, before one asks."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.wecom.caller import Caller
    from tests.support.wecom.crypto import Encrypter
    from tests.support.wecom.stand import Stand
    from tests.support.wecom.tencent import Tencent

CI = os.environ.get("GUKEBOT_CI") == "1"
ENCRYPTERS = ["own", "tencent"]


@pytest.fixture(scope="session")
def wecom_process() -> "Iterator[Stand]":
    """The fake's door."""
    from tests.support.wecom.stand import Stand

    stand = Stand()
    yield stand
    stand.stop()


@pytest.fixture
def wecom_stand(wecom_process: "Stand") -> "Iterator[Stand]":
    """WeCom with the sample company in it, for this test alone; payloads WeCom would refuse fail the test."""
    wecom_process.open()
    yield wecom_process
    bad = wecom_process.forgive()
    assert not bad, "WeCom would have refused, cut or dropped:\n" + "\n".join(bad)


@pytest.fixture
def wecom_caller(wecom_stand: "Stand") -> "Iterator[Caller]":
    """A bare client with a token of the product's app."""
    from tests.support.wecom.caller import Caller

    caller = Caller(wecom_stand)
    yield caller
    caller.close()


@pytest.fixture
def wecom_other_caller(wecom_stand: "Stand") -> "Iterator[Caller]":
    """The same of another app."""
    from tests.support.wecom.caller import Caller

    caller = Caller(wecom_stand, wecom_stand.other_secret)
    yield caller
    caller.close()


@pytest.fixture(scope="session")
def wecom_tencent() -> "Iterator[Tencent]":
    """Tencent's own crypto; without Node a failure in CI, and elsewhere a reason to leave the test out."""
    from tests.support.slack.node import NodeError
    from tests.support.wecom.tencent import Tencent

    try:
        tencent = Tencent.start()
    except NodeError as missing:
        if CI:
            pytest.fail(str(missing))
        pytest.skip(str(missing).partition("\n")[0])
    yield tencent
    tencent.stop()


@pytest.fixture(params=ENCRYPTERS)
def wecom_encrypter(request: pytest.FixtureRequest) -> "Encrypter":
    """Who writes WeCom's callbacks: the test runs once with ours and once with Tencent's own."""
    from tests.support.wecom.crypto import Own

    if request.param == "own":
        return Own()
    tencent: Tencent = request.getfixturevalue("wecom_tencent")
    return tencent
