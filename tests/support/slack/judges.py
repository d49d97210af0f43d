"""Is this payload one that Slack takes? Three libraries and our own rules say what they find wrong."""

import functools
import importlib
import json
from collections.abc import Callable, Mapping
from typing import Any

Judge = Callable[[Mapping[str, Any], str], list[str]]

SURFACES = ("message", "modal", "home")
JUDGES = {
    "rules": "tests.support.slack.rules",
    "slack_sdk": "tests.support.slack.judge_sdk",
    "blockkit": "tests.support.slack.judge_blockkit",
    "slackblocks": "tests.support.slack.judge_slackblocks",
}


def judge(payload: Mapping[str, Any], surface: str) -> list[str]:
    """Every fault of a message's or view's payload, with the judge who found it; empty means good."""
    if surface not in SURFACES:
        return [f"no surface called {surface!r}"]
    return list(_verdict(json.dumps(payload, ensure_ascii=False, sort_keys=True), surface))


@functools.cache
def _verdict(payload: str, surface: str) -> tuple[str, ...]:
    # the same card is judged often: when it is posted, drawn anew, asked after
    read = json.loads(payload)
    return tuple(f"{name}: {fault}" for name in JUDGES for fault in _judge(name)(read, surface))


@functools.cache
def _judge(name: str) -> Judge:
    judge: Judge = importlib.import_module(JUDGES[name]).faults
    return judge
