"""Who gets into a demo, what its answers carry, and what a forged request does there: nothing."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from httpx import Response
from starlette.types import ASGIApp

from bot.demo import keeping
from bot.demo.door import Door, OpenDoorError, refuse_open
from bot.demo.show import Show
from bot.demo.web import House, application
from tests.support.browser import apart

HERE = "http://127.0.0.1:8765"
HOSTILE = '<script>alert(1)</script>{{7*7}}" onmouseover="x <!channel> @all'


@pytest.fixture(scope="session")
def furnished_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A folder with a demo that nobody has touched.
    """
    folder = tmp_path_factory.mktemp("demo")
    keeping.prepared(folder).database.dispose()
    return folder


class Asker:
    """A browser without a window: it keeps its cookies, and goes where it is sent only when told."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cookies = httpx.Cookies()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Response:
        return apart(self._ask("GET", path, headers, None))

    def post(self, path: str, data: dict[str, str], headers: dict[str, str]) -> Response:
        return apart(self._ask("POST", path, headers, data))

    async def _ask(
        self, method: str, path: str, headers: dict[str, str] | None, data: dict[str, str] | None
    ) -> Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
            answer = await client.request(method, path, headers=headers, data=data)
            self.cookies = client.cookies
            return answer


class Visit:
    """A house with its door, and one browser before it."""

    def __init__(self, folder: Path) -> None:
        self.announced: list[str] = []
        self.house = House(Door(HERE, self.announced.append), "zh")
        self.show = Show(folder, keeping.again(folder), "zh", HERE)
        self.house.open(self.show)
        self.browser = Asker(application(self.house))

    def enter(self) -> Response:
        """Come in by the link."""
        answer = self.browser.get(self.house.door.link.removeprefix(HERE), headers={"accept-language": "zh-CN,en"})
        assert answer.status_code == 303
        return answer

    def do(self, what: str, headers: dict[str, str] | None = None, **fields: str) -> Response:
        """Send a form as the page does."""
        given = {"token": self.house.door.token, **fields}
        return self.browser.post(f"/do/{what}", data=given, headers={"origin": HERE, **(headers or {})})


@pytest.fixture
def visit(furnished_demo: Path) -> Iterator[Visit]:
    """
    A visitor before the door, at the first minute of the story.
    """
    made = Visit(furnished_demo)
    yield made
    made.show.stage.database.dispose()


def test_the_link_opens_once(visit: Visit) -> None:
    """
    The link gives a cookie that scripts cannot read, and a clean address; used again by another browser, it opens
    nothing, and a fresh one is told at the terminal, never on the page.
    """
    link = visit.house.door.link
    entered = visit.enter()
    another = Asker(visit.browser.app)
    refused = another.get(link.removeprefix(HERE))

    assert entered.headers["location"] == "/"
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "SameSite=strict" in entered.headers["set-cookie"]
    assert visit.browser.get("/").status_code == 200
    assert refused.status_code == 403
    assert visit.announced == [visit.house.door.link]
    assert visit.house.door.key not in refused.text


@pytest.mark.parametrize("path", ["/progress", "/picture/" + "0" * 64, "/photo/shelf"])
def test_without_the_cookie_there_is_nothing(visit: Visit, path: str) -> None:
    """
    Everything of the demo is behind its door.
    """
    assert visit.browser.get(path).status_code == 404


def test_every_answer_is_strict(visit: Visit) -> None:
    """
    default-src 'none', nothing inline, no frame, nothing kept: on pages, answers and pictures (S19).
    """
    visit.enter()
    answers = [visit.browser.get(path) for path in ("/", "/static/demo.js", "/photo/shelf", "/nothing")]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert answers[0].headers["cache-control"] == "no-store"
    assert not re.search(r"<[^>]*\s(on\w+|style)=|<style|<script(?! src=)", answers[0].text)
    assert not re.search(r'(?:src|href|action)="(?!/)', answers[0].text)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"origin": "http://evil.example"}, {}),
        ({"origin": "null"}, {}),
        ({"origin": "http://127.0.0.1:9999"}, {}),
        ({"host": "evil.example", "origin": "http://evil.example"}, {}),
        ({}, {"token": "guessed"}),
        ({}, {"token": ""}),
    ],
    ids=["foreign page", "no page", "another port", "rebound name", "guessed token", "no token"],
)
def test_a_forged_form_does_nothing(visit: Visit, headers: dict[str, str], fields: dict[str, str]) -> None:
    """
    A form that is not of this page, or was sent to a name that is not ours, changes nothing.
    """
    visit.enter()
    before = visit.show.stage.clock()
    answer = visit.do("clock", headers, **{"step": "day", **fields})

    assert answer.status_code == 404
    assert visit.show.stage.clock() == before


def test_what_is_not_on_the_phone_cannot_be_tapped(visit: Visit) -> None:
    """
    A button that nobody was shown does nothing; nor does a phone, a person or a photo that is not there.
    """
    visit.enter()
    visit.do("tap", phone="0", tap="confirm|YB-2026-11")
    visit.do("show", phone="9", address="person:1")
    visit.do("show", phone="0", address="person:999999")
    visit.do("photo", phone="0", photos="../../etc/passwd")
    visit.do("forward", phone="0", bubble="1")
    answer = visit.do("say", phone="x", text="  ")

    assert answer.status_code == 303
    assert visit.browser.get("/photo/..%2Fshelf").status_code == 404
    assert visit.browser.get("/picture/..%2F..%2Fgukebot-demo.db").status_code == 404
    assert all(not entries for entries in visit.show.stage.do(_heard))


def test_hostile_words_stay_words(visit: Visit) -> None:
    """
    What a customer or a seller types stands on the page as it was typed, and is nothing else (S7, S8).
    """
    visit.enter()
    visit.do("say", phone="2", text=HOSTILE)
    visit.do("say", phone="0", text=HOSTILE)
    page = visit.browser.get("/").text

    assert "<script>alert" not in page
    assert 'onmouseover="' not in page
    assert unescape(page).count(HOSTILE) >= 3
    assert "{{7*7}}" in page


def test_without_scripts_the_page_works(visit: Visit) -> None:
    """
    Every button is a form: what it did stands on the page that comes next.
    """
    visit.enter()
    answer = visit.do("tap", phone="0", tap="start:complaint|")
    asked = visit.browser.get(answer.headers["location"]).text
    visit.do("tour", whole="no")
    visit.do("tour", whole="yes")
    told = visit.browser.get("/").text

    assert answer.status_code == 303
    assert 'value="option:K07|"' in asked
    assert "TS-2026-0082" in told
    assert told.count('<li class="done">') == 1


def test_the_customer_answers_on_her_own_page(visit: Visit) -> None:
    """
    The link in the text that was forwarded opens the customer's page, marked as demo data; what she writes there
    is on her seller's phone at once.
    """
    visit.enter()
    visit.do("tour", whole="no")
    visit.do("tour", whole="yes")
    link = re.search(r'href="(/c/[^"]+)" target="_blank" rel="noopener"', visit.browser.get("/").text)
    assert link is not None
    entered = visit.browser.get(link[1])
    address = entered.headers["location"]
    seen = visit.browser.get(address).text
    hidden = dict(re.findall(r'name="(form|seen)" value="([^"]+)"', seen))
    sent = visit.browser.post(address, {**hidden, "what": "message", "words": "几点能到?"}, {"origin": HERE})

    assert "TS-2026-0082" in seen
    assert "演示数据" in seen
    assert sent.status_code == 303
    assert "几点能到?" in visit.browser.get("/").text
    assert visit.browser.get(link[1][:-2]).status_code == 404
    assert visit.browser.get(link[1], {"host": "evil.example"}).status_code == 404


def test_a_seller_fills_in_the_page_of_a_form(visit: Visit) -> None:
    """
    网页 typed on a phone gives a link to the form that is open there; what is saved on its page is not asked again.
    """
    visit.enter()
    visit.do("tap", phone="0", tap="start:complaint|")
    visit.do("say", phone="0", text="网页")
    link = re.search(r'href="(/f/[^"]+)" target="_blank" rel="noopener"', visit.browser.get("/").text)
    assert link is not None
    address = visit.browser.get(link[1]).headers["location"]
    seen = visit.browser.get(address).text
    hidden = dict(re.findall(r'name="(form|was)" value="([^"]+)"', seen))
    saved = visit.browser.post(address, {**hidden, "what": "save", "q.customer": "K02"}, {"origin": HERE})
    visit.do("say", phone="0", text="继续")

    assert "演示数据" in seen
    assert saved.status_code == 303
    assert "哪个产品" in visit.browser.get("/").text


def test_while_it_gets_ready_the_page_says_so(visit: Visit) -> None:
    """
    A bar with what is being done; nothing can be done yet.
    """
    visit.enter()
    visit.house.show = None
    page = visit.browser.get("/").text

    assert "<progress" in page
    assert "正在建表" in page
    assert visit.browser.get("/progress").json() == {"what": "正在建表", "done": 0, "ready": False}
    assert visit.do("clock", step="day").status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", ""])  # noqa: S104 - all of them are refused
def test_only_this_machine(host: str) -> None:
    """
    An address that others could reach is refused in a sentence (S24).
    """
    with pytest.raises(OpenDoorError, match="this machine alone"):
        refuse_open(host)


def _heard(uow: object) -> list[object]:
    from bot.demo import transcript
    from storage.unit_of_work import UnitOfWork

    assert isinstance(uow, UnitOfWork)
    return list(transcript.entries(uow).values())
