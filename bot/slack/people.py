"""Who somebody at Slack is: a person of the company, found by their e-mail address at first; guests are nobody."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.translating import PLATFORM
from handlers import introductions
from storage.database import Database
from storage.unit_of_work import UnitOfWork

STRANGER_SECONDS = 60.0
"""So long nobody is looked up again who was not known."""

UNANSWERED_SECONDS = 5.0
"""So long Slack is not asked again that did not answer."""

MOST = 10_000

GUESTS = ("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_workflow_bot")

log = structlog.stdlib.get_logger("bot.slack")


class People:
    """Ask Slack about somebody once, and remember it in this process."""

    def __init__(self, database: Database, client: WebClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._client = client
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._strangers: dict[str, float] = {}

    def meet(self, user: str) -> bool:
        """Whether this is a person of the company; somebody new is introduced by the e-mail address Slack has."""
        if not user:
            return False
        with self._lock:
            if user in self._known:
                return True
            if self._strangers.get(user, 0.0) > self._monotonic():
                return False
        found = self._database.look(lambda uow: _bound(uow, user)) or self._introduced(user)
        self._remember(user, found)
        return bool(found)

    def changed(self, account: Mapping[str, Any]) -> None:
        """Slack says that an account changed: looked up again when it is met, and forgotten if it is a guest's now."""
        user = str(account.get("id", ""))
        with self._lock:
            self._known.discard(user)
            self._strangers.pop(user, None)
        if is_guest(account):
            self._database.do(lambda uow: introductions.estrange(uow, PLATFORM, user))

    def _introduced(self, user: str) -> bool | None:
        """Whether Slack knows a colleague by this account; None when it did not say."""
        try:
            account: Mapping[str, Any] = self._client.users_info(user=user).get("user") or {}
        except (SlackClientError, OSError) as error:
            log.warning("somebody could not be looked up", kind=type(error).__name__)
            return None
        email = str((account.get("profile") or {}).get("email") or "")
        if is_guest(account) or not email:
            return False
        return self._database.do(lambda uow: introductions.introduce(uow, PLATFORM, user, email))

    def _remember(self, user: str, known: bool | None) -> None:  # noqa: FBT001 - what was found out, or nothing
        with self._lock:
            if len(self._strangers) > MOST:
                self._strangers.clear()
            if known:
                self._known.add(user)
                self._strangers.pop(user, None)
            else:
                seconds = UNANSWERED_SECONDS if known is None else STRANGER_SECONDS
                self._strangers[user] = self._monotonic() + seconds


def is_guest(account: Mapping[str, Any]) -> bool:
    """Whether an account is no colleague's: a bot, a guest, somebody of another company, or gone."""
    return any(account.get(sign) for sign in GUESTS)


def _bound(uow: UnitOfWork, user: str) -> bool:
    return uow.organisation.person_by_platform(PLATFORM, user) is not None


def named(uow: UnitOfWork, user: str) -> str:
    """The name of somebody; "" for whom we do not know."""
    person = uow.organisation.person_by_platform(PLATFORM, user)
    return person.name if person is not None else ""
