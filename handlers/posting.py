"""Posting a summary to the channels: its text, then its pictures, one message each."""

from collections.abc import Mapping

from conversations.plain import dump
from conversations.words import N_, people, said
from handlers import telling
from handlers.addresses import Address, channel_address
from handlers.outgoing import How
from handlers.remarks import CONFIRMED, ends, mark_of, remarks_of, signed
from handlers.turn import Turn
from notifications.notices import Notice
from storage.cases import Case

DRAWN, OWED = "drawn", "summaries.owed"
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
    telling.queue(turn, case, notice, _channels(turn), How(key=f"summary/{month}/post"))
    if mark_of(remarks_of(turn, case)) == drawn(case):
        _post_pictures(turn, case)
    else:
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


def redrawn(turn: Turn, case: Case, mark: str) -> None:
    """New pictures are kept, which show what ``mark`` stands for; post them where they are owed."""
    case.answers = {**case.answers, DRAWN: mark}
    waiting = owed(turn)
    if case.number in waiting:
        turn.uow.state.put(OWED, [number for number in waiting if number != case.number])
        _post_pictures(turn, case)


def queue_pictures(turn: Turn, case: Case, to: list[Address], key: str, *, stamped: bool) -> None:
    """Queue the pictures that a case keeps, in their order, each as it was drawn last."""
    files = [file for file in turn.uow.files.of_case(case.id) if (STAMPED in file.name) == stamped]
    newest = {file.name: file for file in files if file.mime == "image/png"}
    for index, name in enumerate(sorted(newest), 1):
        title = said(N_("Picture {i}"), i=index)
        notice = Notice("summary", title, picture=newest[name].sha256)
        telling.queue(turn, case, notice, to, How(key=f"{key}/{index}"))


def _post_pictures(turn: Turn, case: Case) -> None:
    key = f"summary/{case.answers['month']}/post"
    queue_pictures(turn, case, _channels(turn), key, stamped=CONFIRMED not in case.answers)


def _channels(turn: Turn) -> list[Address]:
    return [channel_address(code) for code in CHANNELS if turn.uow.organisation.department(code)]
