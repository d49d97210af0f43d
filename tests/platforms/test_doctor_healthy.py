"""The doctor is silent about what is well, and knows PostgreSQL's faults from each other."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from sqlalchemy import create_engine, text

from storage.unit_of_work import UnitOfWork
from tests.support.doctor_faults import Table, aged, platform, secured, ticked
from tests.support.doctoring import SLACK, WECOM, Patient, listening, serving


def everything_entered(patient: Patient, stack: ExitStack) -> None:
    """Both platforms are used, their clocks agree with ours, everybody and every channel is entered."""
    port = stack.enter_context(serving())
    patient.set("slack", **{**SLACK, "API_BASE_URL": f"http://127.0.0.1:{port}/api/"})
    patient.set("wecom", **{**WECOM, "API_BASE_URL": f"http://127.0.0.1:{port}"})

    def enter(uow: UnitOfWork) -> None:
        for each in uow.organisation.departments():
            each.channels = {"slack": f"C{each.code}"}
        for person in uow.organisation.people():
            person.wecom_id = f"u{person.id}"

    patient.do(enter)


def at_work(patient: Patient, stack: ExitStack) -> None:
    """An old installation: it ticks, and was copied last night."""
    aged(0.5)(patient, stack)
    patient.do(ticked(seconds=30))


def with_a_proxy(patient: Patient, stack: ExitStack) -> None:
    """The way out leads through a proxy, and it is there."""
    patient.patch.setenv("HTTPS_PROXY", f"http://u:hunter2@127.0.0.1:{stack.enter_context(serving())}")


HEALTHY: "dict[str, Callable[[Patient, ExitStack], object]]" = {
    "as it was made": lambda _patient, _stack: None,
    "both platforms": everything_entered,
    "Slack by e-mail": platform("slack", {**SLACK, "MODE": "socket", "APP_TOKEN": "xapp-1"}, lambda _uow: None),
    "on the net": secured(),
    "at work": at_work,
    "behind a proxy": with_a_proxy,
    "in English": lambda it, _stack: it.write('[company]\nlanguage = "en"\nzone = "UTC"\n'),
}


@pytest.mark.parametrize("kind", HEALTHY)
def test_a_healthy_installation_has_no_finding(patient: Patient, kind: str) -> None:
    """
    Nothing is amiss, not even a little: a doctor who cries wolf is not read.
    """
    with ExitStack() as stack:
        HEALTHY[kind](patient, stack)
        looked = patient.looked()

    # of a new year the days are not known until autumn; and where Slack is not there, its clock cannot be read
    expected = {"calendar"} | ({"channels", "clock"} if kind == "Slack by e-mail" else set())
    assert {each["name"] for each in looked.amiss} <= expected, looked.amiss
    assert looked.exit_code == 0


def test_the_doctor_is_quick_and_can_stay_offline(patient: Patient) -> None:
    """
    Where nobody ever answers he is done within five seconds; offline he asks nothing of the network.
    """
    with listening() as port:
        patient.set("server", public_url=f"https://localhost:{port}")
        patient.set("slack", **{**SLACK, "API_BASE_URL": f"http://127.0.0.1:{port}/api/"})
        patient.set("wecom", **{**WECOM, "API_BASE_URL": f"http://127.0.0.1:{port}"})
        began = time.perf_counter()
        asked = patient.looked()
        seconds = time.perf_counter() - began
    offline = patient.run("doctor", "--offline", "--json")

    silent = [each["name"] for each in asked.amiss if "does not answer" in each["found"]]
    assert silent == ["certificate", "clock", "clock"]
    assert seconds < 5
    assert "does not answer" not in offline.output


# ------------------------------------------------------------ PostgreSQL


@pytest.fixture
def on_postgresql(patient: Patient, postgresql_url: str) -> Patient:
    """
    The same installation, its records on PostgreSQL.
    """
    patient.set("database", url=postgresql_url)
    return patient


def said(statement: str) -> "Callable[[Patient, ExitStack], object]":
    """Somebody says something to the server."""

    def plant(_patient: Patient, _stack: ExitStack) -> None:
        engine = create_engine(os.environ["GUKEBOT_DATABASE__URL"])
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    return plant


def elsewhere(before: str, after: str) -> "Callable[[Patient, ExitStack], object]":
    """The address of the database is another one."""
    return lambda it, _stack: it.set(
        "database", url=os.environ["GUKEBOT_DATABASE__URL"].replace(before, after, 1)
    )  # fmt: skip


POSTGRESQL: Table = {
    "server away": (
        lambda it, _: it.set("database", url="postgresql+psycopg://u:hunter2@127.0.0.1:9/guke"),
        "database", "PostgreSQL cannot be reached", "start it",
    ),
    "no such database": (elsewhere("/gukebot_", "/gukebot_no_"), "database", "no such database", "createdb"),
    "driver missing": (
        lambda it, _: it.patch.setitem(sys.modules, "psycopg", None), "database", "driver", "gukebot[postgres]",
    ),
    "too old": (said("UPDATE alembic_version SET version_num = '0007'"), "schema", "0007", "gukebot db upgrade"),
    "another program's": (
        said("UPDATE alembic_version SET version_num = 'a1b2'"), "schema", "another program's", "gukebot init",
    ),
    "no tables": (said("DROP TABLE alembic_version"), "schema", "no tables yet", "gukebot init"),
    "no department": (lambda _it, _: None, "leads", "no department yet", "organisation file"),
    "stuck in sending": (
        said("INSERT INTO outbox (key, short, platform, address, topic, payload, state, attempts, next_at, fence, "
             "subject, card, priority, receipt, reason, created_at, leased_until) VALUES ('k', 's', 'slack', 'p', 't', "
             "'{}', 'sending', 1, now(), 1, '', '', 5, '', '', now(), now() - interval '1 hour')"),
        "messages", "1 were being sent", "gukebot serve",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", POSTGRESQL)
def test_each_fault_of_postgresql_has_its_next_step(on_postgresql: Patient, fault: str) -> None:
    """
    The server, the database in it, its driver and its tables are told from each other; no password is shown.
    """
    plant, name, found, fix = POSTGRESQL[fault]
    with ExitStack() as stack:
        plant(on_postgresql, stack)
        looked = on_postgresql.looked()

    assert fix in looked.of(name, found)["fix"]
    assert looked.exit_code == 1
    assert "hunter2" not in looked.output


def test_a_server_that_does_not_wait_for_its_disk_is_named(on_postgresql: Patient) -> None:
    """
    The server of these tests is such a one: what is confirmed there would be lost with the power.
    """
    finding = on_postgresql.looked().of("durability", "does not keep what it confirms")

    assert "fsync = on" in finding["fix"]
