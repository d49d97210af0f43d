"""The page as it stands at this moment: what the templates are given, and the HTML they make of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.demo import as_slack, tour
from bot.demo.bubbles import day_of
from bot.demo.cast import Face
from bot.demo.labels import LABELS, Labels
from bot.demo.phones import MENU, phones, unread
from bot.demo.photos import SETS
from bot.demo.scenes import SCENES
from bot.demo.show import Show
from bot.demo.stage import FRIDAY, NAME, ZONE
from bot.demo.view import View
from conversations.words import Said, people, said
from reports.words import Words

TAGS = {"zh": "zh-CN", "en": "en"}
TINTS = 6
LINK = re.compile(r"http://((?:127\.0\.0\.1|localhost|\[::1\]):\d+)(/[cfs]/[\w.-]+)", re.ASCII)
GROUPS = (("person", "people"), ("channel", "channels"), ("contact", "customers"))


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the scenes: done, now, or still to come."""

    title: str
    state: str


@cache
def templates() -> Environment:
    """The templates, in which everything that is put in a place is text."""
    found = Environment(
        loader=PackageLoader("bot.demo", "pages"), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    found.filters.update(tint=tint, linked=linked)
    return found


def tint(address: str) -> int:
    """Which of the six colours a face has: always the same one."""
    return sum(address.encode()) % TINTS


def marked(name: str, language: str) -> str:
    """The company's name where a page of its own shows it: every page of a demo says that its data is."""
    return f"{name} · {_labels(language).sample}"


def linked(text: str) -> Markup:
    """A text in which the links to our pages can be followed, and stand there shortened."""
    return Markup(LINK.sub(_anchor, str(escape(text))))  # noqa: S704 - the text is escaped first, and a link is letters, digits, dots and dashes


def _anchor(link: re.Match[str]) -> str:
    host, path = link.groups()
    return f'<a class="link" href="{path}" target="_blank" rel="noopener">{host}{path[:7]}…</a>'


def house(show: Show, token: str, *, whole: bool) -> str:
    """The page, or only what changes on it when something is done there."""
    with show.alone():
        view = show.view()
        seen = phones(show, view, view.phones)
        following = tour.upcoming(show, view)
        given = {
            **_words(show, view),
            **_tour(show, view),
            "form_token": token,
            "phones": [tour.pointed(each, following) for each in seen],
            "active": view.active,
            "following": following,
            "unread": unread(show, view),
            "directory": _directory(show.faces.values(), _labels(view.language)),
        }
    return templates().get_template("page.html" if whole else "part.html").render(given)


def waiting(language: str, what: Said, done: int) -> str:
    """The page while the sample company is getting ready."""
    return _before(language, what=_spoken(what, language), done=done, locked=False)


def locked(language: str) -> str:
    """The page for whoever came without the link."""
    return _before(language, what="", done=0, locked=True)


def progress(language: str, what: Said, done: int) -> dict[str, object]:
    """How far the getting ready is, for the bar on the page."""
    return {"what": _spoken(what, language), "done": done}


def _before(language: str, **given: object) -> str:
    words = {"label": _labels(language), "lang_tag": TAGS[language], "company": NAME}
    return templates().get_template("wait.html").render({**words, **given})


def _spoken(sentence: Said, language: str) -> str:
    """What the page itself says has no time in it, so any instant will do."""
    return Words(ZONE).say(sentence, language, FRIDAY)


def _labels(language: str) -> Labels:
    return Labels(Words(ZONE), language)


def _words(show: Show, view: View) -> dict[str, object]:
    """The words of the page itself, and the clock."""
    language, label = view.language, _labels(view.language)
    local = show.stage.clock().astimezone(show.stage.company.zone)

    def report() -> str:
        return _spoken(said(MENU[0][1]), language)

    def as_lead(name: str) -> str:
        return _spoken(said(LABELS["as_lead"], name=people(name)), language)

    return {
        "language": language,
        "as_slack": view.as_slack,
        "slack_bubble": partial(as_slack.bubble, language=language),
        "lang_tag": TAGS[language],
        "company": NAME,
        "label": label,
        "clock_time": f"{local:%H:%M}",
        "clock_day": day_of(local, language),
        "nothing": {
            "person": _spoken(said(LABELS["nothing_person"], report=people(report())), language),
            "channel": label.nothing_channel,
            "contact": label.nothing_contact,
        },
        "as_lead": as_lead,
        "album": [{"names": names, "title": _spoken(Said(title), language)} for names, title in SETS],
    }


def _tour(show: Show, view: View) -> dict[str, object]:
    """Where the tour stands, and the sentence about what was shown last."""
    index = tour.current(show, view)
    finished = index is None
    at = len(SCENES) if index is None else index
    label = _labels(view.language)
    shown = view.scene if view.step else view.played
    title, text = "", label.told if finished else label.welcome
    if view.astray:
        text = label.astray
    elif 0 <= shown < len(SCENES) and (view.step or shown == at - 1):
        title, text = (_spoken(Said(part), view.language) for part in (SCENES[shown].title, SCENES[shown].shown))
        if finished:
            text = f"{text} {label.told}"
    scenes = [
        Listed(_spoken(Said(scene.title), view.language), "done" if i < at else "now" if i == at else "later")
        for i, scene in enumerate(SCENES)
    ]
    return {"scenes": scenes, "finished": finished, "told_title": title, "told_text": text}


def _directory(everybody: Iterable[Face], label: Labels) -> list[Mapping[str, object]]:
    """Everybody who can be looked at, in their groups."""
    faces = list(everybody)
    return [
        {"title": getattr(label, title), "faces": [face for face in faces if face.kind == kind]}
        for kind, title in GROUPS
    ]
