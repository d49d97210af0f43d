"""Who somebody is inside WeCom: the silent sign-in of phone pages, which asks nothing of the person."""

from dataclasses import dataclass
from urllib.parse import urlencode

import structlog

from bot.staff.signing_in import NoSignInError, StaleCodeError, StrangerError
from bot.wecom.translating import PLATFORM
from bot.wecom.transport import RefusedError, Transport
from notifications.gateway import DeliveryError, LostReplyError

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
BAD_CODE = 40029
LONGEST_CODE = 512

log = structlog.stdlib.get_logger("bot.wecom.signing_in")


@dataclass(frozen=True)
class SignIn:
    """The sign-in of one app; ``back`` is where WeCom sends people back to, on the trusted domain."""

    transport: Transport
    back: str
    platform = PLATFORM

    def address(self, state: str) -> str:
        """Where a person is sent; WeCom sends them back with a code and this state, which has letters and digits."""
        query = {
            "appid": self.transport.corp, "redirect_uri": self.back, "response_type": "code",
            "scope": "snsapi_base", "state": state, "agentid": str(self.transport.agent),
        }  # fmt: skip
        return f"{AUTHORIZE}?{urlencode(query)}#wechat_redirect"

    def who(self, code: str) -> str:
        """The userid of a member. Raises StrangerError, StaleCodeError or NoSignInError; a code is good once."""
        if not code or len(code) > LONGEST_CODE:
            raise StaleCodeError
        try:
            said = self.transport.read("auth/getuserinfo", code=code)
        except RefusedError as refused:
            if refused.code == BAD_CODE:
                raise StaleCodeError from None
            log.error("WeCom refuses the sign-in", errcode=refused.code)  # noqa: TRY400 - the trace would tell the code
            raise NoSignInError(refused.code) from None
        except (DeliveryError, LostReplyError):
            raise NoSignInError from None
        userid = str(said.get("userid") or said.get("UserId") or "")
        if not userid:
            raise StrangerError
        return userid
