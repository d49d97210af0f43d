"""A form and the draft of it: what is asked, and the answers kept so far.

A draft stores no position. The next question is the first one that is unanswered and whose
``when`` holds, so a restart, a new release or an edited answer cannot leave a person nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from conversations.fields import Answers, Field, Kind, Lookups, UnacceptableError
from conversations.readers import read
from conversations.words import N_, said


@dataclass(frozen=True)
class Form:
    """Questions in their order. ``confirm`` names the one before which all answers are shown."""

    key: str
    title: str
    fields: tuple[Field, ...]
    confirm: str = ""

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """The questions by their keys."""
        return {field.key: field for field in self.fields}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: kept for ever in its order, the newest one wins."""

    key: str
    value: object
    at: datetime
    surface: str
    skipped: bool = False


REOPEN = "$reopen"
"""The key under which a wish to correct an answer is kept; the answer stays until a new one is given."""

WRONG = "$wrong"
"""The key under which a draft remembers which questions were answered unacceptably; it stands before the answers."""

ENOUGH = 2
"""So often a question is answered unacceptably before whoever answers it is told whom to ask."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form, the answers given so far in their order, and what was wrong with the last ones."""

    form: Form
    given: tuple[Given, ...] = ()
    faults: Mapping[str, UnacceptableError] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, object]:
        """The newest answer to each question; a skipped one is not there."""
        newest = {given.key: given for given in self.given}
        return {key: given.value for key, given in newest.items() if not given.skipped}

    def settled(self, look: Lookups) -> dict[str, object]:
        """The answers with the presets filled in beneath them: what conditions are judged on."""
        known = self.answers
        for question in self.form.fields:
            if question.preset and question.key not in known and question.when(known):
                preset = question.preset(known, look)
                if preset is not None:
                    known[question.key] = preset
        return known

    def asked(self, look: Lookups) -> tuple[Field, ...]:
        """The questions that apply to these answers, presets left out."""
        known = self.settled(look)
        return tuple(q for q in self.form.fields if q.when(known) and not q.preset)

    def next(self, look: Lookups) -> Field | None:
        """The first question that applies and is not answered; None when there is none left."""
        if self.given and self.given[-1].key == REOPEN:
            return self.form.by_key.get(str(self.given[-1].value))
        touched = {given.key for given in self.given}
        return next((q for q in self.asked(look) if q.key not in touched), None)

    def full(self, look: Lookups) -> bool:
        """Whether there is nothing left to ask and nothing to mend."""
        return not self.faults and self.next(look) is None

    def progress(self, question: Field, look: Lookups) -> tuple[int, int]:
        """Where a question stands among how many, the confirmation and what follows it not counted; 0 if there."""
        keys = [field.key for field in self.asked(look)]
        if self.form.confirm in keys:
            keys = keys[: keys.index(self.form.confirm)]
        return keys.index(question.key) + 1 if question.key in keys else 0, len(keys)

    def take(self, texts: Mapping[str, str], look: Lookups, surface: str) -> "Draft":
        """Read answers into a new draft: keep the good, explain the rest."""
        draft = replace(self, faults={})
        faults: dict[str, UnacceptableError] = {}
        for question in self.form.fields:
            if question.key in texts:
                try:
                    value = read(question, texts[question.key], draft.settled(look), look)
                except UnacceptableError as fault:
                    faults[question.key] = fault
                else:
                    draft = draft.keep(question.key, value, look.now, surface)
        return draft.refused(faults, look, surface) if faults else draft

    def refused(self, faults: Mapping[str, UnacceptableError], look: Lookups, surface: str) -> "Draft":
        """Say what was wrong, and remember it until an acceptable answer is there."""
        before = [given.value for given in self.given if given.key == WRONG]
        marks = tuple(
            Given(WRONG, key, look.now, surface, skipped=True) for key in faults if before.count(key) < ENOUGH
        )
        return replace(self, given=(*marks, *self.given), faults=faults)

    @property
    def stuck(self) -> frozenset[str]:
        """The questions that were answered unacceptably again."""
        wrong = [given.value for given in self.given if given.key == WRONG]
        return frozenset(key for key in self.faults if wrong.count(key) >= ENOUGH)

    @property
    def began(self) -> bool:
        """Whether there is an answer to go back to."""
        return any(given.key != WRONG for given in self.given)

    def keep(self, key: str, value: object, at: datetime, surface: str) -> "Draft":
        """Add one answer whose value is known."""
        kept = (given for given in self.given if (given.key, given.value) != (WRONG, key))
        return replace(self, given=(*kept, Given(key, value, at, surface)), faults={})

    def skip(self, look: Lookups, surface: str) -> "Draft":
        """Leave the next question out, if it may be left out; otherwise explain."""
        question = self.next(look)
        if question is None:
            return self
        if question.required:
            sentence = said(N_("{question} is needed."), question=said(question.label))
            return self.refused({question.key: UnacceptableError(sentence)}, look, surface)
        given = Given(question.key, None, look.now, surface, skipped=True)
        return replace(self, given=(*self.given, given), faults={})

    def back(self) -> "Draft":
        """Clear the newest answer: its question is asked again."""
        newest = self.given[-1].key if self.given else ""
        return replace(self, given=tuple(each for each in self.given if each.key not in (newest, WRONG)), faults={})

    def without(self, key: str) -> "Draft":
        """Drop the answer to one question: it is asked again."""
        return replace(self, given=tuple(each for each in self.given if each.key != key), faults={})

    def reopen(self, key: str, at: datetime, surface: str) -> "Draft":
        """Ask one question next, whether it was answered, preset or not."""
        return replace(self, given=(*self.given, Given(REOPEN, key, at, surface, skipped=True)), faults={})

    def filed(self, look: Lookups) -> dict[str, object]:
        """What is filed: questions that apply, presets filled in; hidden answers stay in the draft."""
        known = self.settled(look)
        return {
            question.key: known[question.key]
            for question in self.form.fields
            if question.when(known) and question.key in known
        }


def files_in(form: Form, answers: Answers) -> tuple[str, ...]:
    """The keys of the photos and files that the answers hold."""
    found: list[str] = []
    for question in form.fields:
        value = answers.get(question.key)
        if question.kind is Kind.FILES and isinstance(value, tuple):
            found.extend(str(item) for item in value)
    return tuple(found)


def faults(form: Form) -> Iterator[str]:
    """What would make a form of a declaration useless, each in a sentence."""
    keys = [question.key for question in form.fields]
    yield from (f"form {form.key}: {key} stands twice" for key in sorted(set(keys)) if keys.count(key) > 1)
    if "outcome" in keys:
        yield f"form {form.key}: a field may not be called outcome"
    if form.confirm and form.confirm not in keys:
        yield f"form {form.key} confirms at an unknown field {form.confirm}"
    for question in form.fields:
        if question.kind in (Kind.CHOICE, Kind.MULTI_CHOICE) and not question.options:
            yield f"form {form.key}: {question.key} offers nothing to choose"
