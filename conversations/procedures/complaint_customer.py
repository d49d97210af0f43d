"""A complaint as the customer sees it (domain A7, N-18): never more than what is meant for the customer."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from conversations.customer_view import CustomerView, Remedy, Told
from conversations.facts import CaseFacts, Happened
from conversations.words import N_, Said, people, said

HELD = timedelta(minutes=5)
"""What is meant for the customer can be taken back for so long, and is shown only then (2.0-15)."""

STAGES = (
    N_("Registered"),
    N_("Being handled"),
    N_("Remedy proposed"),
    N_("Waiting for your answer"),
    N_("Remedy being carried out"),
    N_("Settled"),
)
RECEIVED, HANDLED, PROPOSED, WAITING, CARRIED_OUT, SETTLED = range(len(STAGES))
AT_STEP = {
    "handed_over": RECEIVED,
    "meeting_pending": HANDLED,
    "sales_handling": HANDLED,
    "qa_handling": HANDLED,
    "awaiting_customer": WAITING,
    "implementing": CARRIED_OUT,
    "analysing": CARRIED_OUT,
    "closed": SETTLED,
}
VERDICTS = ("satisfied", "not_satisfied")


def stage(facts: CaseFacts) -> int:
    """Where it stands, in the customer's words."""
    return AT_STEP.get(facts.step, RECEIVED)


def by_the_customer(happened: Happened) -> bool:
    """Whether the customer did it by the link: nobody of ours stands behind it."""
    return happened.by is None and happened.answers.get("channel") == "portal"


def held(facts: CaseFacts, happened: Happened, now: datetime) -> bool:
    """Whether it may still be taken back: nothing was done after it, and its five minutes are not over."""
    return happened is facts.latest and happened.by is not None and happened.key != "file" and now - happened.at < HELD


def remedy(facts: CaseFacts, now: datetime) -> Remedy | None:
    """The remedy that stands: the newest that was not refused, once it cannot be taken back any more."""
    shown = [proposed for proposed in facts.this_round("propose_remedy") if not held(facts, proposed, now)]
    if shown:
        planned = shown[-1].answers.get("planned_done")
        return Remedy(str(shown[-1].answers.get("remedy", "")), planned if isinstance(planned, date) else None)
    return None


def told(facts: CaseFacts, now: datetime) -> tuple[Told, ...]:
    """What we told the customer and what the customer told us, oldest first."""
    heard = (happened for happened in facts.history if happened.key in TELLS and not held(facts, happened, now))
    return tuple(TELLS[happened.key](happened) for happened in heard)


def _registered(happened: Happened) -> Told:
    return Told(happened.at, said(N_("We have registered what you reported.")))


def _to_quality(happened: Happened) -> Told:
    return Told(happened.at, said(N_("It was handed to our quality department.")))


def _remedy(happened: Happened) -> Told:
    text, planned = happened.answers.get("remedy"), happened.answers.get("planned_done")
    if isinstance(planned, date):
        line = said(N_("Our remedy: {remedy}. Planned to be done: {planned_done}."), remedy=str(text),
                    planned_done=planned)  # fmt: skip
    else:
        line = said(N_("Our remedy: {remedy}."), remedy=str(text))
    return Told(happened.at, line)


def _satisfied(happened: Happened) -> Told:
    return _verdict(happened, said(N_("You are satisfied with the remedy.")), "words")


def _not_satisfied(happened: Happened) -> Told:
    return _verdict(happened, said(N_("You are not satisfied with the remedy.")), "reason")


def _verdict(happened: Happened, line: Said, words: str) -> Told:
    """Words that staff wrote down are theirs, not the customer's: only what came by the link is repeated."""
    own = str(happened.answers.get(words) or "") if by_the_customer(happened) else ""
    return Told(happened.at, line, theirs=True, words=own)


def _message(happened: Happened) -> Told:
    line = said(N_("You wrote to us.")) if happened.answers.get("message") else said(N_("You sent photos."))
    return Told(happened.at, line, theirs=True, words=str(happened.answers.get("message") or ""))


def _implemented(happened: Happened) -> Told:
    return Told(happened.at, said(N_("The remedy was carried out.")))


def _closed(happened: Happened) -> Told:
    return Told(
        happened.at,
        said(
            N_("Settled. Cause: {cause_for_customer}. Prevention: {action_for_customer}."),
            cause_for_customer=people(happened.answers.get("cause_for_customer") or "—"),
            action_for_customer=people(happened.answers.get("action_for_customer") or "—"),
        ),
    )


def _reopened(happened: Happened) -> Told:
    return Told(happened.at, said(N_("We have taken it up again.")))


TELLS: Final[Mapping[str, Callable[[Happened], Told]]] = {
    "file": _registered,
    "transmit": _to_quality,
    "propose_remedy": _remedy,
    "satisfied": _satisfied,
    "not_satisfied": _not_satisfied,
    "customer_message": _message,
    "done_implementing": _implemented,
    "close": _closed,
    "reopen": _reopened,
}
"""What the customer hears of; an action that does not stand here stays inside."""

VIEW = CustomerView(
    stages=STAGES,
    stage=stage,
    proposed=PROPOSED,
    remedy=remedy,
    told=told,
    satisfied="satisfied",
    not_satisfied="not_satisfied",
    message="customer_message",
    waiting="awaiting_customer",
    life="complaint.LINK",
    closed_to=frozenset({"withdrawn", "void"}),
)
