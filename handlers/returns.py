"""CAPA 失效: a complaint like one whose corrective action was found effective raises the question again (N-13)."""

from collections.abc import Iterable, Iterator

from conversations.similarity import Problem, worth_showing
from conversations.words import N_, Said, people, said
from handlers import telling
from handlers.addresses import Address, channel_address, person_address
from handlers.outgoing import URGENT, How
from handlers.turn import Turn
from notifications import decisions
from storage.cases import Action, Case
from storage.correctives import Held

LINK = "repeat_of"
LOOKED_AT = frozenset({"file", "accept", "set_defect", "edit"})
"""After these it is known better what the complaint is about."""

QUALITY = "PB"
LIKELIEST = 30
"""So many of the likeliest are looked at."""


def look(turn: Turn, case: Case, key: str) -> None:
    """Whether the problem of a complaint should be gone: then quality hears, and its closing waits for an answer."""
    # most companies have nothing to come back at first: then nothing alike is looked for
    if case.procedure != "complaint" or key not in LOOKED_AT or not turn.uow.correctives.any_effective():
        return
    known = {link.other_id for link in turn.uow.cases.links_of(case.id) if link.case_id == case.id}
    for held in turn.uow.correctives.held(_alike(turn, case), before=case.received_at):
        if held.action.id not in known:
            _raise(turn, case, held)


def _alike(turn: Turn, case: Case) -> Iterable[int]:
    """The earlier complaints that are about the same problem of the same customer's product.

    The same defect; while the defect is not known, much the same words; and the one that its reporter named.
    """
    if not (case.customer and case.product):
        return ()
    found = {link.other_id for link in turn.uow.cases.links_of(case.id) if (link.kind, link.case_id) == (LINK, case.id)}
    if case.defect:
        found |= set(turn.uow.correctives.alike((case.customer, case.product, case.defect)))
    else:
        found |= set(_in_words(turn, case))
    return sorted(found - {case.id})


def _in_words(turn: Turn, case: Case) -> Iterator[int]:
    asked = Problem(
        text=case.title, customer=case.customer, product=case.product, category=case.category, defects=frozenset()
    )
    for alike in turn.uow.similar.closest("complaint", asked)[:LIKELIEST]:
        other = turn.uow.cases.get(alike.case_id)
        same = other is not None and (other.customer, other.product) == (case.customer, case.product)
        if same and worth_showing(alike.likeness, alike.text):
            yield alike.case_id


def _raise(turn: Turn, case: Case, held: Held) -> None:
    turn.uow.cases.link(case.id, held.action.id, LINK)
    row = Action(step=held.action.step, key="returned", answers={"by_case": case.number}, surface=turn.surface,
                 event_key=turn.event_key, at=turn.now)  # fmt: skip
    turn.uow.cases.record(held.action, row)
    turn.uow.audit.write_case(held.action, "returned", turn.actor, data={"by_case": case.number})
    procedure = turn.company.handbook[case.procedure]
    notice = decisions.action_failed(telling.about(turn, case, procedure), held.action.number or "",
                                   held.complaint.number or "", cause_of(held.complaint))  # fmt: skip
    how = How(key=f"returned/{case.number}/{held.action.number}", priority=URGENT)
    telling.queue(turn, case, notice, _quality(turn), how)


def cause_of(complaint: Case) -> Said:
    """The cause that was found then."""
    cause = complaint.answers.get("cause_occur")
    return people(cause) if cause else said(N_("not recorded"))


def _quality(turn: Turn) -> list[Address]:
    leads = turn.uow.organisation.people_with("qa_lead")
    return [channel_address(QUALITY), *(person_address(turn, lead, "lead") for lead in leads)]
