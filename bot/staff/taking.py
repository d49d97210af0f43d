"""What was filled in on the page of a form: kept or submitted; what cannot be taken comes back with the reason."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.arriving import Arrived
from bot.staff import page, reading
from bot.staff.controls import THERE
from bot.staff.door import FORM, Door, Visitor
from bot.staff.page import Shown
from bot.staff.reading import Answers
from conversations.fields import LOOKED_UP, Kind, Option, UnacceptableError
from conversations.words import N_, Said, said
from handlers import filling
from handlers.filling import SAME, Filled, Heard
from handlers.whole import Whole

SAVE, SUBMIT, AUTO, AS = "save", "submit", "auto", "as:"
"""What a button says; AS with an option of the last question."""

TOO_MUCH = said(N_("Your photos are too large together. Please choose fewer of them; your words are kept."))
NOT_FROM_HERE = said(N_("The page was open for too long. Please read it again and send once more."))
SAVED = N_("Saved {time}")


@dataclass(frozen=True)
class Taking:
    """Takes what comes in by a door."""

    door: Door

    def take(self, request: Request, visitor: Visitor, came: Arrived) -> Response:
        """Keep it or submit it, and answer."""
        door, whole, what = self.door, visitor.sheet.whole, came.texts.get("what", "")
        mark = door.visits.links.unseal(FORM, came.texts.get("form", ""), door.database.clock())
        if whole is None:
            return door.clean(visitor)
        if mark is None or len(mark) != 2 or mark[0] != visitor.draft:
            return door.refused(request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE, came)
        answers = reading.read(came)
        if came.too_large:  # looked at first: a browser names the button last, behind what was let go
            filling.send(door.database, door.company, _filled(visitor, whole, answers, (mark[1], SAVE)))
            return door.refused(request, visitor, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_MUCH, came)
        if what not in (SAVE, SUBMIT, AUTO) and not what.startswith((AS, SAME)):
            return door.refused(request, visitor, HTTPStatus.FORBIDDEN, NOT_FROM_HERE, came)
        heard = filling.send(door.database, door.company, _filled(visitor, whole, answers, (mark[1], what)))
        if what == AUTO:
            return self._kept(visitor, whole, answers, heard)
        return self._after(visitor, came, answers, heard)

    def _after(self, visitor: Visitor, came: Arrived, answers: Answers, heard: Heard) -> Response:
        """What is shown after a button: the clean page, the last look, or what is to be mended."""
        what, last, door = came.texts["what"], "last" in came.texts, self.door
        sheet = filling.look(door.database, door.company, visitor.person, visitor.draft)
        if heard.gone or sheet is None or sheet.whole is None:
            return door.clean(visitor)
        whole, again = sheet.whole, replace(visitor, sheet=sheet)
        later = page.after(whole)
        if heard.faults or heard.lines:
            typed = {key: each for key, each in answers.typed.items() if key in _not_taken(heard, answers)}
            here = last and set(heard.faults) <= {*later, whole.form.confirm}
            shown = Shown(faults=heard.faults, typed=typed, notice=heard.lines)
            return door.drawn(again, whole, shown, HTTPStatus.UNPROCESSABLE_ENTITY, last=here)
        if what == SAVE or what.startswith(SAME):
            return door.clean(visitor, "?kept=1")
        if heard.question == whole.form.confirm or (heard.question in later and not last):
            return door.clean(visitor, "?check=1")
        missing = Shown(faults={heard.question: _unanswered(whole, heard.question)})
        return door.drawn(again, whole, missing, HTTPStatus.UNPROCESSABLE_ENTITY, last=heard.question in later)

    def _kept(self, visitor: Visitor, before: Whole, answers: Answers, heard: Heard) -> Response:
        """To the script of a page: when it was kept, what stands there now, whether the page is to be drawn anew."""
        door = self.door
        sheet = filling.look(door.database, door.company, visitor.person, visitor.draft)
        if heard.gone or sheet is None or sheet.whole is None:
            return door.told(said(page.LABELS["gone"]), visitor.sheet.language)
        whole = sheet.whole

        def say(sentence: Said) -> str:
            return door.company.words.say(sentence, sheet.language, sheet.now)

        stands = page.standings(door.company, whole)
        wrong = _not_taken(heard, answers)
        moved = any(stands.get(key) != each for key, each in answers.typed.items() if key not in wrong)
        files = {each.field.key: each.value for each in whole.questions if each.field.kind is Kind.FILES}
        counts = {key: len(ids) for key, ids in files.items() if isinstance(ids, tuple)}
        found = _found(whole, answers, heard)
        which = next((heard.faults[key].sentence for key in found if key in heard.faults), said(SAVED, time=sheet.now))
        trouble = next((heard.faults[key].sentence for key in files if key in heard.faults), None)
        return JSONResponse({
            "state": say(heard.lines[0] if heard.lines else which),
            "was": reading.was(stands),
            "fresh": moved or _shape(before) != _shape(whole),
            "wrong": sorted(wrong),
            "photos": {key: say(said(THERE.message, k=count)) for key, count in counts.items()},
            "found": {key: [(each.key, say(each.label)) for each in options] for key, options in found.items()},
            "trouble": say(trouble) if trouble is not None else "",
        })  # fmt: skip


def _filled(visitor: Visitor, whole: Whole, answers: Answers, pressed: tuple[str, str]) -> Filled:
    """What was sent, without what this form never asks."""
    nonce, what = pressed
    known = set(whole.form.by_key) - {whole.form.confirm}
    return Filled(
        person=visitor.person,
        draft=visitor.draft,
        nonce=nonce,
        given={key: text for key, text in answers.given.items() if key in known},
        blank=answers.blank & known,
        files=answers.files,
        submits=what not in (SAVE, AUTO),
        choice=what if what.startswith(SAME) else what.removeprefix(AS) if what.startswith(AS) else "",
    )


def _unanswered(whole: Whole, key: str) -> UnacceptableError:
    question = whole.form.by_key.get(key)
    return UnacceptableError(said(N_("Please answer {question}."), question=said(question.label if question else key)))


def _searched(whole: Whole) -> set[str]:
    """The questions that are looked up."""
    return {each.field.key for each in whole.questions if each.field.kind in LOOKED_UP}


def _found(whole: Whole, answers: Answers, heard: Heard) -> dict[str, tuple[Option, ...]]:
    """What was meant by what was looked for: the one answer that it was, or those that it may be."""
    looked_for = {key for key in answers.given if key in _searched(whole)}
    several = {key: fault.options for key, fault in heard.faults.items() if key in looked_for and fault.options}
    one = {
        each.field.key: (Option(str(each.value), each.words),)
        for each in whole.questions
        if each.field.key in looked_for - set(heard.faults) and each.words is not None
    }
    return {key: tuple(each for each in options if each.hint is None) for key, options in (several | one).items()}


def _not_taken(heard: Heard, answers: Answers) -> set[str]:
    """The questions whose answers were not taken: the faulty ones, or all that were changed."""
    return set(heard.faults) | (set(answers.given) if heard.lines else set())


def _shape(whole: Whole) -> object:
    """What a form asks and offers: where this stays the same, nothing is shown anew."""
    return [(key, [option.key for option in each.options]) for key, each in page.asked(whole).items()], whole.alike
