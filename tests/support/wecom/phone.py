"""Somebody with WeCom on their phone: what they do arrives at the product encrypted, and what they see is delivered."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.waiting import eventually
from tests.support.wecom import choosing, oauth
from tests.support.wecom.callbacks import Fields, number
from tests.support.wecom.courier import Courier, Delivery
from tests.support.wecom.menu import KEYED
from tests.support.wecom.reading import Bubble, links, pressable
from tests.support.wecom.world import Json, Message

AMR = b"#!AMR\n" + bytes(64)


class Phone:
    """One person's WeCom; `delivery` is what became of the last thing they did."""

    def __init__(self, courier: Courier, userid: str) -> None:
        self.courier = courier
        self.stand = courier.stand
        self.userid = userid
        self.delivery: Delivery | None = None

    # ------------------------------------------------------------ what they do

    def say(self, text: str) -> Delivery:
        """Write to the app."""
        return self._message("text", Content=text)

    def photo(self, *contents: bytes) -> list[Delivery]:
        """Send pictures, each a message of its own."""
        return [self._photo(content) for content in contents]

    def voice(self, content: bytes = AMR) -> Delivery:
        """Say something; no transcript comes with it."""
        return self._message("voice", MediaId=self._kept("voice", "voice.amr", content), Format="amr")

    def place(self, label: str, latitude: float = 30.0, longitude: float = 120.0) -> Delivery:
        """Send a place."""
        return self._message("location", Location_X=latitude, Location_Y=longitude, Scale=15, Label=label)

    def enter(self) -> Delivery:
        """Open the app."""
        return self.event("enter_agent", EventKey="")

    def menu(self, choice: str) -> Delivery:
        """Choose from the menu, by name or key; while there is none, anything is a key of it."""
        button = self._menu_button(choice)
        return self.event(str(button["type"]), EventKey=str(button.get("key") or button.get("url") or ""))

    def tap(self, card: Bubble, button: str = "", choose: choosing.Choice = None, *, stale: bool = False) -> Delivery:
        """
        Press a button of a card by label or key; the only one needs no name.

        `choose` is what is chosen on the card, by text or id: one, several, or by question (its key or title); what is
        left out stays as the card came. What is pressed is the card as it stands now; stale, as it stood then.
        """
        body = card.body if stale else self._now(card).body
        assert not body.get("replace_text"), f"nothing can be pressed: {body['replace_text']!r} stands there"
        pressed = choosing.button(pressable(body), button)
        in_menu = pressed in ((body.get("action_menu") or {}).get("action_list") or [])
        with self.stand.lock:
            message = self.stand.world.message(card.number)
            assert message is not None, "this card is in no conversation with the app"
            code = self.stand.world.response_code(message, self.stand.agent_id)
        details: Json = {
            "EventKey": pressed["key"], "TaskId": str(body.get("task_id") or ""), "CardType": body["card_type"],
            "ResponseCode": code,
        }  # fmt: skip
        if not in_menu and (chosen := choosing.selected(body, choose)):
            details["SelectedItems"] = {"SelectedItem": chosen}
        return self.event("template_card_menu_event" if in_menu else "template_card_event", card, **details)

    def event(self, name: str, card: Bubble | None = None, **details: Any) -> Delivery:
        """Any event of theirs."""
        return self._deliver({**self._head("event"), "Event": name, **details, "AgentID": self.stand.agent_id}, card)

    def again(self) -> Delivery:
        """The last thing they did arrives once more, byte for byte."""
        assert self.delivery is not None, "nothing was sent yet"
        self.delivery = self.courier.again(self.delivery.callback)
        return self.delivery

    def sign_in(self, url: str) -> str:
        """Open a sign-in link; where the client goes from there, with code and state."""
        return oauth.authorize(self.stand.world, url, {"userid": self.userid})

    def link(self, bubble: Bubble, label: str = "") -> str:
        """The address behind a label, or the first there is."""
        found = [url for words, url in links(bubble) if label in words]
        assert found, f"no link {label!r} among {links(bubble)}"
        return found[0]

    # ------------------------------------------------------------ what they see

    def messages(self) -> list[Bubble]:
        """What the app said to them as it stands now, oldest first."""
        return self.stand.inbox(self.userid)

    def cards(self) -> list[Bubble]:
        """The cards among it."""
        return [each for each in self.messages() if each.is_card]

    def latest(self) -> Bubble:
        """The newest, waited for a while."""
        found = eventually(self.messages)
        assert found, f"the app said nothing to {self.userid}"
        return found[-1]

    def message(self, words: str) -> Bubble:
        """The newest with these words, waited for a while; AssertionError shows what there is."""
        return self._waited(self.messages, words)

    def card(self, words: str = "") -> Bubble:
        """The newest card with these words, waited for a while."""
        return self._waited(self.cards, words)

    def _waited(self, look: Callable[[], list[Bubble]], words: str) -> Bubble:
        every: list[Bubble] = []

        def found() -> list[Bubble]:
            every[:] = look()
            return [each for each in every if words in each.text]

        there = eventually(found)
        assert there, f"nothing with {words!r} among {[each.text for each in every]}"
        return there[-1]

    def _now(self, bubble: Bubble) -> Bubble:
        found = [each for each in self.messages() if each.number == bubble.number]
        assert found, f"this is not on the phone of {self.userid} (any more)"
        return found[0]

    # ------------------------------------------------------------ how it is sent

    def _photo(self, content: bytes) -> Delivery:
        with self.stand.lock:
            url = self.stand.world.picture_url(content)
        return self._message("image", PicUrl=url, MediaId=self._kept("image", "image.jpg", content))

    def _kept(self, kind: str, name: str, content: bytes) -> str:
        with self.stand.lock:
            return self.stand.world.keep(kind, name, content)

    def _menu_button(self, choice: str) -> Json:
        menu = self.stand.app.menu
        if menu is None:
            return {"type": KEYED[0], "key": choice}
        every = [each for top in menu["button"] for each in (top.get("sub_button") or [top])]
        found: list[Json] = [each for each in every if choice in (each["name"], each.get("key"))]
        assert found, f"no {choice!r} in the menu {[each['name'] for each in every]}"
        return found[0]

    def _message(self, kind: str, **details: Any) -> Delivery:
        return self._deliver({**self._head(kind), **details, "MsgId": number(), "AgentID": self.stand.agent_id})

    def _head(self, kind: str) -> Json:
        return {
            "ToUserName": self.stand.corp_id, "FromUserName": self.userid,
            "CreateTime": int(self.stand.world.now().timestamp()), "MsgType": kind,
        }  # fmt: skip

    def _deliver(self, fields: Fields, card: Bubble | None = None) -> Delivery:
        self.delivery = self.courier.deliver(fields)
        if self.delivery.reply:
            with self.stand.lock:
                self._hear(self.delivery.reply, card)
        return self.delivery

    def _hear(self, reply: Mapping[str, Any], card: Bubble | None) -> None:
        """What the product answered at once is on the phone, too; an update changes the card of this person alone."""
        world, kind = self.stand.world, reply["MsgType"]
        message = world.message(card.number) if card else None
        if kind == "text":
            said = world.new(self.stand.agent_id, "text", {"content": reply["Content"]})
            said.readers = (self.userid,)
            world.messages.append(said)
        elif kind == "update_button" and message is not None:
            self._grey(message, str(reply["Button"]["ReplaceName"]))
        else:
            world.bad.append(f"callback: this stand does not show an answer of {kind}")

    def _grey(self, message: Message, words: str) -> None:
        before = message.states.get(self.userid, message.body)
        message.states[self.userid] = {**before, "replace_text": words}
