"""Ballots of employees: one each, counted exactly, and shown only where nobody stands out (M-59, M-60, U-17)."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert

from handlers.surveys import ballots
from handlers.tokens import Links
from handlers.turn import Turn
from reports.ballots import Rate, tally, together
from storage.ballots import Ballot, BallotAnswer
from storage.errors import ConflictError
from storage.surveys import Campaign
from storage.unit_of_work import UnitOfWork
from tests.support.desk import at
from tests.support.poll import NUMBER, Poll, closing, launched

BEST = {"safety": "very_satisfied", "tools": "satisfied"}


@pytest.fixture
def poll(database_url: str, tmp_path: Path) -> Iterator[Poll]:
    """A survey of everybody in a company of forty, at eight on a Monday."""
    with closing(launched(database_url, tmp_path, invited=40)) as made:
        yield made


def campaign_of(poll: Poll, uow: UnitOfWork) -> Campaign:
    """The campaign, for the handlers."""
    campaign = uow.surveys.campaign(poll.campaign)
    assert campaign is not None
    return campaign


def standing(poll: Poll) -> tuple[int, int]:
    """How many ballots wait, and how many went on."""
    return poll.desk.do(lambda uow: (len(uow.ballots.pending(poll.campaign)), uow.ballots.counted(poll.campaign)))


def close(poll: Poll) -> int:
    """The survey is closed on its day, its few answers are stated, and the ballots are wanted: how many there are."""
    poll.desk.until(at(12, 11, 18))
    return poll.desk.do(poll.finish)


def test_a_ballot_is_cast_once(poll: Poll) -> None:
    """Twenty times at once with one invitation: one ballot; later, and after the end: none."""
    person, *others = poll.invitations
    ready, won = threading.Barrier(20), list[bool]()

    def press() -> None:
        ready.wait(timeout=30)
        won.append(poll.desk.do(lambda uow: poll.send(uow, person, BEST, {})))

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(won) == [False] * 19 + [True]
    assert poll.desk.do(lambda uow: uow.surveys.rate(campaign_of(poll, uow))) == (1, 40)
    assert standing(poll) == (1, 0)
    close(poll)
    assert not poll.answer(others[0])
    assert poll.desk.do(lambda uow: uow.surveys.rate(campaign_of(poll, uow))) == (1, 40)


def test_only_those_who_have_not_answered_are_reminded(poll: Poll) -> None:
    """32 of 40 answer, 80 % to the person; the other eight are reminded, and every ballot is counted."""
    voters = list(poll.invitations)[:32]
    assert all(poll.answer(person) for person in voters)
    poll.desk.until(at(11, 27, 9))

    people = {person.id: person.name for person in poll.desk.do(lambda uow: uow.organisation.people())}
    reminded = [person for person, name in people.items() if poll.desk.heard(name, "还没有收到")]
    assert sorted(reminded) == sorted(set(poll.invitations) - set(voters))
    assert close(poll) == 32
    assert poll.desk.do(lambda uow: uow.surveys.rate(campaign_of(poll, uow))) == (32, 40)
    assert poll.desk.step(NUMBER) not in {"open", "closing"}


def test_ten_go_on_at_least_and_ten_stay_until_the_end(poll: Poll) -> None:
    """19 wait; of 20 ten go on; at the end the rest goes on, once; a night that was missed is made up for."""
    people = iter(poll.invitations)
    for _ in range(19):
        poll.answer(next(people))
    poll.desk.until(at(11, 24, 3))
    assert standing(poll) == (19, 0)
    poll.answer(next(people))
    poll.desk.until(at(11, 24, 23))
    assert standing(poll) == (20, 0)
    # nobody is there at two; at nine in the morning the bot is back
    poll.desk.clock.set(at(11, 25, 9))
    poll.desk.tick()
    assert standing(poll) == (10, 10)
    assert close(poll) == close(poll) == 20
    assert standing(poll) == (0, 20)


def test_a_few_ballots_are_one_batch_and_are_not_shown(poll: Poll) -> None:
    """Four ballots stay together to the end, and are not counted for anybody; five are."""
    people = iter(poll.invitations)
    for _ in range(4):
        poll.desk.do(lambda uow: poll.send(uow, next(people), BEST, {"suggestions": "食堂"}))
    assert close(poll) == 4
    with poll.desk.database.reading() as session:
        asked = poll.desk.do(lambda uow: ballots.asked_in(Turn(uow, poll.desk.company), campaign_of(poll, uow)))
        assert tally(session, asked, poll.campaign) is None


def test_what_was_ticked_is_what_is_counted(poll: Poll) -> None:
    """Twelve tick the same: scores exactly, without what was not asked and what nobody types; remarks at the end."""
    ticked = {**BEST, "nothing": "satisfied", "wages": "unheard of"}
    for person in list(poll.invitations)[:12]:
        comments = {"suggestions": f"食堂\0 {person}"}
        poll.desk.do(partial(poll.send, person=person, ticked=ticked, comments=comments))
    assert poll.desk.do(lambda uow: ballots.remarks(Turn(uow, poll.desk.company), campaign_of(poll, uow))) == ()
    close(poll)

    remarks = poll.desk.do(lambda uow: ballots.remarks(Turn(uow, poll.desk.company), campaign_of(poll, uow)))
    assert sorted(text for _, text in remarks) == sorted(f"食堂 {person}" for person in list(poll.invitations)[:12])
    asked = poll.desk.do(lambda uow: ballots.asked_in(Turn(uow, poll.desk.company), campaign_of(poll, uow)))
    with poll.desk.database.reading() as session:
        found = tally(session, asked, poll.campaign)
    assert found is not None
    assert {(item, int(score)): count for (_, item, score), count in found.counts.items()} == {
        ("safety", 100): 12, ("tools", 80): 12,
    }  # fmt: skip


def test_one_grade_to_each_item_is_held_by_the_database(poll: Poll) -> None:
    """Two ticks in one row are refused by the table itself."""

    def twice(uow: UnitOfWork) -> None:
        uow.session.add(Ballot(id="one", campaign_id=poll.campaign))
        uow.session.flush()
        row = {"ballot_id": "one", "item": "safety", "points": 0}
        uow.session.execute(insert(BallotAnswer), [{**row, "grade": "satisfied"}, {**row, "grade": "dissatisfied"}])

    with pytest.raises(ConflictError):
        poll.desk.do(twice)


def test_a_survey_that_was_cancelled_keeps_no_ballots(poll: Poll) -> None:
    """What waited is thrown away in the night: nobody will count it."""
    for person in list(poll.invitations)[:5]:
        poll.answer(person)
    poll.desk.say("尹秋萍", f"撤销问卷 {NUMBER}", "改到明年")
    poll.desk.tap("尹秋萍", "cancel_survey", NUMBER)
    poll.desk.say("尹秋萍", "改到明年")
    assert poll.desk.step(NUMBER) == "cancelled"
    poll.desk.until(at(11, 24, 3))

    assert standing(poll) == (0, 0)


def test_a_changed_key_loses_nothing(poll: Poll) -> None:
    """What another key sealed stays where it is, and goes on when the key is back."""
    for person in list(poll.invitations)[:20]:
        poll.answer(person)
    right = poll.desk.company
    poll.desk.company = replace(right, links=Links("https://bot.example.com", b"x" * 32))
    poll.desk.until(at(11, 24, 3))
    assert standing(poll) == (20, 0)
    poll.desk.company = right
    poll.desk.until(at(11, 25, 3))
    assert standing(poll) == (10, 10)


def test_rates_of_small_departments_are_told_together(poll: Poll) -> None:
    """Who took part is told by department from five people on; what is small is put together."""
    for person in list(poll.invitations)[:20]:
        poll.answer(person)
    rates = poll.desk.do(lambda uow: ballots.rate_by_department(Turn(uow, poll.desk.company), campaign_of(poll, uow)))

    assert sum(rate.answered for rate in rates) == 20
    assert sum(rate.invited for rate in rates) == 40
    assert all(rate.invited >= 5 for rate in rates)
    assert [rate.department for rate in rates][-1] == ""


@pytest.mark.parametrize(
    ("each", "told"),
    [
        ([("A", 3, 9), ("B", 2, 6)], [("A", 3, 9), ("B", 2, 6)]),
        # one alone is small: the next smallest hides it
        ([("A", 3, 9), ("B", 2, 6), ("C", 1, 4)], [("A", 3, 9), ("", 3, 10)]),
        # two of two are small and only four people: the next joins them
        ([("A", 3, 9), ("B", 2, 6), ("C", 1, 2), ("D", 0, 2)], [("A", 3, 9), ("", 3, 10)]),
        ([("A", 3, 9), ("C", 1, 4), ("D", 0, 4)], [("A", 3, 9), ("", 1, 8)]),
        ([("C", 1, 2), ("D", 0, 2)], []),
        ([("A", 9, 9), ("C", 1, 1)], [("", 10, 10)]),
    ],
)  # fmt: skip
def test_nothing_can_be_worked_out_from_what_is_not_told(
    each: list[tuple[str, int, int]], told: list[tuple[str, int, int]]
) -> None:
    """A department that is hidden is never alone, and those that are hidden are five people together."""
    assert list(together([Rate(*rate) for rate in each])) == [Rate(*rate) for rate in told]
