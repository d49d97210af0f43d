"""同一问题,附上: what is being reported is known already, and goes to the case that is there."""

from conversations.forms import files_in
from conversations.replies import Reply, say
from conversations.words import N_, said
from handlers import cases, forms, outcomes, similar
from handlers.standing import allowed, may_see
from handlers.turn import Turn
from storage.cases import Case
from storage.drafts import DraftRow


def same(turn: Turn, number: str) -> Reply:
    """Add what was said so far to an open case; where that is not possible, go on, and tie the new case to it."""
    row = turn.uow.drafts.active_of(turn.person.id) if turn.person else None
    case = turn.uow.cases.find(number)
    if row is None or row.case_id is not None:
        return say(forms.NOTHING_OPEN)
    if case is None or not may_see(turn, case):
        return say(said(N_("No case “{text}” that you may see. Type its number, for example 82."), text=number))
    attach = turn.company.handbook[case.procedure].action.get("attach")
    possible = attach in turn.company.handbook[case.procedure].at(case.step)
    if attach is None or not possible or allowed(turn, case, attach.by) is None:
        line = said(N_("It will be tied to {n} as its repetition. Please go on."), n=number)
        return forms.noted(turn, row, (similar.SAME, number), line)
    return _attach(turn, row, case)


def _attach(turn: Turn, row: DraftRow, case: Case) -> Reply:
    draft = forms.draft_of(turn, row)
    action = turn.company.handbook[case.procedure].action["attach"]
    ids = files_in(draft.form, draft.answers)
    note = str(draft.answers.get(similar.DESCRIPTION) or "")
    facts = cases.act(turn, case, action, {"photos": ids, "note": note} if ids else {"note": note})
    forms.keep_files(turn, case, ids)
    turn.uow.drafts.end(row)
    return outcomes.done(turn, case, action, facts)
