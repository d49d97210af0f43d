"""What is shipped is whole: every declared procedure has its rules, its clauses, its addresses and its words."""

from collections.abc import Iterator

import pytest

from conversations.fields import Field
from conversations.forms import Form
from conversations.procedure import Procedure
from conversations.procedures.handbook import HANDBOOK
from conversations.rules import ADDITION
from reports.catalogue import chinese

PROCEDURES = pytest.mark.parametrize("procedure", HANDBOOK.procedures, ids=lambda procedure: procedure.key)
EVERY_STEP_NAMES_ITS_CLAUSE = {"complaint", "corrective_action"}


def forms(procedure: Procedure) -> Iterator[Form]:
    """Every form of a procedure."""
    yield procedure.intake
    yield from (action.form for action in procedure.actions if action.form)


def questions(procedure: Procedure) -> Iterator[Field]:
    """Every question of a procedure."""
    for form in forms(procedure):
        yield from form.fields


def words(procedure: Procedure) -> Iterator[str]:
    """Every label, prompt, option and sentence that a declaration gives to people."""
    yield procedure.title
    yield from (label for step in procedure.steps for label in (step.label, step.note) if label)
    yield from (action.label for action in procedure.actions)
    yield from (action.instead for action in procedure.actions if action.instead)
    yield from (deadline.needs for deadline in procedure.deadlines)
    yield from (rule.label for rule in procedure.rules)
    yield from (form.title for form in forms(procedure))
    for field in questions(procedure):
        yield from (text for text in (field.label, field.prompt) if isinstance(text, str))
        if not callable(field.options):
            yield from (option.label.message for option in field.options)


@PROCEDURES
def test_every_word_has_its_chinese(procedure: Procedure) -> None:
    """
    Nothing of a declaration is shown to a Chinese reader in English, or the other way round.
    """
    known = chinese()

    assert sorted({text for text in words(procedure) if text not in known}) == []


@PROCEDURES
def test_every_deadline_has_its_rule_its_clause_and_its_addresses(procedure: Procedure) -> None:
    """
    Each number has a clause of the procedures or says that it is the company's own; each level goes to somebody.
    """
    rules = {rule.key: rule for rule in procedure.rules}
    for deadline in procedure.deadlines:
        clause = rules[deadline.rule].clause
        assert clause == ADDITION or clause[:1] in ("D", "H", "A"), f"{deadline.key}: {clause}"
        for level in deadline.levels:
            assert deadline.tells.get(level.name), f"{deadline.key}: nobody hears {level.name}"


@PROCEDURES
def test_it_can_be_begun_and_done_by_typing(procedure: Procedure) -> None:
    """
    The command has a word in each language, and every action can be reached by a word or by a button.
    """
    assert procedure.words
    assert any(word.isascii() for word in procedure.words)
    assert any(not word.isascii() for word in procedure.words)
    assert all(action.label for action in procedure.actions)
    assert any(action.main for action in procedure.actions)


@PROCEDURES
def test_steps_that_the_procedures_know_name_their_clause(procedure: Procedure) -> None:
    """
    Every open step that is no addition of ours can be looked up in the procedure it comes from.
    """
    if procedure.key not in EVERY_STEP_NAMES_ITS_CLAUSE:
        return
    assert [step.key for step in procedure.steps if not step.ending and not step.clause] == []
