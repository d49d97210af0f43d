"""The doctor for Slack: token, rights, channels, people, a real upload and download, and every golden screen."""

import re
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.databases import opened
from bot.doctor import Finding, guarded
from bot.settings import Settings
from bot.slack import calls, files
from bot.slack.calls import NO_ANSWER, RefusedError, call, read
from bot.slack.manifest import SCOPES
from bot.slack.preview import Screen
from notifications.gateway import DeliveryError
from storage.database import Database
from storage.organisation import Department, Organisation, Person

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea7"
    "3581a40000000049454e44ae426082"
)
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
APP_TOKEN = re.compile(r"xapp-\d-[A-Z0-9]+-\d+-[0-9a-f]+")
MOST_NAMED = 10
MOST_ASKED = 3
AGAIN = "install the app anew from: gukebot slack manifest"


Golden: TypeAlias = Callable[[str], Iterable[tuple[str, Screen]]]
"""The golden screens of a language, by name: their story is played elsewhere."""


@dataclass
class Patient:
    """The installation that is looked at, and what is known of it so far."""

    settings: Settings
    web: WebClient
    bot: str = ""
    team: str = ""
    reached: bool = False
    scopes: frozenset[str] = field(default_factory=frozenset)


def examine(settings: Settings, clock: Clock, golden: Golden) -> Iterator[Finding]:
    """Look at everything, the token first: without an answer from Slack nothing else is looked at there."""
    if not settings.slack.used:
        fix = "create the app from: gukebot slack manifest; then set [slack] bot_token (docs/en/slack.md)"
        yield Finding("slack", "fault", "no bot token is configured", fix)
        return
    patient = Patient(settings, calls.client(settings.slack))
    yield from secrets(settings)
    yield from _asked("token", partial(token, patient))
    if not patient.reached:
        return
    yield from _asked("scopes", partial(scopes, patient))
    with opened(settings, clock) as database:
        yield from _asked("workspace", partial(workspace, patient, database))
        yield from _asked("channels", partial(channels, patient, database))
        yield from _asked("people", partial(people, patient, database))
    yield from _asked("files", partial(a_file, patient))
    yield from _asked("screens", partial(screens, patient, golden))


def _asked(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Look; what Slack refuses is a finding with Slack's own word for it."""

    def careful() -> Iterator[Finding]:
        try:
            yield from look()
        except RefusedError as refused:
            fix = AGAIN if refused.error == "missing_scope" else f"look up “{refused.error}” at https://docs.slack.dev"
            yield Finding(name, "fault", f"Slack refused: {refused.error}", fix)
        except DeliveryError as error:
            yield Finding(name, "fault", f"Slack did not answer: {error}", "run the doctor again in a minute")

    return guarded(name, careful)


def secrets(settings: Settings) -> Iterator[Finding]:
    """What requests are told genuine by: the signing secret over HTTP, the app token in Socket Mode."""
    slack = settings.slack
    if slack.mode == "http":
        good = SIGNING_SECRET.fullmatch(slack.signing_secret.get_secret_value())
        fix = "copy it anew: Basic Information > App Credentials > Signing Secret"
        looks = "looks like one" if good else "does not look like one (32 signs, 0-9 and a-f)"
        yield Finding("signing secret", "ok" if good else "warning", looks, "" if good else fix)
    else:
        good = APP_TOKEN.fullmatch(slack.app_token.get_secret_value())
        fix = "make one with connections:write: Basic Information > App-Level Tokens"
        looks = "looks like one" if good else "does not look like one (xapp-...)"
        yield Finding("app token", "ok" if good else "warning", looks, "" if good else fix)


def token(patient: Patient) -> Iterator[Finding]:
    """Who we are at Slack."""
    try:
        answer = patient.web.api_call("auth.test")
    except SlackApiError as error:
        cause = str(error.response.get("error", error.response.status_code))
        fix = "copy it anew: OAuth & Permissions > Bot User OAuth Token (xoxb-...)"
        yield Finding("token", "fault", f"Slack does not take it: {cause}", fix)
        return
    except NO_ANSWER as error:
        found = (
            f"offline: {patient.web.base_url} cannot be reached ({type(error).__name__}); nothing else was looked at"
        )
        yield Finding("token", "fault", found, "mend the network or the proxy, or [slack] api_base_url")
        return
    patient.reached, patient.bot = True, str(answer.get("user", "bot"))
    patient.team = str(answer.get("team") or "")
    header = answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or ""
    patient.scopes = frozenset(scope.strip() for scope in str(header).split(",") if scope.strip())
    yield Finding("token", "ok", f"{patient.bot} at {answer.get('team', '')}")


def scopes(patient: Patient) -> Iterator[Finding]:
    """The rights that the manifest asks for, no fewer and no more."""
    wanted = {scope.name: scope.why for scope in SCOPES}
    missing = [name for name in wanted if name not in patient.scopes]
    for name in missing:
        yield Finding("scopes", "fault", f"{name} is missing ({wanted[name]})", AGAIN)
    more = sorted(patient.scopes - wanted.keys())
    if more:
        fix = "take them away at OAuth & Permissions > Scopes"
        yield Finding("scopes", "warning", f"more than is needed: {', '.join(more)}", fix)
    if not missing and not more:
        yield Finding("scopes", "ok", f"all {len(wanted)}, and no other")


def channels(patient: Patient, database: Database) -> Iterator[Finding]:
    """Every department's channel is there, alive, and the bot is in it."""
    with database.reading() as session:
        departments = Organisation(session).departments()
    faults = [found for each in departments if (found := _channel(patient, each)) is not None]
    yield from faults
    if not faults:
        yield Finding("channels", "ok", f"{len(departments)} departments, the bot is in every channel")


def _channel(patient: Patient, department: Department) -> Finding | None:
    where = department.channels.get("slack", "")
    entered = "write its id (C...) into the organisation file and run: gukebot import organisation FILE --yes"
    if not where:
        return Finding("channels", "warning", f"{department.code} has no channel: its notices go to people", entered)
    try:
        channel = read(patient.web, "conversations.info", channel=where)["channel"]
    except RefusedError as refused:
        if refused.error != "channel_not_found":
            raise
        found = f"{department.code}: there is no {where}, or it is private and the bot is not in it"
        return Finding("channels", "fault", found, f"there, type: /invite @{patient.bot} - or {entered}")
    name = channel.get("name", where)
    if channel.get("is_archived"):
        return Finding("channels", "fault", f"{department.code}: #{name} is archived", f"unarchive it, or {entered}")
    if not channel.get("is_member"):
        found = f"{department.code}: the bot is not in #{name}"
        return Finding("channels", "fault", found, f"in #{name}, type: /invite @{patient.bot}")
    return None


def workspace(patient: Patient, database: Database) -> Iterator[Finding]:
    """The token is of the workspace in which our people are: of those asked for, at least one is known there."""
    with database.reading() as session:
        entered = [str(person.slack_id) for person in Organisation(session).people() if person.slack_id]
    asked = entered[:MOST_ASKED]
    if asked and not any(_there(patient, user) for user in asked):
        found = f"none of the Slack ids that were entered is known in {patient.team}: the token is another workspace's"
        fix = "copy the Bot User OAuth Token of the right workspace, or enter people's slack_id anew"
        yield Finding("workspace", "fault", found, fix)
    else:
        yield Finding("workspace", "ok", patient.team)


def _there(patient: Patient, user: str) -> bool:
    try:
        read(patient.web, "users.info", user=user)
    except RefusedError as refused:
        if refused.error not in ("user_not_found", "user_not_visible"):
            raise
        return False
    return True


def people(patient: Patient, database: Database) -> Iterator[Finding]:
    """Everybody can be reached: by their Slack id, or by an e-mail address that Slack knows."""
    with database.reading() as session:
        everybody = Organisation(session).people()
    without = [person for person in everybody if not person.slack_id]
    strangers = [person.name for person in without if not _known(patient, person)]
    if strangers:
        shown = ", ".join(strangers[:MOST_NAMED]) + (" ..." if len(strangers) > MOST_NAMED else "")
        fix = "enter the e-mail address they have at Slack, or their slack_id (profile > Copy member ID)"
        yield Finding("people", "warning", f"{len(strangers)} cannot be found at Slack: {shown}", fix)
    else:
        yield Finding("people", "ok", f"{len(everybody)} people, {len(without)} of them by their e-mail address")


def _known(patient: Patient, person: Person) -> bool:
    if not person.email:
        return False
    try:
        found = read(patient.web, "users.lookupByEmail", email=person.email)["user"]
    except RefusedError as refused:
        if refused.error != "users_not_found":
            raise
        return False
    return not found.get("deleted")


def a_file(patient: Patient) -> Iterator[Finding]:
    """A small picture goes to Slack and comes back the same; nobody sees it, and it is deleted."""
    web, name = patient.web, "gukebot-doctor.png"
    begun = read(web, "files.getUploadURLExternal", filename=name, length=str(len(PIXEL)), alt_txt="gukebot doctor")
    file_id = str(begun["file_id"])
    _opened(urllib.request.Request(str(begun["upload_url"]), data=PIXEL, method="POST"))  # noqa: S310 - Slack's own
    call(web, "files.completeUploadExternal", again=True, files=[{"id": file_id, "title": name}])
    try:
        yield _back(patient, read(web, "files.info", file=file_id)["file"])
    finally:
        call(web, "files.delete", again=True, file=file_id)


def _back(patient: Patient, file: "dict[str, object]") -> Finding:
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if not files.ours(address, patient.web.base_url):
        fix = "set [slack] api_base_url to where Slack's own files can be had"
        return Finding("files", "fault", "the file lies where the token is not sent", fix)
    request = urllib.request.Request(address)  # noqa: S310 - its host was looked at
    request.add_unredirected_header("Authorization", f"Bearer {patient.web.token}")
    content, kind = _opened(request)
    if content == PIXEL:
        return Finding("files", "ok", "a picture went up, came back the same, and was deleted")
    if kind == "text/html":
        return Finding("files", "fault", "Slack gave its sign-in page instead of the file", f"files:read: {AGAIN}")
    return Finding("files", "fault", "another file came back than went up", "see whether a proxy changes what is sent")


def _opened(request: urllib.request.Request) -> tuple[bytes, str]:
    try:
        with urllib.request.urlopen(request, timeout=calls.TIMEOUT_SECONDS) as answer:  # noqa: S310 - as its callers say
            return answer.read(), answer.headers.get_content_type()
    except NO_ANSWER as error:
        raise DeliveryError(type(error).__name__) from error


def screens(patient: Patient, golden: Golden) -> Iterator[Finding]:
    """Slack's own judge takes every golden screen, in both languages."""
    looked, faults = 0, []
    for language in ("zh", "en"):
        for name, screen in golden(language):
            looked += 1
            faults += [f"{name} ({language}): {fault}" for fault in _judged(patient.web, screen)]
    for fault in faults:
        yield Finding("screens", "fault", fault, "report it: this is a fault of gukebot")
    if not faults:
        yield Finding("screens", "ok", f"{looked} messages, modals and homes as Slack wants them")


def _judged(web: WebClient, screen: Screen) -> list[str]:
    what = "message" if screen.surface == "message" else "view"
    try:
        web.api_call("blocks.validate", json={what: screen.payload})
    except SlackApiError as error:
        errors = error.response.get("errors") or [{}]
        cause = str(error.response.get("error"))
        return [" ".join(str(each.get(key, "")) for key in ("pointer", "message")).strip() or cause for each in errors]
    except NO_ANSWER as error:
        raise DeliveryError(type(error).__name__) from error
    return []
