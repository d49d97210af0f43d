"""One transaction and one instant: everything that happens in it happens then, together or not at all."""

from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session

from storage.audit import AuditTrail
from storage.ballots import Ballots
from storage.calendar import CalendarDays
from storage.case_terms import CaseTerms
from storage.cases import Cases
from storage.correctives import Correctives
from storage.customers import Customers
from storage.deadlines import Deadlines
from storage.drafts import Drafts
from storage.files import Files
from storage.finding import Finding
from storage.inbox import Inbox
from storage.indicators import Indicators
from storage.leases import Leases
from storage.links import AccessLinks
from storage.mailbox import Mailbox
from storage.numbers import Numbers
from storage.organisation import Organisation
from storage.outbox import Outbox
from storage.parts import Parts
from storage.rates import Rates
from storage.rules import RuleVersions
from storage.settings import SettingsOfPeople
from storage.sign_offs import SignOffs
from storage.similar import Similar
from storage.state import State
from storage.subjects import Subjects
from storage.survey_links import SurveyLinks
from storage.surveys import Surveys
from storage.worklists import Worklists


class UnitOfWork:
    """The one way to change anything. ``now`` is read once, when it begins."""

    def __init__(self, session: Session, now: datetime, attachments: Path) -> None:
        self.session = session
        self.now = now
        self._attachments = attachments

    @cached_property
    def cases(self) -> Cases:
        """Cases, actions and links."""
        return Cases(self.session)

    @cached_property
    def case_terms(self) -> CaseTerms:
        """What cases can be recognised by."""
        return CaseTerms(self.session)

    @cached_property
    def similar(self) -> Similar:
        """Cases about the same problem."""
        return Similar(self.session, self.case_terms)

    @cached_property
    def finding(self) -> Finding:
        """Cases by what people remember of them."""
        return Finding(self.session, self.case_terms)

    @cached_property
    def deadlines(self) -> Deadlines:
        """Deadlines and the levels they reached."""
        return Deadlines(self.session)

    @cached_property
    def drafts(self) -> Drafts:
        """Answers not filed yet."""
        return Drafts(self.session, self.now)

    @cached_property
    def organisation(self) -> Organisation:
        """Departments and people."""
        return Organisation(self.session)

    @cached_property
    def customers(self) -> Customers:
        """Customers and what belongs to them."""
        return Customers(self.session)

    @cached_property
    def calendar(self) -> CalendarDays:
        """The days that differ from the weekly pattern."""
        return CalendarDays(self.session, self.now)

    @cached_property
    def rules(self) -> RuleVersions:
        """The approved numbers."""
        return RuleVersions(self.session)

    @cached_property
    def settings(self) -> SettingsOfPeople:
        """What people have set for themselves."""
        return SettingsOfPeople(self.session)

    @cached_property
    def numbers(self) -> Numbers:
        """Number series without gaps."""
        return Numbers(self.session)

    @cached_property
    def inbox(self) -> Inbox:
        """Events that were dealt with."""
        return Inbox(self.session, self.now)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages to be delivered."""
        return Outbox(self.session, self.now)

    @cached_property
    def rates(self) -> Rates:
        """How fast an address may be written to."""
        return Rates(self.session, self.now)

    @cached_property
    def parts(self) -> Parts:
        """The parts that messages are sent in."""
        return Parts(self.session, self.now)

    @cached_property
    def mailbox(self) -> Mailbox:
        """What the console received."""
        return Mailbox(self.session, self.now)

    @cached_property
    def leases(self) -> Leases:
        """Jobs that one process at a time does."""
        return Leases(self.session, self.now)

    @cached_property
    def access_links(self) -> AccessLinks:
        """Links for people outside."""
        return AccessLinks(self.session)

    @cached_property
    def audit(self) -> AuditTrail:
        """Who did what."""
        return AuditTrail(self.session, self.now)

    @cached_property
    def correctives(self) -> Correctives:
        """Corrective actions beside their complaints."""
        return Correctives(self.session)

    @cached_property
    def sign_offs(self) -> SignOffs:
        """What people are asked to decide together."""
        return SignOffs(self.session)

    @cached_property
    def surveys(self) -> Surveys:
        """Surveys of customers, and who is invited to any."""
        return Surveys(self.session)

    @cached_property
    def survey_links(self) -> SurveyLinks:
        """What the links of surveys lead to."""
        return SurveyLinks(self.session)

    @cached_property
    def ballots(self) -> Ballots:
        """What employees answered, nobody's in particular."""
        return Ballots(self.session)

    @cached_property
    def indicators(self) -> Indicators:
        """What we delivered to a customer and how."""
        return Indicators(self.session)

    @cached_property
    def files(self) -> Files:
        """Files that people sent."""
        return Files(self.session, self.now, self._attachments)

    @cached_property
    def state(self) -> State:
        """Facts to remember between runs."""
        return State(self.session)

    @cached_property
    def subjects(self) -> Subjects:
        """Whom data are about."""
        return Subjects(self.session)

    @cached_property
    def worklists(self) -> Worklists:
        """What is whose to do."""
        return Worklists(self.session, self.now)
