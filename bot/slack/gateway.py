"""The way out to Slack: each letter in its place, once; a case's card is edited where it stands."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.slack import cards, finding
from bot.slack.calls import PAUSE, Means, RefusedError, call
from bot.slack.cards import Payload
from bot.slack.pictures import Pictures
from bot.slack.places import Places, read_receipt, receipt
from conversations.words import Said
from handlers import living
from handlers.company import Company
from handlers.living import Living
from handlers.turn import Turn
from notifications.closing import Closing
from notifications.gateway import DeliveryError, Letter
from notifications.manners import Manners
from storage.database import Database
from storage.unit_of_work import UnitOfWork

log = structlog.stdlib.get_logger("bot.slack.gateway")

METADATA = "gukebot_message"
LOUD = ("L2", "L3", "L4")
"""From the second level on a whole channel reads along, not only the thread."""

THREADED = frozenset({"summary"})
"""Topics that hang together in a person's conversation too; anything else there is a message that rings."""

LOUD_TOPICS = frozenset({"customer", "failed"})

REPEATABLE = frozenset({"card", "home"})
"""Topics of what may be done twice without harm."""

Publish = Callable[[Letter], str]


class SlackGateway:
    """Sends letters, and says whether one arrived. ``homes`` publishes letters of topic ``home``."""

    platform = "slack"
    can_find = True
    pace: Mapping[str, tuple[timedelta, int]] = {
        "person": (timedelta(seconds=1), 1),
        "channel": (timedelta(seconds=1), 1),
        "card": (timedelta(seconds=1.2), 5),
        "home": (timedelta(seconds=0.6), 20),
    }
    """One message a second and place; edits 50 and homes 100 a minute in the whole workspace."""

    manners = Manners(together=frozenset({"person"}))
    """In a channel notices are lines under their case's card, and edits of it: those are not put together."""

    def __init__(self, web: WebClient, database: Database, company: Company, homes: Publish | None = None) -> None:
        self._web = web
        self._database = database
        self._company = company
        self._places = Places(web, database)
        self._pictures = Pictures(web, database)
        self._ways: Mapping[str, Callable[[Letter], str]] = {
            "card": self._edited, "root": self._rooted, "step": self._told, **({"home": homes} if homes else {}),
        }  # fmt: skip
        self._closing = Closing(database.clock, PAUSE)

    @property
    def fault(self) -> str:
        """Why Slack takes nothing from us; empty when it does."""
        return self._closing.fault

    def send(self, letter: Letter) -> str:
        """Send it, or edit what it is about; the receipt is ``channel/ts``."""
        self._closing.check()
        try:
            sent = self._ways.get(letter.topic, self._noticed)(letter)
        except RefusedError as refused:
            raise self._refused(letter, refused) from refused
        if self._closing.open():
            log.info("slack takes messages again")
        return sent

    def find(self, letter: Letter) -> str | None:
        """The receipt of a letter whose answer was lost, looked up by its key in the place where it would stand."""
        if letter.topic in REPEATABLE:
            return None
        found = finding.find(self._web, self._places.of(letter), letter)
        # what was posted beside an edit is a line in a thread; the card is what stands
        return letter.place.standing if found and letter.topic == "step" and self._edits(letter) else found

    def _refused(self, letter: Letter, refused: RefusedError) -> DeliveryError:
        if refused.means is Means.CLOSED:
            if not self.fault:
                log.error("slack refuses this installation; messages wait", error=refused.error)
            return self._closing.close(f"Slack refuses the bot: {refused.error}")
        gone = refused.means in (Means.GONE, Means.JOIN)
        log.warning("a message was refused", key=letter.key, error=refused.error, gone=gone)
        return DeliveryError(refused.error, gone=gone, lasting=not gone)

    # ------------------------------------------------------------ cards

    def _edits(self, letter: Letter) -> bool:
        """In a channel the standing card is edited; a person gets a new one, for an edit rings nobody's phone."""
        return bool(letter.place.standing) and letter.address.startswith("channel:")

    def _edited(self, letter: Letter) -> str:
        """Bring a card up to date where it stands."""
        card, say = self._card(letter)
        if card is not None and letter.place.standing:
            self._update(letter, letter.place.standing, cards.case(card, say, foot=letter.foot))
        return letter.place.standing

    def _rooted(self, letter: Letter) -> str:
        """Put up the card under which a case's notices stand, where there is none."""
        card, say = self._card(letter)
        if letter.place.standing or card is None:
            return letter.place.standing
        return self._post(letter, self._places.of(letter), cards.case(card, say, foot=letter.foot))

    def _told(self, letter: Letter) -> str:
        """What was done on a case: the card as it stands now, and in a channel a line in its thread."""
        card, say = self._card(letter)
        if card is None or not letter.card:  # what somebody hears in another's place is no card of theirs
            return self._noticed(letter)
        shown = cards.case(card, say, news=letter.title, foot=letter.foot)
        standing = letter.place.standing
        channel = self._places.of(letter)
        if not self._edits(letter):
            if standing:
                self._update(letter, standing, cards.stub(card, say))
            return self._post(letter, channel, shown)
        # its news is the line in the thread: on the card it would stand beside what comes later
        if not self._update(letter, standing, cards.case(card, say, foot=letter.foot)):
            return self._post(letter, channel, shown)
        self._post(letter, channel, cards.line(letter.title), thread=read_receipt(standing)[1])
        return standing

    def _card(self, letter: Letter) -> tuple[Living | None, cards.Say]:
        """The case as it stands at this moment, and how it is said to whoever reads it."""

        def looked(uow: UnitOfWork) -> Living | None:
            kind, _, number = letter.address.partition(":")
            reader = uow.organisation.person(int(number)) if kind == "person" and number.isdigit() else None
            case = uow.cases.get(letter.case_id) if letter.case_id is not None else None
            return living.shown(Turn(uow, self._company, reader, self.platform), case) if case is not None else None

        return self._database.look(looked), partial(self._say, letter.language)

    def _say(self, language: str, sentence: Said) -> str:
        return self._company.words.say(sentence, language, self._database.clock())

    # ------------------------------------------------------------ notices

    def _noticed(self, letter: Letter) -> str:
        """Any other notice: in a channel in the thread of its card, if that stands."""
        channel = self._places.of(letter)
        threaded = letter.address.startswith("channel:") or letter.topic in THREADED
        thread = read_receipt(letter.place.under)[1] if threaded else ""
        if not letter.picture_sha256:
            ours = self._company.links.public_url.rstrip("/") if self._company.links else ""
            return self._post(letter, channel, cards.notice(letter, ours), thread=thread)
        file = self._pictures.ready(letter)
        sent = self._post(letter, channel, cards.picture(letter, file), thread=thread)
        if not file:
            self._pictures.share(letter, channel, thread or read_receipt(sent)[1])
        return sent

    # ------------------------------------------------------------ the calls

    def _post(self, letter: Letter, channel: str, payload: Payload, *, thread: str = "") -> str:
        """Post a message that can be found again by the letter's key."""
        message: dict[str, Any] = {
            "channel": channel, **payload, **QUIET,
            "metadata": {"event_type": METADATA, "event_payload": {"key": letter.key}},
        }  # fmt: skip
        if thread:
            loud = letter.level.startswith(LOUD) or letter.topic in LOUD_TOPICS
            message |= {"thread_ts": thread, **({"reply_broadcast": True} if loud else {})}
        try:
            answer = call(self._web, "chat.postMessage", **message)
        except RefusedError as refused:
            answer = self._otherwise(letter, message, refused)
        return receipt(str(answer["channel"]), str(answer["ts"]))

    def _otherwise(self, letter: Letter, message: dict[str, Any], refused: RefusedError) -> Mapping[str, Any]:
        """What Slack refuses in this shape or place, in another that it may take; once."""
        if refused.means is Means.JOIN:
            self._places.join(message["channel"])
        elif refused.means is Means.PLAIN:
            log.error("slack refused the blocks of a message; sent as text", key=letter.key, error=refused.error)
            lost = "metadata" if "metadata" in refused.error else "blocks"
            message = {name: value for name, value in message.items() if name != lost}
        elif refused.means is Means.UNTHREADED:
            message = {name: value for name, value in message.items() if name not in ("thread_ts", "reply_broadcast")}
        else:
            raise refused
        return call(self._web, "chat.postMessage", **message)

    def _update(self, letter: Letter, standing: str, payload: Payload) -> bool:
        """Edit a message; whether it is still there to be edited. It may be done twice without harm."""
        channel, ts = read_receipt(standing)
        try:
            call(self._web, "chat.update", again=True, channel=channel, ts=ts, **payload)
        except RefusedError as refused:
            if refused.means is Means.CLOSED:
                raise
            log.warning("a card was not edited", key=letter.key, error=refused.error)
            return False
        return True


QUIET = {"mrkdwn": False, "parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""The text beside the blocks is text: it calls nobody, links nowhere, and shows nothing of what it names."""
