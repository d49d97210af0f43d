"""What the company adds to a form that is filed: the plan of a survey, the level of a corrective action."""

from collections.abc import Mapping

from conversations.procedure import Procedure
from conversations.words import Said, said
from handlers import corrective, indicators, questionnaires, roster
from handlers.turn import Turn

SURVEYS = frozenset({roster.CUSTOMER, roster.EMPLOYEE})


def prepared(turn: Turn, procedure: Procedure, answers: Mapping[str, object]) -> Mapping[str, object]:
    """The answers with what the company adds to them before a case is opened."""
    if procedure.key == corrective.PROCEDURE:
        return corrective.prepared(turn, answers)
    if procedure.key in SURVEYS:
        return _survey(turn, procedure.key, answers)
    return answers


def _survey(turn: Turn, procedure: str, answers: Mapping[str, object]) -> dict[str, object]:
    """The plan with what its approvers are shown: weights and scores, and who is invited."""
    questionnaires.kept(turn.uow, str(answers.get("questionnaire") or ""))
    row = questionnaires.find(turn.uow, str(answers.get("questionnaire") or ""))
    shown: dict[str, object] = {"roster": said("{lines}", lines=tuple(roster.told(turn, procedure, answers)))}
    if row is not None:
        shown["weights"] = questionnaires.weights(row)
    return {**answers, **shown}


def preview(turn: Turn, form: str, answers: Mapping[str, object]) -> list[Said]:
    """What a form shows before it is submitted: who would be invited by a survey, what figures come to."""
    if form == indicators.FORM:
        return indicators.preview(turn, answers)
    return roster.told(turn, form, answers) if form in SURVEYS else []
