"""The doctor for WeCom names the step that fails, with its errcode in Chinese and in English; the menu is put up."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from pytest import MonkeyPatch  # noqa: PT013 - a type

from bot import clock, serve
from bot.app import build
from bot.databases import opened
from tests.support import edge
from tests.support.wecom.driver import WeCom
from tests.support.wecom.senders import through
from tests.support.wecom.stand import Stand
from tests.support.wecom_office import entered, settings


@pytest.fixture
def configured(ready: edge.Run, wecom_stand: Stand, tmp_path: Path, monkeypatch: MonkeyPatch) -> Iterator[Stand]:
    """
    An installation of the sample company that uses WeCom, everybody entered, its server running.
    """
    for name, value in {**wecom_stand.settings, "public_url": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(f"GUKEBOT_WECOM__{name.upper()}", str(value))
    given = settings(wecom_stand, tmp_path / "data")
    with opened(given, clock.now) as database:
        database.do(lambda uow: entered(uow, wecom_stand))
        app = build(given, database, clock.now, [])
        rooms = serve.rooms(app)
        config = uvicorn.Config(serve.application(app, *rooms), port=0, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        monkeypatch.setenv("GUKEBOT_WECOM__PUBLIC_URL", f"http://127.0.0.1:{port}")
        wecom_stand.app.domain = f"127.0.0.1:{port}"
        assert WeCom(wecom_stand, through(serve.application(app, *rooms))).verify()
        yield wecom_stand
        server.should_exit = True
        thread.join(3)
        for room in rooms:
            room.stop()


def findings(run: edge.Run, exit_code: int) -> dict[str, tuple[str, str, str]]:
    """What the doctor finds, by the number of its step."""
    done = run("doctor", "wecom", "--json")
    assert done.exit_code == exit_code, done.output
    found = json.loads(done.stdout)
    assert found["ok"] == (exit_code == 0)
    return {each["name"][:1]: (each["state"], each["found"], each["fix"]) for each in found["findings"]}


def test_every_step_is_looked_at(run: edge.Run, configured: Stand) -> None:
    """
    Where everything is set up nothing is a fault; without a menu that is said, and the command puts it up.
    """
    found = findings(run, 1)
    assert found["6"][0] == "fault"
    assert "46003" in found["6"][1]
    done = run("wecom", "menu")
    assert done.exit_code == 0, done.output
    assert [each["name"] for each in (configured.app.menu or {})["button"]] == ["报投诉", "我的事项", "更多"]
    found = findings(run, 0)
    assert [number for number, (state, *_) in found.items() if state != "ok"] in ([], ["7"], ["8"], ["7", "8"])


def test_a_wrong_secret_and_an_untrusted_address(run: edge.Run, configured: Stand, monkeypatch: MonkeyPatch) -> None:
    """
    A wrong secret is step 1, an address that is not trusted is step 4 with the address itself; no secret is shown.
    """
    configured.world.trusted_ips = frozenset()
    found = findings(run, 1)
    assert found["4"][0] == "fault"
    assert "60020" in found["4"][1]
    assert "127.0.0.1" in found["4"][1]
    assert "可信" in found["4"][1]
    assert "5" not in found
    configured.world.tokens.clear()
    with opened(settings(configured, Path("data").resolve()), clock.now) as database:
        database.do(lambda uow: uow.state.put(f"wecom.token:{configured.corp_id}/{configured.agent_id}", {}))
    monkeypatch.setenv("GUKEBOT_WECOM__SECRET", "aSecretThatIsWrong")
    found = findings(run, 1)
    assert found["1"][0] == "fault"
    assert "40001" in found["1"][1]
    assert "secret is wrong" in found["1"][1]
    assert found["2"][0] == "ok"
    assert "aSecretThatIsWrong" not in run("doctor", "wecom").output
    assert "40001" in run("wecom", "menu").output


def test_without_a_configuration_it_says_how(ready: edge.Run) -> None:
    """
    Without WeCom the doctor says how to begin, and the menu is only shown.
    """
    assert "自建应用" in ready("doctor", "wecom").output
    assert ready("wecom", "menu").exit_code == 2
    assert json.loads(ready("wecom", "menu", "--show").stdout)["button"][0]["key"] == "start:complaint"
