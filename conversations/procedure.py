"""What a declaration of a procedure can say, refused on import where it could lose a case."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from conversations.customer_view import CustomerView
from conversations.escalation import STANDARD_TELLS, Tells
from conversations.facts import CaseFacts
from conversations.fields import Answers, Field
from conversations.forms import Form
from conversations.forms import faults as form_faults
from conversations.levels import STANDARD_LEVELS, Level
from conversations.permissions import Capacity
from conversations.rules import Rule
from conversations.sign_off import Decision, Setting, SignOff
from conversations.sign_off import faults as sign_off_faults
from conversations.words import N_, Said

Guard: TypeAlias = Callable[[CaseFacts, "Attempt"], Said | None]
Outcome: TypeAlias = Callable[[CaseFacts], str | None]
Moment: TypeAlias = Callable[[CaseFacts], datetime | None]
Test: TypeAlias = Callable[[CaseFacts], bool]

VOID = "void"
"""The ending of a case that was taken back at once: 作废. Every procedure has it."""

OPEN = "*"
"""Where an action may be done: at every step that is not an ending."""


class Effect(StrEnum):
    """What an action does besides recording itself and moving the case."""

    EDIT = "edit"
    MERGE = "merge"
    HAND_OVER = "hand_over"
    PROMISE = "promise"
    POST = "post"
    APPROVE_QUESTIONNAIRE = "approve_questionnaire"
    LAUNCH = "launch"
    REOPEN_SURVEY = "reopen_survey"
    CLOSE_LINKS = "close_links"
    APPROVE_ALL = "approve_all"
    TAKE_ANSWERS = "take_answers"


class DeclarationError(ValueError):
    """A declaration that could lose a case; the message names the procedure and the fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a guard knows of an attempt: when, in which capacities, and the answers if they are given yet."""

    now: datetime
    held: frozenset[Capacity]
    person: int | None = None
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawn:
    """A case to open in the same transaction, linked to the one that calls for it."""

    procedure: str
    kind: str
    title: Said
    department: str
    due: date | datetime | None = None
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that people can do on a case: allowed by capacity, refused by a guard with its sentence.

    ``to`` is the step it leads to; a function of the facts after it was recorded may say None: stay.
    ``leads_from`` names the steps at which it may move the case when it is not all of ``at``.
    ``refuses`` opens the next round. ``takes`` makes the person who does it the owner. ``completes``
    names the kind of linked task that is done with it, ``drops`` those that are not needed any more.
    ``offered`` says whether to show its button: what is typed is judged by the guards alone.
    ``main`` puts it among the first things to offer; with ``main_while`` only as long as that holds.
    ``calls``: once this holds after it, whoever has the case hears that it is their turn.
    ``effect`` is what else it does, of a closed set; ``forward`` names the text for the customer that
    it makes ready. ``also`` names a kind of link, and the action that is done with it on the case linked so.
    ``signs`` is the decision it gives at a step with a sign-off: where that leads, the step says.
    ``instead`` says what to do about it where it cannot be taken back.
    ``form_of`` makes its form of the case, where a case says itself what is asked; ``form`` is then what is asked
    always. ``keeps`` names the answers that the case keeps, where it does not keep all of them.
    """

    key: str
    label: str
    by: frozenset[Capacity]
    form: Form | None = None
    form_of: Callable[[CaseFacts], Form] | None = None
    keeps: tuple[str, ...] = ()
    at: tuple[str, ...] = (OPEN,)
    to: str | Outcome | None = None
    leads_to: tuple[str, ...] = ()
    leads_from: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    spawns: Callable[[CaseFacts], tuple[Spawn, ...]] | None = None
    completes: str = ""
    drops: Callable[[CaseFacts], tuple[str, ...]] | None = None
    refuses: bool = False
    effect: Effect | None = None
    also: tuple[str, str] | None = None
    signs: Decision | None = None
    forward: str = ""
    takes: bool = False
    main: bool = False
    main_while: Test | None = None
    offered: Test | None = None
    calls: Test | None = None
    instead: str = ""
    clause: str = ""
    words: tuple[str, ...] = ()

    def asks(self, facts: CaseFacts) -> Form | None:
        """What it asks on this case."""
        return self.form_of(facts) if self.form_of is not None else self.form

    def kept(self, answers: Answers) -> Answers:
        """What the case keeps of its answers."""
        return {key: value for key, value in answers.items() if key in self.keeps} if self.keeps else answers

    @property
    def undoable(self) -> bool:
        """Whether whoever did it may take it back within five minutes."""
        return not self.instead

    @property
    def destinations(self) -> tuple[str, ...]:
        """Every step that this action can lead to."""
        return (self.to,) if isinstance(self.to, str) else self.leads_to

    def moves_from(self, step: str) -> tuple[str, ...]:
        """Every step that this action can lead to from one step."""
        return self.destinations if not self.leads_from or step in self.leads_from else ()

    def is_offered(self, facts: CaseFacts) -> bool:
        """Whether its button is worth showing now."""
        return self.offered is None or self.offered(facts)

    def is_main_at(self, step: str) -> bool:
        """Whether it can be among the first things to offer at a step."""
        return self.main and (not self.leads_from or step in self.leads_from)

    def is_main(self, facts: CaseFacts) -> bool:
        """Whether it is among the first things to offer now."""
        wanted = self.main_while is None or self.main_while(facts)
        return wanted and self.is_main_at(facts.step) and self.is_offered(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a case can stand. ``holder`` is the department that has it, or a function of the facts.

    A step with a ``sign_off`` is left when those who are asked have decided. ``deadline`` is the one that what
    is to be done there is about; without it, the nearest.
    """

    key: str
    label: str
    note: str = ""
    holder: str | Callable[[CaseFacts], str] = ""
    ending: bool = False
    owned: bool = True
    sign_off: SignOff | None = None
    deadline: str = ""
    clause: str = ""


_VOID = Step(key=VOID, label=N_("Void"), note=N_("Taken back"), ending=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """An instant by which something must be done, declared on the procedure.

    ``starts``, ``met``, ``cancelled`` and ``paused`` are asked after every recorded action, and
    only then. ``due`` overrides the instant (a planned date); ``within`` names a deadline that
    this one never outlasts and whose due instant silences it (requirements 2.0-1).
    """

    key: str
    needs: str
    rule: str
    starts: Moment
    met: Test
    cancelled: Test = field(default=lambda _facts: False)
    paused: Test = field(default=lambda _facts: False)
    due: Callable[[CaseFacts], datetime | date | None] | None = None
    hours: Callable[[CaseFacts], str] | None = None
    within: str = ""
    levels: tuple[Level, ...] = STANDARD_LEVELS
    tells: Tells = field(default_factory=lambda: STANDARD_TELLS)
    shown: bool = True

    def rule_for(self, facts: CaseFacts) -> str:
        """The key of the rule that gives the hours of this case."""
        return self.hours(facts) if self.hours else self.rule


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A declared management procedure: all that the product knows of it stands here.

    ``pages`` is the department whose head is called when a case is urgent; without it, the one that has the case.
    ``quote`` is the question of the intake that takes the words of a message; ``begun_by`` the action by which a case
    of another procedure opens one of this.
    """

    key: str
    title: str
    prefix: str
    prefixes: Mapping[str, str] = field(default_factory=dict)
    numbered: Callable[[Answers], str] | None = None
    intake: Form
    first: Callable[[CaseFacts], str]
    steps: tuple[Step, ...]
    actions: tuple[Action, ...]
    starts: frozenset[Capacity]
    deadlines: tuple[Deadline, ...] = ()
    rules: tuple[Rule, ...] = ()
    first_steps: tuple[str, ...] = ()
    record: str = ""
    form_number: str = ""
    clause: str = ""
    words: tuple[str, ...] = ()
    receipt: str = ""
    promise: tuple[str, ...] = ()
    shown: CustomerView | None = None
    urgent: Callable[[CaseFacts], str] = field(default=lambda _facts: "")
    pages: str = ""
    batched: Test = field(default=lambda _facts: False)
    headline: Callable[[Answers], Said | None] = field(default=lambda _answers: None)
    quote: str = ""
    begun_by: str = ""

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise DeclarationError(f"{self.key}: {fault}")

    @cached_property
    def step(self) -> dict[str, Step]:
        """The steps by their keys."""
        return {step.key: step for step in (*self.steps, _VOID)}

    @cached_property
    def action(self) -> dict[str, Action]:
        """The actions by their keys."""
        return {action.key: action for action in self.actions}

    @cached_property
    def deadline(self) -> dict[str, Deadline]:
        """The deadlines by their keys."""
        return {deadline.key: deadline for deadline in self.deadlines}

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every question that this procedure asks anywhere, by its key; the intake's wins."""
        forms = [*(action.form for action in reversed(self.actions) if action.form), self.intake]
        return {question.key: question for form in forms for question in form.fields}

    @cached_property
    def refusals(self) -> frozenset[str]:
        """The actions that open the next round."""
        return frozenset(action.key for action in self.actions if action.refuses)

    @cached_property
    def endings(self) -> frozenset[str]:
        """The steps at which a case is over."""
        return frozenset(step.key for step in self.step.values() if step.ending)

    def at(self, step: str) -> tuple[Action, ...]:
        """The actions that can be done at a step, in the order they are declared."""
        return tuple(
            action for action in self.actions if step in action.at or (OPEN in action.at and step not in self.endings)
        )

    def _faults(self) -> Iterator[str]:
        yield from self._unknown()
        yield from self._signing()
        yield from form_faults(self.intake)
        if self.quote and self.quote not in self.intake.by_key:
            yield f"quote names {self.quote}, which the intake does not ask"
        for action in self.actions:
            if callable(action.to) and not action.leads_to:
                yield f"action {action.key}: say in leads_to where its function can lead"
            if not action.by:
                yield f"action {action.key}: nobody may do it"
            if action.form:
                yield from form_faults(action.form)
            elif action.form_of or action.keeps:
                yield f"action {action.key}: form says what it asks on every case, and what is kept of it"
        yield from self._unreachable()
        yield from self._dead_ends()

    def _unknown(self) -> Iterator[str]:
        for kind, keys in (
            ("step", [step.key for step in (*self.steps, _VOID)]),
            ("action", [action.key for action in self.actions]),
            ("deadline", [deadline.key for deadline in self.deadlines]),
        ):
            yield from (f"{kind} {key} stands twice" for key in sorted(set(keys)) if keys.count(key) > 1)
        for action in self.actions:
            for key in (*action.at, *action.destinations, *action.leads_from):
                if key not in self.step and key != OPEN:
                    yield f"action {action.key} names an unknown step {key}"
        yield from (f"unknown first step {key}" for key in self.first_steps if key not in self.step)
        yield from self._unknown_deadlines()

    def _unknown_deadlines(self) -> Iterator[str]:
        known_rules = {rule.key for rule in self.rules}
        for deadline in self.deadlines:
            if deadline.rule not in known_rules:
                yield f"deadline {deadline.key} names an unknown rule {deadline.rule}"
            if deadline.within and deadline.within not in self.deadline:
                yield f"deadline {deadline.key} is within an unknown deadline {deadline.within}"
        yield from (f"it promises an unknown deadline {key}" for key in self.promise if key not in self.deadline)
        for step in self.steps:
            if step.deadline and step.deadline not in self.deadline:
                yield f"step {step.key} names an unknown deadline {step.deadline}"

    def _signing(self) -> Iterator[str]:
        for step in self.steps:
            if step.sign_off is not None:
                yield from sign_off_faults(step.key, step.sign_off, self._setting(step.key))
                if step.ending:
                    yield f"step {step.key}: nobody can sign at an ending"
        for action in self.actions:
            if action.signs is None:
                continue
            asked = [self.step[key].sign_off for key in action.at if key in self.step]
            lead = {sign_off.leads_to(action.signs) for sign_off in asked if sign_off is not None}
            if action.to is not None or None in asked or OPEN in action.at or set(action.leads_to) != lead:
                yield f"action {action.key}: it signs, so its step's sign-off says where it leads"
            if action.by != {Capacity.SIGNER}:
                yield f"action {action.key}: who is asked signs, and nobody else"

    def _setting(self, step: str) -> Setting:
        signing = [action for action in self.actions if step in action.at]
        return Setting(
            steps=frozenset(self.step),
            actions=frozenset({"file", *(action.key for action in self.actions if action.signs is None)}),
            deadlines=frozenset(self.deadline),
            fields=frozenset(self.fields),
            approving=tuple(action.key for action in signing if action.signs is Decision.APPROVE),
            refusing=tuple(action.key for action in signing if action.signs is Decision.REFUSE),
        )

    def _unreachable(self) -> Iterator[str]:
        reached, todo = set[str](), list(self.first_steps)
        while todo:
            step = todo.pop()
            if step not in reached and step in self.step:
                reached.add(step)
                todo.extend(key for action in self.at(step) for key in action.moves_from(step))
        yield from (f"step {step.key} cannot be reached" for step in self.steps if step.key not in reached)

    def _dead_ends(self) -> Iterator[str]:
        leaves = set(self.endings)
        for _ in self.steps:
            leaves |= {
                step.key
                for step in self.steps
                if any(key in leaves for action in self.at(step.key) for key in action.moves_from(step.key))
            }
        yield from (f"step {step.key} leads to no ending" for step in self.steps if step.key not in leaves)
        if not self.endings:
            yield "no step is an ending"


def by(*capacities: Capacity) -> frozenset[Capacity]:
    """Say who may do it."""
    return frozenset(capacities)


def after(*keys: str) -> Test:
    """True when the action just recorded is one of these."""
    return lambda facts: facts.latest.key in keys


def when(*keys: str) -> Moment:
    """The instant of the action just recorded, if it is one of these."""
    return lambda facts: facts.latest.at if facts.latest.key in keys else None


def starts_at(step: str) -> Callable[[CaseFacts], str]:
    """Every case begins at this step."""
    return lambda _facts: step
