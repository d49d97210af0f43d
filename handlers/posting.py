"""Posting a summary: its text and its pictures, in one message and its thread where a platform can, else apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from conversations.plain import dump
from conversations.words import N_, Said, people, said
from handlers import telling
from handlers.addresses import Address, channel_address
from handlers.facts import answers_of
from handlers.outgoing import How, platforms_of
from handlers.remarks import CONFIRMED, ends, mark_of, remarks_of, signed
from handlers.turn import Turn
from notifications.notices import Notice
from storage.cases import Case
from storage.files import Attachment

DRAWN, OWED = "drawn", "summaries.owed"
ALTS, FIGURES = "alts", "figures"
"""Of a summary's answers: what its pictures show, in words, and its key figures as labels and values."""

TOGETHER = frozenset({"slack"})
"""Platforms on which a message holds a picture beside its text."""

STAMPED = "-unconfirmed"
"""In the names of the pictures that bear 未确认."""

CHANNELS = ("XS", "PB", "JS", "SC", "ZJ")
"""Sales, quality, technology, production and the management (domain B1)."""


def post(turn: Turn, case: Case, *, confirmed: bool) -> None:
    """The text and the pictures to every channel; without confirmation they bear 未确认.

    Where people have added something since the pictures were drawn, the text goes at once and the pictures
    follow as soon as they are drawn again.
    """
    if confirmed:
        case.answers = {**case.answers, **{key: dump(value) for key, value in signed(turn).items()}}
    month = str(case.answers["month"])
    stamp = said(N_("Monthly summary {month}"), month=month)
    if not confirmed:
        stamp = said(N_("Monthly summary {month} (not confirmed)"), month=month)
    notice = Notice("summary", stamp, (people(case.answers["text"]), *ends(turn, case)))
    ready = mark_of(remarks_of(turn, case)) == drawn(case)
    shown = kept(turn, case, stamped=not confirmed) if ready else []
    queue(turn, case, (notice, *shown), _channels(turn), f"summary/{month}/post")
    if not ready:
        turn.uow.state.put(OWED, [*owed(turn), case.number or ""])


def correct(turn: Turn, case: Case, answers: Mapping[str, object]) -> None:
    """A note to every channel that got the summary: what was posted stays as it was, the right figure is told."""
    words = N_("Correction of the monthly summary {month}: {what}: {old} is wrong, {new} is right.")
    told = {key: str(answers[key]) for key in ("what", "old", "new")}
    notice = Notice("summary", said(words, month=str(case.answers["month"]), **told))
    done = len(turn.uow.cases.actions_of(case.id))
    telling.queue(turn, case, notice, _channels(turn), How(key=f"summary/{case.answers['month']}/correction/{done}"))


def drawn(case: Case) -> str:
    """The mark of what the kept pictures show."""
    return str(case.answers.get(DRAWN, ""))


def owed(turn: Turn) -> list[str]:
    """Numbers of the summaries that were posted and whose pictures have still to follow."""
    kept = turn.uow.state.get(OWED)
    return [str(number) for number in kept] if isinstance(kept, list) else []


def redrawn(turn: Turn, case: Case, mark: str, told: Sequence[str]) -> None:
    """New pictures are kept, which show what ``mark`` stands for and ``told`` says; post them where they are owed."""
    case.answers = {**case.answers, DRAWN: mark, ALTS: list(told)}
    waiting = owed(turn)
    if case.number in waiting:
        turn.uow.state.put(OWED, [number for number in waiting if number != case.number])
        key = f"summary/{case.answers['month']}/post"
        for index, picture in enumerate(kept(turn, case, stamped=CONFIRMED not in case.answers), 1):
            _queue_picture(turn, case, picture, _channels(turn), (key, index))


def queue(turn: Turn, case: Case, notices: Sequence[Notice], to: Sequence[Address], key: str) -> None:
    """Queue the text and its pictures, given in their order.

    Where text and picture can be one message, the first picture is on it with the figures, and the others follow
    in its thread: a channel is called once. Elsewhere each is a message of its own.
    """
    text, *pictures = notices
    whole = [address for address in to if TOGETHER.intersection(platforms_of(turn, address.to))]
    apart = [address for address in to if address not in whole]
    figures = cast("tuple[tuple[Said, Said], ...]", answers_of(case).get(FIGURES) or ())
    card = replace(text, fields=tuple((label, value) for label, value in figures))
    if pictures:
        card = replace(card, picture=pictures[0].picture, alt=pictures[0].alt)
    telling.queue(turn, case, card, whole, How(key=key, card=key))
    telling.queue(turn, case, text, apart, How(key=key))
    for index, picture in enumerate(pictures, 1):
        _queue_picture(turn, case, picture, apart if index == 1 else to, (key, index))


def _queue_picture(turn: Turn, case: Case, picture: Notice, to: Sequence[Address], which: tuple[str, int]) -> None:
    key, index = which
    telling.queue(turn, case, replace(picture, under=key), to, How(key=f"{key}/{index}"))


def kept(turn: Turn, case: Case, *, stamped: bool = False, finding: int = 1) -> list[Notice]:
    """The pictures that a case keeps, in their order, each as it was drawn last and said in words.

    ``finding`` is the line of its words that says what was found.
    """
    return [
        _picture(index, file.sha256, told, finding)
        for index, (file, told) in enumerate(pictures_of(turn, case, stamped=stamped), 1)
    ]


def pictures_of(turn: Turn, case: Case, *, stamped: bool = False) -> list[tuple[Attachment, str]]:
    """The newest drawing of each picture of a case in their order, and what it shows in words."""
    newest = {
        file.name: file
        for file in turn.uow.files.of_case(case.id)
        # what somebody sent along is no picture of ours
        if file.mime == "image/png" and file.person_id is None and (STAMPED in file.name) == stamped
    }
    told = cast("tuple[str, ...]", answers_of(case).get(ALTS) or ())
    return [(newest[name], told[at] if at < len(told) else "") for at, name in enumerate(sorted(newest))]


def _picture(index: int, sha256: str, told: str, finding: int) -> Notice:
    """One picture; with what it shows, and its finding alone as text beside it."""
    found = told.splitlines()[finding : finding + 1]
    title = said(N_("Picture {i}"), i=index)
    # why it came stands below the text
    return Notice("summary", title, tuple(map(people, found)), foot=people(""), picture=sha256,
                  alt=people(told) if told else None)  # fmt: skip


def _channels(turn: Turn) -> list[Address]:
    return [channel_address(code) for code in CHANNELS if turn.uow.organisation.department(code)]
