"""Employees are anonymous: somebody with database, backups and logs links nobody to their answers (N-05)."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from handlers.sealing import sealer_of
from handlers.turn import Turn
from storage.ballots import LEAST, Ballot, BallotAnswer, BallotComment
from storage.surveys import Invitation
from tests.conftest import DATABASES
from tests.support.attacker import STRATEGIES, Night, Seen, most, owners, remarks
from tests.support.evidence import BALLOTS, PENDING, Copy, FoundRow, named
from tests.support.poll import Poll, closing, launched

TRIES = 3
"""A strategy that was lucky once is tried on another company; lucky three times is not luck."""

TICKED = 'satisfied", "'
"""As it is written on a ballot before that is sealed."""

FreshDatabase = Callable[[], str]


@pytest.fixture(params=DATABASES)
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshDatabase]:
    """A fresh database whenever it is asked for; once SQLite and once PostgreSQL."""
    made: list[str] = []
    if request.param == "sqlite":
        copy = request.getfixturevalue("sqlite_template")

        def fresh() -> str:
            made.append(f"sqlite:///{tmp_path / str(len(made))}.db")
            copy(tmp_path / f"{len(made) - 1}.db")
            return made[-1]

        yield fresh
        return
    server = request.getfixturevalue("postgres_server")

    def migrated() -> str:
        made.append(server.migrated())
        return made[-1]

    yield migrated
    for url in made:
        server.server.drop(url)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, at every level."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith("httpx"):  # that is the browser's
                heard.append(record.getMessage())

    ear, root = Ear(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        with capture_logs() as events:
            yield heard
        heard += map(str, events)
    finally:
        root.removeHandler(ear)
        root.setLevel(before)


def found(poll: Poll, seen: Seen) -> dict[str, int]:
    """How many people each strategy links to their own answers."""
    linked = {name: poll.hits(guess(seen), seen.end) for name, guess in STRATEGIES.items()}
    writers = [person for person in seen.voters if person in poll.wrote]
    return {**linked, "remarks": poll.remembered(remarks(seen, writers))}


def test_nobody_is_linked_better_than_by_chance(another: FreshDatabase, tmp_path: Path) -> None:
    """Who watched who answered when, and has every copy, guesses as one who knows the night alone: +2 sigma at most."""
    suspicious = {*STRATEGIES, "remarks"}
    for attempt in range(TRIES):
        with overheard() as heard, closing(launched(another(), tmp_path / str(attempt), seed=attempt)) as poll:
            seen = poll.play()
        linked = found(poll, seen)
        nothing_else_tells(poll, seen, heard)
        suspicious &= {name for name, hits in linked.items() if hits > most(seen)}
        if not suspicious:
            break

    assert not suspicious


def nothing_else_tells(poll: Poll, seen: Seen, heard: list[str]) -> None:
    """No time of a vote anywhere, no name of a ballot outside the ballots, nothing in a log, all of one length."""
    copies = [copy for night in seen.nights for copy in (night.evening, night.morning)] + [seen.end]
    names = {name for copy in copies for table in (PENDING, BALLOTS) for name in named(copy.of(table, seen.campaign))}
    times = {form for moment in poll.moments for form in forms(moment)}
    texts = [copy.texts() for copy in copies] + ["\n".join(heard)]
    assert not [each for each in (*names, *times, *poll.wrote.values()) if any(each in text for text in texts)]
    assert not [each for each in ("/s/", *poll.invitations.values()) if each in texts[-1]]
    assert all(len(new) >= LEAST for _, new in seen.arrived() if new)
    for night in seen.nights:
        waiting = night.evening.of(PENDING, seen.campaign)
        assert len({len(str(row["sealed"])) for row in waiting}) == 1
        words = (TICKED, *(poll.wrote[person] for person in night.voters if person in poll.wrote))
        assert not [each for each in words if night.evening.place(each) >= 0]
        assert not [each for each in words if any(each in str(row["sealed"]) for row in waiting)]
        # after the night nothing of what lay there is to be found, in no page that became free
        assert not [each for row in waiting for each in pieces(row) if night.morning.place(each) >= 0]
        assert not {str(row["id"]) for row in waiting} & set(named(night.morning.of(PENDING, seen.campaign)))


def pieces(row: FoundRow) -> tuple[str, ...]:
    """What would be seen of a sealed ballot in a page that became free: it fills several of them."""
    sealed = str(row["sealed"])
    return (str(row["id"]), *(sealed[at : at + 40] for at in range(500, len(sealed), 5_000)))


def forms(moment: datetime) -> tuple[str, ...]:
    """How an instant would be written."""
    utc = moment.astimezone(UTC)
    return (f"{utc:%Y-%m-%d %H:%M:%S}", f"{utc:%Y-%m-%dT%H:%M:%S}", str(int(utc.timestamp())))


def test_the_attacker_would_find_what_a_careless_bot_leaves(database_url: str, tmp_path: Path) -> None:
    """The same attacker links everybody where ballots are kept as they come: the experiment above can fail."""
    with closing(launched(database_url, tmp_path, careless)) as poll:
        seen = poll.play()

        linked = found(poll, seen)
    assert {linked[name] for name in ("as_they_lie", "by_answers", "by_copies")} == {len(seen.voters)}
    assert linked["by_transaction"] == len(seen.voters) or poll.desk.database.dialect == "sqlite"
    assert linked["remarks"] == len(poll.wrote)
    assert all(night.evening.place(TICKED) >= 0 for night in seen.nights)


def test_what_the_page_warns_of_ends_with_the_night(postgresql_url: str, tmp_path: Path) -> None:
    """With the server's key and the transactions of the same day answers have owners; after the night none has."""
    with closing(launched(postgresql_url, tmp_path, invited=40)) as poll:
        voters = list(poll.invitations)[:20]
        assert all(map(poll.answer, voters))
        evening = poll.copy("evening")
        poll.desk.until(poll.monday + timedelta(hours=19))
        morning = poll.copy("morning")
        assert poll.desk.company.links is not None
        sealer = sealer_of(poll.desk.company.links)

    def linked(copy: Copy) -> int:
        night = Night(voters, copy, copy)
        waiting = copy.of(PENDING, poll.campaign)
        owned = zip(owners(Seen(poll.campaign, [night], copy, poll.invitations), night), waiting, strict=True)
        opened = {who: json.loads(sealer.unseal(str(row["sealed"]), f"campaign:{poll.campaign}")) for who, row in owned}
        return sum(frozenset(ticked.items()) == poll.ticks.get(who) for who, (ticked, _) in opened.items())

    assert (linked(evening), linked(morning)) == (20, 0)


def careless(turn: Turn, invitation: Invitation, grades: Mapping[str, str], comments: Mapping[str, str]) -> bool:
    """Keep a ballot at once, under the next number, and beside it as it was written."""
    number = f"{turn.uow.ballots.counted(invitation.campaign_id):06d}"
    turn.uow.ballots.drop_in(invitation.campaign_id, json.dumps(grades))
    turn.uow.session.add(Ballot(id=number, campaign_id=invitation.campaign_id))
    turn.uow.session.flush()
    answers = [BallotAnswer(ballot_id=number, item=item, grade=grade, points=0) for item, grade in grades.items()]
    texts = [
        BallotComment(id=f"{number}{question}", campaign_id=invitation.campaign_id, question=question, text=text)
        for question, text in comments.items()
    ]
    turn.uow.session.add_all([*answers, *texts])
    return turn.uow.surveys.use_up(invitation)
