"""The guided tour: plays a scene step by step on the phones, with the buttons that a visitor could tap."""

from dataclasses import dataclass, replace

from bot.demo.bubbles import Bubble, Tap
from bot.demo.cast import address_of
from bot.demo.phones import Phone, phones
from bot.demo.scenes import SCENES, Scene, Step
from bot.demo.show import Show
from bot.demo.view import View
from conversations.words import Said, said


class AstrayError(Exception):
    """The story took another way: the button that the tour would tap is not there."""


@dataclass(frozen=True, slots=True)
class Next:
    """What the tour does next, for the page to point at: where, and with which button or words."""

    kind: str
    address: str = ""
    action: str = ""
    subject: str = ""
    text: str = ""


def current(show: Show, view: View) -> int | None:
    """The scene that plays, or else the first that has not happened yet; None when the story is told."""
    if view.step:
        return view.scene
    with show.alone():
        happened = show.stage.do(lambda uow: [scene.happened(uow) for scene in SCENES])
    return next((index for index, done in enumerate(happened) if not done), None)


def upcoming(show: Show, view: View) -> Next | None:
    """The step that comes next while a scene plays."""
    if not view.step:
        return None
    step = SCENES[view.scene].steps[view.step - 1]
    address = address_of(show.faces, step.who) if step.who else ""
    text = _spoken(show, view, step.what) if step.kind == "say" else step.what
    return Next(step.kind, address, step.what, step.subject, text)


def play(show: Show, *, whole: bool = False) -> None:
    """Do the next step of the scene, or all that are left of it. A step that cannot be done ends the tour."""
    with show.alone():
        try:
            _advance(show)
            while whole and show.view().step:
                _advance(show)
        except AstrayError:
            show.look(lambda view: replace(view, step=0, astray=True))


def _advance(show: Show) -> None:
    view = show.view()
    index = current(show, view)
    if index is None:
        return
    scene = SCENES[index]
    if not view.step:
        _set_up(show, scene, index)
        return
    _do(show, scene.steps[view.step - 1])
    last = view.step == len(scene.steps)
    if last:
        show.look(lambda now: replace(now, step=0, played=index, active=scene.last))
        return
    show.look(lambda now: replace(now, step=view.step + 1))
    _bring_forward(show)


def _set_up(show: Show, scene: Scene, index: int) -> None:
    """Everybody of the scene takes their phone; what lies there was read, and what was begun is dropped."""
    phones = tuple(address_of(show.faces, name) for name in scene.phones)
    read = show.stage.do(lambda uow: {"*": max((row.id for row in uow.mailbox.all_after(0)), default=0)})
    show.look(lambda view: replace(view, phones=phones, read=read, scene=index, step=1, astray=False))
    for name in {step.who for step in scene.steps if step.kind == "tap"}:
        _drop_draft(show, name)
    _bring_forward(show)


def _drop_draft(show: Show, name: str) -> None:
    """A form that a visitor left open would take the tour's taps for its answers."""
    person = show.stage.person_id(name)
    if show.stage.do(lambda uow: uow.drafts.active_of(person)) is not None:
        label = show.stage.company.words.say(said("Cancel"), show.view().language, show.stage.clock())
        show.tap(f"person:{person}", "cancel", "", label)


def _bring_forward(show: Show) -> None:
    """A small screen shows the phone on which the next thing happens."""
    view = show.view()
    following = upcoming(show, view)
    if following is not None and following.address in view.phones:
        show.look(lambda now: replace(now, active=now.phones.index(following.address)))


def _do(show: Show, step: Step) -> None:
    view = show.view()
    address = address_of(show.faces, step.who) if step.who else ""
    match step.kind:
        case "say":
            show.say(address, _spoken(show, view, step.what))
        case "photo":
            show.send_photos(address, step.what.split(","))
        case "clock" if step.until is not None:
            show.until(step.until)
        case "forward":
            _forward(show, phones(show, view, [address])[0])
        case _:
            tap = _find(phones(show, view, [address])[0], step)
            show.tap(address, tap.action, tap.subject, tap.label)


def _find(seen: Phone, step: Step) -> Tap:
    """The button, where a visitor would see it: the newest first, then the menu below."""
    taps = [tap for bubble in reversed(seen.bubbles) for tap in bubble.taps]
    for tap in (*taps, *seen.menu):
        if _is(tap, step):
            return tap
    raise AstrayError(step.what)


def pointed(seen: Phone, following: Next | None) -> Phone:
    """The phone with the button marked that the tour taps next."""
    if following is None or following.address != seen.face.address:
        return seen
    if following.kind == "forward":
        bubble = next((b for b in reversed(seen.bubbles) if b.forward and not b.forwarded), None)
        if bubble is not None:
            bubble.next_forward = True
        return seen
    wanted = Step("tap", what=following.action, subject=following.subject)
    for bubble in reversed(seen.bubbles):
        for index, tap in enumerate(bubble.taps):
            if _is(tap, wanted):
                bubble.taps[index] = replace(tap, next=True)
                return seen
    return replace(seen, menu=[replace(tap, next=_is(tap, wanted)) for tap in seen.menu])


def _is(tap: Tap, step: Step) -> bool:
    """The same button; a decision's button also says on what, and that differs from telling to telling."""
    same = tap.action == step.what or tap.action.startswith(f"{step.what}:")
    return same and (tap.subject == step.subject or not step.subject)


def _forward(show: Show, seen: Phone) -> None:
    bubble: Bubble | None = next((b for b in reversed(seen.bubbles) if b.forward and not b.forwarded), None)
    if bubble is None:
        raise AstrayError("forward")
    show.forward(seen.face.address, bubble.key, bubble.forward, bubble.number)


def _spoken(show: Show, view: View, text: str) -> str:
    return show.stage.company.words.say(Said(text), view.language, show.stage.clock())
