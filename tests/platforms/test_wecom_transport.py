"""The line to WeCom: one token for all, bounded tries, and a name for everything that can go wrong."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.demo.play import photo
from bot.settings import Wecom
from bot.wecom.meanings import MEANS, OF_CODE, WORDS, Means
from bot.wecom.transport import RefusedError, Transport, packed
from notifications.gateway import DeliveryError, LostReplyError
from tests.support import edge
from tests.support.storage import House
from tests.support.wecom.stand import Stand

TEXT = {"touser": "ChengXiaoman", "agentid": 1000002, "msgtype": "text", "text": {"content": "好"}}

PNG = photo(1)

Line = Callable[..., Transport]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A fresh database with a clock to turn; once on SQLite and once on PostgreSQL."""
    with closing(House(database_url, tmp_path)) as made:
        yield made


@pytest.fixture
def line(house: House, wecom_stand: Stand) -> Line:
    """Makes lines to the fake; each is another process."""
    wecom_stand.set_clock(house.clock)

    def make(timeout: float = 5, **other: Any) -> Transport:
        settings = Wecom.model_validate({**wecom_stand.settings, **other})
        # a fiftieth of what is slept: whoever waits for another's token has to let it be fetched
        return Transport(settings, house.database, timeout=timeout, sleep=lambda seconds: time.sleep(seconds / 50))

    return make


def test_one_token_serves_everybody(line: Line, wecom_stand: Stand) -> None:
    """
    Twenty threads in two processes that all begin at once fetch one token.
    """
    lines = [line(), line()]
    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(lambda n: lines[n % 2].read("getcallbackip"), range(20)))
    assert all(each["ip_list"] for each in said)
    assert wecom_stand.count("gettoken") == 1


def test_a_token_is_changed_before_its_end_and_when_it_is_revoked(line: Line, house: House, wecom_stand: Stand) -> None:
    """
    Five minutes before its end another token is fetched; one that is said to be bad is changed once, by whoever hears
    it first; an expired one may be called invalid.
    """
    first, second = line(), line()
    first.read("getcallbackip")
    house.clock.later(seconds=7200 - 299)
    first.read("getcallbackip")
    assert (wecom_stand.count("gettoken"), wecom_stand.refused) == (2, [])
    second.read("getcallbackip")
    wecom_stand.revoke_tokens()
    first.read("getcallbackip")
    second.read("getcallbackip")
    assert wecom_stand.count("gettoken") == 3
    assert [each.code for each in wecom_stand.refused] == [40014, 40014]


def test_a_token_that_is_never_taken_is_asked_for_once(line: Line, wecom_stand: Stand) -> None:
    """
    Where every token is refused, two are fetched and no more: the caller is told to wait.
    """
    wecom_stand.fail("getcallbackip", 40014, times=50)
    with pytest.raises(DeliveryError) as told:
        line().read("getcallbackip")
    assert told.value.closed
    assert told.value.retry_after
    assert (wecom_stand.count("gettoken"), wecom_stand.count("getcallbackip")) == (2, 2)


def test_a_wrong_secret_is_tried_once_and_never_shown(line: Line, wecom_stand: Stand) -> None:
    """
    A wrong secret is one call and a refusal that closes the line; neither it nor a token is in what is told or logged.
    """
    with edge.captured() as log, pytest.raises(RefusedError) as refused:
        line(secret="notTheSecretOfTheApp").read("getcallbackip")
    assert (refused.value.means, refused.value.code) == (Means.CLOSED, 40001)
    assert wecom_stand.count("gettoken") == 1
    wecom_stand.drop("message/send")
    with edge.captured() as log, pytest.raises(LostReplyError) as lost:
        line().post_raw("message/send", b"{}")
    token = next(iter(wecom_stand.world.tokens))
    told = f"{log.getvalue()} {refused.value!r} {lost.value!r} {lost.value.__cause__!r}"
    assert "notTheSecret" not in told
    assert wecom_stand.secret not in told
    assert token not in told


def test_a_busy_wecom_is_asked_three_times(line: Line, wecom_stand: Stand) -> None:
    """
    Busy twice is no matter; busy for good is a failure like others, tried later.
    """
    wecom_stand.fail("getcallbackip", -1, times=2)
    assert line().read("getcallbackip")["ip_list"]
    wecom_stand.fail("getcallbackip", 45033, times=3)
    with pytest.raises(DeliveryError, match="45033"):
        line().read("getcallbackip")
    assert wecom_stand.count("getcallbackip") == 6


def test_every_failure_has_its_name(line: Line, wecom_stand: Stand) -> None:
    """
    What surely was not taken can be tried again; where that is not sure, it is a lost answer: a page of a proxy, an
    empty answer, a line that goes dead, a server's error. What only reads or may be done twice is simply tried again.
    """
    transport = line(timeout=0.5)
    transport.token()
    faults: tuple[tuple[Callable[[str], None], type[Exception]], ...] = (
        (wecom_stand.html, LostReplyError),
        (wecom_stand.empty, LostReplyError),
        (wecom_stand.drop, LostReplyError),
        (wecom_stand.lose_reply, LostReplyError),
        (lambda path: wecom_stand.http_error(path, 502), LostReplyError),
        (lambda path: wecom_stand.slow(path, 0.8), LostReplyError),
        (lambda path: wecom_stand.http_error(path, 404), DeliveryError),
        (lambda path: wecom_stand.fail(path, 60111), RefusedError),
        (lambda path: wecom_stand.fail(path, 987654), DeliveryError),
    )
    for plan, kind in faults:
        plan("message/send")
        with pytest.raises(kind):
            transport.post_raw("message/send", packed(TEXT))
    for plan, kind in faults:
        plan("user/get")
        with pytest.raises(DeliveryError if kind is LostReplyError else kind):
            transport.read("user/get", userid="ChengXiaoman")
    with pytest.raises(DeliveryError):
        line(api_base_url="http://127.0.0.1:9").robot("key", b"{}")


def test_files_go_up_and_come_down(line: Line, wecom_stand: Stand) -> None:
    """
    A file with a Chinese name goes up and comes back the same, with its name; what is too large is cut off one byte
    after the limit, and an error is no file. Everything is asked at the address that is configured.
    """
    transport = line()
    media = transport.upload("file", "检验报告 第1版.png", PNG)
    assert transport.download(media, 1 << 20) == (PNG, "检验报告 第1版.png")
    assert transport.download(media, 10)[0] == PNG[:11]
    with pytest.raises(RefusedError) as refused:
        transport.download("nothing", 100)
    assert refused.value.code == 40007
    wecom_stand.html("media/get")
    with pytest.raises(DeliveryError, match="no file"):
        transport.download(media, 1 << 20)
    wecom_stand.http_error("media/get", 500)
    with pytest.raises(DeliveryError, match="500"):
        transport.download(media, 1 << 20)
    wecom_stand.revoke_tokens()
    assert transport.download(media, 1 << 20)[0] == PNG


def test_every_code_is_dealt_with_once() -> None:
    """
    No errcode stands under two meanings, and what an administrator is told is said in both languages.
    """
    assert sum(len(codes) for codes in MEANS.values()) == len(OF_CODE)
    assert all(chinese and english for chinese, english in WORDS.values())
    some = {40014: Means.TOKEN, 60020: Means.CLOSED, -1: Means.BUSY, 45009: Means.LIMITED, 42035: Means.PLAIN,
            40007: Means.MEDIA, 81013: Means.GONE, 60140: Means.STALE}  # fmt: skip
    assert {code: OF_CODE[code] for code in some} == some
