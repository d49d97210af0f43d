"""Whom data are about: given out, held for the law, and erased so that nothing of them is found any more (S17)."""

import json
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import auditing, filing, subjects
from handlers.subjects import ErasureRefusedError, NobodyFoundError
from handlers.turn import Turn
from reports.auditor.look import Chain
from reports.gauges import AUDITOR
from storage import audit
from storage.audit_rows import AuditRow
from storage.customers import Contact
from storage.files import Attachment
from storage.organisation import Person
from storage.outbox_rows import Message
from storage.surveys import AnswerRow, Invitation, Response
from storage.unit_of_work import UnitOfWork
from tests.support import remains
from tests.support.answering import sent
from tests.support.desk import CASE, Desk

NAME, PHONE, MAIL = "欧阳静怡", "13912345678", "jingyi.ouyang@chian.example"
LONGER = "欧阳静怡君"
WORDS = (NAME, PHONE, "139-1234-5678", "139 1234 5678", MAIL)
BY = "dba"


def contact(uow: UnitOfWork) -> int:
    """Somebody at 驰安, and somebody else in whose name hers stands."""
    uow.customers.add(
        mine := Contact(customer="K01", name=NAME, post="收货", phone=PHONE, email=MAIL),
        Contact(customer="K01", name=LONGER, phone="", email=""),
    )
    return mine.id


def everywhere(desk: Desk) -> str:
    """A complaint of hers from the first word to the last, and her name wherever a name can get; who she is."""
    who = desk.do(contact)
    desk.report(description=f"{NAME}说少送两箱,电话139-1234-5678,门店断货")
    desk.remedy(contact=NAME)
    desk.refused(contact=NAME)
    desk.say("程小满", f"提措施 {CASE}", f"给{NAME}补发,抄送{MAIL}")
    desk.say("程小满", f"登记沟通 {CASE}", NAME, f"{LONGER}也在场,回电139 1234 5678")
    desk.satisfied(contact=NAME)
    desk.photos("程小满")
    desk.deliver()
    desk.do(partial(scattered, who=who))
    return f"contact:{who}"


def scattered(uow: UnitOfWork, who: int) -> None:
    """Her name in a file's name, a draft, a dead letter, an escaped text and what is remembered."""
    file = uow.session.scalar(select(Attachment))
    assert file is not None
    file.name = f"{NAME}的照片.png"
    uow.outbox.add(Message(key=f"test/{NAME}", platform="slack", address="person:1", topic="test",
                           payload={"blocks": json.dumps({"text": f"{NAME} {PHONE}"})}))  # fmt: skip
    uow.state.put(f"seen.{MAIL}", {"who": [NAME, {"deep": NAME.upper()}]})


def finished(desk: Desk) -> None:
    """The case is closed."""
    desk.implemented()
    desk.cause()
    desk.say("梁可欣", f"关闭 {CASE}", "拣货单漏打印", "改为自动打印", NAME, "已发送")
    assert desk.step() == "closed"


def erased(desk: Desk, said: str, *, namesakes: bool = False) -> subjects.Plain:
    """Somebody is erased, and the files are wiped; the certificate."""
    done = desk.do(lambda uow: subjects.erase(uow, desk.company, said, BY, namesakes=namesakes))
    subjects.finish(desk.database, done)
    return done.certificate


def test_nothing_of_a_contact_is_left(desk: Desk, url: str, tmp_path: Path) -> None:
    """
    Name, telephone and mail stand in no value of any table, on SQLite in no byte of the file or its log; the case is
    whole, whoever is called nearly the same keeps the name, and the trail can be verified.
    """
    who = everywhere(desk)
    finished(desk)
    before = remains.rows_with(url, *WORDS)
    files = tmp_path / "files"
    found = set(auditing.everything(desk.database, desk.company, files))
    certificate = erased(desk, who)
    hits = [hit.replace(LONGER, "") for hit in remains.rows_with(url, *WORDS)]
    assert len(before) > 20
    assert [hit for hit in hits if any(word.lower() in hit.lower() for word in WORDS)] == []
    if url.startswith("sqlite"):
        assert remains.files_with(tmp_path, PHONE, MAIL) == []
        assert NAME.encode() not in (tmp_path / "gukebot.db").read_bytes().replace(LONGER.encode(), b"")
    assert desk.step() == "closed"
    form = desk.look(CASE, lambda uow, case: filing.write_again(Turn(uow, desk.company), case))
    assert (form.intact, form.agrees) == (True, True)
    assert str(certificate["pseudonym"]).encode() in form.content
    assert desk.answers()["contact"] == certificate["pseudonym"]
    with desk.database.reading() as session:
        assert audit.verify(session).faults == ()
    assert set(auditing.everything(desk.database, desk.company, files)) <= found


def test_the_certificate_says_what_was_done(desk: Desk) -> None:
    """
    Whom, when, by whom, how many texts where, the end of the trail before and after, and what stays; its hash is in the
    trail, and a changed certificate is found out.
    """
    who = everywhere(desk)
    finished(desk)
    desk.tick()
    with desk.database.reading() as session:
        ended = session.scalar(select(AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1))
    certificate = erased(desk, who)
    kept = json.loads(subjects.text_of(certificate))
    with desk.database.reading() as session:
        told = session.scalars(select(AuditRow).where(AuditRow.action == "erased")).one()
    assert subjects.is_whole(kept)
    assert not subjects.is_whole({**kept, "by": "somebody else"})
    assert NAME not in subjects.text_of(certificate)
    assert kept["changed"]["contacts.name"] == 1
    assert kept["audit"]["ended"] == ended
    assert len(kept["audit"]["changed"]) == kept["changed"]["audit.data"]
    assert len(kept["files"]) == 2
    assert len(kept["filed_again"]) == 1
    assert (told.data["certificate"], told.data["ended"], told.actor) == (kept["sha256"], ended, BY)


def test_what_is_still_needed_is_not_erased(desk: Desk) -> None:
    """
    A hold for the law, an open case, a namesake and a name that means nothing are said, and nothing is changed.
    """
    who = everywhere(desk)

    def refused(said: str) -> str:
        with pytest.raises((ErasureRefusedError, NobodyFoundError)) as error:
            erased(desk, said)
        return str(error.value)

    assert CASE in refused(who)
    finished(desk)
    desk.do(lambda uow: subjects.hold(uow, who, "诉讼 12 号", BY))
    assert "held" in refused(who)
    assert "诉讼" not in refused(who)
    desk.do(lambda uow: subjects.release(uow, who, BY))
    desk.do(lambda uow: uow.customers.add(Contact(customer="K02", name=NAME)))
    assert "contact:" in refused(NAME)
    assert "--namesakes" in refused(who)
    assert "nobody" in refused("谁也不是")
    assert "leads" in refused("顾晓岚")
    assert erased(desk, who, namesakes=True)["subject"] == who


def test_everything_of_somebody_is_given_out(desk: Desk) -> None:
    """
    Their own row, every text that names them with its place, the files of their cases; nothing is changed by it.
    """
    who = everywhere(desk)
    found = desk.database.look(lambda uow: subjects.export(uow, who))
    assert found["about"] == {
        "customer": "K01", "name": NAME, "post": "收货", "business_relation": "", "phone": PHONE, "email": MAIL,
        "language": "zh", "is_user_rep": False, "active": True,
    }  # fmt: skip
    tables = {place["table"] for place in found["named_in"]}  # type: ignore[attr-defined]  # plain values
    assert {"cases", "actions", "audit", "outbox", "attachments", "state", "contacts"} <= tables
    assert len(found["files"]) == 1  # type: ignore[arg-type]  # plain values


def test_one_of_ours_who_left(desk: Desk, url: str) -> None:
    """
    What they did stays theirs under a pseudonym; their accounts, drafts and settings are gone, nobody acts as them.
    """
    desk.transmit("罗一帆")
    desk.say("罗一帆", "报投诉", "瀚途")
    person = desk.do(lambda uow: uow.organisation.person_by_name("罗一帆"))
    assert person is not None
    desk.do(lambda uow: setattr(uow.organisation.person(person.id), "slack_id", "U0LUOYIFAN"))
    certificate = erased(desk, f"person:{person.id}")
    gone = desk.do(lambda uow: uow.session.get(Person, person.id))
    assert gone is not None
    assert (gone.name, gone.active, gone.slack_id, gone.roles) == (certificate["pseudonym"], False, None, [])
    assert desk.look(CASE, lambda _uow, case: case.reporter_id) == person.id
    assert desk.do(lambda uow: uow.drafts.of(person.id)) == []
    assert remains.rows_with(url, "罗一帆", "U0LUOYIFAN") == []
    assert desk.do(lambda uow: uow.organisation.person_by_platform("slack", "U0LUOYIFAN")) is None


def test_what_they_wrote_in_a_survey_goes_and_the_grade_stays(desk: Desk) -> None:
    """
    The words of a contact's answer are nobody's business any more; the grades are counted as before.
    """
    sent(desk)
    who = desk.do(answered)
    erased(desk, f"contact:{who}")
    kept = desk.do(lambda uow: [(row.points, row.text) for row in uow.session.scalars(select(AnswerRow))])
    assert sorted(kept, key=str) == [(10000, ""), (None, "")]


def answered(uow: UnitOfWork) -> int:
    """One of the invited has answered."""
    invitation = uow.session.scalars(select(Invitation).where(Invitation.contact_id.is_not(None))).first()
    assert invitation is not None
    assert invitation.contact_id is not None
    response = Response(campaign_id=invitation.campaign_id, invitation_id=invitation.id, begun_at=uow.now)
    uow.surveys.begin(response)
    words = AnswerRow(response_id=response.id, item="suggestions", text="只有我会这么写")
    uow.surveys.answer(response, [AnswerRow(response_id=response.id, item="quality", grade="a", points=10000), words])
    return invitation.contact_id


def test_a_trail_that_was_tampered_with_is_still_found_out(desk: Desk) -> None:
    """
    Sealing again is no way to hide: what is changed afterwards breaks the chain as before.
    """
    who = everywhere(desk)
    finished(desk)
    erased(desk, who)

    def tamper(uow: UnitOfWork) -> None:
        row = uow.session.scalars(select(AuditRow).where(AuditRow.seq == 3)).one()
        row.actor = "somebody else"

    desk.do(tamper)
    with desk.database.reading() as session:
        assert "seal 3" in audit.verify(session).faults[0]


def test_the_auditor_is_not_alarmed(desk: Desk, tmp_path: Path) -> None:
    """
    Whoever follows the trail piece by piece begins anew, and finds nothing wrong that was not wrong before.
    """
    who = everywhere(desk)
    finished(desk)
    desk.tick()
    with desk.database.reading() as session:
        seal = session.scalars(select(AuditRow).where(AuditRow.seq.is_not(None)).order_by(AuditRow.seq.desc())).first()
    assert seal is not None
    upto = Chain(seal.seq or 0, seal.hash or "")
    desk.do(lambda uow: uow.state.put(AUDITOR, auditing.Kept(uow.now, upto).plain()))
    erased(desk, who)
    desk.clock.forward(auditing.EVERY)
    auditing.tick(desk.database, desk.company, tmp_path / "files")
    kept = auditing.Kept.read(desk.do(lambda uow: uow.state.get(AUDITOR)))
    assert not [key for key in kept.known if key.startswith("chain")]
