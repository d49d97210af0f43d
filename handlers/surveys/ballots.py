"""Ballots: an employee's answers are taken without the employee, and go on at night among others (D1 4.1.3, N-05)."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from conversations.fields import cleaned
from conversations.questionnaire import Questionnaire
from conversations.words import N_, Said, said
from handlers import questionnaires
from handlers.refusals import RefusedError
from handlers.sealing import Sealer, SealError, sealer_of
from handlers.turn import Turn
from reports.ballots import Rate, rates
from storage.ballots import LEAST, Opened, PendingBallot
from storage.surveys import Campaign, Invitation

TO_WIPE = "ballots.to_wipe"
"""Remembered while the database's files still hold what was taken out of them."""

LONGEST_COMMENT = 1000
"""Characters that are kept of a comment; the page says so, and takes no more."""

WIDEST = 6
"""Bytes that one character takes at most, written as JSON."""

log = structlog.stdlib.get_logger("handlers.surveys")

STATEMENT: Final[tuple[Said, ...]] = (
    said(
        N_(
            "Kept: that you have answered, for the response rate and the reminders; and apart from it what was "
            "answered, without name, department, time, order or address. Nothing joins the two."
        )
    ),
    said(
        N_(
            "What you send waits under seal. At night at least 10 answers go on together, in random order; 10 stay "
            "back until the survey is closed."
        )
    ),
    said(
        N_(
            "Until that night somebody who administers the server and has its key could find out what was answered on "
            "that day, and later from a copy made before that night. What has gone on shows it no more."
        )
    ),
    said(
        N_(
            "Fewer than 5 answers are not shown, answers of a department never, remarks from 10 answers on and mixed. "
            "Your way of writing may give you away: tick only, if you prefer."
        )
    ),
)
"""What the page tells before anything is ticked; docs/anonymity.md says how it was checked."""


def cast(turn: Turn, invitation: Invitation, grades: Mapping[str, str], comments: Mapping[str, str]) -> bool:
    """Take one ballot: item -> key of its grade, open question -> text. In the caller's transaction, or not at all.

    False when the invitation was used up or taken back, or the survey is closed: then nothing is kept. The caller
    writes nothing in this transaction that has a time: no inbox row, no audit row, no message, no line in the log.
    """
    campaign = turn.uow.surveys.held(invitation.campaign_id)
    if campaign is None or not campaign.takes(turn.now):
        return False
    asked = asked_in(turn, campaign)
    if not turn.uow.surveys.use_up(invitation):
        return False
    turn.uow.ballots.drop_in(campaign.id, _sealed(turn, campaign, asked, _plain(asked, grades, comments)))
    return True


def finish(turn: Turn, campaign: Campaign) -> int:
    """Let all the rest go on, for a closed survey is to be counted; returns how many ballots there are in all."""
    if campaign.closed_at is None:
        raise ValueError("a survey that takes answers is not finished")
    move_on(turn, campaign, everything=True)
    return turn.uow.ballots.counted(campaign.id)


def move_on(turn: Turn, campaign: Campaign, *, everything: bool) -> None:
    """Let ballots go on: at least ten at once and never the last ten, or everything.

    Which go is drawn by lot. Those that stay are sealed anew, so that they came, it seems, all at once.
    """
    asked = asked_in(turn, campaign)
    waiting = _unsealed(turn, campaign)
    number = len(waiting) if everything else len(waiting) - LEAST
    number = number if everything or number >= LEAST else 0
    going, staying = waiting[:number], waiting[number:]
    back = [_sealed(turn, campaign, asked, plain) for _, plain in staying]
    opened = [_opened(asked, plain) for _, plain in going]
    turn.uow.ballots.move(campaign.id, [row for row, _ in waiting], opened, back)
    turn.uow.state.put(TO_WIPE, value=True)


def _unsealed(turn: Turn, campaign: Campaign) -> list[tuple[PendingBallot, str]]:
    """What waits, in an order that means nothing; what this key does not open stays where it is."""
    sealer, found, shut = _sealer(turn), [], 0
    for row in turn.uow.ballots.pending(campaign.id):
        try:
            found.append((row, sealer.unseal(row.sealed, _about(campaign))))
        except SealError:
            shut += 1
    if shut:
        log.error("ballots cannot be opened: the key that signs links was changed", campaign=campaign.id, ballots=shut)
    return found


def _opened(asked: Questionnaire, plain: str) -> Opened:
    ticked, texts = json.loads(plain)
    found = {item: asked.grade(key) for item, key in ticked.items()}
    return Opened({item: (grade.key, int(grade.score * 100)) for item, grade in found.items() if grade}, texts)


def remarks(turn: Turn, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """What was written, by question, mixed: of a closed survey with at least ten ballots, else nothing."""
    if campaign.closed_at is None or turn.uow.ballots.counted(campaign.id) < LEAST:
        return ()
    return tuple((row.question, row.text) for row in turn.uow.ballots.comments(campaign.id))


def rate_by_department(turn: Turn, campaign: Campaign) -> Sequence[Rate]:
    """How many took part in each department, from who has answered and never from what."""
    return rates(turn.uow.session, campaign.id)


def asked_in(turn: Turn, campaign: Campaign) -> Questionnaire:
    """What a campaign asks."""
    row = turn.uow.surveys.questionnaire(campaign.questionnaire, campaign.version)
    if row is None:
        raise RefusedError(said(N_("The questionnaire is not there any more.")))
    return questionnaires.asked_by(row)


def _sealed(turn: Turn, campaign: Campaign, asked: Questionnaire, plain: str) -> str:
    """A ballot under seal, as long as every other of its campaign."""
    keys = [*asked.by_key, *(each.key for each in asked.grades), *(each.key for each in asked.questions)]
    longest = WIDEST * max(map(len, keys)) + len('"": "", ')
    room = (
        2 * longest * len(asked.items) + (longest + WIDEST * LONGEST_COMMENT) * len(asked.questions) + len("[{}, {}]")
    )
    return _sealer(turn).seal(plain, _about(campaign), room)


def _about(campaign: Campaign) -> str:
    """What a seal is bound to."""
    return f"campaign:{campaign.id}"


def _sealer(turn: Turn) -> Sealer:
    if turn.company.links is None:
        raise RefusedError(said(N_("Links need this company's address on the net: the administrator sets public_url.")))
    return sealer_of(turn.company.links)


def _plain(asked: Questionnaire, grades: Mapping[str, str], comments: Mapping[str, str]) -> str:
    """What is on a ballot, in the questionnaire's own order; what it does not ask is left out."""
    ticked = {item.key: grades[item.key] for item in asked.items if asked.grade(grades.get(item.key, "")) is not None}
    texts = {each.key: cleaned(comments.get(each.key, ""))[:LONGEST_COMMENT] for each in asked.questions}
    return json.dumps([ticked, {key: text for key, text in texts.items() if text}], ensure_ascii=False)
