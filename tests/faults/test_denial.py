"""Denial of service is bounded: who says nothing, too much or nonsense keeps nobody from being answered (S20)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
import uvicorn

from bot import serve, web
from bot.patience import Patient
from tests.support import LONG
from tests.support.faults.company import Company, working
from tests.support.faults.traffic import slowest

SLOW = 2_000 if LONG else 50
SECONDS = 60 if LONG else 3
RATE = 20
MEBIBYTES = 400
UNSIGNED = b"POST /slack/events HTTP/1.1\r\nhost: bot\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
"""What nobody signed."""


def connected(port: int) -> socket.socket:
    """A connection."""
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def whispered(port: int, over: threading.Event) -> None:
    """Slowloris: so many connections, each with one more letter of a header now and then."""
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(connected(port))) for _ in range(SLOW)]
        for line in lines:
            line.sendall(b"POST /slack/events HTTP/1.1\r\nhost: bot\r\nx-a: ")
        while not over.wait(0.5):
            for line in lines:
                with suppress(OSError):
                    line.sendall(b"a")


def shouted(port: int, over: threading.Event) -> None:
    """Bodies without an end, one after another, at the door and at the customer's page."""
    heads = [f"POST {path} HTTP/1.1\r\nhost: bot\r\ntransfer-encoding: chunked\r\n\r\n".encode()
             for path in ("/slack/events", "/c/000000000000", "/wecom/callback")]  # fmt: skip
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    while not over.is_set():
        for head in heads:
            with suppress(OSError), closing(connected(port)) as line:
                line.sendall(head)
                for _ in range(100):
                    line.sendall(chunk)


def headed(port: int, over: threading.Event) -> None:
    """Headers without an end."""
    while not over.is_set():
        with suppress(OSError), closing(connected(port)) as line:
            line.sendall(b"GET /livez HTTP/1.1\r\n")
            for at in range(5_000):
                line.sendall(b"x-%d: %s\r\n" % (at, b"a" * 1000))


def unsigned(port: int, over: threading.Event) -> None:
    """What nobody signed, as fast as it goes."""
    while not over.is_set():
        with suppress(OSError), closing(connected(port)) as line:
            for _ in range(50):
                line.sendall(UNSIGNED)
                line.recv(4096)
                if over.wait(0.005):
                    break


ATTACKS: tuple[Callable[[int, threading.Event], None], ...] = (whispered, shouted, headed, unsigned)


@contextmanager
def attacked(port: int, *attacks: Callable[[int, threading.Event], None]) -> Iterator[None]:
    """While this lasts."""
    over = threading.Event()
    threads = [threading.Thread(target=attack, args=(port, over), daemon=True) for attack in attacks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(20)


@pytest.fixture
def company(sqlite_url: str, tmp_path: Path) -> Iterator[Company]:
    """The sample company, its bot at work."""
    with working(sqlite_url, tmp_path) as company:
        company.bots[0].start()
        yield company


def resident(pid: int) -> float:
    """How much memory a process has, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@pytest.mark.timeout(300)
def test_whoever_is_signed_is_answered_meanwhile(company: Company) -> None:
    """
    Under slow headers, endless bodies, floods of headers and unsigned requests at once: all of Slack's requests are
    taken before Slack hangs up, 99 of 100 within a second on a machine of its own; the memory stays bounded.
    """
    bot = company.bots[0]
    with attacked(bot.port, *ATTACKS):
        time.sleep(0.5)
        traffic = company.traffic()
        traffic.start(RATE * SECONDS, RATE)
        answers = traffic.end()
        memory = resident(bot.pid)
    figures = f"p99 {slowest(answers, 0.99):.2f} s, at most {slowest(answers):.2f} s, {memory:.0f} MiB"
    print(figures)  # noqa: T201 - the figures of docs/security.md
    assert {answer.status for answer in answers} == {200}, figures
    assert slowest(answers) < 2.9, figures
    assert memory < MEBIBYTES, figures
    assert bot.status("/livez") == 200


class Hasty(Patient):
    """The same, for a test that cannot wait."""

    head_seconds = 0.5


@contextmanager
def served() -> Iterator[int]:
    """The server's own pages behind it; the port."""
    config = uvicorn.Config(web.application(lambda: (), lambda: b""), http=Hasty, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def test_a_connection_that_says_nothing_is_closed() -> None:
    """
    Neither silence nor a head that never ends keeps a connection; one that sends whole requests is answered each time.
    """
    with served() as port, ExitStack() as stack:
        silent, slow = (stack.enter_context(closing(connected(port))) for _ in range(2))
        slow.sendall(b"GET /livez HTTP/1.1\r\nx-a: ")
        good = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=10)))
        for _ in range(3):
            good.request("GET", "/livez")
            assert good.getresponse().read() == b"ok\n"
            time.sleep(0.3)
        for line in (silent, slow):
            assert line.recv(10) == b""


def test_the_server_has_this_patience() -> None:
    """
    What is tried here is what `gukebot serve` is started with.
    """
    assert serve._web_server(web.application(lambda: (), lambda: b"")).config.http is Patient
