"""What an invitee reads: the questionnaire, the thanks with what was answered, or that it was answered already."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from bot.customers.page import TAGS
from bot.customers.page import style as common
from conversations.questionnaire import Item, Questionnaire
from conversations.words import N_, Said, Text, said
from handlers.company import Company
from handlers.responses import Given, missing
from handlers.surveys import ballots
from handlers.surveys.answering import Sheet
from storage.database import Database

LABELS: Mapping[str, str] = {
    "statement": N_("Without your name: what is kept"),
    "browser": N_("Until you submit, nothing is sent to be kept. What you have ticked stays in this window of your "
                  "browser alone, and is gone when you close it or submit."),
    "grades": N_("What the grades mean"),
    "optional": N_("In your own words, if you like."),
    "progress": N_("Rated:"),
    "submit": N_("Submit"),
    "sure": N_("Submit all the same"),
    "save": N_("Save, go on later"),
    "kept": N_("Kept. The same link opens it again."),
    "contact": N_("Your contact"),
    "private": N_("Your answers go to us alone, with your name. They count once you submit, and cannot be changed "
                  "after that."),
    "thanks": N_("Thank you for your answers"),
    "received": N_("We have received your answers. The link is used up."),
    "anonymous": N_("Your answers were taken without your name. The link is used up."),
    "answered": N_("What you answered"),
    "open": N_("Not rated"),
    "already": N_("This questionnaire is answered already; what was sent first counts."),
    "close": N_("You can close this page."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown besides the questionnaire: its address and mark, what was left out, and why it was not taken."""

    language: str
    address: str = ""
    form: str = ""
    left_out: tuple[Item, ...] = ()
    fault: Said | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A page, and what a browser may do on it."""

    html: str
    policy: str


@dataclass(frozen=True)
class Press:
    """Paper and ink: the database for the time, the company for the words, in one language."""

    database: Database
    company: Company
    language: str
    script: str = field(default="")

    def say(self, what: Said | str) -> str:
        """A sentence or a label in the language of the page."""
        sentence = what if isinstance(what, Said) else said(what)
        return self.company.words.say(sentence, self.language, self.database.clock())

    def text(self, text: Text) -> str:
        """What a company wrote itself."""
        return text.of(self.language)

    def printed(self, template: str, **given: object) -> Made:
        """The page of a template."""
        html = templates().get_template(template).render(
            given,
            say=self.say,
            text=self.text,
            label=_Labels(self),
            style=style(),
            script=self.script,
            tag=TAGS[self.language],
            language=self.language,
            company=self.company,
        )  # fmt: skip
        return Made(html, policy(self.script))


class _Labels(dict[str, str]):
    """The labels in the language of a page, each said when a template asks for it."""

    def __init__(self, press: Press) -> None:
        super().__init__()
        self._press = press

    def __missing__(self, key: str) -> str:
        return self._press.say(LABELS[key])


def page(database: Database, company: Company, sheet: Sheet, shown: Shown) -> Made:
    """The questionnaire, with what was ticked so far."""
    press = Press(database, company, shown.language, script() if sheet.anonymous else "")
    return press.printed(
        "survey.html",
        sheet=sheet,
        shown=shown,
        given=sheet.kept,
        address=shown.address,
        form=shown.form,
        fault=shown.fault,
        left_out=shown.left_out,
        open=said(N_("{k} items are not rated. Submit all the same?"), k=len(shown.left_out)),
        name=said("{text}", text=sheet.asked.name),
        about=said(N_("It is about {n}."), n=sheet.about) if sheet.about else None,
        until=said(N_("Open until {until}, about a minute."), until=sheet.until),
        progress=_progress(sheet.asked, sheet.kept),
        helps=any(grade.help for grade in sheet.asked.grades),
        statement=ballots.STATEMENT if sheet.anonymous else (),
    )


def thanks(database: Database, company: Company, sheet: Sheet, language: str) -> Made:
    """What was answered, once more, for whoever answered it: nobody can open it again."""
    press = Press(database, company, language, script() if sheet.anonymous else "")
    return press.printed("thanks.html", sheet=sheet, given=sheet.kept)


def already(database: Database, company: Company, language: str) -> Made:
    """To whoever sends it a second time: the first answer counts."""
    return Press(database, company, language).printed("already.html")


def _progress(asked: Questionnaire, given: Given) -> Said:
    total = len(asked.items)
    return said(N_("{k} of {n} rated"), k=total - len(missing(asked, given)), n=total)


@cache
def templates() -> Environment:
    """Our templates in the frame of the customer's page; everything that is put in a place is text."""
    return Environment(
        loader=ChoiceLoader([PackageLoader("bot.surveys", "templates"), PackageLoader("bot.customers", "templates")]),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip


@cache
def style() -> str:
    """The style of the page; it stands in the page, so that one answer is all there is to load."""
    return common() + _own("survey.css")


@cache
def script() -> str:
    """What keeps an employee's ticks in the window: no questionnaire needs it."""
    return _own("keep.js")


@cache
def policy(script: str) -> str:
    """What a browser may do on the page: show it, send its form, and run what stands in it, nothing else."""
    runs = f"script-src 'sha256-{_digest(script)}'; " if script else ""
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(style())}'; {runs}form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _own(name: str) -> str:
    return (resources.files("bot.surveys") / "templates" / name).read_text(encoding="utf-8")
