"""WeCom as the sender: callbacks reach the product encrypted, with five seconds to answer and three more tries."""

import secrets
import threading
import time
from dataclasses import dataclass, field

from tests.support.wecom.callbacks import Callback, Fields, Post, ReplyError
from tests.support.wecom.crypto import CipherError, Encrypter, Own
from tests.support.wecom.senders import Answered, Send
from tests.support.wecom.stand import Stand

PATIENCE, ECHO_PATIENCE = 5.0, 1.0
"""Seconds that WeCom waits for an answer."""

TRIES = 4
"""Once, and three times more."""


@dataclass(slots=True)
class Delivery:
    """What became of one callback: the statuses of all tries, 0 where the product took too long or broke down."""

    callback: Callback
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    body: bytes = b""
    reply: Fields = field(default_factory=dict)

    @property
    def taken(self) -> bool:
        """Whether the product said 200 in the end."""
        return self.statuses[-1:] == [200]


class Courier:
    """Brings callbacks to the product, and reads its answers."""

    def __init__(self, stand: Stand, send: Send, encrypter: Encrypter | None = None) -> None:
        self.stand = stand
        self.send = send
        self.post = Post(encrypter or Own(), stand.world.secrets, stand.agent_id)
        self.patience = PATIENCE
        self.echo_patience = ECHO_PATIENCE
        self.pause = 0.0
        self.fresh_tries = True
        """Whether a new try is sealed anew, with a new timestamp; what WeCom does is not known."""
        self.deliveries: list[Delivery] = []
        self._late: list[threading.Thread] = []

    @property
    def lost(self) -> list[Delivery]:
        """The callbacks that the product did not take, all four times."""
        return [each for each in self.deliveries if not each.taken]

    def verify(self) -> bool:
        """保存 on the page 接收消息: True where the product proves within a second that it has the keys."""
        words = str(secrets.randbelow(10**19))
        callback = self.post.echo(words, self._timestamp())
        delivery = Delivery(callback)
        self._try(delivery, callback, self.echo_patience)
        right = delivery.taken and delivery.body == words.encode()
        self.stand.app.callback = right
        return right

    def deliver(self, fields: Fields) -> Delivery:
        """A message or event on its way to the product, tried until it is taken."""
        return self._deliver(self.post.sealed(fields, self._timestamp()), fresh=self.fresh_tries)

    def again(self, callback: Callback) -> Delivery:
        """The same callback once more, byte for byte."""
        return self._deliver(callback, fresh=False)

    def settle(self) -> None:
        """Wait for a product that still works on what WeCom gave up."""
        for late in self._late:
            late.join()
        self._late.clear()

    def _deliver(self, callback: Callback, *, fresh: bool) -> Delivery:
        delivery = Delivery(callback)
        self.deliveries.append(delivery)
        for tried in range(TRIES):
            if tried:
                time.sleep(self.pause)
            if tried and fresh:
                callback = self.post.sealed(callback.fields, self._timestamp())
            self._try(delivery, callback, self.patience)
            if delivery.taken:
                break
        if delivery.taken:
            self._read(delivery)
        return delivery

    def _read(self, delivery: Delivery) -> None:
        try:
            delivery.reply = self.post.opened(delivery.body, delivery.callback)
        except (ReplyError, CipherError) as fault:
            self.stand.world.bad.append(f"callback: {fault}")

    def _try(self, delivery: Delivery, callback: Callback, patience: float) -> None:
        heard: list[Answered] = []

        def call() -> None:
            try:
                heard.append(self.send(callback.method, callback.query, callback.body))
            except Exception as fault:  # noqa: BLE001 - a product that breaks down has not answered
                delivery.faults.append(fault)

        before = time.monotonic()
        line = threading.Thread(target=call, daemon=True)
        line.start()
        line.join(patience)
        if line.is_alive():
            self._late.append(line)
        answer = heard[0] if heard else None
        delivery.seconds.append(time.monotonic() - before)
        delivery.statuses.append(answer.status_code if answer else 0)
        delivery.body = answer.content if answer else b""

    def _timestamp(self) -> int:
        return int(self.stand.world.now().timestamp())
