"""One card for all measures of a survey that wait for one approval: shown together, approved by one tap (2.0-14)."""

import hashlib
from dataclasses import dataclass

from conversations.words import N_, said
from handlers import telling
from handlers.refusals import RefusedError
from handlers.shown import lines_of
from handlers.standing import acting_as
from handlers.turn import Turn
from notifications import decisions
from notifications.notices import Notice
from storage.cases import Case
from storage.organisation import Person
from storage.sign_offs import SignOff

TOGETHER = frozenset({"employee"})
"""Sources of corrective actions that are approved together."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One measure that is to be decided."""

    case: Case
    asked: SignOff


def survey_of(turn: Turn, case: Case) -> Case | None:
    """The survey whose measures are approved together with this one; None where each is decided by itself."""
    if case.answers.get("source") not in TOGETHER:
        return None
    return turn.uow.cases.find(str(case.answers.get("for_case") or ""))


def waiting(turn: Turn, survey: Case, people: set[int]) -> list[Waiting]:
    """What waits for one of these people, in the order of the numbers."""
    found = []
    for link in turn.uow.cases.links_of(survey.id):
        case = turn.uow.cases.get(link.other_id) if (link.case_id, link.kind) == (survey.id, "spawned") else None
        asked = turn.uow.sign_offs.open_of(case.id) if case is not None else None
        if case is None or asked is None or asked.step != "approval":
            continue
        if any(request.signer_id in people for request in turn.uow.sign_offs.waiting(asked)):
            found.append(Waiting(case, asked))
    return sorted(found, key=lambda each: each.case.number or "")


def mark_of(measures: list[Waiting]) -> str:
    """What a decision on all of them is bound to."""
    return hashlib.sha256(" ".join(each.asked.sha256 for each in measures).encode()).hexdigest()


def card(turn: Turn, survey: Case, signers: list[Person]) -> Notice | None:
    """All that waits for a signer on one card; None where it is one alone, which has a card of its own."""
    measures = waiting(turn, survey, {person.id for person in signers})
    if len(measures) < 2:
        return None
    lines = tuple(
        said(N_("{n}: {list}"), n=each.case.number or "", list=lines_of(
            turn, each.case, turn.company.handbook[each.case.procedure], each.asked.shown
        ))
        for each in measures
    )  # fmt: skip
    about = telling.about(turn, survey, turn.company.handbook[survey.procedure], taps=False)
    singly = [(each.case.number or "", each.asked.sha256) for each in measures]
    return decisions.sign_all(about, lines, mark_of(measures), singly)


def may_approve(turn: Turn, survey: Case) -> None:
    """Refuse whoever did not see exactly what waits now."""
    measures = waiting(turn, survey, {person.id for person in acting_as(turn)})
    if not measures:
        raise RefusedError(said(N_("No measure of {n} waits for you."), n=survey.number or ""))
    if turn.seen != mark_of(measures):
        raise RefusedError(said(N_("Please decide on the newest card: it shows all measures that wait for you.")))
