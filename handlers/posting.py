"""Posting a summary to the channels: its text, then its pictures, one message each."""

from conversations.words import N_, people, said
from handlers import telling
from handlers.addresses import Address, channel_address
from handlers.outgoing import How
from handlers.turn import Turn
from notifications.notices import Notice
from storage.cases import Case

STAMPED = "-unconfirmed"
"""In the names of the pictures that bear 未确认."""

CHANNELS = ("XS", "PB", "JS", "SC", "ZJ")
"""Sales, quality, technology, production and the management (domain B1)."""


def post(turn: Turn, case: Case, *, confirmed: bool) -> None:
    """The text and the pictures to every channel; without confirmation they bear 未确认."""
    answers = case.answers
    month = str(answers["month"])
    stamp = said(N_("Monthly summary {month}"), month=month)
    if not confirmed:
        stamp = said(N_("Monthly summary {month} (not confirmed)"), month=month)
    lines = [people(answers["text"])]
    if answers.get("comment"):
        lines.append(said(N_("Conclusion: {comment}"), comment=people(answers["comment"])))
    if confirmed and turn.person is not None:
        lines.append(said(N_("Confirmed: {name}, {time}"), name=turn.person.name, time=turn.now))
    to = [channel_address(code) for code in CHANNELS if turn.uow.organisation.department(code)]
    telling.queue(turn, case, Notice("summary", stamp, tuple(lines)), to, How(key=f"summary/{month}/post"))
    queue_pictures(turn, case, to, f"summary/{month}/post", stamped=not confirmed)


def queue_pictures(turn: Turn, case: Case, to: list[Address], key: str, *, stamped: bool) -> None:
    """Queue the pictures that a case keeps, in their order."""
    files = [file for file in turn.uow.files.of_case(case.id) if (STAMPED in file.name) == stamped]
    for index, file in enumerate(files, 1):
        title = said(N_("Picture {i}"), i=index)
        telling.queue(turn, case, Notice("summary", title, picture=file.sha256), to, How(key=f"{key}/{index}"))
