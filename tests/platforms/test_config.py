"""Configuration: what is written is what is used, and what is wrong is named before anything starts."""

import os
import tomllib
from datetime import date, time
from pathlib import Path

import pytest

from bot import config
from bot.app import company_of
from bot.config_errors import ConfigError
from bot.settings import Settings
from conversations.calendar import Calendar, Interval

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"

# what is written, and what the fault must name: its key and its way out
BAD = [
    ("[server]\nprot = 1", "server.prot", "did you mean server.port?"),
    ("[servr]\nport = 1", "servr", "did you mean server?"),
    ("[company]\nport = 1", "company.port", "did you mean server.port?"),
    ("colour = 1", "colour", "there is no such section"),
    ("company = 1", "company", "write it as [company]"),
    ("[server]\nport = 'abc'", "server.port", "write a whole number"),
    ("[server]\nport = 70000", "server.port", "at most 65535"),
    ("[server]\nport = -1", "server.port", "at least 0"),
    ("[server]\nport = 1.5", "server.port", "write a whole number"),
    ("[server]\nhost = ''", "server.host", "cannot be empty"),
    ("[server]\nhost = 1", "server.host", "a text between quotes"),
    ("[company]\nzone = 'Mars/Base'", "company.zone", "Asia/Shanghai"),
    ("[company]\nzone = '../../etc/passwd'", "company.zone", "is not a time zone"),
    ("[company]\nlanguage = 'fr'", "company.language", "'zh' or 'en'"),
    ("[logging]\nlevel = 'loud'", "logging.level", "'debug'"),
    ("[database]\nurl = 'mysql://host/db'", "database.url", "postgresql+psycopg://"),
    ("[data]\ndirectory = 5", "data.directory", "the name of a folder"),
    ("[hours]\nmonday = ['8-12']", "hours.monday", "HH:MM-HH:MM"),
    ("[hours]\nmonday = ['25:00-26:00']", "hours.monday", "HH:MM-HH:MM"),
    ("[hours]\nmonday = ['08:00-12:00', '11:00-13:00']", "hours", "11:00"),
    ("[hours]\nalternate_since = 'soon'", "hours.alternate_since", "write a day"),
    ("[hours]\nmonday = 5", "hours.monday", "write a list"),
    ("[hours]\nmon = []", "hours.mon", "did you mean hours.monday?"),
    ("[server\nport = 1", "", "this is not TOML"),
    ("[server]\nport = 1\nport = 2", "", "this is not TOML"),
]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    No variable of the machine reaches these tests.
    """
    for name in list(os.environ):
        if name.startswith("GUKEBOT_") and "__" in name:
            monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    """Write a configuration file."""
    path = folder / "gukebot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path | None) -> ConfigError:
    """Load what must not load, and give its faults."""
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    return caught.value


def test_the_example_says_the_defaults(tmp_path: Path) -> None:
    """
    config.example.toml loads, and a copy of it changes nothing.
    """
    shown = config.load(written(tmp_path, EXAMPLE.read_text(encoding="utf-8")))

    assert shown == config.load(written(tmp_path, ""))


def test_the_example_has_every_key_with_both_languages() -> None:
    """
    No key is missing from the example, and each is explained in Chinese and in English.
    """
    text = EXAMPLE.read_text(encoding="utf-8")
    known = {name: set(type(section).model_fields) for name, section in Settings()}
    comments = [line for line in text.splitlines() if line.startswith("#")]

    assert {name: set(section) for name, section in tomllib.loads(text).items()} == known
    assert any("配置" in line for line in comments)
    for name in known:
        block = text.partition(f"[{name}]")[2].partition("\n[")[0]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in block), name
        assert "# The" in block or "# Where" in block or "# How" in block or "# Empty" in block, name


@pytest.mark.parametrize(("text", "key", "way_out"), BAD)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, key: str, way_out: str) -> None:
    """
    Each fault names its key, its line, and what to write instead.
    """
    error = faults(written(tmp_path, text))

    assert len(error.problems) == 1, error
    assert error.problems[0].key.split(".0")[0] == key
    assert way_out in error.problems[0].sentence
    assert "gukebot.toml:" in error.problems[0].where


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """
    Nobody mends one fault to be told of the next.
    """
    text = "colour = 1\n[server]\nport = 'x'\nprot = 1\n[company]\nzone = 'X'\n[hours]\nmonday = ['x']\n"

    assert len(faults(written(tmp_path, text)).problems) == 5


def test_a_fault_never_shows_a_value_that_could_be_secret(tmp_path: Path) -> None:
    """
    A misspelt key or a malformed address does not print its password.
    """
    text = "[database]\nurl = 'mysql://u:hunter2@h'\npasswort = 'hunter2'\n[slak]\ntoken = 'hunter2'\n"

    assert "hunter2" not in str(faults(written(tmp_path, text)))


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    GUKEBOT_SECTION__KEY overrides one key and leaves the rest of its section.
    """
    path = written(tmp_path, "[server]\nhost = '0.0.0.0'\nport = 1\n")
    monkeypatch.setenv("GUKEBOT_SERVER__PORT", "9000")
    monkeypatch.setenv("GUKEBOT_HOURS__SATURDAY", "08:00-12:00, 13:00-15:00")
    settings = config.load(path)

    assert (settings.server.host, settings.server.port) == ("0.0.0.0", 9000)  # noqa: S104 - nothing listens
    assert settings.hours.week()[5] == (Interval(time(8), time(12)), Interval(time(13), time(15)))
    assert config.origin(settings, path)["server.port"] == "environment"
    assert config.origin(settings, path)["server.host"] == "file"
    assert config.origin(settings, path)["company.zone"] == "default"


@pytest.mark.parametrize("name", ["GUKEBOT_SERVER__PROT", "GUKEBOT_SERVR__PORT"])
def test_a_misspelt_variable_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A variable that would be ignored in silence is a fault with the nearest known name.
    """
    monkeypatch.setenv(name, "1")
    problem = faults(None).problems[0]

    assert problem.where == name
    assert "did you mean server.port?" in problem.sentence


def test_a_secret_may_stand_in_its_own_file(tmp_path: Path) -> None:
    """
    url_file is read, counted from the folder of the configuration, and never shown.
    """
    (tmp_path / "url").write_text("postgresql+psycopg://u:hunter2@db/guke\n")
    settings = config.load(written(tmp_path, "[database]\nurl_file = 'url'\n"))

    assert settings.database_url == "postgresql+psycopg://u:hunter2@db/guke"
    assert settings.database_file is None
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("[database]\nurl_file = 'absent'", "cannot be read"),
        ("[database]\nurl_file = 'bad'", "cannot be used as url"),
        ("[database]\nurl_file = 'bad'\nurl = 'sqlite:///x'", "keep one of the two"),
    ],
)
def test_a_secret_file_that_is_wrong_is_named(tmp_path: Path, text: str, way_out: str) -> None:
    """
    A secret that is absent, given twice or malformed stops the start; what it holds is not told.
    """
    (tmp_path / "bad").write_text("hunter2")
    error = faults(written(tmp_path, text))

    assert way_out in error.problems[0].sentence
    assert "hunter2" not in str(error)


def test_folders_count_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same file means the same data, from whatever folder the command is started.
    """
    path = written(tmp_path, "[data]\ndirectory = 'records'\n")
    monkeypatch.chdir("/")

    assert config.load(path).database_file == tmp_path / "records" / "gukebot.db"


def test_the_week_is_the_companys(tmp_path: Path) -> None:
    """
    A night shift ends on the next day, and 24:00 is midnight.
    """
    text = "[hours]\nfriday = ['20:00-04:00']\nsaturday = ['16:00-24:00']\nsunday = []\n"
    week = config.load(written(tmp_path, text)).hours.week()

    assert week[4] == (Interval(time(20), time(4)),)
    assert week[5] == (Interval(time(16), time(0)),)
    assert week[6] == ()


def test_every_second_saturday_is_the_companys(tmp_path: Path) -> None:
    """
    大小周: the Saturday of the week of a given day is worked, the next one is not; without a day there is none.
    """
    text = "[hours]\nalternate_since = '2026-11-25'\nalternate_saturday = ['08:00-12:00']\n"
    company = company_of(config.load(written(tmp_path, text)))
    calendar = Calendar(company.zone, week=company.week, alternate=company.alternate)

    assert [bool(calendar.intervals(date(2026, 11, day))) for day in (21, 28)] == [False, True]
    assert not calendar.intervals(date(2026, 12, 5))
    assert company_of(config.load(written(tmp_path, ""))).alternate is None
