"""The running demo: a stage, what the page looks at, and everything a visitor can do there, one after another."""

import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.demo import cast, keeping, transcript
from bot.demo.cast import Face, address_of, faces
from bot.demo.editions import bilingual
from bot.demo.photos import photo_named
from bot.demo.stage import FRIDAY, Stage
from bot.demo.view import VIEW, View, clock_of, keep_clock
from bot.editions import survey_drawer
from handlers import switchboard
from handlers.events import Attached, Event, Pressed, Sender, Upload, Wrote
from handlers.tokens import Links
from storage.files import load, store
from storage.unit_of_work import UnitOfWork

FILES = "files"
LINKS = "demo.links"
FARTHEST = timedelta(days=40)
"""How far the clock looks for the next event: a month's summary is always within."""

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


class Show:
    """One demo, one visitor: actions wait for each other, and each leaves everything in the database."""

    def __init__(self, folder: Path, stage: Stage, language: str, address: str = "") -> None:
        self.folder = folder
        self.address = address
        self.stage = stage
        self.language = language
        self.faces: Mapping[str, Face] = stage.do(faces)
        self._turn = threading.RLock()
        self.language = self.view().language
        self._draw_in(self.language)
        stage.clock.set(stage.do(clock_of) or FRIDAY)
        stage.tick()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else acts meanwhile."""
        with self._turn:
            yield

    def view(self) -> View:
        """What the page looks at."""
        return self.stage.do(self._view)

    def look(self, change: Callable[[View], View]) -> View:
        """Look at something else."""
        with self.alone():
            view = change(self.view())
            self.stage.do(view.keep)
            return view

    def read(self, address: str) -> None:
        """Everything that lies on a phone was seen."""
        with self.alone():
            last = self.stage.do(_newest)
            self.look(lambda view: view.having_read(address, last))

    def greet(self, language: str) -> None:
        """Speak the language of whoever came in, unless somebody chose one here before."""
        if self.stage.do(lambda uow: uow.state.get(VIEW)) is None:
            self.speak(language)

    def say(self, address: str, text: str) -> None:
        """The owner of a phone types a line: to the bot, or as a customer to her seller."""
        face = self.faces[address]
        if not text.strip() or face.kind == "channel":
            return
        if face.kind == "contact":
            self._answered(face, text.strip())
            return
        self._receive(face, Wrote(_key(), _sender(face), text.strip()), text.strip())

    def tap(self, address: str, action: str, subject: str, label: str) -> None:
        """A button is tapped; in a channel by the head of its department, who is answered on their own phone."""
        face = self.faces[address]
        if face.kind == "channel":
            face = self.faces[address_of(self.faces, face.person)]
        self._receive(face, Pressed(_key(), _sender(face), action, subject), label)

    def send_photos(self, address: str, names: Sequence[str]) -> None:
        """Photos from the phone's album."""
        face = self.faces[address]
        files = tuple(Upload(f"{name}.jpg", "image/jpeg", photo_named(name)) for name in names)
        if files and face.kind == "person":
            kept = tuple(store(self.folder / FILES, file.content) for file in files)
            self._receive(face, Attached(_key(), _sender(face), files), "", kept)

    def forward(self, address: str, key: str, text: str, number: str) -> None:
        """A ready text is passed on to the customer, in the chat that seller and customer share anyway."""
        face = self.faces[address]
        with self.alone():
            to = self.stage.do(lambda uow: _invited(uow, key) or _contact_for(uow, number))
            view = self.view()
            if to is None or key in view.forwarded:
                return
            self.stage.do(lambda uow: transcript.keep_told(uow, to, face.name, text, source=face.address))
            self.stage.do(replace(view, forwarded=(*view.forwarded, key)).keep)

    def until(self, instant: datetime) -> None:
        """Let time pass; what is due on the way happens in its minute."""
        with self.alone():
            if instant > self.stage.clock():
                self.stage.until(instant)
            self._settle()

    def later(self, step: str) -> None:
        """The buttons beside the clock: an hour, a day, or until somebody hears something."""
        with self.alone():
            now = self.stage.clock()
            if step in STEPS:
                self.until(now + STEPS[step])
                return
            before = self.stage.do(_newest)
            while self.stage.clock() < now + FARTHEST and self.stage.do(_newest) == before:
                following = self.stage.following()
                self.until(min(following or now + FARTHEST, now + FARTHEST))

    def restart(self) -> None:
        """Back to the first minute of the story, in the language of the page."""
        with self.alone():
            view = self.view()
            self.stage.database.dispose()
            self.stage = keeping.again(self.folder)
            self.stage.clock.set(FRIDAY)
            self.stage.tick()
            self.language = view.language
            self.speak(view.language)
            self._settle()

    def speak(self, language: str) -> None:
        """Change the language of the page, and of what is drawn from now on."""
        with self.alone():
            self.look(lambda view: replace(view, language=language))
            self.stage.do(lambda uow: _customer_speaks(uow, language))
            self._draw_in(language)

    def _draw_in(self, language: str) -> None:
        self.stage.company = replace(self.stage.company, language=language, links=self._links())
        self.stage.draw_survey = survey_drawer(self.stage.company)
        self.stage.draw = bilingual(self.stage.database, self.stage.company, self.folder / FILES)

    def _links(self) -> Links | None:
        """What signs the links of customers: a key of this demo alone, gone with it."""
        key = self.stage.do(_key_of_links)
        return Links(self.address, bytes.fromhex(key)) if self.address else None

    def tick(self) -> None:
        """Something was done elsewhere, on a customer's page: those who hear of it hear of it now."""
        with self.alone():
            self.stage.tick()

    def picture(self, sha: str) -> bytes:
        """A kept picture; DamagedFileError when there is none of that hash."""
        return load(self.folder / FILES, sha)

    def _view(self, uow: UnitOfWork) -> View:
        names = (cast.SELLER, cast.LEAD, cast.BUYER, cast.CHANNEL)
        return View.of(uow, tuple(address_of(self.faces, name) for name in names), self.language)

    def _receive(self, face: Face, event: Event, text: str, photos: tuple[str, ...] = ()) -> None:
        """What was said, and the answer, are kept in the transaction of the event itself."""

        def turn(uow: UnitOfWork) -> None:
            self._view(uow).having_read(face.address, _newest(uow)).keep(uow)
            transcript.keep_said(uow, face.address, text, photos)
            transcript.keep_reply(uow, face.address, switchboard.route(uow, self.stage.company, event))

        with self.alone():
            self.stage.do(turn)
            self.stage.tick()
            self._settle()

    def _answered(self, face: Face, text: str) -> None:
        """A customer writes to whoever wrote to her last, or to her seller."""
        with self.alone():
            seller = self.stage.do(lambda uow: _seller_of(uow, face.address))
            self.stage.do(lambda uow: transcript.keep_said(uow, face.address, text))
            if seller:
                self.stage.do(lambda uow: transcript.keep_told(uow, seller, face.name, text))

    def _settle(self) -> None:
        self.stage.do(lambda uow: keep_clock(uow, self.stage.clock()))


def _sender(face: Face) -> Sender:
    return Sender("console", face.person, "demo")


def _customer_speaks(uow: UnitOfWork, language: str) -> None:
    """The customer of the story speaks the page's language, so that whoever looks can read what she gets."""
    for customer in uow.customers.all():
        for contact in uow.customers.contacts(customer.code):
            if contact.name == cast.BUYER:
                customer.language = contact.language = language


def _key() -> str:
    return f"demo/{uuid.uuid4()}"


def _key_of_links(uow: UnitOfWork) -> str:
    kept = uow.state.get(LINKS)
    if kept is None:
        kept = secrets.token_hex(32)
        uow.state.put(LINKS, kept)
    return str(kept)


def _newest(uow: UnitOfWork) -> int:
    return max((row.id for row in uow.mailbox.all_after(0)), default=0)


def _invited(uow: UnitOfWork, key: str) -> str | None:
    """The contact an invitation to a survey is for: it has a link that is theirs alone."""
    kind, _, rest = key.partition("/")
    invitation = uow.surveys.invitation(rest.partition("/")[0]) if kind == "survey" else None
    return f"contact:{invitation.contact_id}" if invitation is not None and invitation.contact_id else None


def _contact_for(uow: UnitOfWork, number: str) -> str | None:
    """The contact a case's texts go to: the one it names, else the customer's first."""
    case = uow.cases.find(number)
    if case is None or not case.customer:
        return None
    contacts = uow.customers.contacts(case.customer)
    named = [contact for contact in contacts if contact.name == case.answers.get("contact")]
    chosen = next(iter((*named, *contacts)), None)
    return f"contact:{chosen.id}" if chosen else None


def _seller_of(uow: UnitOfWork, address: str) -> str | None:
    told = [entry for entry in transcript.entries(uow).get(f"chat:{address}", []) if entry.source]
    if told:
        return told[-1].source
    contact = uow.customers.contact(int(address.partition(":")[2]))
    customer = uow.customers.get(contact.customer) if contact else None
    return f"person:{customer.owner_sales_id}" if customer and customer.owner_sales_id else None
