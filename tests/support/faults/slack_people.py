"""People at their phones in a Slack crash story, and Slack between them and us: what is not taken comes again."""

import itertools
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.faults.carrier import Asked, Carrier
from tests.support.faults.driver import PATIENCE_SECONDS, REDELIVERED, Ledger, Plan, act
from tests.support.faults.server import ServerJob
from tests.support.faults.slack import Slack
from tests.support.faults.worker import Worker
from tests.support.slack.filling import state_of
from tests.support.slack.payloads import as_form, as_interaction, as_json, signed
from tests.support.slack.reading import text_of

Json = dict[str, Any]

ANSWERS = {
    "customer": "K07", "product": "LG-1040", "category": "delivery", "impact": "notice", "quantity": "11-100",
    "received_at": "now", "handling": "self",
}  # fmt: skip
FOR_QUALITY = {"category": "quality", "handling": "transmit"}
TYPED = ("投诉", "驰安", "球头总成", "交付", "仅通知", "跳过", "{title}", "11–100只", "刚刚", "销售自行处理")
"""The same complaint, a line at a time."""

BY_LINES, TO_QUALITY = 0.2, 0.25
TEAM = "T0STORY"
LATE_SECONDS = 3.0
"""So long Slack waits for an answer."""

WINDOW_SECONDS = 0.5
"""So long somebody waits for the window before they tap again."""

NUMBER = re.compile(r"TS-2026-\d{4}")
FILED = "已受理"

_numbers = itertools.count(1)


class Line(Carrier):
    """Slack's way to our servers."""

    def post(self, body: bytes, kind: str) -> str:
        """Deliver a request, signed at each try."""
        return self.tell(partial(_signed, body, kind))


def _signed(body: bytes, kind: str, tries: int) -> Asked:
    again = {"x-slack-retry-num": str(tries), "x-slack-retry-reason": "http_error"} if tries else {}
    return "/slack/events", body, {**signed(body, kind, int(time.time())), **again}


@dataclass
class Phone:
    """One person: one complaint after another, by a window or a line at a time."""

    user: str
    slack: Slack
    line: Line
    titles: list[str]
    ledger: Ledger
    chance: random.Random

    def run(self) -> None:
        """Report every complaint."""
        try:
            for title in self.titles:
                if self.chance.random() < BY_LINES:
                    self.type(title)
                else:
                    self.fill(title)
        except Exception as error:  # noqa: BLE001 - the story ends with it
            self.ledger.faults.append(f"{self.user}: {error!r}")

    def type(self, title: str) -> None:
        """Line by line; the number comes as a message."""
        for text in TYPED:
            number = next(_numbers)
            event = {"type": "message", "channel_type": "im", "channel": f"D{self.user}", "user": self.user,
                     "text": text.format(title=title), "ts": f"{number}.1"}  # fmt: skip
            told = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": event}
            self.line.post(*as_json(told))
        self.ledger.reported(title)

    def fill(self, title: str) -> None:
        """In a window, which is opened again until it is there and submitted again until it is taken."""
        view = self._opened()
        more = FOR_QUALITY if self.chance.random() < TO_QUALITY else {}
        state = state_of(view, {**ANSWERS, **more, "description": title})
        self._changed(view, state)
        said = json.loads(self.line.post(*self._submitted(view, state)))
        if self.chance.random() < REDELIVERED:
            # tapped twice: another request about the same window
            self.line.post(*self._submitted(view, state))
        text = text_of(said.get("view") or {})
        found = NUMBER.search(text)
        if found is None or FILED not in text:
            raise AssertionError(f"{title} was answered with {said}")
        self.ledger.reported(title, found.group())

    def _opened(self) -> Json:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            trigger = f"{next(_numbers)}.1.x"
            self.line.post(*self.chance.choice((self._command, self._shortcut, self._button))(trigger))
            late = time.monotonic() + WINDOW_SECONDS
            while time.monotonic() < late:
                view = self.slack.window(trigger)
                if view is not None:
                    return view
                time.sleep(0.005)
        raise TimeoutError("no window was opened")

    def _command(self, trigger: str) -> tuple[bytes, str]:
        return as_form({
            "command": "/guke", "text": "投诉", "user_id": self.user, "team_id": TEAM, "channel_id": "C1",
            "trigger_id": trigger, "response_url": f"{self.slack.api}response",
        })  # fmt: skip

    def _shortcut(self, trigger: str) -> tuple[bytes, str]:
        return self._interaction("shortcut", trigger, callback_id="complaint.new")

    def _button(self, trigger: str) -> tuple[bytes, str]:
        tap = {"action_id": "start", "block_id": "b", "action_ts": trigger, "value": "start:complaint|"}
        return self._interaction("block_actions", trigger, actions=[{"type": "button", **tap}], channel={"id": "C1"})

    def _changed(self, view: Json, state: Json) -> None:
        """A field is left: what stands in it is kept."""
        trigger = f"{next(_numbers)}.1.x"
        acted = {"action_id": "v", "block_id": "customer", "action_ts": trigger, "type": "external_select"}
        shown = {**view, "state": state}
        self.line.post(*self._interaction("block_actions", trigger, actions=[acted], view=shown))

    def _submitted(self, view: Json, state: Json) -> tuple[bytes, str]:
        trigger = f"{next(_numbers)}.1.x"
        return self._interaction("view_submission", trigger, view={**view, "state": state})

    def _interaction(self, kind: str, trigger: str, **more: Any) -> tuple[bytes, str]:
        user = {"id": self.user, "team_id": TEAM}
        return as_interaction({"type": kind, "team": {"id": TEAM}, "user": user, "trigger_id": trigger, **more})


def play(job: ServerJob, workers: list[Worker], plan: Plan, slack: Slack, users: Sequence[str]) -> Ledger:
    """Everybody reports while servers are killed at random instants; give the ledger."""
    chance, ledger = random.Random(plan.seed), Ledger()
    titles = [f"A{count:05}" for count in range(plan.intakes)]
    phones = []
    for index, user in enumerate(users):
        own = random.Random(chance.random())
        line = Line(tuple(job.ports.values()), ledger, own, LATE_SECONDS)
        phones.append(Phone(user, slack, line, titles[index :: len(users)], ledger, own))
    act([phone.run for phone in phones], workers, (plan, chance), ledger)
    return ledger
