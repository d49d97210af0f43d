"""The inventory of every door: routes, what platforms may send, and who may do what; see docs/security.

``python -m tests.support.doors`` writes docs/security/doors.md anew.
"""

import ast
from collections.abc import Iterator, Mapping
from inspect import getsource
from pathlib import Path
from textwrap import dedent
from typing import cast

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from bot import serve
from bot.app import build
from bot.demo import web as demo
from bot.settings import Settings
from bot.slack import listening
from bot.wecom import translating
from conversations.permissions import Capacity
from conversations.personal import PERSONAL
from conversations.procedure import Procedure
from conversations.procedures.handbook import HANDBOOK
from handlers import switchboard
from tests.support.desk import Desk
from tests.support.knocking import SECRET
from tests.support.wecom.knocking import SETTINGS as WECOM

DOORS = Path(__file__).parents[2] / "docs" / "security" / "doors.md"

Doors = Mapping[tuple[str, str], tuple[str, str]]

SERVER: Doors = {
    ("GET", "/livez"): ("anybody", "says ok and nothing else"),
    ("GET", "/readyz"): ("anybody who reaches the port", "names of parts and whether they work; keep it inside"),
    ("GET", "/metrics"): ("anybody who reaches the port", "counts without names; keep it inside"),
    ("GET", "/c/{token}"): ("a customer's contact", "signed link, then a cookie of that path; shows their own case"),
    ("POST", "/c/{token}"): ("a customer's contact", "cookie, our own form, same origin; acts on that case only"),
    ("GET", "/s/{token}"): ("who was invited to a survey", "signed link, then a cookie of that path"),
    ("POST", "/s/{token}"): ("who was invited to a survey", "cookie, our own form, same origin; counts once"),
    ("GET", "/f"): ("our people", "sign-in of WeCom, or back to where a link was sent"),
    ("GET", "/f/in"): ("our people", "the way back from WeCom's sign-in, bound to who began it"),
    ("GET", "/f/new/{procedure}"): ("our people", "sign-in of WeCom; the role decides what may be begun"),
    ("GET", "/f/{token}"): ("one of our people", "signed link for one draft, 30 minutes, then a cookie"),
    ("POST", "/f/{token}"): ("one of our people", "cookie, our own form, same origin; the role decides at that moment"),
    ("GET", "/wecom/callback"): ("WeCom", "SHA-1 signature with the token, AES-256-CBC, five minutes"),
    ("POST", "/wecom/callback"): ("WeCom", "the same; the role of the member decides at the click"),
    ("POST", "/slack/events"): ("Slack", "HMAC-SHA256 of the body, five minutes; the role decides at the click"),
}  # fmt: skip
"""Who comes in by a route of the server, and what keeps the others out. A route that is not here may not be shipped."""

DEMO: Doors = dict.fromkeys(
    (
        *(("GET", path) for path in ("/", "/progress", "/picture/{sha}", "/photo/{name}", "/static/{name}")),
        ("POST", "/do/{what}"),
        *(("*", path) for path in ("/c", "/c/{token}", "/f/{token}", "/s/{token}")),
    ),
    ("who started the demo", "127.0.0.1 only, a one-time key, then a cookie; invented data"),
)

HEAD = """# Every door 所有入口

Written by `make doors`; a test fails when a route or an action is not on this page. What is not named here
does not exist, and what is not allowed is denied.
本页由 `make doors` 生成；未列出的入口不存在，未允许的操作一律拒绝。
"""
WECOM_TAPS = "A tap means what the card was sent with, never what the callback says."
OWN = "They show or change one's own things, or open a form that its own rights guard."
ACTIONS = """
## Actions 操作与权限

The capacities are explained in conversations/permissions.py; every cell of role, tie and step stands in
tests/rules/*_permissions.csv and is tried through Slack, WeCom and the console."""
COMMANDS = """
## Commands 命令行

They need the configuration and the data directory: whoever has those on the machine is trusted with all of it. All
stand in the reference ([中文](../zh/reference.md), [English](../en/reference.md)), which has a test of its own."""


def routes(web: ASGIApp) -> set[tuple[str, str]]:
    """Every method and path of a web application."""
    inner = cast("Starlette", getattr(web, "_app", web))
    return {
        (method, route.path)
        for route in inner.routes if isinstance(route, Route)
        for method in sorted((route.methods or {"*"}) - {"HEAD"})
    }  # fmt: skip


def server(desk: Desk, folder: Path) -> ASGIApp:
    """The server with everything that can be switched on."""
    settings = Settings.model_validate({
        "data": {"directory": folder},
        "server": {"public_url": "https://guke.example"},
        "slack": {"bot_token": "xoxb-doors", "signing_secret": SECRET, "api_base_url": "http://127.0.0.1:9/api/"},
        "wecom": WECOM,
    })  # fmt: skip
    app = build(settings, desk.database, desk.clock, [])
    return serve.application(app, *serve.rooms(app))


def demo_routes() -> set[tuple[str, str]]:
    """Every route of the demo, read from its declaration: it is not started for this."""
    calls = [node for node in ast.walk(ast.parse(dedent(getsource(demo.application)))) if isinstance(node, ast.Call)]
    found = [call for call in calls if getattr(call.func, "id", "") == "Route"]
    linked = {"contacts"}
    return {
        (method, ast.literal_eval(call.args[0]))
        for call in found
        for method in (["*"] if getattr(call.args[1], "id", "") in linked else
                       next((ast.literal_eval(word.value) for word in call.keywords), ["GET"]))
    }  # fmt: skip


def slack_kinds() -> list[str]:
    """What is listened to in Slack's payloads."""
    tree = ast.parse(getsource(listening.build))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return [call.attr for call in calls if isinstance(call, ast.Attribute) and ast.unparse(call.value) == "app"]


def wecom_kinds() -> list[str]:
    """What is understood of WeCom's messages and events."""
    tree = ast.parse(getsource(translating.event_of))
    kinds = [node.value for node in ast.walk(tree) if isinstance(node, ast.MatchValue)]
    return sorted({ast.literal_eval(each) for each in kinds} | {"template_card_event"})


def _by(allowed: frozenset[Capacity]) -> str:
    return ", ".join(capacity.value for capacity in Capacity if capacity in allowed)


def _actions(procedure: Procedure) -> Iterator[str]:
    yield f"\n### {procedure.key}\n\n| action | who | at |\n| --- | --- | --- |"
    yield f"| (begin one) | {_by(procedure.starts)} | |"
    for action in procedure.actions:
        yield f"| {action.key} | {_by(action.by)} | {', '.join(action.at).replace('*', 'every open step')} |"


def _routes(known: Doors) -> Iterator[str]:
    yield "| method | path | who comes in | what keeps the others out |\n| --- | --- | --- | --- |"
    yield from (f"| {method} | `{path}` | {who} | {guard} |" for (method, path), (who, guard) in known.items())


def document() -> str:
    """The page."""
    taps = sorted({*switchboard.TAPS, *switchboard.VIEWS, *switchboard.BARE, "option", "snooze", "snooze_for"})
    personal = (f"| {key} | {_by(each.by)} |" for key, each in PERSONAL.items())
    lines = [
        HEAD,
        "## Routes of `gukebot serve` 服务端路由\n", *_routes(SERVER),
        "\n## Routes of `gukebot demo` 演示路由\n", *_routes(DEMO),
        "\n## What platforms may send 平台消息\n",
        f"Slack, at `/slack/events`, signed: {', '.join(slack_kinds())}.\n",
        f"WeCom, at `/wecom/callback`, sealed: {', '.join(wecom_kinds())}. {WECOM_TAPS}\n",
        f"Buttons that belong to no case: {', '.join(f'`{each}`' for each in taps)}. {OWN}\n",
        "| form about no case | who |\n| --- | --- |", *personal,
        ACTIONS, *(line for procedure in HANDBOOK.procedures for line in _actions(procedure)),
        COMMANDS,
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOORS.write_text(document(), "utf-8")
