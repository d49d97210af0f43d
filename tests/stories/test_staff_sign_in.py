"""The page inside WeCom: the link in chat, and the silent sign-in that knows who opens it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot import serve
from bot.wecom.signing_in import AUTHORIZE
from storage.parts import MessagePart
from tests.support.browser import Browser
from tests.support.desk import CASE
from tests.support.staff import COMPLAINT, fields, send
from tests.support.wecom import oauth
from tests.support.wecom_office import Office

PUBLIC = "https://guke.example.com"
SELLER = "程小满"


@pytest.fixture
def there(office: Office) -> Office:
    """WeCom, and an address that phones reach: the trusted domain of the app."""
    office.more = {"server": {"public_url": PUBLIC}}
    office.restart()
    return office


@pytest.fixture
def phone(there: Office) -> Browser:
    """The browser inside WeCom on somebody's phone."""
    return browser(there)


def browser(office: Office) -> Browser:
    """Another one."""
    return Browser(serve.application(office.app, *office.rooms), PUBLIC, follows=False)


def followed(client: Browser, answer: httpx.Response) -> httpx.Response:
    """Go where our own pages send the browser."""
    while answer.is_redirect and not answer.headers["location"].startswith(AUTHORIZE):
        answer = client.get(answer.headers["location"])
    return answer


def signed_in(office: Office, client: Browser, name: str = SELLER, path: str = "/f") -> httpx.Response:
    """Open the page from the app: to WeCom, back with a code, and on."""
    away = client.get(path)
    return followed(client, client.get(office.phone(name).phone.sign_in(away.headers["location"])))


def test_the_menu_opens_a_form_without_a_password(there: Office, phone: Browser) -> None:
    """
    报投诉 as a page: WeCom says who it is, whatever the case of their userid; the form is filed from there and WeCom's
    chat has the answer too.
    """
    there.desk.do(lambda uow: setattr(uow.organisation.person_by_name(SELLER), "wecom_id", "CHENGxiaoman"))
    page = signed_in(there, phone, path="/f/new/complaint")
    check = followed(phone, send(phone, page, "submit", COMPLAINT))
    done = followed(phone, send(phone, check, "as:transmit"))
    there.deliver()

    assert urlsplit(str(page.url)).query == ""
    assert CASE in done.text
    reporter = there.desk.look(CASE, lambda uow, case: uow.organisation.person(case.reporter_id or 0))
    assert reporter is not None
    assert reporter.name == SELLER


def test_the_page_goes_on_with_what_was_begun_in_chat(there: Office, phone: Browser) -> None:
    """
    /f opens the form that is open in chat, with its answers; for whoever has none it begins what they may report.
    """
    there.phone(SELLER).say("报投诉", "瀚途")
    page = signed_in(there, phone)
    fresh = signed_in(there, browser(there), "梁可欣")

    assert fields(page).values["q.customer"] == "K02"
    assert fields(fresh).values["q.customer"] == ""


def test_the_first_question_says_where_the_page_is(there: Office) -> None:
    """
    A form that is begun in WeCom tells its page once, with a link that opens it; 网页 tells it again at any time.
    """
    hand = there.phone(SELLER)
    first = hand.menu("start:complaint")
    second = hand.say("瀚途")
    again = hand.say("网页")
    link = re.findall(PUBLIC + r"/f/[\w.-]+", again)[0]

    assert "在网页上一次填完" in first
    assert "/f/" in first
    assert "/f/" not in second
    page = followed(client := browser(there), client.get(link))
    assert fields(page).values["q.customer"] == "K02"


def test_no_row_keeps_what_opens_a_page(there: Office) -> None:
    """
    What is kept of a message, to be sent again to the byte, has its link without the signature.
    """
    told = there.phone(SELLER).menu("start:complaint")
    signature = re.findall(r"/f/[\w-]+\.[0-9]+\.([\w-]{43})", told)[0]
    kept = there.desk.do(lambda uow: [repr(row.body) for row in uow.session.query(MessagePart).all()])

    assert any("/f/" in body for body in kept)
    assert signature not in "".join(kept)


def test_what_is_asked_of_wecom(there: Office, phone: Browser) -> None:
    """
    The sign-in asks for nothing but who it is, of the app, with a state of letters and digits that is never the same.
    """
    one, other = (phone.get("/f").headers["location"] for _ in range(2))
    asked = {key: values[0] for key, values in parse_qs(urlsplit(one).query).items()}

    assert asked["scope"] == "snsapi_base"
    assert asked["redirect_uri"] == f"{PUBLIC}/f/in"
    assert asked["agentid"] == str(there.stand.agent_id)
    assert asked["state"].isalnum()
    assert asked["state"] not in other


def test_a_state_is_good_once_and_for_one_browser(there: Office, phone: Browser) -> None:
    """
    The address somebody came back by, opened again, or in another browser, or with a fresh code, lets nobody in.
    """
    back = there.phone(SELLER).phone.sign_in(phone.get("/f/new/complaint").headers["location"])
    stranger = browser(there).get(back)
    code = parse_qs(urlsplit(back).query)["code"][0]
    kept = httpx.Cookies(phone.cookies)
    assert phone.get(back).status_code == 303
    again = phone.get(back)
    phone.cookies = kept
    replayed = phone.get(back.replace(code, oauth.code(there.stand.world, {"userid": "ShenZhiheng"})))
    forged = phone.get("/f/in?code=x&state=" + "0" * 48)
    renamed = browser(there)
    renamed.get("/f/new/complaint")
    other = parse_qs(urlsplit(there.phone(SELLER).phone.sign_in(phone.get("/f").headers["location"])).query)
    [(name, value)] = renamed.cookies.items()
    renamed.cookies.set(f"{name[:-8]}{other['state'][0][:8]}", value)
    crossed = renamed.get(f"/f/in?code={other['code'][0]}&state={other['state'][0]}")

    for answer in (stranger, again, replayed, forged, crossed):
        assert answer.status_code == 403
        assert "登录已使用过或已过期" in answer.text
        assert 'href="/f"' in answer.text
    assert there.desk.do(lambda uow: uow.inbox.seen("f/once/" + parse_qs(urlsplit(back).query)["state"][0])) is True


def test_a_code_that_is_used_up(there: Office, phone: Browser) -> None:
    """
    40029: the page says to sign in again, and signing in again works.
    """
    back = there.phone(SELLER).phone.sign_in(phone.get("/f/new/complaint").headers["location"])
    for login in there.stand.world.logins.values():
        login.used = True
    answer = phone.get(back)

    assert answer.status_code == 403
    assert "重新登录" in answer.text
    assert signed_in(there, phone, path="/f/new/complaint").status_code == 200
    assert there.stand.forgive() == []


def test_wecom_refuses_the_app(there: Office, phone: Browser) -> None:
    """
    50001, or WeCom that is not there: the page names the code and the administrator; nobody is let in.
    """
    for errcode in (50001, -1):
        there.stand.fail("auth/getuserinfo", errcode, times=9)
        back = there.phone(SELLER).phone.sign_in(phone.get("/f/new/complaint").headers["location"])
        answer = phone.get(back)
        assert answer.status_code == 503
        assert "管理员" in answer.text
        there.stand.mend()
    assert there.desk.do(lambda uow: uow.drafts.expiring(uow.now + timedelta(days=30))) == []


def test_others_are_told_politely(there: Office, phone: Browser) -> None:
    """
    An ordinary WeChat user, and a member nobody entered, read whom the page is for; nothing is begun.
    """
    away = phone.get("/f").headers["location"]
    customer = phone.get(oauth.authorize(there.stand.world, away, {"openid": "oCustomer"}))
    there.desk.do(lambda uow: setattr(uow.organisation.person_by_name(SELLER), "wecom_id", None))
    unknown = phone.get(there.phone(SELLER).phone.sign_in(phone.get("/f").headers["location"]))

    assert customer.status_code == unknown.status_code == 403
    assert "本页仅供本公司员工使用" in customer.text
    assert "管理员" in unknown.text


def test_what_somebody_may_not_report_is_not_begun(there: Office, phone: Browser) -> None:
    """
    A form that is not theirs, none, or one that no page has: a sentence, and no draft.
    """
    answers = [
        signed_in(there, phone, "白素云", f"/f/new/{key}") for key in ("complaint", "nothing", "monthly_summary")
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "品保" in answers[0].text
    assert "没有您可以填写的表单" in answers[1].text


def test_without_a_platform_the_link_is_the_way_in(there: Office) -> None:
    """
    Where nobody vouches for anybody, /f says how to get a link.
    """
    from bot import web
    from bot.staff import web as staff

    app = web.application(lambda: (), lambda: b"", staff.routes(there.desk.database, there.desk.company))
    answer = Browser(app, PUBLIC).get("/f")

    assert answer.status_code == 404
    assert "网页" in answer.text
