"""Sign-offs as rows: what was shown and its hash, who was asked, and what each said of exactly that."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Identifier, Key, Row, canonical

STANDS = text("undone_at IS NULL")
OPEN, APPROVED, REFUSED, VOID, OVER = "open", "approved", "refused", "void", "over"


class SignOff(Row):
    """One thing that people are asked to decide, as it was shown. Void: it was changed; over: nobody waits for it."""

    __tablename__ = "sign_offs"
    __table_args__ = (UniqueConstraint("case_id", "revision"),)

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(Identifier, ForeignKey("cases.id"))
    revision: Mapped[int]
    step: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    needs: Mapped[str]
    quorum: Mapped[int] = mapped_column(default=0)
    proposer_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    shown: Mapped[dict[str, object]]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(default=OPEN)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SignOffRequest(Row):
    """One person who is asked, and as what."""

    __tablename__ = "sign_off_requests"
    __table_args__ = (UniqueConstraint("sign_off_id", "signer_id"),)

    id: Mapped[Key] = mapped_column(init=False)
    sign_off_id: Mapped[int] = mapped_column(Identifier, ForeignKey("sign_offs.id"))
    signer_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(default="")


class SignOffDecision(Row):
    """What one of them said, of which content, and who said it in whose place. One request, one decision."""

    __tablename__ = "sign_off_decisions"
    __table_args__ = (
        Index("uq_sign_off_decisions_stands", "request_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[Key] = mapped_column(init=False)
    request_id: Mapped[int] = mapped_column(Identifier, ForeignKey("sign_off_requests.id"))
    action_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("actions.id"), default=None)
    decision: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(Identifier, ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"), default=None)
    sha256: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None] = mapped_column(default=None)


def content_hash(shown: Mapping[str, object]) -> str:
    """SHA-256 of what is shown, in canonical JSON (sorted keys, no spaces, UTF-8), in hexadecimal."""
    return hashlib.sha256(canonical(shown).encode("utf-8", "surrogatepass")).hexdigest()


class SignOffs:
    """Ask people, and write down what they decide."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, sign_off: SignOff, signers: Mapping[int, str]) -> SignOff:
        """Keep a new sign-off with everyone who is asked: people's ids, and as what each is asked."""
        self._session.add(sign_off)
        self._session.flush()
        for signer, role in signers.items():
            self._session.add(SignOffRequest(sign_off_id=sign_off.id, signer_id=signer, role=role))
        self._session.flush()
        return sign_off

    def decide(self, decision: SignOffDecision) -> SignOffDecision:
        """Keep a decision; a second one on the same request is refused by the database as a conflict."""
        self._session.add(decision)
        self._session.flush()
        return decision

    def of(self, case_id: int) -> Sequence[SignOff]:
        """Everything that was ever asked about a case, the oldest first."""
        theirs = select(SignOff).where(SignOff.case_id == case_id)
        return self._session.scalars(theirs.order_by(SignOff.revision)).all()

    def open_of(self, case_id: int) -> SignOff | None:
        """What people are asked about a case now."""
        return self._session.scalar(select(SignOff).where(SignOff.case_id == case_id, SignOff.state == OPEN))

    def requests(self, sign_off: SignOff) -> Sequence[SignOffRequest]:
        """Everyone who is asked, in order."""
        theirs = select(SignOffRequest).where(SignOffRequest.sign_off_id == sign_off.id)
        return self._session.scalars(theirs.order_by(SignOffRequest.id)).all()

    def decisions(self, sign_off: SignOff) -> Sequence[SignOffDecision]:
        """What was decided and stands, in order."""
        theirs = (
            select(SignOffDecision)
            .join(SignOffRequest, SignOffRequest.id == SignOffDecision.request_id)
            .where(SignOffRequest.sign_off_id == sign_off.id, SignOffDecision.undone_at.is_(None))
        )
        return self._session.scalars(theirs.order_by(SignOffDecision.id)).all()

    def waiting(self, sign_off: SignOff) -> list[SignOffRequest]:
        """Who has not decided yet."""
        decided = {decision.request_id for decision in self.decisions(sign_off)}
        return [request for request in self.requests(sign_off) if request.id not in decided]

    def by_action(self, action_id: int) -> SignOffDecision | None:
        """The decision that an action gave."""
        return self._session.scalar(select(SignOffDecision).where(SignOffDecision.action_id == action_id))

    def of_decision(self, decision: SignOffDecision) -> SignOff | None:
        """What a decision was about."""
        asked = select(SignOff).join(SignOffRequest, SignOffRequest.sign_off_id == SignOff.id)
        return self._session.scalar(asked.where(SignOffRequest.id == decision.request_id))

    def waiting_for(self, people: Iterable[int]) -> list[int]:
        """The cases about which one of these people is asked and has not decided, the oldest question first."""
        decided = select(SignOffDecision.request_id).where(SignOffDecision.undone_at.is_(None))
        theirs = (
            select(SignOff.case_id)
            .join(SignOffRequest, SignOffRequest.sign_off_id == SignOff.id)
            .where(SignOff.state == OPEN, SignOffRequest.signer_id.in_(list(people)), SignOffRequest.id.not_in(decided))
        )
        return list(dict.fromkeys(self._session.scalars(theirs.order_by(SignOff.opened_at, SignOff.id))))

    def was_asked(self, case_id: int, person: int) -> bool:
        """Whether a person was ever asked about a case."""
        asked = select(SignOffRequest.id).join(SignOff, SignOff.id == SignOffRequest.sign_off_id)
        theirs = asked.where(SignOff.case_id == case_id, SignOffRequest.signer_id == person)
        return self._session.scalar(theirs.limit(1)) is not None
