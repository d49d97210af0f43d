"""The app manifest: Slack takes it as it is, and every right in it is used."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from slack_sdk import WebClient

from bot.cli import root
from bot.slack import listening, talking
from bot.slack import manifest as declared

ROOT = Path(__file__).parents[2]
BASE = "https://bot.example.com"

SHAPE: dict[str, Any] = {
    "_metadata": {"major_version": int, "minor_version": int},
    "display_information": {"name": 35, "description": 140, "long_description": 4000, "background_color": 7},
    "features": {
        "app_home": {
            "home_tab_enabled": bool, "messages_tab_enabled": bool, "messages_tab_read_only_enabled": bool,
        },
        "bot_user": {"display_name": 80, "always_online": bool},
        "shortcuts": [{"name": 24, "type": 7, "callback_id": 255, "description": 150}],
        "slash_commands": [
            {"command": 32, "url": 3000, "description": 2000, "usage_hint": 1000, "should_escape": bool}
        ],
    },
    "oauth_config": {"scopes": {"bot": [100]}},
    "settings": {
        "event_subscriptions": {"request_url": 3000, "bot_events": [100]},
        "interactivity": {"is_enabled": bool, "request_url": 3000, "message_menu_options_url": 3000},
        "org_deploy_enabled": bool, "socket_mode_enabled": bool, "token_rotation_enabled": bool,
    },
}  # fmt: skip
"""The keys Slack knows, and how long each text may be."""


def faults(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """What Slack would refuse."""
    if isinstance(shape, dict):
        for key, inner in value.items():
            if key in shape:
                yield from faults(inner, shape[key], f"{path}/{key}")
            else:
                yield f"{path}/{key}: unknown"
    elif isinstance(shape, list):
        for index, inner in enumerate(value):
            yield from faults(inner, shape[0], f"{path}/{index}")
    elif not (isinstance(value, shape) if isinstance(shape, type) else 0 < len(str(value)) <= shape):
        yield f"{path}: {value!r}"


def urls(value: Any) -> Iterator[str]:
    """Every address in a manifest."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key.endswith("url") else urls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from urls(inner)


def read_yaml(text: str) -> Any:
    """The little of YAML that is written: mappings, lists, and texts as JSON has them."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()]

    def block(at: int, depth: int) -> tuple[Any, int]:
        found: Any = [] if lines[at][1].startswith("- ") else {}
        while at < len(lines) and lines[at][0] == depth:
            line = lines[at][1]
            if line.startswith("- ") and not re.match(r"- \w+: ", line):
                found.append(json.loads(line[2:]))
                at += 1
            elif line.startswith("- "):
                lines[at] = (depth + 2, line[2:])
                inner, at = block(at, depth + 2)
                found.append(inner)
            else:
                key, _, rest = line.partition(":")
                if rest:
                    found[key], at = json.loads(rest), at + 1
                else:
                    found[key], at = block(at + 1, lines[at + 1][0])
        return found, at

    return block(0, 0)[0]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("mode", ["http", "socket"])
def test_slack_takes_it(mode: declared.Mode, language: str) -> None:
    """
    Only keys that Slack knows, no text longer than it allows, and its long description long enough.
    """
    made = declared.manifest(mode, BASE, language)

    assert list(faults(made, SHAPE)) == []
    assert len(made["display_information"]["long_description"]) >= 174
    assert len(made["features"]["shortcuts"]) <= 10
    assert len(made["oauth_config"]["scopes"]["bot"]) <= 15
    assert read_yaml(declared.as_yaml(made)) == made


def test_socket_mode_names_no_address() -> None:
    """
    Behind a firewall nothing is to be reached; over HTTP all goes to one address.
    """
    http, socket = (declared.manifest(mode, f"{BASE}/", "en") for mode in ("http", "socket"))

    assert set(urls(http)) == {f"{BASE}/slack/events"}
    assert len(list(urls(http))) == 4
    assert list(urls(socket)) == []
    assert (http["settings"]["socket_mode_enabled"], socket["settings"]["socket_mode_enabled"]) == (False, True)


METHOD = re.compile(r"(?:apps|auth|blocks|bots|chat|conversations|files|reactions|team|usergroups|users|views)\.[\w.]+")


def called() -> set[str]:
    """Every method of the Web API that our code calls: by the client's own names, or by Slack's."""
    names = {
        name: re.findall(r"self\.api_call\(\s*\"([\w.]+)\"", inspect.getsource(member))
        for name, member in inspect.getmembers(WebClient, inspect.isfunction)
    }
    found: set[str] = set()
    for path in (ROOT / "bot" / "slack").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())) if path.name != "manifest.py" else ():
            if isinstance(node, ast.Attribute) and "_" in node.attr:
                found.update(names.get(node.attr, ()))
            if isinstance(node, ast.Constant) and METHOD.fullmatch(str(node.value)):
                found.add(str(node.value))
    return found


def test_every_method_has_its_right_and_every_right_is_used() -> None:
    """
    Nothing is called that the manifest does not allow, and no right is asked for in vain.
    """
    allowed = {method for scope in declared.SCOPES for method in scope.methods} | declared.FREE_METHODS
    used = called()

    assert used - allowed == set()
    assert [scope.name for scope in declared.SCOPES if scope.methods and not used & set(scope.methods)] == []
    assert [scope.name for scope in declared.SCOPES if not scope.methods and not scope.events] == ["commands"]


def test_what_is_chosen_and_told_is_heard() -> None:
    """
    Every shortcut in the manifest begins something, and whatever is listened to is subscribed to.
    """
    callbacks = {callback.partition(".")[2] for _, callback, _, _ in declared.SHORTCUTS}
    subscribed = {event.partition(".")[0] for event in declared.EVENTS}

    assert callbacks == set(listening.SHORTCUTS)
    assert set(talking.EVENTS) <= subscribed


def test_it_is_printed_to_be_pasted() -> None:
    """
    The command writes what Slack's own editor shows, or JSON; without an address it says what is missing.
    """
    run = CliRunner()
    there = ["slack", "manifest", "--mode", "http", "--base-url", BASE]
    yaml = run.invoke(root, [*there, "--language", "en"])
    as_json = run.invoke(root, [*there, "--format", "json", "--language", "zh"])
    refused = run.invoke(root, ["slack", "manifest", "--mode", "http", "--base-url", "http://10.0.0.1"])

    assert read_yaml(yaml.output)["features"]["slash_commands"][0]["command"] == "/guke"
    assert json.loads(as_json.output)["display_information"]["name"] == "顾客管理"
    assert refused.exit_code == 2
    assert "--base-url" in refused.output
