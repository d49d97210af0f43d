"""The golden screens: what people see most, from the sample company, to be looked at and to be checked by Slack."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import editions
from bot.demo.stage import FRIDAY, ZONE, Stage, closing
from bot.slack import cards, home, modals, preview
from bot.slack.modals import Shown
from bot.slack.preview import Known, Screen
from conversations.words import N_, Said, people, said
from handlers import home as homes
from handlers import living, switchboard, whole
from handlers.events import Answered, Pressed, Sender
from handlers.sample.history import load_history
from handlers.turn import Turn
from notifications.gateway import Letter
from notifications.notices import Notice
from notifications.render import render
from reports.words import Words
from storage import migrate
from storage.outbox_rows import Claimed, OutboxRow
from storage.unit_of_work import UnitOfWork

SELLER, QUALITY, LEAD = "程小满", "梁可欣", "沈知衡"
NUMBER = "TS-2026-0082"
CHART = "F0GUKECHART"
DESCRIBED: Mapping[str, str] = {
    "zh": "孔位偏移,装不上,顾客停线两小时",
    "en": "The holes are out of place, it cannot be fitted; the line stood for two hours",
}
FILLED = {
    "customer": "K02", "product": "LG-1010", "category": "quality", "impact": "exchange", "photos": "",
    "quantity": "12", "received_at": "now", "handling": "transmit",
}  # fmt: skip
TITLES = {
    "home": N_("App Home"), "intake": N_("A complaint is reported"), "card": N_("The card of a case"),
    "escalation": N_("An escalation"), "summary": N_("The month's summary"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Golden:
    """One screen with its name, and the pictures that lie at Slack by the id they have there."""

    name: str
    screens: tuple[Screen, ...]
    charts: Mapping[str, Path]


def drawn(out: Path, language: str) -> Iterator[Path]:
    """Write every golden screen as HTML, and as PNG at phone and desktop width where there is a Chromium."""
    out.mkdir(parents=True, exist_ok=True)
    program = preview.browser()
    for golden in screens(language, out):
        charts = {key: path.name for key, path in golden.charts.items()}
        title = Words(ZONE).say(said(TITLES[golden.name]), language, FRIDAY)
        file = out / f"{golden.name}-{language}.html"
        file.write_text(
            preview.page(title, golden.screens, language, Known(pictures=charts, zone=ZONE)), encoding="utf-8"
        )
        yield file
        if program is not None:
            yield from preview.pictures(program, file)


def screens(language: str, charts: Path | None = None) -> Iterator[Golden]:
    """Play the story that the screens come from; the summary has its chart where there is a folder for it."""
    with _stage(language) as stage:
        seller = Sender("slack", "USELLER")
        _begin(stage, seller, language)
        yield Golden("intake", (Screen("modal", _intake(stage, language)),), {})
        _file(stage, seller, language)
        stage.say(QUALITY, f"接收 {NUMBER}", "一般", "装配线(0公里)", "CC02")
        yield Golden("card", (Screen("message", _card(stage)),), {})
        stage.until(FRIDAY + timedelta(hours=49))
        case = stage.do(_number)
        late = tuple(Screen("message", cards.notice(each), thread=True) for each in _levels(stage, case))
        yield Golden("escalation", (Screen("message", _card(stage)), *late), {})
        stage.tap(QUALITY, "start:complaint")
        yield Golden("home", (Screen("home", _home(stage)),), {})
        yield _summary(stage, language, charts)


def named(language: str) -> Iterator[tuple[str, Screen]]:
    """Every one of them by its name; without charts, which lie at Slack."""
    return ((golden.name, screen) for golden in screens(language) for screen in golden.screens)


@contextmanager
def _stage(language: str) -> Iterator[Stage]:
    """The sample company with its past, which speaks the language; gone afterwards."""
    with TemporaryDirectory(prefix="gukebot-golden-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        migrate.upgrade(f"sqlite:///{folder / 'golden.db'}")
        with closing(Stage.open(f"sqlite:///{folder / 'golden.db'}", folder)) as stage:
            stage.company = replace(stage.company, language=language)
            stage.people(with_numbers=False)
            stage.do(load_history)
            stage.do(lambda uow: _speak(uow, language))
            yield stage


def _speak(uow: UnitOfWork, language: str) -> None:
    for person in uow.organisation.people():
        person.language = language
        if person.name == SELLER:
            person.slack_id = "USELLER"


def _begin(stage: Stage, seller: Sender, language: str) -> None:
    """The form is open, and half of it is filled in."""
    begun = Pressed(uuid.uuid4().hex, seller, "start:complaint")
    draft = switchboard.receive(stage.database, stage.company, begun).draft
    kept = Answered(uuid.uuid4().hex, seller, draft, _given(language), whole=True, kept=True)
    switchboard.receive(stage.database, stage.company, kept)


def _given(language: str) -> Mapping[str, str]:
    return {**FILLED, "description": DESCRIBED[language]}


def _file(stage: Stage, seller: Sender, language: str) -> None:
    filed = Answered(uuid.uuid4().hex, seller, stage.do(_draft), _given(language), whole=True)
    switchboard.receive(stage.database, stage.company, filed)
    stage.tick()


def _draft(uow: UnitOfWork) -> str:
    person = uow.organisation.person_by_name(SELLER)
    row = uow.drafts.active_of(person.id) if person else None
    return row.id if row else ""


def _turn(stage: Stage, uow: UnitOfWork, name: str) -> Turn:
    return Turn(uow, stage.company, uow.organisation.person_by_name(name), "slack")


def _intake(stage: Stage, language: str) -> dict[str, object]:
    def look(uow: UnitOfWork) -> dict[str, object]:
        turn = _turn(stage, uow, SELLER)
        found = whole.shown(turn, _draft(uow))
        assert found is not None  # noqa: S101 - it was begun above
        return modals.form(Shown(found, turn.say, {}))

    return stage.do(look)


def _card(stage: Stage) -> dict[str, object]:
    def look(uow: UnitOfWork) -> dict[str, object]:
        turn = Turn(uow, stage.company)
        case = uow.cases.find(NUMBER)
        assert case is not None  # noqa: S101 - it was filed above
        return cards.case(living.shown(turn, case), turn.say)

    return stage.do(look)


def _number(uow: UnitOfWork) -> int:
    case = uow.cases.find(NUMBER)
    return case.id if case else 0


def _levels(stage: Stage, case: int) -> list[Letter]:
    """What the department's channel heard, level by level."""

    def look(uow: UnitOfWork) -> list[Letter]:
        rows = [row for row in uow.outbox.of_case(case) if row.topic == "level" and row.address.startswith("channel:")]
        return [_letter(stage, row) for row in rows]

    return stage.do(look)


def _letter(stage: Stage, row: OutboxRow) -> Letter:
    values = {field.name: getattr(row, field.name) for field in fields(Claimed)}
    return render(Claimed(**values), stage.company.words, stage.company.language, row.created_at)


def _home(stage: Stage) -> dict[str, object]:
    def look(uow: UnitOfWork) -> dict[str, object]:
        turn = _turn(stage, uow, QUALITY)
        found = homes.shown(turn)
        assert found is not None  # noqa: S101 - she works there
        return home.view(found, turn.say)

    return stage.database.look(look)


def _summary(stage: Stage, language: str, charts: Path | None) -> Golden:
    """The month that is over: its figures and text, with its first chart where there is a folder for it."""
    month = editions.month_before(FRIDAY, stage.company)
    title = said(N_("Monthly summary {month}"), month=month)
    if charts is None:
        told = editions.monthly(stage.database, stage.company, month, None)
        return Golden("summary", (Screen("message", cards.notice(_told(stage, _month(title, told.text)))),), {})
    drawn = editions.drawer(stage.database, stage.company)(month, FRIDAY)
    chart = charts / f"summary-{language}-chart.png"
    chart.write_bytes(drawn.pictures[0])
    notice = replace(_month(title, drawn.text), fields=drawn.figures)
    card = cards.picture(_told(stage, notice, drawn.alts[0]), CHART)
    return Golden("summary", (Screen("message", card),), {CHART: chart})


def _month(title: Said, text: str) -> Notice:
    return Notice("summary", title, (people(text),))


def _told(stage: Stage, notice: Notice, alt: str = "") -> Letter:
    """A notice as its reader gets it."""
    words, language = stage.company.words, stage.company.language

    def spoken(sentence: Said) -> str:
        return words.say(sentence, language, FRIDAY)

    lines = tuple(line for sentence in notice.lines for line in spoken(sentence).splitlines())
    pairs = tuple((spoken(label), spoken(value)) for label, value in notice.fields)
    return Letter("", "", "channel:XS", spoken(notice.title), lines, topic=notice.topic, language=language, alt=alt,
                  picture_sha256=CHART if alt else "",
                  fields=pairs)  # fmt: skip
