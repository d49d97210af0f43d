"""Who somebody is: the silent sign-in of phone pages, and what the contact list still tells an app."""

import re
import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from tests.support.wecom.endpoints import Asked, agent_in_query, get
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import Code, Json, World

LIFE = timedelta(minutes=5)
AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
STATE = re.compile(r"[a-zA-Z0-9]{1,128}")


def code(world: World, who: Json) -> str:
    """A code for `{"userid": ...}`, or for somebody outside the company: `{"openid": ...}`."""
    made = secrets.token_urlsafe(32)
    world.logins[made] = Code(who, world.now())
    return made


def authorize(world: World, url: str, who: Json) -> str:
    """Where the client goes when somebody opens a sign-in link; 50001 and others as RefusedError."""
    parts = urlsplit(url)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
    refuse(url.partition("?")[0] != AUTHORIZE or parts.fragment != "wechat_redirect", 40058, "not the sign-in page")
    refuse(asked.get("appid") != world.secrets.corp_id, 40013)
    refuse(asked.get("response_type") != "code" or asked.get("scope") != "snsapi_base", 40058, "response_type, scope")
    refuse("state" in asked and not STATE.fullmatch(asked["state"]), 40058, "state")
    app = world.apps.get(int(asked.get("agentid") or 0))
    back = urlsplit(asked.get("redirect_uri", ""))
    refuse(app is None or back.netloc != app.domain, 50001)
    more = {"code": code(world, who), **({"state": asked["state"]} if "state" in asked else {})}
    query = "&".join(filter(None, (back.query, urlencode(more))))
    return urlunsplit((back.scheme, back.netloc, back.path, query, ""))


def getuserinfo(asked: Asked) -> Json:
    """Of members the userid, of others an openid; a code is good once."""
    given = asked.query.get("code", "")
    refuse(not given, 41008)
    found = asked.world.logins.get(given)
    if found is None or found.used or not asked.world.fresh(found.made, LIFE):
        raise RefusedError(40029)
    found.used = True
    return dict(found.who)


def user(asked: Asked) -> Json:
    """What an app of today is told of a member: neither e-mail address nor telephone."""
    given = asked.query.get("userid", "")
    refuse(not given, 41009)
    member = asked.world.member(given)
    if member is None:
        raise RefusedError(60111)
    return {
        "userid": member.userid, "name": member.name, "department": list(member.parties), "status": 1, "isleader": 0,
        "enable": 1, "main_department": member.parties[0],
    }  # fmt: skip


def agent(asked: Asked) -> Json:
    """How the app is set up."""
    agent_in_query(asked)
    seen = [{"userid": each.userid} for each in asked.world.members.values() if each.visible]
    return {
        "agentid": asked.app.agent, "name": "gukebot", "description": "", "close": 0, "isreportenter": 1,
        "redirect_domain": asked.app.domain, "report_location_flag": 0, "home_url": "",
        "allow_userinfos": {"user": [] if asked.app.root else seen}, "allow_tags": {"tagid": []},
        "allow_partys": {"partyid": [1] if asked.app.root else []},
    }  # fmt: skip


ENDPOINTS = {"auth/getuserinfo": get(getuserinfo), "user/get": get(user), "agent/get": get(agent)}
