"""What our own people read on the page of a form: the form, the last look at it, the answer, or that there is none."""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.customers.page import TAGS
from bot.customers.page import style as common
from bot.staff import reading
from bot.staff.controls import Control, Drawing, Stands, control, standing
from conversations.fields import UnacceptableError
from conversations.words import N_, Said, said
from handlers.company import Company
from handlers.filling import SAME, Sheet
from handlers.similar import DESCRIPTION
from handlers.whole import Question, Whole
from storage.database import Database

LABELS: Mapping[str, str] = {
    "save": N_("Save"),
    "submit": N_("Submit"),
    "check": N_("Please check, then submit."),
    "edit": N_("Edit"),
    "optional": N_("optional"),
    "preset": N_("Filled in already; look it over if you like"),
    "open": N_("Left open"),
    "mend": N_("Please look at what is marked below; everything else is kept."),
    "kept": N_("Kept. You may go on here or in our chat."),
    "gone_title": N_("This link opens nothing"),
    "gone": N_("The form was submitted or dropped already, or the link has ended. In our chat, “page” gives you a new "
               "one."),
    "forward": N_("To be passed on to the customer"),
    "photos": N_("Photos"),
    "close": N_("You can close this page."),
    "again": N_("Sign in again"),
    "lost": N_("Not saved yet: no connection. I try again by myself."),
    "saving": N_("Saving…"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be shown besides the form: its address and mark, what was wrong, and what is said above it."""

    address: str = ""
    form: str = ""
    faults: Mapping[str, UnacceptableError] = field(default_factory=dict)
    typed: Mapping[str, Stands] = field(default_factory=dict)
    notice: tuple[Said, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A page, and what a browser may do on it."""

    html: str
    policy: str


@dataclass(frozen=True, slots=True)
class _Press:
    """Paper and ink: the database for the time, the company for the words, in one language."""

    database: Database
    company: Company
    language: str

    def say(self, what: Said | str) -> str:
        sentence = what if isinstance(what, Said) else said(what)
        return self.company.words.say(sentence, self.language, self.database.clock())

    def printed(self, name: str, **given: object) -> Made:
        nonce = secrets.token_urlsafe(16)
        html = templates().get_template(name).render(
            given, say=self.say, label={key: self.say(label) for key, label in LABELS.items()}, style=style(),
            script=script(), nonce=nonce, tag=TAGS[self.language], company=self.company,
        )  # fmt: skip
        return Made(html, policy(nonce))


@cache
def templates() -> Environment:
    """The templates, in which everything that is put in a place is text."""
    return Environment(
        loader=PackageLoader("bot.staff", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip


@cache
def style() -> str:
    """The style of our pages and what a form needs besides; it stands in the page."""
    return common() + _own("form.css")


@cache
def script() -> str:
    """What keeps a form while it is filled in; the page does all without it, too."""
    return _own("form.js")


def _own(name: str) -> str:
    return (resources.files("bot.staff") / "templates" / name).read_text(encoding="utf-8")


def policy(nonce: str) -> str:
    """What a browser may do on a page: show it, run the script that stands there, and talk to us alone."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def form(database: Database, company: Company, sheet: Sheet, whole: Whole, shown: Shown) -> Made:
    """The form with all its questions; what could not be taken stands there with the reason beside it."""
    press = _Press(database, company, sheet.language)
    questions = asked(whole)
    stray = [press.say(fault.sentence) for key, fault in shown.faults.items() if key not in questions]
    return press.printed(
        "form.html", title=said(whole.form.title), number=whole.number, controls=_controls(press, questions, shown),
        shown=shown, was=reading.was(standings(company, whole)), stray=stray, alike=whole.alike,
        same=[button for button in whole.alike.buttons if button.action.startswith(SAME)], description=DESCRIPTION,
        confirms=bool(whole.form.confirm),
    )  # fmt: skip


def check(database: Database, company: Company, sheet: Sheet, whole: Whole, shown: Shown) -> Made:
    """The last look: every answer, the time limit, the buttons of the form, and what these ask besides."""
    press = _Press(database, company, sheet.language)
    buttons = next((each.options for each in whole.questions if each.field.key == whole.form.confirm), ())
    questions = asked(whole, last=True)
    return press.printed(
        "check.html", title=said(whole.form.title), number=whole.number, answers=sheet.answers, limit=whole.limit,
        buttons=buttons, controls=_controls(press, questions, shown), shown=shown,
        was=reading.was(standings(company, whole, last=True)),
        stray=[press.say(fault.sentence) for key, fault in shown.faults.items() if key not in questions],
    )  # fmt: skip


def filed(database: Database, company: Company, sheet: Sheet) -> Made:
    """The answer that a form got: the number, until when, and a text to pass on."""
    return _Press(database, company, sheet.language).printed("filed.html", reply=sheet.filed)


def nothing(database: Database, company: Company, sentence: Said | None = None, again: str = "") -> Made:
    """The one page of every link that opens nothing; or a sentence that says why nobody could be let in."""
    press = _Press(database, company, company.language)
    return press.printed("gone.html", sentence=sentence, again=again)


def asked(whole: Whole, *, last: bool = False) -> Mapping[str, Question]:
    """The questions of a page, or those of the last look: they depend on its buttons, which answer a question too."""
    late = after(whole)
    return {
        each.field.key: each
        for each in whole.questions
        if each.field.key != whole.form.confirm and (each.field.key in late) == last
    }


def after(whole: Whole) -> frozenset[str]:
    """The questions that come after the last look: asked there, for they depend on how it is submitted."""
    keys = [each.key for each in whole.form.fields]
    return frozenset(keys[keys.index(whole.form.confirm) + 1 :]) if whole.form.confirm in keys else frozenset()


def standings(company: Company, whole: Whole, *, last: bool = False) -> dict[str, Stands]:
    """What stands in every question of a page."""
    return {key: standing(question, company.zone) for key, question in asked(whole, last=last).items()}


def _controls(press: _Press, questions: Mapping[str, Question], shown: Shown) -> list[Control]:
    drawing = Drawing(press.say, press.company.zone, shown.faults, shown.typed)
    return [control(question, drawing) for question in questions.values()]
