"""Notices about decisions and corrective actions: what is asked of signers, and what quality and management hear."""

from collections.abc import Sequence
from datetime import datetime

from conversations.replies import Button
from conversations.words import N_, Said, people, said
from notifications.notices import About, Notice, buttons


def sign(about: About, lines: tuple[Said, ...], bound: tuple[tuple[str, Said], ...], due: datetime | None) -> Notice:
    """A question to be decided: all that it is about, and the buttons, each bound to exactly that."""
    title = said(N_("{n} {c}: please decide: {step}"), n=about.number, c=people(about.customer), step=about.step)
    last = (said(N_("Please decide by {due}."), due=due),) if due is not None else ()
    taps = tuple(Button(action, label, about.number) for action, label in bound)
    return Notice("sign_off", title, (about.headline, *lines, *last), (*taps, *buttons(about.number, "details")))


def sign_all(about: About, lines: Sequence[Said], mark: str, singly: Sequence[tuple[str, str]]) -> Notice:
    """Several measures to be decided at once: all that they are, one tap for all of them, and each by itself."""
    title = said(N_("{n}: please decide on {k} measures"), n=about.number, k=len(lines))
    every = Button(f"approve_all:{mark}", said(N_("Approve all")), about.number)
    each = tuple(Button(f"return:{sha256}", said(N_("Return {n}"), n=number), number) for number, sha256 in singly)
    return Notice("sign_off", title, tuple(lines), (every, *buttons(about.number, "details")), more=each)


def void(about: About) -> Notice:
    """To whoever decided: it was changed since, and the decision counts for nothing."""
    title = said(
        N_("{n} {c}: it was changed after you decided. Your decision no longer counts; you will be asked again."),
        n=about.number, c=people(about.customer),
    )  # fmt: skip
    return Notice("sign_off", title, (about.headline,), buttons(about.number, "details"))


def not_effective(about: About, round_: int) -> Notice:
    """To the deputy general manager: an action did not work, the next round is signed one level higher."""
    title = said(
        N_("{n} {c}: the action was not effective; round {round} begins. Responsible: {owner}."),
        n=about.number, c=people(about.customer), round=round_, owner=about.owner or about.lead,
    )  # fmt: skip
    return Notice("step", title, (about.headline,), buttons(about.number, "details"))


def action_failed(about: About, action: str, earlier: str, cause: Said) -> Notice:
    """To quality: a problem is back whose corrective action was found effective; somebody has to decide."""
    title = said(
        N_("⚠️ Corrective action may have failed | {n} {c}: the problem of {earlier} is back;"
           " {action} was found effective."),
        n=about.number, c=people(about.customer), earlier=earlier, action=action,
    )  # fmt: skip
    then = said(N_("Cause found then: {cause}"), cause=cause)
    return Notice(
        "failed", title, (about.headline, then), buttons(about.number, "capa_failed", "capa_holds", "details")
    )
