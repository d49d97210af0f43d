"""Whom data are about: a customer's contact or one of ours, what there is of them, and taking it away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from storage.base import Row
from storage.case_terms import CaseTerm, CaseTerms
from storage.cases import Action, Case
from storage.customers import Contact, Customer
from storage.drafts import DraftRow
from storage.files import Attachment, Files
from storage.organisation import Department, Duty, Person
from storage.pseudonyms import Marks, Place, Texts
from storage.resealing import Resealed, reseal
from storage.settings import PersonSettings
from storage.sign_offs import SignOff, SignOffDecision, SignOffRequest, content_hash
from storage.state import State
from storage.surveys import AnswerRow, Invitation, Response

Subject: TypeAlias = Contact | Person

HOLD = "hold:"
PLAIN = {"synchronize_session": False}


def name_of(subject: Subject) -> str:
    """How a subject is called everywhere: ``contact:12``, ``person:3``."""
    return f"{'contact' if isinstance(subject, Contact) else 'person'}:{subject.id}"


def marks_of(subject: Subject, others: Iterable[str]) -> Marks:
    """What somebody can be recognised by; ``others`` are the names of everybody else."""
    longer = tuple(name for name in others if subject.name in name and name != subject.name)
    mails = (subject.email,) if subject.email else ()
    if isinstance(subject, Contact):
        return Marks(names=(subject.name,), phones=(subject.phone,), mails=mails, others=longer)
    ids = tuple(each for each in (subject.slack_id, subject.wecom_id) if each)
    return Marks(names=(subject.name,), mails=mails, ids=ids, others=longer)


@dataclass(frozen=True, slots=True)
class Given:
    """What an invitee answered in a survey: item, grade and words."""

    campaign: int
    item: str
    grade: str
    text: str


class Subjects:
    """Find people about whom there are data, and take them out."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, said: str) -> Sequence[Subject]:
        """Everybody meant by ``contact:12``, ``person:3`` or a whole name, also those who are not active any more."""
        kind, _, number = said.partition(":")
        if kind in ("contact", "person") and number.isdecimal():
            contact = self._session.get(Contact, int(number)) if kind == "contact" else None
            found = contact or (self._session.get(Person, int(number)) if kind == "person" else None)
            return [found] if found is not None else []
        contacts = self._session.scalars(select(Contact).where(Contact.name == said).order_by(Contact.id)).all()
        people = self._session.scalars(select(Person).where(Person.name == said)).all()
        return [*contacts, *people]

    def names(self) -> list[str]:
        """The name of everybody there is, and of every department and customer."""
        return [
            name
            for column in (Contact.name, Person.name, Department.name, Customer.name, Customer.short)
            for name in self._session.scalars(select(column))
        ]

    def marks(self, subject: Subject) -> Marks:
        """What somebody can be recognised by."""
        return marks_of(subject, self.names())

    def places(self, subject: Subject) -> list[Place]:
        """Every text in which somebody stands."""
        return [*self._texts().places(self.marks(subject))]

    def rename(self, subject: Subject, places: Sequence[Place], to: str) -> dict[str, int]:
        """Put something else in the place of what is theirs, in all these texts; how many in each column."""
        marks = self.marks(subject)
        counts = self._texts().change(places, lambda text: marks.changed(text, to))
        self._session.expire_all()
        self._enter_anew({int(str(each.key[0])) for each in places if each.table == "cases"})
        self._bind_anew({int(str(each.key[0])) for each in places if each.table == "sign_offs"})
        return dict(counts)

    def empty(self, subject: Subject, to: str) -> None:
        """Leave nothing in their own row but what the records hang on."""
        subject.name, subject.email, subject.post, subject.active = to, "", "", False
        if isinstance(subject, Contact):
            subject.phone, subject.business_relation = "", ""
            self._words(subject.id)
        else:
            subject.slack_id = subject.wecom_id = None
            subject.roles, subject.skills, subject.site = [], [], ""
            subject.leave_from = subject.leave_to = subject.delegate_id = None
            for gone in (
                delete(DraftRow).where(DraftRow.person_id == subject.id),
                delete(PersonSettings).where(PersonSettings.person_id == subject.id),
                delete(Duty).where(Duty.person_id == subject.id),
                update(Person).where(Person.delegate_id == subject.id).values(delegate_id=None),
            ):
                self._session.execute(gone, execution_options=PLAIN)
        self._session.flush()

    def reseal(self, places: Iterable[Place]) -> Resealed | None:
        """Chain the audit trail anew where its words were changed."""
        return reseal(self._session, frozenset(int(str(each.key[0])) for each in places if each.table == "audit"))

    def open_cases(self, subject: Subject, places: Iterable[Place]) -> list[str]:
        """The numbers of open cases that cannot do without them: of their contact, or in their hands."""
        named = {int(str(place.key[0])) for place in places if place.table == "cases"}
        theirs = Case.id.in_(named) if isinstance(subject, Contact) else Case.owner_id == subject.id
        found = self._session.scalars(select(Case).where(theirs, Case.closed_at.is_(None)).order_by(Case.id))
        return [case.number or name_of(subject) for case in found]

    def leads(self, subject: Subject) -> list[str]:
        """The departments that they lead or deputise for."""
        if isinstance(subject, Contact):
            return []
        held = or_(Department.lead_id == subject.id, Department.deputy_id == subject.id)
        return [*self._session.scalars(select(Department.name).where(held).order_by(Department.code))]

    def done(self, subject: Subject) -> list[tuple[str, str, str]]:
        """What one of ours did: number of the case, action, instant."""
        if isinstance(subject, Contact):
            return []
        theirs = or_(Action.by_id == subject.id, Action.on_behalf_of_id == subject.id)
        rows = select(Case.number, Action.key, Action.at).join(Case, Case.id == Action.case_id).where(theirs)
        return [(str(number), key, at.isoformat()) for number, key, at in self._session.execute(rows)]

    def answers(self, subject: Subject) -> list[Given]:
        """What a contact answered in surveys; of employees nobody knows."""
        if not isinstance(subject, Contact):
            return []
        asked = (
            select(Response.campaign_id, AnswerRow.item, AnswerRow.grade, AnswerRow.text)
            .join(Response, Response.id == AnswerRow.response_id)
            .join(Invitation, Invitation.id == Response.invitation_id)
            .where(Invitation.contact_id == subject.id)
        )
        return [Given(*row) for row in self._session.execute(asked)]

    def files(self, subject: Subject, places: Iterable[Place]) -> list[tuple[str, str]]:
        """The files of the cases they stand in, and those they sent: number of the case, hash."""
        tables = {"cases", "attachments"}
        keys = {table: [int(str(each.key[0])) for each in places if each.table == table] for table in tables}
        sent = Attachment.person_id == subject.id if isinstance(subject, Person) else Attachment.id.in_(())
        wanted = or_(Attachment.case_id.in_(keys["cases"]), Attachment.id.in_(keys["attachments"]), sent)
        rows = select(Case.number, Attachment.sha256).outerjoin(Case, Case.id == Attachment.case_id)
        return [(number or "", sha) for number, sha in self._session.execute(rows.where(wanted).distinct()) if sha]

    def pages(self) -> list[Attachment]:
        """The filed forms of every case."""
        filed = select(Attachment).where(Attachment.mime == "text/html", Attachment.sha256 != "")
        return [*self._session.scalars(filed.order_by(Attachment.id))]

    def replace_file(self, files: Files, row: Attachment, content: bytes) -> str:
        """Other bytes in the place of a file's: on the disk when this returns; their hash."""
        former = row.sha256
        files.arrived(row, content, row.mime, None)
        same = update(Attachment).where(Attachment.sha256 == former).values(sha256=row.sha256, size=row.size)
        self._session.execute(same, execution_options=PLAIN)
        return row.sha256

    def replace(self, former: str, now: str) -> list[Place]:
        """Put one word in the place of another in every text; where it stood."""
        texts, marks = self._texts(), Marks(names=(former,))
        places = [*texts.places(marks)]
        texts.change(places, lambda text: marks.changed(text, now))
        self._session.expire_all()
        return places

    def hold(self, subject: Subject) -> object | None:
        """Why nothing of theirs may be erased, if it may not."""
        return State(self._session).get(HOLD + name_of(subject))

    def set_hold(self, subject: Subject, why: object | None) -> None:
        """Keep everything of theirs for the law, or let it go again (None)."""
        State(self._session).put(HOLD + name_of(subject), why or False)

    def _texts(self) -> Texts:
        self._session.flush()
        return Texts(self._session.connection(), Row.metadata)

    def _words(self, contact: int) -> None:
        """What they wrote in surveys goes; the grades stay, of nobody in particular."""
        theirs = select(Response.id).join(Invitation, Invitation.id == Response.invitation_id)
        mine = theirs.where(Invitation.contact_id == contact)
        gone = update(AnswerRow).where(AnswerRow.response_id.in_(mine), AnswerRow.text != "").values(text="")
        self._session.execute(gone, execution_options=PLAIN)

    def _enter_anew(self, cases: set[int]) -> None:
        """The index of words is made of what cases are called now."""
        terms = CaseTerms(self._session)
        entered = self._session.scalars(select(CaseTerm.case_id).where(CaseTerm.case_id.in_(cases)).distinct()).all()
        self._session.execute(delete(CaseTerm).where(CaseTerm.case_id.in_(entered)), execution_options=PLAIN)
        for case in self._session.scalars(select(Case).where(Case.id.in_(entered))):
            terms.remember(case)

    def _bind_anew(self, sign_offs: set[int]) -> None:
        """What was decided is bound to what stands there now."""
        for row in self._session.scalars(select(SignOff).where(SignOff.id.in_(sign_offs))):
            requests = select(SignOffRequest.id).where(SignOffRequest.sign_off_id == row.id)
            same = (SignOffDecision.request_id.in_(requests), SignOffDecision.sha256 == row.sha256)
            row.sha256 = content_hash(row.shown)
            bound = update(SignOffDecision).where(*same).values(sha256=row.sha256)
            self._session.execute(bound, execution_options=PLAIN)
