"""What an app may say, to members and in group chats: each kind of body with its limits in bytes."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.wecom import media
from tests.support.wecom.cards import Place, check
from tests.support.wecom.endpoints import object_of, size, text_at
from tests.support.wecom.errors import RefusedError, refuse
from tests.support.wecom.world import Json

TEXT, MARKDOWN, URL = 2048, 2048, 2048
TITLE, DESCRIPTION, BUTTON = 128, 512, 4
ARTICLES = 8


def body_of(place: Place, args: Json, kinds: Mapping[str, "Read"]) -> tuple[str, Json]:
    """The kind of a message and its body as it is delivered; RefusedError where WeCom says no."""
    kind = args.get("msgtype")
    if not isinstance(kind, str) or kind not in kinds:
        raise RefusedError(40008)
    return kind, kinds[kind](place, kind, object_of(args, kind))


Read = Callable[[Place, str, Json], Json]


def text(place: Place, kind: str, body: Json) -> Json:
    """Longer text is cut without a word, which for us is a fault."""
    content = text_at(body, "content")
    refuse(not content.strip(), 44004)
    if size(content) > TEXT:
        place.world.bad.append(f"a text of {size(content)} bytes is cut at {TEXT}")
    return {**body, "content": head(content, TEXT)}


def head(content: str, most: int) -> str:
    """So many bytes of it, no character broken."""
    return content.encode()[:most].decode(errors="ignore")


def markdown(place: Place, kind: str, body: Json) -> Json:
    """Longer markdown is refused."""
    content = text_at(body, "content")
    refuse(not content.strip(), 44004)
    refuse(size(content) > MARKDOWN, 45002)
    return body


def textcard(place: Place, kind: str, body: Json) -> Json:
    """Title, description and address must be there; too long, the first two are cut."""
    refuse(not text_at(body, "title"), 41016)
    refuse(not text_at(body, "description"), 41033)
    _url(text_at(body, "url"))
    _cut(place, "textcard.btntxt", text_at(body, "btntxt"), BUTTON)
    return {
        **body,
        "title": _cut(place, "textcard.title", body["title"], TITLE),
        "description": _cut(place, "textcard.description", body["description"], DESCRIPTION),
    }


def news(place: Place, kind: str, body: Json) -> Json:
    """One to eight articles."""
    for article in articles(body):
        refuse(not text_at(article, "title"), 41016)
        if not text_at(article, "appid"):
            _url(text_at(article, "url"))
        _cut(place, "news.title", article["title"], TITLE)
        _cut(place, "news.description", text_at(article, "description"), DESCRIPTION)
    return body


def articles(body: Json) -> list[Json]:
    """The articles of a body; 45008 for none and for nine."""
    found = body.get("articles")
    if not isinstance(found, list) or not 1 <= len(found) <= ARTICLES:
        raise RefusedError(45008)
    return found


def attached(place: Place, kind: str, body: Json) -> Json:
    """A file that was uploaded before, of the same kind."""
    found = media.kept(place.world, text_at(body, "media_id"), kind, robot=place.robot)
    return {**body, "file": (found.name, found.content)}


def card(place: Place, kind: str, body: Json) -> Json:
    """What cards.py says of it."""
    return check(place, body)


def _url(url: str) -> None:
    refuse(not url, 40063, "url is empty")
    refuse(not url.startswith(("http://", "https://")), 45034)
    refuse(size(url) > URL, 40039)


def _cut(place: Place, name: str, words: Any, most: int) -> str:
    if len(words) > most:
        place.world.cut.append(f"{name}: {words}")
    return str(words)[:most]


IN_CHATS: Mapping[str, Read] = {
    "text": text, "markdown": markdown, "textcard": textcard, "news": news, "image": attached, "file": attached,
    "voice": attached, "video": attached,
}  # fmt: skip
TO_MEMBERS: Mapping[str, Read] = {**IN_CHATS, "template_card": card}
