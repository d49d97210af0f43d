"""The way out to WeCom: each letter in its parts, each part once; one whose answer was lost is sent again to the byte.

WeCom cannot be asked whether it took a message. It shows the same bytes once within four hours, so they are kept
before they are sent; a group's messages, for which it makes no such promise, carry the letter's short number.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import structlog

from bot.wecom import composing, texts
from bot.wecom.composing import Way
from bot.wecom.meanings import Means
from bot.wecom.pictures import Pictures
from bot.wecom.translating import PLATFORM
from bot.wecom.transport import RefusedError, Transport, packed
from conversations.words import Said
from handlers.company import Company
from handlers.tokens import unsigned
from notifications import places
from notifications.closing import Closing
from notifications.gateway import CannotTellError, DeliveryError, Letter
from notifications.manners import Manners
from storage.database import Database
from storage.parts import Part
from storage.unit_of_work import UnitOfWork

log = structlog.stdlib.get_logger("bot.wecom.gateway")

TWICE_SHOWN_ONCE = timedelta(hours=3, minutes=50)
"""So long the same bytes are shown once (WeCom: four hours)."""

MOST = {"person": 18, "user": 18, "channel": 6}
"""So many parts at most may have gone that the pace has not worn off yet: with a minute more 29, or 19 to a group."""

WINDOW, PAUSE = timedelta(seconds=60), timedelta(minutes=5)
"""How long a place rests after 45009; how long nothing is tried after WeCom refused the installation itself."""

ROBOT = "robot:"


class WeComGateway:
    """Sends letters to members of the company, to group chats of the app, and to groups by their robots."""

    platform = PLATFORM
    can_find = True
    pace: Mapping[str, tuple[timedelta, int]] = {
        "person": (timedelta(seconds=5.2), 9),
        "user": (timedelta(seconds=5.2), 9),
        "channel": (timedelta(seconds=4.6), 4),
        "card": (timedelta(seconds=0.05), 20),
    }
    """At most 20 a minute and 701 an hour to a member, 17 a minute to a group: WeCom drops what is above 30 a minute
    or 1,000 an hour and says nothing, and refuses a robot's 21st."""

    manners = Manners(together=frozenset({"person", "channel"}), avoid=(0, 30))
    """At the full and the half hour every company's robots speak, and WeCom is slow."""

    def __init__(self, transport: Transport, database: Database, company: Company) -> None:
        self._transport = transport
        self._database = database
        self._company = company
        self._pictures = Pictures(transport, database)
        self._closing = Closing(database.clock, PAUSE)

    @property
    def fault(self) -> str:
        """Why WeCom takes nothing from us; empty when it does."""
        return self._closing.fault

    def send(self, letter: Letter) -> str:
        """Send every part that was not taken yet; the receipt is what WeCom gave the last one."""
        self._closing.check()
        try:
            sent = self._changed(letter) if letter.topic == "card" else self._sent(letter)
        except RefusedError as refused:
            raise self._failed(letter, refused) from None
        self._closing.open()
        return sent

    def find(self, letter: Letter) -> str | None:
        """The receipt of a letter all of whose parts were taken. CannotTellError: it is to be sent again as it was."""
        parts = self._database.look(lambda uow: uow.parts.of(letter.key))
        if not any(part.tried_at for part in parts):
            return None
        if all(part.done for part in parts):
            return parts[-1].receipt
        raise CannotTellError("WeCom cannot be asked")

    # ------------------------------------------------------------ letters

    def _sent(self, letter: Letter) -> str:
        way = replace(self._way(letter), ours=self._company.links.public_url if self._company.links else "")
        # most letters were never tried: to look keeps no writer waiting
        known = self._database.look(lambda uow: uow.parts.of(letter.key))
        parts = self._database.do(lambda uow: _begun(uow, letter)) if known else self._composed(letter, way)
        waiting = [part for part in parts if not part.done]
        receipt = next((part.receipt for part in reversed(parts) if part.receipt), "-")
        for part, following in zip(waiting, [*waiting[1:], None], strict=True):
            self._in_time(letter, part)
            receipt = self._tried(letter, way, part) or receipt
            self._database.do(partial(_done, letter=letter, part=part, receipt=receipt, following=following))
        return receipt

    def _tried(self, letter: Letter, way: Way, part: Part) -> str:
        """Send a part. What surely was not taken may be said anew; not so while an earlier answer is lost."""
        try:
            return self._part(letter, way, part)
        except (RefusedError, DeliveryError):
            if part.tried_at is None:
                self._database.do(lambda uow: uow.parts.refused(letter.key))
            raise

    def _in_time(self, letter: Letter, part: Part) -> None:
        """Where an answer was lost too long ago a person must decide."""
        if part.tried_at is not None and self._database.clock() - part.tried_at > TWICE_SHOWN_ONCE:
            log.error("an answer of WeCom's was lost, and it is too late to send it again", key=letter.key)
            self._database.do(lambda uow: uow.parts.refused(letter.key))
            raise DeliveryError("the answer was lost more than four hours ago", lasting=True)

    def _way(self, letter: Letter) -> Way:
        """Where a letter goes. Raises DeliveryError with ``gone`` where there is no such place."""
        place = letter.place.id
        if not place:
            raise DeliveryError("this address has no place at WeCom", gone=True)
        if not letter.address.startswith("channel:"):
            to = {"touser": place, "agentid": self._transport.agent}
            return Way(to, cards=letter.address.startswith("person:"), once=True)
        if place.startswith(ROBOT):
            return Way({}, robot=True, group=True)
        return Way({"chatid": place}, group=True)

    def _composed(self, letter: Letter, way: Way) -> list[Part]:
        """The parts, kept before the first of them is sent; more than one count more than once."""
        upload = partial(self._pictures.id_of, letter)
        picture = composing.picture_of(letter, way, upload) if letter.picture else None
        made = composing.parts(letter, way, partial(self._say, letter.language), picture)
        made = [replace(part, body=json.loads(unsigned(json.dumps(part.body)))) for part in made]

        def keep(uow: UnitOfWork) -> datetime | list[Part]:
            later = self._no_room(uow, letter, len(made))
            if later is not None:
                return later
            uow.parts.keep(letter.key, letter.address, _unlike(uow, letter, made) if way.once else made)
            return _begun(uow, letter)

        kept = self._database.do(keep)
        if isinstance(kept, datetime):
            # nothing was tried: it is put off as if it had not been its turn
            raise DeliveryError("too many parts", closed=True, retry_after=kept - self._database.clock())
        return kept

    def _no_room(self, uow: UnitOfWork, letter: Letter, parts: int) -> datetime | None:
        """When so many parts may go where too many went already; None: now, and they count."""
        kind = letter.address.partition(":")[0]
        if parts < 2 or kind not in MOST:
            return None
        key = places.measured(uow, letter.address, self.platform)
        every, burst = self.pace[kind]
        return uow.rates.charge(key, parts - 1, every=every, burst=burst, most=MOST[kind])

    def _part(self, letter: Letter, way: Way, part: Part) -> str:
        """Send one part; what WeCom refuses in this shape is sent in another it may take, once."""
        try:
            return self._posted(letter, way, dict(part.body))
        except RefusedError as refused:
            if refused.code == 42014 and part.tried_at is not None:
                return "taken before"
            other = self._otherwise(letter, part, refused)
            if other is None:
                return ""
            self._database.do(lambda uow: uow.parts.replace(letter.key, part.number, other))
            return self._posted(letter, way, other)

    def _otherwise(self, letter: Letter, part: Part, refused: RefusedError) -> dict[str, Any] | None:
        """The part in another shape; None where the text that was sent before says it all."""
        kind = part.body.get("msgtype")
        if (
            refused.means is Means.MEDIA
            and kind == "image"
            and "media_id" in cast("dict[str, str]", part.body["image"])
        ):
            return {**part.body, "image": {"media_id": self._pictures.id_of(letter, afresh=True)}}
        if refused.means not in (Means.PLAIN, Means.MEDIA) or kind == "text":
            raise refused
        log.error("WeCom refused a message in this shape", key=letter.key, kind=kind, errcode=refused.code)
        if kind != "markdown":
            return None
        content = texts.plain(cast("dict[str, str]", part.body["markdown"])["content"])
        return {
            **{k: v for k, v in part.body.items() if k != "markdown"},
            "msgtype": "text",
            "text": {"content": content},
        }

    def _posted(self, letter: Letter, way: Way, body: dict[str, Any]) -> str:
        """Send a body; a link that was kept in it has its signature again, and opens something."""
        if self._company.links is not None:
            body = json.loads(self._company.links.signed(json.dumps(body)))
        if way.robot:
            self._transport.robot(letter.place.id.removeprefix(ROBOT), packed(body))
            return letter.short
        if way.group:
            self._transport.post_raw("appchat/send", packed(body))
            return letter.short
        answer = self._transport.post_raw("message/send", packed(body))
        lost = [str(answer.get(name) or "") for name in ("invaliduser", "unlicenseduser")]
        if letter.place.id.lower() in "|".join(lost).lower().split("|"):
            raise DeliveryError("WeCom reaches nobody of that id", gone=True)
        return f"{answer.get('msgid') or letter.short} {answer.get('response_code') or ''}".strip()

    # ------------------------------------------------------------ cards that were tapped

    def _changed(self, letter: Letter) -> str:
        """A card that was tapped says who did what and when, to all who have it; once, for the code is good once."""
        part = self._database.look(lambda uow: uow.parts.by_task(str(letter.data.get("task") or "")))
        if part is None:
            return "forgotten"
        body = {
            "agentid": self._transport.agent, "response_code": letter.data["code"], "atall": 1,
            "template_card": composing.changed(letter, part),
        }  # fmt: skip
        try:
            self._transport.call("message/update_template_card", body, again=True)
        except RefusedError as refused:
            if refused.means not in (Means.STALE, Means.PLAIN):
                raise
            log.info("a card could not be changed", errcode=refused.code)
        return "changed"

    # ------------------------------------------------------------ refusals

    def _failed(self, letter: Letter, refused: RefusedError) -> DeliveryError:
        match refused.means:
            case Means.CLOSED:
                if not self.fault:
                    log.error("WeCom refuses this app; messages wait", errcode=refused.code)
                return self._closing.close(f"WeCom refuses the app: {refused.code}; see: gukebot doctor wecom")
            case Means.LIMITED:
                return DeliveryError(str(refused), retry_after=WINDOW)
            case means:
                gone = means is Means.GONE
                log.warning("a message was refused", key=letter.key, errcode=refused.code, gone=gone)
                return DeliveryError(str(refused), gone=gone, lasting=not gone)

    def _say(self, language: str, sentence: Said) -> str:
        return self._company.words.say(sentence, language, self._database.clock())


def _unlike(uow: UnitOfWork, letter: Letter, parts: Sequence[Part]) -> list[Part]:
    """Parts that differ from each other and from what the same person got lately, or they would not be shown."""
    marks = [part.mark for part in parts]
    return [
        replace(part, body=composing.unlike(dict(part.body), twins + marks[:index].count(part.mark)))
        for index, part in enumerate(parts)
        for twins in (uow.parts.alike(part.mark, letter.key, timedelta(hours=4)),)
    ]


def _begun(uow: UnitOfWork, letter: Letter) -> list[Part]:
    """The parts as they were before, the first that was not taken written down as tried from now on."""
    parts = uow.parts.of(letter.key)
    first = next((part for part in parts if not part.done), None)
    if first is not None:
        uow.parts.trying(letter.key, first.number)
    return parts


def _done(uow: UnitOfWork, letter: Letter, part: Part, receipt: str, following: Part | None) -> None:
    uow.parts.done(letter.key, part.number, receipt)
    if following is not None:
        uow.parts.trying(letter.key, following.number)
