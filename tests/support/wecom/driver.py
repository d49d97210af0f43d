"""Everybody's phones, and the product they talk to: what stories begin with."""

from tests.support.wecom.courier import Courier
from tests.support.wecom.crypto import Encrypter
from tests.support.wecom.phone import Phone
from tests.support.wecom.senders import Send
from tests.support.wecom.stand import Stand


class WeCom(Courier):
    """The phones of the company; `send` brings method, query and body to the product's callback address."""

    def __init__(self, stand: Stand, send: Send, encrypter: Encrypter | None = None) -> None:
        super().__init__(stand, send, encrypter)
        self._phones: dict[str, Phone] = {}

    def phone(self, who: str) -> Phone:
        """The phone of somebody, by name or userid; always the same one."""
        userid = self.stand.userid(who)
        return self._phones.setdefault(userid, Phone(self, userid))
