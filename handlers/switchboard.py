"""The one place where an incoming event finds its handler."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import assert_never, cast

from conversations.fields import cleaned, folded
from conversations.plain import Json
from conversations.procedure import Action
from conversations.replies import Button, Reply, from_plain, say
from conversations.words import N_, said
from handlers import (
    after_close,
    afterwards,
    commands,
    finding,
    forms,
    hearing,
    home,
    listings,
    outgoing,
    pages,
    personal,
    relations,
    repeats,
    snooze,
    summaries,
    undo,
    uploads,
    whole,
)
from handlers import help as helping
from handlers.company import Company
from handlers.events import Answered, Attached, Event, Pressed, Quoted, Wrote
from handlers.refusals import RefusedError
from handlers.standing import allowed
from handlers.turn import Turn
from storage.cases import Case
from storage.database import Database
from storage.drafts import DraftRow
from storage.organisation import Person
from storage.unit_of_work import UnitOfWork

UNKNOWN_PERSON = said(N_("I do not know you yet. Please ask the administrator to enter you."))

OUT_OF_DATE = said(N_("This card is out of date: what it asked is answered already."))


def receive(database: Database, company: Company, event: Event) -> Reply:
    """Deal with one event in one transaction; answer once it is committed, and a duplicate the same again."""
    if isinstance(event, Attached):
        event = replace(event, files=tuple(uploads.looked_at(upload) for upload in event.files))
    return database.do(partial(route, company=company, event=event))


def route(uow: UnitOfWork, company: Company, event: Event) -> Reply:
    """Find who it is and what is wanted. The answer is kept for a duplicate in the same transaction."""
    return routed(uow, company, event, uow.organisation.person_by_platform(event.sender.platform, event.sender.id))


def routed(uow: UnitOfWork, company: Company, event: Event, person: Person | None) -> Reply:
    """The same, where it is known who it is."""
    answered = uow.inbox.seen(event.key)
    if answered is not None:
        return from_plain(cast("Json", answered))
    turn = Turn(uow, company, person, event.sender.platform, event.sender.via, event.key,
                told=event.sender.told != "nothing")  # fmt: skip
    reply = say(UNKNOWN_PERSON) if person is None else handle(turn, event)
    if event.sender.paged:
        reply = pages.offered(turn, reply)
    _tell(turn, event, reply)
    afterwards.bring_up_to_date(turn)
    uow.inbox.record(event.key, reply.plain())
    return reply


def _tell(turn: Turn, event: Event, reply: Reply) -> None:
    """The answer as a message, where what is returned is not shown or does not last (U7)."""
    sender = event.sender
    changed = bool(turn.uow.cases.touched) or turn.uow.audit.changes > 0
    if reply.draft and sender.forms == "opened":
        return
    if reply.lines and (sender.told == "everything" or (sender.told == "changes" and changed)):
        if reply.draft and sender.forms == "offered":
            whole_form = Button(f"open_form:{reply.draft}", said(N_("As a form")))
            reply = replace(reply, buttons=(*reply.buttons, whole_form))
        to = f"person:{turn.person.id}" if turn.person else f"user:{sender.id}"
        platform = sender.platform if sender.platform != pages.SURFACE else outgoing.platforms_of(turn, to)[0]
        if sender.singly:
            outgoing.overtaken(turn, platform, to)
        outgoing.answer(turn, platform, to, reply, waits=sender.singly and isinstance(event, Attached))


def handle(turn: Turn, event: Event) -> Reply:
    """Every kind of event, once. What is refused is said; nothing was changed then."""
    try:
        match event:
            case Wrote(text=text, command=command):
                return commanded(turn, cleaned(text)) if command else wrote(turn, cleaned(text))
            case Pressed(action=action, subject=subject):
                return pressed(turn, action, subject)
            case Answered():
                return _answered(turn, event)
            case Quoted():
                return whole.quoted(turn, event)
            case Attached(files=files, apart=apart):
                return uploads.received(turn, files, apart=apart)
            case _:
                assert_never(event)
    except RefusedError as refused:
        turn.uow.cases.as_read()
        return say(refused.sentence)


def _answered(turn: Turn, event: Answered) -> Reply:
    row = turn.uow.drafts.get(event.draft)
    if row is None or turn.person is None or row.person_id != turn.person.id:
        return say(whole.GONE)
    if event.asked and not forms.still_asks(turn, row, event.asked):
        return forms.go_on(turn, row, forms.draft_of(turn, row), OUT_OF_DATE)
    return whole.take(turn, row, event) if event.whole or event.kept else forms.answer(turn, row, event.given)


def wrote(turn: Turn, text: str) -> Reply:
    """A line: a global word, the answer to the open form, or a word of ours."""
    row = turn.uow.drafts.active_of(turn.person.id) if turn.person else None
    return _in_form(turn, row, text) if row is not None else _understood(turn, text)


def commanded(turn: Turn, text: str) -> Reply:
    """A command: a way in the open form, else a word of ours; never an answer to a question."""
    row = turn.uow.drafts.active_of(turn.person.id) if turn.person else None
    if row is not None and commands.in_a_form(text) not in (None, "help", "done_files", "submit"):
        return _in_form(turn, row, text)
    return _understood(turn, text)


def _understood(turn: Turn, text: str) -> Reply:
    meant = commands.meaning(text, turn.company.handbook) or hearing.heard(turn, text)
    if isinstance(meant, Reply):
        return meant
    if meant.procedure:
        return _start(turn, meant.procedure, meant.argument)
    if meant.action:
        return on_some_case(turn, meant.action, meant.argument)
    if meant.later:
        return hearing.later(turn, meant.later)
    return word(turn, meant.word, meant.argument)


def _in_form(turn: Turn, row: DraftRow, text: str) -> Reply:
    meant = commands.in_a_form(text, shorter=forms.asks_no_text(turn, row))
    correction = _correction(turn, row, text)
    if correction is not None:
        return correction
    ways = {"back": forms.back, "undo": forms.back, "skip": forms.skip, "cancel": forms.cancel}
    if meant in ways:
        return ways[meant](turn, row)
    match meant:
        case "help":
            return helping.menu(turn)
        case "resume" | "done_files":
            return forms.answer(turn, row, {})
        case "submit":
            return _submit(turn, row, text)
        case "page":
            return pages.word(turn, row)
        case _:
            return forms.answer_next(turn, row, text)


def _submit(turn: Turn, row: DraftRow, text: str) -> Reply:
    """提交 at the confirmation means the suggested button; anywhere else it is an answer."""
    draft = forms.draft_of(turn, row)
    look = turn.looking()
    question = draft.next(look)
    if question is not None and question.key == draft.form.confirm:
        return forms.answer(turn, row, {question.key: question.choices(draft.settled(look), look)[0].key})
    return forms.answer_next(turn, row, text)


def _correction(turn: Turn, row: DraftRow, text: str) -> Reply | None:
    """修改 and a question's name, with a space or without: asked again."""
    line = folded(text)
    head = next((word for word in commands.PLAIN["correct"] if line.startswith(word)), None)
    name = line.removeprefix(head or "").strip(" :")
    if head is None or not name:
        return None
    look = turn.looking()
    for field in forms.form_of(turn, row).fields:
        if name in (field.key, *map(folded, look.spoken(said(field.label)))):
            return forms.reask(turn, row, field.key)
    return say(said(N_("There is no question called “{name}”."), name=name)) if line.startswith(f"{head} ") else None


def pressed(turn: Turn, action: str, subject: str) -> Reply:
    """A button: an answer, a way in the form, a word of ours, or an action on a case."""
    kind, _, argument = action.partition(":")
    row = turn.uow.drafts.active_of(turn.person.id) if turn.person else None
    match kind:
        case "option":
            return forms.answer_next(turn, row, argument) if row else say(forms.NOTHING_OPEN)
        case _ if kind in TAPS:
            return TAPS[kind](turn, argument)
        case "resume" if argument:
            return home.resume(turn, argument)
        case "snooze" | "snooze_for":
            return snooze.put_off(turn, argument, subject) if argument else snooze.ask(turn, subject)
        case "back" | "skip" | "cancel" | "resume" | "done_files" if row is not None:
            return _in_form(turn, row, commands.GLOBAL[kind][0])
        case "attach_to":
            return say(said(N_("Type “photo” and the number of the case, for example: photo 82.")))
        case _ if _is_word(kind, subject):
            return word(turn, kind, subject)
        case _:
            return on_some_case(replace(turn, seen=argument), kind, subject)


def _is_word(kind: str, subject: str) -> bool:
    """Whether a button is one of our words: 修改 is one in a form, and an action where it is about a case."""
    return (kind in commands.PLAIN or kind in commands.GLOBAL) and not (kind == "correct" and subject)


def _start(turn: Turn, procedure: str, argument: str) -> Reply:
    if procedure == "monthly_summary":
        return summaries.show(turn, argument)
    begun_by = turn.company.handbook[procedure].begun_by
    if begun_by and commands.NUMBER.fullmatch(folded(argument)):
        return on_some_case(turn, begun_by, argument)
    return forms.start(turn, turn.company.handbook[procedure])


TAPS: Mapping[str, Callable[[Turn, str], Reply]] = {
    "start": lambda turn, procedure: _start(turn, procedure, ""),
    "restart": lambda turn, procedure: forms.start(turn, turn.company.handbook[procedure], afresh=True),
    "set": personal.change,
    "same": repeats.same,
    "drop_files": lambda turn, _argument: uploads.drop(turn),
    "home": home.turn_to,
    "drop_draft": home.drop,
    "open_form": whole.opened,
    "no_rating": after_close.leave_out,
    "relation": relations.chosen,
    "leave_form": whole.left,
    "stale": lambda _turn, _argument: say(OUT_OF_DATE),
}
"""Buttons whose action carries what they are about: ``start:complaint``, ``set:mute:step``."""


VIEWS: Mapping[str, Callable[[Turn], Reply]] = {
    "mine": listings.mine,
    "overdue": listings.overdue,
    "rules": listings.rules,
    "drafts": listings.drafts,
    "undo": undo.undo,
    "settings": personal.settings,
    "leave": lambda turn: forms.about_me(turn, "leave"),
    "indicators": lambda turn: forms.about_me(turn, "indicators"),
    "help": helping.menu,
    "duty": listings.duty,
    "page": pages.word,
}


def word(turn: Turn, meant: str, argument: str) -> Reply:
    """A word of ours, with a case number where it takes one."""
    if meant in VIEWS:
        return VIEWS[meant](turn)
    match meant:
        case "resume":
            return home.resume(turn, "")
        case "add_relations":
            return relations.show(turn, argument)
        case "details" | "find" | "why" | "flow" | "actions":
            return _about_case(turn, meant, argument)
        case _:
            return say(forms.NOTHING_OPEN)


BARE: Mapping[str, Callable[[Turn], Reply]] = {
    "flow": lambda turn: listings.flow(turn, None),
    "find": finding.what,
}
"""What a word about a case answers without one; the others show one's own cases."""


def _about_case(turn: Turn, meant: str, argument: str) -> Reply:
    if not argument:
        return BARE.get(meant, listings.mine)(turn)
    found = finding.find(turn, argument)
    if meant in ("find", "details") or not found:
        return finding.shown(turn, argument, found)
    if len(found) > 1:
        return _which(found, meant)
    views = {"why": listings.why, "flow": listings.flow, "actions": listings.actions}
    return views.get(meant, listings.details)(turn, found[0])


def on_some_case(turn: Turn, key: str, argument: str) -> Reply:
    """An action: on the case that was named, or on the only one where this person may do it now."""
    if argument:
        found = finding.find(turn, argument)
        if not found:
            return finding.nothing(argument)
        if len(found) > 1 or not commands.NUMBER.fullmatch(folded(argument)):
            # a customer or a word of the matter found it: nothing is done before somebody says that it is the one
            return _which(found, key)
        return _begin_there(turn, found[0], key)
    open_to_me = [case for case in listings.near(turn) if _possible(turn, case, key)]
    if len(open_to_me) == 1:
        return _begin(turn, open_to_me[0], key)
    if not open_to_me:
        return say(said(N_("On no case of yours that is possible now. Type its number to see where it stands.")))
    return _which(open_to_me, key)


def _begin_there(turn: Turn, case: Case, key: str) -> Reply:
    """What is wanted on a merged case is done on the one it was merged into (U-25)."""
    target = listings.followed(turn, case)
    reply = _begin(turn, target, key)
    if target is case:
        return reply
    merged = said(N_("{n} was merged into {target}; this is about {target}."), n=case.number or "",
                  target=target.number or "")  # fmt: skip
    return replace(reply, lines=(merged, *reply.lines))


def _which(found: list[Case], key: str) -> Reply:
    buttons = tuple(Button(key, said("{n}", n=case.number or ""), case.number or "") for case in found[:5])
    return say(said(N_("Which one?")), buttons=buttons)


def _possible(turn: Turn, case: Case, key: str) -> bool:
    procedure = turn.company.handbook[case.procedure]
    action: Action | None = procedure.action.get(key)
    return action is not None and action in procedure.at(case.step) and allowed(turn, case, action.by) is not None


def _begin(turn: Turn, case: Case, key: str) -> Reply:
    action = turn.company.handbook[case.procedure].action.get(key)
    if action is None:
        raise RefusedError(said(N_("That is not possible on {n}."), n=case.number or ""))
    return forms.begin(turn, case, action)
