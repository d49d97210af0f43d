"""Questions that may be answered together: short choices in a row, none of which depends on what the others get.

A condition is a function that nobody can look into, so it is tried: a question belongs to a run only if it is asked,
with the same options, whatever the others are answered.
"""

from collections.abc import Iterator

from conversations.fields import Field, Kind, Lookups, Option
from conversations.forms import REOPEN, Draft

FEWEST, MOST = 2, 3
"""How many questions are answered together."""

OPTIONS = 10
"""A question with more options is asked alone."""

CHOICES = frozenset({Kind.CHOICE, Kind.YES_NO})


def run(draft: Draft, look: Lookups) -> tuple[tuple[Field, tuple[Option, ...]], ...]:
    """The questions from the next one on that can be answered together, with their options; else none."""
    first = draft.next(look)
    if first is None or first.kind not in CHOICES or draft.faults:
        return ()
    if draft.given and draft.given[-1].key == REOPEN:
        return ()
    found = tuple(_from(draft, first, look))
    return found if len(found) >= FEWEST else ()


def _from(draft: Draft, first: Field, look: Lookups) -> Iterator[tuple[Field, tuple[Option, ...]]]:
    """The run from a question on: it ends before an open question that does not belong to it."""
    fields, touched = draft.form.fields, {given.key for given in draft.given}
    drafts, taken = [draft], 0
    for field in fields[fields.index(first) :]:
        if field.preset or field.key in touched:
            continue
        known = [each.settled(look) for each in drafts]
        asked = {bool(field.when(answers)) for answers in known}
        if asked == {False}:
            continue
        options = field.choices(known[0], look) if asked == {True} and _can_stand_beside(draft, field) else ()
        same = not callable(field.options) or all(field.choices(answers, look) == options for answers in known)
        drafts = _answered(drafts, field, options, look) if same else []
        if not drafts:
            return
        yield field, options
        taken += 1
        if taken == MOST:
            return


def _can_stand_beside(draft: Draft, field: Field) -> bool:
    return field.kind in CHOICES and field.required and not field.typed and field.key != draft.form.confirm


def _answered(drafts: list[Draft], field: Field, options: tuple[Option, ...], look: Lookups) -> list[Draft]:
    """The drafts with every option of one more question; none where something would have to be typed, or mended."""
    if len(options) > OPTIONS or any(option.hint is not None for option in options):
        return []
    if field.read is None:
        return [each.keep(field.key, option.key, look.now, "") for each in drafts for option in options]
    answered = [each.take({field.key: option.key}, look, "") for each in drafts for option in options]
    return [] if any(each.faults for each in answered) else answered
