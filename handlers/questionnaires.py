"""The questionnaires that a company has: those that come with the product until it enters its own (A-03)."""

from collections.abc import Mapping
from dataclasses import replace

from conversations.questionnaire import Questionnaire
from conversations.questionnaires.plain import from_plain, to_plain
from conversations.questionnaires.shelf import SHELF
from conversations.words import N_, Said, lines, said
from storage.surveys import QuestionnaireRow
from storage.unit_of_work import UnitOfWork

KINDS: Mapping[str, str] = {"customer": "customer", "employee": "employee", "after_close": "after_close"}
"""For whom a questionnaire of the shelf is."""

UNAPPROVED = N_("Sample, to be approved by the company")


def name_of(key: str, version: int) -> str:
    """How an answer names a version: ``customer@1``."""
    return f"{key}@{version}"


def newest(uow: UnitOfWork, kind: str) -> list[QuestionnaireRow]:
    """The newest version of every questionnaire of a kind; where there is none, that of the shelf, kept nowhere yet."""
    found = list(uow.surveys.newest(kind))
    return found or [_row(uow, SHELF[key], kind, 1) for key, of_kind in KINDS.items() if of_kind == kind]


def kept(uow: UnitOfWork, name: str) -> None:
    """Keep the version that an answer names, where it is the shelf's and nobody has used it before."""
    key, _, version = name.partition("@")
    if version == "1" and key in SHELF and uow.surveys.questionnaire(key, 1) is None:
        _keep(uow, _row(uow, SHELF[key], KINDS[key], 1), "system")


def enter(uow: UnitOfWork, asked: Questionnaire, kind: str, actor: str) -> QuestionnaireRow:
    """Keep a questionnaire as the next version of its key; it has to be approved before it is used."""
    before = [row.version for row in newest(uow, kind) if row.key == asked.key]
    return _keep(uow, _row(uow, asked, kind, max(before, default=0) + 1), actor)


def _keep(uow: UnitOfWork, row: QuestionnaireRow, actor: str) -> QuestionnaireRow:
    uow.audit.write(f"questionnaire:{name_of(row.key, row.version)}", "entered", actor)
    return uow.surveys.keep_questionnaire(row)


def _row(uow: UnitOfWork, asked: Questionnaire, kind: str, version: int) -> QuestionnaireRow:
    return QuestionnaireRow(
        key=asked.key, version=version, kind=kind, body=to_plain(replace(asked, version=version)),
        sample=asked.sample, created_at=uow.now,
    )  # fmt: skip


def find(uow: UnitOfWork, name: str) -> QuestionnaireRow | None:
    """The version that an answer names."""
    key, _, version = name.partition("@")
    found = uow.surveys.questionnaire(key, int(version)) if version.isdecimal() else None
    if found is None and version == "1" and key in SHELF:
        return _row(uow, SHELF[key], KINDS[key], 1)
    return found


def asked_by(row: QuestionnaireRow) -> Questionnaire:
    """What a version asks."""
    return from_plain(row.body)


def title(row: QuestionnaireRow) -> Said:
    """Its name, with its version."""
    name = asked_by(row).name
    return said("{name} v{version}", name=said("{text}", text=name), version=row.version)


def weights(row: QuestionnaireRow) -> Said:
    """Its weights and scores, briefly; of one that nobody approved yet that too is said."""
    weighting = asked_by(row).weighting()
    return weighting if row.approved_at else lines((said(UNAPPROVED), weighting))


def formula(row: QuestionnaireRow) -> Said:
    """How its scores are worked out, as a report prints it."""
    return asked_by(row).formula(of_customers=row.kind != KINDS["employee"])


def approve(uow: UnitOfWork, name: str, actor: str) -> None:
    """Whoever approved the plan approved its questionnaire's weights and scores (A-03)."""
    row = find(uow, name)
    if row is not None and row.approved_at is None:
        row.approved_by, row.approved_at = actor, uow.now
        uow.audit.write(f"questionnaire:{name}", "approved", actor)
