"""Whom data are about: what there is of somebody given out, and taken away for good with a certificate (S17, M-98)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from handlers import auditing
from handlers.company import Company
from handlers.refiling import refile
from handlers.turn import Turn
from storage.base import canonical
from storage.customers import Contact
from storage.database import Database
from storage.pseudonyms import SHORTEST_NAME, Place
from storage.resealing import Resealed
from storage.rows import metadata
from storage.sign_offs import content_hash
from storage.subjects import Subject, name_of
from storage.unit_of_work import UnitOfWork

Plain: TypeAlias = dict[str, object]

STAYS = (
    "Quality records stay, with the pseudonym in the place of the name.",
    "Ballots of employees: nobody knows whose they are, so they can be neither given out nor erased.",
    "Photos and filed documents, listed under files: a program reads no faces. Look at them and replace what must go.",
    "Messages that were delivered are at Slack and WeCom: delete them there.",
    "Backups and exports made before: they hold the person until they are deleted. After a restore, erase again.",
    "The audit trail was sealed again from the first row that named them; its former end stands here and in the trail.",
)
"""What erasing does not reach, as the certificate says it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The certificate, and the files that were written again: as they were, they are still on the disk."""

    certificate: Plain
    gone: tuple[str, ...] = ()


class ErasureRefusedError(Exception):
    """Nothing was erased; the sentence says why and what to do first."""


class NobodyFoundError(Exception):
    """Nobody, or more than one, is called so; the sentence says who could be meant."""


def found(uow: UnitOfWork, said: str) -> Subject:
    """The one person meant by a name, ``contact:12`` or ``person:3``. Raises NobodyFoundError."""
    people = uow.subjects.find(said)
    if len(people) == 1:
        return people[0]
    if not people:
        raise NobodyFoundError(f"There is nobody called {said}. Say the whole name, contact:NUMBER or person:NUMBER.")
    named = ", ".join(f"{name_of(each)} ({_where(each)})" for each in people)
    raise NobodyFoundError(f"Several are called so: {named}. Say which.")


def export(uow: UnitOfWork, said: str) -> Plain:
    """Everything there is of somebody, as plain values. What others wrote about them is in it."""
    subject = found(uow, said)
    places = uow.subjects.places(subject)
    return {
        "subject": name_of(subject),
        "exported_at": uow.now.isoformat(),
        "about": _about(subject),
        "named_in": [{"table": p.table, "column": p.column, "row": list(p.key), "text": p.text} for p in places],
        "did": [list(each) for each in uow.subjects.done(subject)],
        "survey_answers": [asdict(each) for each in uow.subjects.answers(subject)],
        "files": [list(each) for each in uow.subjects.files(subject, places)],
        "hold": uow.subjects.hold(subject) or None,
    }


def hold(uow: UnitOfWork, said: str, why: str, by: str) -> str:
    """Keep everything of somebody: until it is released nothing may be erased. Returns whom it is about."""
    subject = found(uow, said)
    uow.subjects.set_hold(subject, {"why": why, "by": by, "at": uow.now.isoformat()})
    uow.audit.write(f"subject:{name_of(subject)}", "held", by)
    return name_of(subject)


def release(uow: UnitOfWork, said: str, by: str) -> str:
    """Let it go again."""
    subject = found(uow, said)
    uow.subjects.set_hold(subject, None)
    uow.audit.write(f"subject:{name_of(subject)}", "released", by)
    return name_of(subject)


def would_erase(uow: UnitOfWork, said: str, *, namesakes: bool = False) -> Mapping[str, int]:
    """How many texts in each column would change. Raises ErasureRefusedError where it may not be done."""
    subject = found(uow, said)
    places = uow.subjects.places(subject)
    _refuse(uow, subject, places, namesakes=namesakes)
    counts: dict[str, int] = {}
    for place in places:
        counts[f"{place.table}.{place.column}"] = counts.get(f"{place.table}.{place.column}", 0) + 1
    return counts


def erase(uow: UnitOfWork, company: Company, said: str, by: str, *, namesakes: bool = False) -> Erased:
    """Put a pseudonym in the place of somebody in every text there is; the certificate says what was done.

    Raises ErasureRefusedError; then nothing was changed. Afterwards the files of the database are to be wiped, and
    those that nothing names any more to be discarded: ``finish`` does both.
    """
    while uow.audit.seal():
        pass
    subject = found(uow, said)
    places = uow.subjects.places(subject)
    _refuse(uow, subject, places, namesakes=namesakes)
    files = uow.subjects.files(subject, places)
    marks, to = uow.subjects.marks(subject), f"已删除-{secrets.token_hex(4).upper()}"
    changed = uow.subjects.rename(subject, places, to)
    uow.subjects.empty(subject, to)
    refiled = refile(Turn(uow, company), marks, to)
    resealed = uow.subjects.reseal([*places, *refiled.places])
    auditing.sealed_again(uow)
    certificate: Plain = {
        "certificate": "erasure", "subject": name_of(subject), "pseudonym": to, "at": uow.now.isoformat(), "by": by,
        "changed": changed, "files": [list(each) for each in files], "filed_again": refiled.hashes,
        "audit": _told(resealed), "stays": list(STAYS),
    }  # fmt: skip
    certificate["sha256"] = content_hash(certificate)
    chain = {"first": resealed.first, "ended": resealed.ended} if resealed else {}
    told = {"certificate": certificate["sha256"], "pseudonym": to, **chain}
    uow.audit.write(f"subject:{name_of(subject)}", "erased", by, data=told)
    while uow.audit.seal():
        pass
    return Erased(certificate, tuple(refiled.gone))


def finish(database: Database, erased: Erased) -> None:
    """Leave nothing in the files of the database, nor on the disk. Raises BusyError while others keep it from that."""
    database.discard(erased.gone)
    database.wipe(table.name for table in metadata().sorted_tables)


def is_whole(certificate: Mapping[str, object]) -> bool:
    """Whether a certificate is as it was made."""
    rest = {key: value for key, value in certificate.items() if key != "sha256"}
    return certificate.get("sha256") == content_hash(rest)


def text_of(plain: Mapping[str, object]) -> str:
    """A certificate or an export as a file, the same bytes whenever it is written."""
    return f"{canonical(plain)}\n"


def _refuse(uow: UnitOfWork, subject: Subject, places: Sequence[Place], *, namesakes: bool) -> None:
    """Say the first thing that keeps somebody from being erased."""
    who = name_of(subject)
    held = uow.subjects.hold(subject)
    if held:
        raise ErasureRefusedError(f"{who} is held for the law. `gukebot subject release {who}` first.")
    if leads := uow.subjects.leads(subject):
        raise ErasureRefusedError(f"{who} leads or deputises for {', '.join(leads)}. Name somebody else first.")
    if cases := uow.subjects.open_cases(subject, places):
        listed = ", ".join(cases[:10])
        raise ErasureRefusedError(f"{who} is still needed in {listed}. Close these or hand them over first.")
    same = [name for name in uow.subjects.names() if name == subject.name]
    if len(same) > 1 and not namesakes:
        raise ErasureRefusedError(
            f"Somebody or something else is called as {who} is, and texts do not say which is meant. "
            "With --namesakes the name goes wherever it stands."
        )
    if len(subject.name) < SHORTEST_NAME:
        raise ErasureRefusedError(f"The name of {who} is too short to be told from other words. Correct it first.")


def _where(subject: Subject) -> str:
    return subject.customer if isinstance(subject, Contact) else subject.department


def _about(subject: Subject) -> Plain:
    """Their own row."""
    fields: tuple[str, ...]
    if isinstance(subject, Contact):
        fields = (
            "customer",
            "name",
            "post",
            "business_relation",
            "phone",
            "email",
            "language",
            "is_user_rep",
            "active",
        )
    else:
        fields = ("name", "department", "post", "roles", "skills", "site", "email", "slack_id", "wecom_id", "language",
                  "leave_from", "leave_to", "active")  # fmt: skip
    found_there = {name: getattr(subject, name) for name in fields}
    return {name: str(value) if name.startswith("leave") and value else value for name, value in found_there.items()}


def _told(resealed: Resealed | None) -> Plain:
    """What became of the chain: from where, and each row whose words changed with its hash before and now."""
    if resealed is None:
        return {"resealed": 0}
    return {
        "resealed": resealed.rows, "first": resealed.first, "ended": resealed.ended, "ends": resealed.ends,
        "changed": [{"seal": seal, "was": was, "is": now} for seal, was, now in resealed.changed],
    }  # fmt: skip
