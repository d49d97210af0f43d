"""The bench itself: a database is fresh and nobody else's, and the server goes when its tests go."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.conftest import Postgres
from tests.support import postgres

ONE_TEST = """
from tests.conftest import Postgres
from tests.support import postgres
with postgres.running() as server:
    print(server.url, flush=True)
    input()
"""


@pytest.mark.parametrize("turn", [1, 2])
def test_a_blank_database_is_blank_each_time(blank_database_url: str, turn: int) -> None:
    """
    What one test writes, the next one does not find.
    """
    engine = create_engine(blank_database_url)
    with engine.begin() as connection:
        connection.execute(text("create table mine (id integer)"))
        tables = inspect(connection).get_table_names()
    engine.dispose()

    assert tables == ["mine"]


def test_the_server_goes_when_its_tests_are_killed(postgres_server: Postgres) -> None:
    """
    A test run that is killed leaves no server and no folder behind.
    """
    if isinstance(postgres.find(), str):
        return  # somebody else's server stays
    tests = subprocess.Popen(
        [sys.executable, "-c", ONE_TEST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    with tests:
        assert tests.stdout
        url = tests.stdout.readline().strip()
        home = Path(url.partition("host=")[2])
        psycopg.connect(url.replace("+psycopg", "")).close()
        tests.kill()

    until = time.monotonic() + 20
    while home.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not home.exists()
