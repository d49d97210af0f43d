"""流程图 and `gukebot procedures`: the real state machine, in words, as data and as a picture (M-54)."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from conversations.procedures.handbook import HANDBOOK
from handlers import flows
from reports.charts.flow import draw
from reports.flow import Flow, as_json, flow_of
from tests.support.actions import ACTION, simple
from tests.support.desk import Desk

KEYS = list(HANDBOOK.by_key)


@pytest.mark.parametrize("key", KEYS)
def test_what_is_listed_is_what_is_declared(key: str) -> None:
    """
    Every step with its name, owner, clause and sign-off, every deadline with its number, and all roles: as JSON.
    """
    procedure = HANDBOOK[key]
    told = json.loads(json.dumps(as_json(procedure), ensure_ascii=False))

    assert [step["key"] for step in told["steps"]] == [step.key for step in procedure.steps]
    assert {deadline["key"] for deadline in told["deadlines"]} == set(procedure.deadline)
    for step in told["steps"]:
        assert set(step) == {"key", "name", "owner", "clause", "ending", "sign_off"}
        assert step["name"]["zh"] != step["name"]["en"]
    assert told["roles"]


def test_sign_offs_are_listed_with_their_rule() -> None:
    """
    The approval of a plan: who is asked, all of them, what is shown, where it leads, by which deadline.
    """
    told = json.loads(json.dumps(as_json(HANDBOOK["corrective_action"])))
    found = {step["key"]: step["sign_off"] for step in told["steps"] if step["sign_off"]}

    assert set(found) == {"approval", "verifying"}
    assert (found["approval"]["needs"], found["verifying"]["needs"]) == ("all", "any")
    assert found["approval"]["approved"] == "executing"
    assert found["approval"]["deadline"] == "KAP"
    assert "measure" in found["approval"]["shows"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_way_is_drawn(key: str, language: str) -> None:
    """
    Each action that leads from one step to another is on the chart with its words; the same chart is the same bytes.
    """
    procedure = HANDBOOK[key]
    flow = flow_of(procedure, language, {"PB": "品保部"})
    ways = {
        (step.key, to)
        for step in procedure.steps
        for action in procedure.at(step.key)
        if not ("*" in action.at and not action.leads_from)
        for to in action.moves_from(step.key)
        if to != step.key
    }

    assert {(edge.source, edge.target) for edge in flow.edges} == ways
    picture = draw(flow)
    assert picture == draw(flow)
    with Image.open(BytesIO(picture)) as image:
        assert image.width == 1080
        assert image.height > 300


def test_the_chat_answers_in_words_and_sends_the_picture(desk: Desk) -> None:
    """
    流程图 with a number: the steps with the one where it stands, and the picture as the next message, drawn once.
    """
    simple(desk)
    drawn: list[Flow] = []

    def drawing(flow: Flow) -> bytes:
        drawn.append(flow)
        return b"\x89PNG picture"

    answer = desk.say("梁可欣", f"流程图 {ACTION}")
    flows.tick(desk.database, desk.company, drawing)
    desk.say("沈知衡", f"流程图 {ACTION}")
    flows.tick(desk.database, desk.company, drawing)
    desk.tick()

    assert "▶ 待定计划" in answer
    assert "图片随后发送" in answer
    assert [node.key for node in drawn[0].nodes if node.here] == ["planning"]
    assert len(drawn) == 1
    pictures = [heard.picture for name in ("梁可欣", "沈知衡") for heard in desk.heard(name) if heard.picture]
    assert len(pictures) == 2
    assert len(set(pictures)) == 1


def test_the_command_lists_and_draws(tmp_path: Path) -> None:
    """
    `gukebot procedures --json` and `--chart NAME` need no database; a wrong name is answered with the right ones.
    """

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", "procedures", *words], check=False, capture_output=True, text=True
        )

    listed = json.loads(run("--json").stdout)
    chart = run("--chart", "corrective_action", "--out", str(tmp_path / "flow.png"))
    wrong = run("--chart", "corrective")

    assert [procedure["key"] for procedure in listed] == KEYS
    assert chart.returncode == 0
    assert (tmp_path / "flow.png").read_bytes().startswith(b"\x89PNG")
    assert wrong.returncode == 1
    assert "corrective_action" in wrong.stderr
