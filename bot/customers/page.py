"""What the customer reads: a case as the page shows it, or that a link opens nothing, in the customer's language."""

import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from conversations.words import N_, Said, said
from handlers.company import Company
from handlers.customers import LONGEST, Page
from storage.database import Database

MOST_TOLD, LONGEST_TOLD, LONGEST_REPORTED = 12, 240, 600
"""A page stays small however much was written: the latest lines, each from its beginning."""

JOINER = "\u200d"
TAGS = {"zh": "zh-CN", "en": "en"}

LABELS: Mapping[str, str] = {
    "title": N_("Your complaint"),
    "gone_title": N_("This link opens nothing"),
    "gone": N_("It may have ended, or a part of it is missing. Please open it again from the message it came with, "
               "or ask your contact with us for a new one."),
    "call": N_("Or call us"),
    "reported": N_("You reported"),
    "contact": N_("Your contact"),
    "remedy": N_("Our remedy"),
    "planned": N_("Planned to be done"),
    "ask": N_("Are you satisfied with this remedy?"),
    "words": N_("Your words"),
    "words_hint": N_("Needed if you are not satisfied: what is missing?"),
    "photos": N_("Photos (at most 9)"),
    "kept": N_("Photos kept so far"),
    "satisfied": N_("Satisfied"),
    "not_satisfied": N_("Not satisfied"),
    "write": N_("Write to us"),
    "unsettled": N_("Is something not settled after all?"),
    "send": N_("Send"),
    "history": N_("What has happened"),
    "you": N_("You"),
    "we": N_("We"),
    "private": N_("This page shows your complaint alone, and asks for no account. Our telephone, our e-mail and every "
                  "other way to complain stay open to you."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be shown besides the case: what was typed and could not be taken, and why."""

    language: str
    address: str = ""
    form: str = ""
    fault: Said | None = None
    words: str = ""


@cache
def templates() -> Environment:
    """The templates, in which everything that is put in a place is text."""
    return Environment(
        loader=PackageLoader("bot.customers", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip


@cache
def style() -> str:
    """The style of the page; it stands in the page, so that one answer is all there is to load."""
    return (resources.files("bot.customers") / "templates" / "page.css").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """What a browser may do on the page: show it and send its form, nothing else."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def page(database: Database, company: Company, case: Page, shown: Shown) -> str:
    """The page of a case as HTML."""
    return _rendered("page.html", database, company, shown, {
        "case": case,
        "told": [replace(line, words=clipped(line.words, LONGEST_TOLD)) for line in case.told[:-MOST_TOLD - 1:-1]],
        "earlier": _earlier(len(case.told) - MOST_TOLD),
        "reported": clipped(case.reported, LONGEST_REPORTED),
        "address": shown.address,
        "form": shown.form,
        "typed": shown.words,
        "most": LONGEST,
        "stages": [said(stage) for stage in case.stages],
        "promise": said(N_("We answer you before {time}."), time=case.promised) if case.promised else None,
        "round": said(N_("Remedy no. {k}"), k=case.round) if case.round > 1 else None,
        "other": said(N_("You reported it as {n}; it goes on here."), n=case.given_for) if case.given_for else None,
    })  # fmt: skip


def clipped(text: str, most: int) -> str:
    """A long text with its end left out, never in the middle of a sign: marks stay with what they belong to."""
    if len(text) <= most:
        return text
    end = most
    while end > most // 2 and (unicodedata.combining(text[end]) or JOINER in text[end - 1 : end + 1]):
        end -= 1
    return text[:end] + "…"


def _earlier(count: int) -> Said | None:
    return said(N_("Before that: {n} more entries, which are not shown here."), n=count) if count > 0 else None


def gone(database: Database, company: Company, language: str) -> str:
    """The page of every link that opens nothing, whatever the reason."""
    return _rendered("gone.html", database, company, Shown(language), {})


def _rendered(
    name: str, database: Database, company: Company, shown: Shown, given: Mapping[str, object]
) -> str:  # fmt: skip
    now = database.clock()

    def say(what: Said | str) -> str:
        return company.words.say(what if isinstance(what, Said) else said(what), shown.language, now)

    def time(at: date) -> str:
        return say(Said("{at}", {"at": at}))

    return templates().get_template(name).render(
        given,
        say=say,
        time=time,
        label={key: say(label) for key, label in LABELS.items()},
        style=style(),
        tag=TAGS[shown.language],
        language=shown.language,
        company=company,
        fault=shown.fault,
    )  # fmt: skip
