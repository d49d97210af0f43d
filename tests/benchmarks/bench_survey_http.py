"""Answers to a survey over HTTP, each on the disk before its thanks, against a bare form that keeps one row."""

import http.client
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from handlers.invitations import link_of
from handlers.turn import Turn
from storage.surveys import Invitation
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.pairing import Goal, Row, Side, Work, compare, seconds
from tests.benchmarks.rig import Rig
from tests.support.answering import ALL, browser, campaign, form, sent
from tests.support.desk import Desk

AT_ONCE = 8
READY_SECONDS = 60
HEADERS = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Post:
    """One answer, ready to be sent."""

    path: str
    body: bytes
    cookie: str


def rows(rig: Rig) -> Iterator[Row]:
    """Eight people at a time, each answering by a link of their own."""
    rounds, count = (3, 60) if rig.quick else (5, 200)
    for name, url in rig.urls().items():
        address = url()
        desk = rig.desk(address)
        posts = _posts(desk, rounds * count)
        desk.database.dispose()
        with _serving("ours", address, rig.folder) as mine, _serving("bare", url(), rig.folder) as bare:
            waiting = iter([posts[at : at + count] for at in range(0, len(posts), count)])
            ours = Side("ours", partial(_sent, mine, waiting))
            peer = Side("bare form", partial(_sent, bare, repeat(posts[:count])))
            work = Work(rounds=rounds, units=count, rate=True, what="answers")
            yield compare(Goal(f"answers over HTTP on {name}", 0.5, at_least=True), ours, peer, work)


def _posts(desk: Desk, count: int) -> list[Post]:
    """A survey that is out, and as many who have its page open and everything ticked."""
    sent(desk)

    def invite(uow: UnitOfWork) -> list[str]:
        survey = campaign(uow)
        like = uow.surveys.invitations(survey)[0]
        new = [
            Invitation(campaign_id=survey.id, subject=f"bench:{n}", customer=like.customer, contact_id=like.contact_id)
            for n in range(count)
        ]
        uow.surveys.invite(survey, new)
        turn, links = Turn(uow, desk.company), desk.company.links
        assert links is not None
        return [links.url(link_of(turn, survey, each)) for each in new]

    found = []
    for link in desk.do(invite):
        client = browser(desk)
        page = client.get(link)
        given = form(page, "submit", ALL, suggestions="包装再结实些")
        cookie = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
        found.append(Post(urlsplit(str(page.url)).path, urlencode(given).encode(), cookie))
    return found


def _sent(port: int, batches: Iterator[list[Post]]) -> float:
    """How long it takes until everybody of the next batch is thanked."""
    waiting: queue.SimpleQueue[Post] = queue.SimpleQueue()
    for post in next(batches):
        waiting.put(post)
    refused: list[int] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            try:
                post = waiting.get_nowait()
            except queue.Empty:
                return
            connection.request("POST", post.path, post.body, {**HEADERS, "cookie": post.cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                refused.append(answer.status)

    def everybody() -> None:
        threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    took = seconds(everybody)
    if refused:
        raise RuntimeError(f"{len(refused)} were not thanked: {sorted(set(refused))}")
    return took


@contextmanager
def _serving(kind: str, url: str, folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.survey_servers", kind, url, str(folder), str(port)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server does not listen")
