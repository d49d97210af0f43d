"""Who somebody at Slack is: a colleague by the e-mail address once, a guest never."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.people import STRANGER_SECONDS, People
from storage.audit_rows import AuditRow
from storage.organisation import Person
from tests.support.desk import Desk


class Accounts:
    """The accounts of a workspace, counted when they are asked for."""

    def __init__(self, **accounts: Mapping[str, Any]) -> None:
        self.accounts = dict(accounts)
        self.asked: list[str] = []

    def users_info(self, user: str) -> Mapping[str, Any]:
        self.asked.append(user)
        if user not in self.accounts:
            raise SlackClientError("user_not_found")
        return {"ok": True, "user": self.accounts[user]}


def account(email: str, **more: Any) -> dict[str, Any]:
    """An account as users.info tells of it."""
    return {"profile": {"email": email}, **more}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The sample company; nobody is known at Slack yet."""
    desk = Desk.furnished(sqlite_url, tmp_path)
    yield desk
    desk.leave()


@pytest.fixture
def email(desk: Desk) -> str:
    """The address of a sales rep."""

    def address(person: Person | None) -> str:
        assert person is not None
        return person.email

    return desk.do(lambda uow: address(uow.organisation.person_by_name("程小满")))


def people(desk: Desk, accounts: Accounts, now: list[float] | None = None) -> People:
    """A fresh memory."""
    clock = now or [0.0]
    return People(desk.database, cast("WebClient", accounts), lambda: clock[0])


def known_as(desk: Desk) -> str | None:
    """The account of the sales rep."""
    return desk.do(lambda uow: next(each.slack_id for each in uow.organisation.people() if each.name == "程小满"))


def test_a_colleague_is_met_once(desk: Desk, email: str) -> None:
    """
    Slack is asked once; the person is bound to the account, and the audit trail says so.
    """
    accounts = Accounts(U1=account(email.upper()))
    everybody = people(desk, accounts)
    assert [everybody.meet("U1"), everybody.meet("U1"), people(desk, accounts).meet("U1")] == [True, True, True]
    assert accounts.asked == ["U1"]
    assert known_as(desk) == "U1"
    assert "known on slack" in desk.do(lambda uow: [row.action for row in uow.session.query(AuditRow)])


@pytest.mark.parametrize(
    "sign", ["is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_workflow_bot"]
)
def test_a_guest_is_nobody(desk: Desk, email: str, sign: str) -> None:
    """
    Bots, guests and people of other companies are not staff, whatever their e-mail address.
    """
    assert not people(desk, Accounts(U1=account(email, **{sign: True}))).meet("U1")
    assert known_as(desk) is None


def test_whoever_is_not_known_is_not_looked_up_at_every_word(desk: Desk, email: str) -> None:
    """
    For a minute a stranger stays one; then Slack is asked again, and also when it was away meanwhile.
    """
    now, accounts = [0.0], Accounts(U1=account("somebody@elsewhere.example"))
    everybody = people(desk, accounts, now)
    assert [everybody.meet("U1"), everybody.meet("U1"), everybody.meet("U2")] == [False, False, False]
    accounts.accounts["U1"] = account(email)
    assert not everybody.meet("U1")
    now[0] = STRANGER_SECONDS + 1
    assert everybody.meet("U1")
    assert accounts.asked == ["U1", "U2", "U1"]


def test_an_account_that_becomes_a_guests_is_forgotten(desk: Desk, email: str) -> None:
    """
    Slack tells when an account changes: a guest's is nobody's from then on.
    """
    accounts = Accounts(U1=account(email))
    everybody = people(desk, accounts)
    assert everybody.meet("U1")
    accounts.accounts["U1"] = account(email, is_restricted=True)
    everybody.changed({"id": "U1", "is_restricted": True})
    assert known_as(desk) is None
    assert not everybody.meet("U1")


def test_a_second_account_takes_nobodys_place(desk: Desk, email: str) -> None:
    """
    Whoever has an account keeps it, whoever else has their e-mail address.
    """
    everybody = people(desk, Accounts(U1=account(email), U2=account(email)))
    assert everybody.meet("U1")
    assert not everybody.meet("U2")
    assert known_as(desk) == "U1"
