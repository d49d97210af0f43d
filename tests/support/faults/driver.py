"""The platform's side of a crash story: it sends every event until it is acknowledged, and keeps a ledger of that."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection
from threading import Lock

from conversations.replies import Reply
from handlers.events import Answered, Attached, Event, Pressed, Sender, Upload
from tests.support.faults.chat import PLATFORM
from tests.support.faults.worker import Job, Worker
from tests.support.pictures import noise

SALES = ("程小满", "罗一帆", "丁雨禾", "顾晓岚")
ANSWERS = {
    "customer": "驰安", "product": "球头总成", "category": "交付", "impact": "仅通知", "quantity": "11–100只",
    "received_at": "刚刚", "handling": "销售自行处理",
}  # fmt: skip
FOR_QUALITY = {"category": "质量", "handling": "transmit"}
"""Handed over: the department and its lead are told too."""

TO_QUALITY = 0.25
REDELIVERED = 0.05
WITH_PHOTO = 0.1
PATIENCE_SECONDS = 60


@dataclass
class Ledger:
    """What was acknowledged: the number that each complaint got, by its description."""

    numbers: dict[str, str] = field(default_factory=dict)
    redelivered: int = 0
    photos: int = 0
    faults: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def acknowledge(self, title: str, reply: Reply) -> None:
        """The platform was told 200 with this number."""
        number = str(reply.lines[0].values.get("n", ""))
        if not number:
            raise AssertionError(f"{title} was answered with {reply.lines}")
        self.reported(title, number)

    def reported(self, title: str, number: str = "") -> None:
        """A complaint was taken; its number, where the answer bore it."""
        with self._lock:
            self.numbers[title] = number


@dataclass
class Lane:
    """One person's phone: one complaint after another, each event repeated until it is answered."""

    job: Job
    worker: str
    person: str
    titles: list[str]
    ledger: Ledger
    chance: random.Random
    _connection: Connection | None = None

    def run(self) -> None:
        """Report every complaint."""
        try:
            for title in self.titles:
                self.report(title)
        except Exception as error:  # noqa: BLE001 - the story ends with it
            self.ledger.faults.append(f"{self.person}: {error!r}")

    def report(self, title: str) -> None:
        """Open the form, send it at once but for the photo, then that or none; the last answer bears the number."""
        sender = Sender(PLATFORM, self.person)
        form = self.tell(Pressed(f"{title}/start", sender, "start:complaint"))
        answers = {**ANSWERS, **(FOR_QUALITY if self.chance.random() < TO_QUALITY else {}), "description": title}
        self.tell(Answered(f"{title}/form", sender, form.draft, answers))
        if self.chance.random() < WITH_PHOTO:
            photo = Upload("label.png", "image/png", noise(self.chance, 24))
            filed = self.tell(Attached(f"{title}/photo", sender, (photo,)))
            self.ledger.photos += 1
        else:
            filed = self.tell(Pressed(f"{title}/file", sender, "skip"))
        self.ledger.acknowledge(title, filed)

    def tell(self, event: Event) -> Reply:
        """Send until answered; now and then once more, which must be answered the same."""
        reply = self._until_answered(event)
        if self.chance.random() < REDELIVERED and self._until_answered(event) != reply:
            raise AssertionError(f"{event.key} was answered in two ways")
        return reply

    def _until_answered(self, event: Event) -> Reply:
        end = time.monotonic() + PATIENCE_SECONDS
        tries = 0
        while time.monotonic() < end:
            reply = self._once(event)
            if reply is not None:
                self.ledger.redelivered += tries > 0
                return reply
            tries += 1
            time.sleep(0.01)
        raise TimeoutError(f"{event.key} was not answered within {PATIENCE_SECONDS} s")

    def _once(self, event: Event) -> Reply | None:
        try:
            if self._connection is None:
                self._connection = Client(self.job.socket(self.worker), "AF_UNIX")
            self._connection.send(event)
            reply = self._connection.recv()
        except (EOFError, OSError):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return None
        return reply if isinstance(reply, Reply) else None


@dataclass(frozen=True)
class Plan:
    """How many complaints are reported, and how many workers die meanwhile."""

    intakes: int
    kills: int
    seed: int


def play(job: Job, workers: list[Worker], plan: Plan) -> Ledger:
    """Report all complaints from four phones while workers are killed at random instants; give the ledger."""
    chance = random.Random(plan.seed)
    ledger = Ledger()
    # one word each, that no other has: the search for problems that are alike has its own tests
    titles = [f"A{count:05}" for count in range(plan.intakes)]
    lanes = [
        Lane(job, workers[index % len(workers)].name, person, titles[index :: len(SALES)], ledger,
             random.Random(chance.random()))
        for index, person in enumerate(SALES)
    ]  # fmt: skip
    act([lane.run for lane in lanes], workers, (plan, chance), ledger)
    return ledger


def act(
    people: Sequence[Callable[[], None]], workers: list[Worker], plan: tuple[Plan, random.Random], ledger: Ledger
) -> None:
    """Let everybody report at once while workers are killed at random instants; at the end all are dead."""
    story, chance = plan
    threads = [threading.Thread(target=person, daemon=True) for person in people]
    for worker in workers:
        worker.start()
    for thread in threads:
        thread.start()
    kill_along(workers, ledger, sorted(chance.sample(range(story.intakes), story.kills)), chance)
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.kill()


def kill_along(workers: list[Worker], ledger: Ledger, after: list[int], chance: random.Random) -> None:
    """Kill one worker each time so many complaints are acknowledged, and a random moment later."""
    for count in after:
        while len(ledger.numbers) < count and not ledger.faults:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05))
        worker = chance.choice(workers)
        worker.kill()
        worker.start()
