"""The doctor for WeCom: the steps of its set-up in their order, and at the first that fails what to do about it."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import requests
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.clock import Clock
from bot.databases import opened
from bot.doctor import Condition, Finding, guarded
from bot.settings import Settings
from bot.wecom import menu as menus
from bot.wecom.door import PATH
from bot.wecom.meanings import WORDS
from bot.wecom.texts import USER
from bot.wecom.transport import RefusedError, Transport
from notifications.gateway import DeliveryError
from storage.database import Database
from storage.organisation import Department, Organisation, Person

ECHO_SECONDS = 5
CHATID = re.compile(r"[0-9A-Za-z]{1,32}")
ROBOT = re.compile(r"robot:[0-9A-Za-z-]{8,64}")
ADDRESS = re.compile(r"from ip: ([0-9A-Fa-f.:]+)")
MOST_NAMED = 10
NEXT = {
    40001: "app's page > Secret: copy it into [wecom] secret (or the file of secret_file)",
    40013: "我的企业 > 企业ID: copy it into [wecom] corp_id",
    40056: "app's page > AgentId: copy it into [wecom] agent_id",
    48002: "app's page > 可见范围: choose the root department (group chats need it)",
    60020: "app's page > 企业可信IP > 配置: add this server's address{ours}, wait a minute, run the doctor again",
    81013: "app's page > 可见范围: add the people or their department",
    86003: "make the group anew with the app and write its chatid into the organisation file",
    301002: "copy AgentId and Secret from the page of one and the same app",
}
"""What to do about the refusals of a set-up that is not finished."""

LIST = "write it into the organisation file and run: gukebot import organisation FILE --yes"


@dataclass
class Patient:
    """The installation that is looked at, and whether WeCom lets it in."""

    settings: Settings
    transport: Transport
    database: Database
    clock: Clock
    let_in: bool = False


def examine(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at every step; where WeCom does not let us in, nothing that asks it is looked at further."""
    if not settings.wecom.used:
        fix = "create a self-built app (自建应用), then set [wecom] corp_id, agent_id, secret, token, aes_key"
        yield Finding("1 应用 app", "fault", "企业微信还没有配置。 WeCom is not configured.", fix)
        return
    with opened(settings, clock) as database:
        patient = Patient(settings, Transport(settings.wecom, database), database, clock)
        for name, look, asks in STEPS:
            if asks and not patient.let_in:
                return
            yield from _step(name, partial(look, patient, name))


def _step(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Look; what WeCom refuses is a finding with its errcode, in both languages."""

    def careful() -> Iterator[Finding]:
        try:
            yield from look()
        except RefusedError as refused:
            yield Finding(name, "fault", *said_of(refused))
        except DeliveryError as error:
            found = f"企业微信没有应答。 WeCom did not answer: {error}"
            yield Finding(
                name, "fault", found, "mend the network, the proxy or [wecom] api_base_url, then run it again"
            )

    return guarded(name, careful)


def said_of(refused: RefusedError) -> tuple[str, str]:
    """An errcode in words, and where to read more."""
    chinese, english = WORDS.get(refused.code, ("企业微信不接受", "WeCom refused"))
    found = ADDRESS.search(refused.errmsg) if refused.code == 60020 else None
    ours = f" ({found[1]})" if found else ""
    more = f"https://open.work.weixin.qq.com/devtool/query?e={refused.code}"
    if refused.code in NEXT:
        more = f"{NEXT[refused.code].format(ours=ours)}; more: {more}"
    return f"errcode {refused.code}: {chinese}{ours}。 {english[:1].upper()}{english[1:]}{ours}.", more


def app(patient: Patient, name: str) -> Iterator[Finding]:
    """The company's id and the app's secret open the door."""
    patient.transport.token()
    patient.let_in = True
    yield Finding(name, "ok", f"corp_id and secret are right, agent {patient.settings.wecom.agent_id}")


def callback(patient: Patient, name: str) -> Iterator[Finding]:
    """Our own address answers as WeCom will ask it: only then 接收消息 can be saved, and only then come cards."""
    settings = patient.settings
    base = settings.wecom.public_url or settings.server.public_url
    if not base:
        yield Finding(name, "fault", "没有公网地址。 There is no public address.", "set [wecom] public_url")
        return
    words, query = _sealed(patient)
    try:
        answer = requests.get(f"{base}{PATH}", params=query, timeout=ECHO_SECONDS)
    except requests.RequestException as error:
        found = f"{base}{PATH} 打不开。 It cannot be reached: {type(error).__name__}"
        yield Finding(name, "fault", found, "start the server (gukebot serve) behind a proxy with TLS")
        return
    if answer.status_code == 200 and answer.text == words:
        yield Finding(
            name, "ok", f"{base}{PATH} answers; save it in 接收消息 > 设置API接收 if that is not done (step 3)"
        )
        return
    fix = "the server that runs there has another token, aes_key or corp_id: restart it with this configuration"
    yield Finding(name, "fault", f"{base}{PATH} 答错了。 It answers wrongly (HTTP {answer.status_code}).", fix)


def _sealed(patient: Patient) -> tuple[str, dict[str, str]]:
    """An echo as WeCom seals it."""
    wecom = patient.settings.wecom
    token = wecom.token.get_secret_value()
    key = WeChatCrypto(token, wecom.aes_key.get_secret_value(), wecom.corp_id).key
    words, stamp, nonce = secrets.token_hex(8), str(int(patient.clock().timestamp())), secrets.token_hex(8)
    cipher = PrpCrypto(key).encrypt(words, wecom.corp_id).decode()
    signer = WeChatSigner()
    signer.add_data(token, stamp, nonce, cipher)
    return words, {"msg_signature": signer.signature, "timestamp": stamp, "nonce": nonce, "echostr": cipher}


def trusted(patient: Patient, name: str) -> Iterator[Finding]:
    """Calls are let in from this server's address, and the app is the one that is configured."""
    patient.let_in = False
    said = patient.transport.read("agent/get", agentid=str(patient.transport.agent))
    patient.let_in = True
    yield Finding(name, "ok", f"calls are let in; the app is called {said.get('name', '')}")


def domain(patient: Patient, name: str) -> Iterator[Finding]:
    """Pages open inside WeCom only under the domain that the app trusts."""
    said = patient.transport.read("agent/get", agentid=str(patient.transport.agent))
    ours = urlsplit(patient.settings.wecom.public_url or patient.settings.server.public_url).netloc
    theirs = str(said.get("redirect_domain") or "")
    if theirs and theirs == ours:
        yield Finding(name, "ok", theirs)
        return
    found = f"应用填的是“{theirs}”，本服务是“{ours}”。 The app trusts “{theirs}”, this service is “{ours}”."
    yield Finding(name, "warning", found, "网页授权及JS-SDK > 可信域名: enter the host of public_url")


def menu(patient: Patient, name: str) -> Iterator[Finding]:
    """The menu is up."""
    if menus.there(patient.transport):
        yield Finding(name, "ok", "报投诉 | 我的事项 | 更多")
    else:
        yield Finding(name, "warning", "是另一个菜单。 It is another menu.", "run: gukebot wecom menu")


def people(patient: Patient, name: str) -> Iterator[Finding]:
    """Everybody has a userid that the app can see."""
    with patient.database.reading() as session:
        everybody = Organisation(session).people()
    strangers = [person.name for person in everybody if not _known(patient, person)]
    state: Condition = "warning" if strangers else "ok"
    shown = "、".join(strangers[:MOST_NAMED]) + (" …" if len(strangers) > MOST_NAMED else "")
    found = f"{len(strangers)} 人找不到。 Not found at WeCom: {shown}" if strangers else f"{len(everybody)} people"
    yield Finding(name, state, found, f"their userid (账号): {LIST}" if strangers else "")


def _known(patient: Patient, person: Person) -> bool:
    if not person.wecom_id or not USER.fullmatch(person.wecom_id):
        return False
    try:
        patient.transport.read("user/get", userid=person.wecom_id)
    except RefusedError as refused:
        if refused.code not in (60111, 60011, 40003):
            raise
        return False
    return True


def channels(patient: Patient, name: str) -> Iterator[Finding]:
    """Every department has its group: a chat of the app, or a robot."""
    with patient.database.reading() as session:
        departments = Organisation(session).departments()
    faults = [found for each in departments if (found := _channel(patient, name, each)) is not None]
    yield from faults
    if not faults:
        yield Finding(name, "ok", f"{len(departments)} departments")


def _channel(patient: Patient, name: str, department: Department) -> Finding | None:
    where, code = department.channels.get("wecom", ""), department.code
    if not where:
        found = f"{code}: 没有群，通知发给负责人。 It has no group; its lead hears instead."
        return Finding(name, "warning", found, f"a chatid of the app's or robot:KEY: {LIST}")
    if ROBOT.fullmatch(where):
        return None  # a robot can only be asked by letting it speak
    if not CHATID.fullmatch(where):
        return Finding(name, "fault", f"{code}: 格式不对。 This is neither a chatid nor robot:KEY.", LIST)
    try:
        patient.transport.read("appchat/get", chatid=where)
    except RefusedError as refused:
        found, fix = said_of(refused)
        return Finding(name, "fault", f"{code}: {found}", fix)
    return None


STEPS: tuple[tuple[str, Callable[[Patient, str], Iterator[Finding]], bool], ...] = (
    ("1 应用 app", app, False),
    ("2 回调地址 callback", callback, False),
    ("4 可信IP trusted IP", trusted, True),
    ("5 可信域名 trusted domain", domain, True),
    ("6 菜单 menu", menu, True),
    ("7 人员 people", people, True),
    ("8 部门群 channels", channels, True),
)
"""The steps in their order, and whether WeCom is asked as the app; step 3 (接收消息) is saved there, not here."""
