"""Calls of Slack's Web API: what each failure means for the letter that was to be delivered, as data."""

import http.client
import urllib.error
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings import Slack
from notifications.gateway import DeliveryError, LostReplyError

TIMEOUT_SECONDS = 10
PAUSE = timedelta(minutes=1)
"""How long nothing is tried after Slack refused the installation itself."""

NO_ANSWER = (OSError, http.client.HTTPException)
"""What a call raises when the network, and not Slack, failed it."""


class Means(StrEnum):
    """What is to be done about an error."""

    RETRY = "try again later"
    LIMITED = "wait as long as Slack says, with the whole place"
    LOST = "ask whether it was taken"
    GONE = "tell somebody else"
    JOIN = "join the channel first"
    PLAIN = "send it as plain text"
    STALE = "the message that was to be edited cannot be"
    UNTHREADED = "the thread is gone"
    CLOSED = "nothing can be sent at all"


MEANS: Mapping[Means, tuple[str, ...]] = {
    Means.LIMITED: ("ratelimited", "rate_limited", "message_limit_exceeded"),
    Means.LOST: ("internal_error", "fatal_error", "request_timeout", "service_unavailable"),
    Means.JOIN: ("not_in_channel",),
    Means.GONE: (
        "channel_not_found", "is_archived", "restricted_action", "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "user_not_found",
        "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "messages_tab_disabled",
        "not_allowed_for_grant_type", "team_not_found", "external_channel_migrating", "no_permission",
        "method_not_supported_for_channel_type", "invalid_user_combination",
    ),
    Means.PLAIN: (
        "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "too_many_blocks",
        "block_mismatch", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
    ),
    Means.STALE: ("message_not_found", "cant_update_message", "edit_window_closed", "update_failed"),
    Means.UNTHREADED: ("thread_not_found", "cannot_reply_to_message", "invalid_thread_ts"),
    Means.CLOSED: (
        "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required",
        "ekm_access_denied", "team_access_not_granted", "access_denied", "no_permission_for_app", "missing_scope",
        "two_factor_setup_required",
    ),
}  # fmt: skip

OF_ERROR = {error: means for means, errors in MEANS.items() for error in errors}


class RefusedError(Exception):
    """Slack refused a call for a reason that concerns this letter: what it means, and Slack's own word for it."""

    def __init__(self, means: Means, error: str) -> None:
        super().__init__(error)
        self.means = means
        self.error = error


def client(settings: Slack) -> WebClient:
    """A client that sends once: what is tried again, and when, is decided by the outbox."""
    token = settings.bot_token.get_secret_value()
    return WebClient(token=token, base_url=settings.api_base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


def call(web: WebClient, method: str, *, again: bool = False, **arguments: object) -> Mapping[str, Any]:
    """Call a method. ``again``: it may be called twice without harm, so a lost answer is a failure like others.

    Raises DeliveryError, LostReplyError, or RefusedError where the caller has a choice.
    """
    try:
        return web.api_call(method, json=arguments).data  # type: ignore[return-value]  # bytes only for analytics files
    except SlackApiError as error:
        raise _failed(error, again=again) from error
    except NO_ANSWER as error:
        raise _unheard(error, again=again) from error


def read(web: WebClient, method: str, **arguments: object) -> Mapping[str, Any]:
    """Call a method that only reads: its arguments go as a form, which every such method takes."""
    try:
        return web.api_call(method, params=arguments).data  # type: ignore[return-value]
    except SlackApiError as error:
        raise _failed(error, again=True) from error
    except NO_ANSWER as error:
        raise _unheard(error, again=True) from error


def _failed(error: SlackApiError, *, again: bool) -> Exception:
    # a 429 or 5xx may come without JSON: its status is what counts
    status, answer = error.response.status_code, error.response.data
    name = str(answer.get("error", "")) if isinstance(answer, Mapping) else ""
    means = OF_ERROR.get(name, Means.RETRY)
    if status == 429 or means is Means.LIMITED:
        return DeliveryError("ratelimited", retry_after=_retry_after(error.response.headers))
    if status >= 500 or means is Means.LOST:
        cause = f"Slack: {name or status}"
        return DeliveryError(cause) if again else LostReplyError(cause)
    if means is Means.RETRY:
        return DeliveryError(f"Slack: {name or status}")
    return RefusedError(means, name)


def _retry_after(headers: Mapping[str, Any]) -> timedelta:
    wait = str(headers.get("Retry-After") or headers.get("retry-after") or "1")
    return timedelta(seconds=int(wait) if wait.isdigit() else 1)


def _unheard(error: Exception, *, again: bool) -> Exception:
    """Where no connection came about, Slack surely has nothing; anywhere else it may."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    name = type(reason).__name__
    never = isinstance(reason, ConnectionRefusedError) or name == "gaierror"
    return DeliveryError(name) if again or never else LostReplyError(name)
