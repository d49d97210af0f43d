"""access_tokens: 7200 seconds, one more with every call, in the query alone."""

import secrets
from datetime import timedelta

from tests.support.wecom.endpoints import Asked, Endpoint, Request, get
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import App, Json, Token, World

LIFE = timedelta(seconds=7200)
CALLBACK_IPS = ("101.226.103.*", "101.226.62.*")


def gettoken(asked: Asked) -> Json:
    """The missing secret is noticed first."""
    secret, corp = asked.query.get("corpsecret", ""), asked.query.get("corpid", "")
    refuse(not secret, 41004)
    refuse(not corp, 41002)
    refuse(corp != asked.world.secrets.corp_id, 40013)
    app = next((each for each in asked.world.apps.values() if each.secret == secret), None)
    if app is None:
        raise RefusedError(40001)
    token = secrets.token_urlsafe(120)
    asked.world.tokens[token] = Token(app.agent, asked.world.now() + LIFE)
    return {"access_token": token, "expires_in": int(LIFE.total_seconds())}


def app_of(world: World, request: Request) -> App:
    """Whose token this is; 41001, 40014, 42001 or, from an address that is not trusted, 60020."""
    given = request.query.get("access_token", "")
    refuse(not given, 41001)
    token = world.tokens.get(given)
    if token is None:
        raise RefusedError(40014)
    refuse(world.now() >= token.until, world.expired_as)
    refuse(world.trusted_ips is not None and request.ip not in world.trusted_ips, 60020)
    return world.apps[token.agent]


def callback_ips(asked: Asked) -> Json:
    """Where callbacks come from."""
    return {"ip_list": list(CALLBACK_IPS)}


ENDPOINTS = {
    "gettoken": Endpoint(gettoken, "GET", opens="", reads_json=False, empty={"access_token": "", "expires_in": 0}),
    "getcallbackip": get(callback_ips, ip_list=[]),
}
