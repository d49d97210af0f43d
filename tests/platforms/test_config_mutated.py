"""Configurations with one slip each: refused with place, key and reason, or just the same as before; never a trace."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import config, setup
from bot.config_errors import ConfigError
from tests.support import LONG
from tests.support.edge import Run

HOW_MANY = 2_000 if LONG else 200
SECRET = "hunter2"
FILLED = {
    "company.name": "示例公司", "server.public_url": "https://bot.example.com", "server.link_key": SECRET * 5,
    "slack.bot_token": f"xoxb-{SECRET}", "slack.signing_secret": SECRET, "slack.app_token": f"xapp-{SECRET}",
    "wecom.corp_id": "ww1", "wecom.secret": SECRET, "wecom.token": SECRET, "wecom.aes_key": f"{SECRET}{'k' * 36}",
    "wecom.public_url": "https://bot.example.com", "hours.alternate_since": "2026-11-23",
}  # fmt: skip

Lines = list[str]
Slip = Callable[[random.Random, Lines, int], str]
"""Changes the line (or what is around it), and says what must be found: a key, "" for whatever, "=" for no change."""


def base() -> Lines:
    """A configuration in which everything is filled in, without its comments."""
    text = setup.filled(setup.example(), FILLED).replace("agent_id = 0", "agent_id = 1000002")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def section_of(lines: Lines, place: int) -> str:
    """The section in which a line stands."""
    return next(line.strip("[]") for line in reversed(lines[: place + 1]) if line.startswith("["))


def misspelt(chance: random.Random, name: str) -> str:
    """A slip of the finger: a letter is doubled, left out or swapped with the next."""
    at = chance.randrange(len(name) - 1)
    return chance.choice([
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ])  # fmt: skip


def key_misspelt(chance: random.Random, lines: Lines, place: int) -> str:
    """A key with a slip; the right one must be offered."""
    key, _, value = lines[place].partition(" = ")
    wrong = misspelt(chance, key)
    lines[place] = f"{wrong} = {value}"
    return f"did you mean {section_of(lines, place)}.{key}?" if wrong != key else "="


def section_misspelt(chance: random.Random, lines: Lines, place: int) -> str:
    """A section with a slip; the right one must be offered."""
    name = section_of(lines, place)
    wrong = misspelt(chance, name)
    lines[lines.index(f"[{name}]")] = f"[{wrong}]"
    return f"did you mean {name}?" if wrong != name else "="


def other_kind(chance: random.Random, lines: Lines, place: int) -> str:
    """A value of another kind."""
    key, _, value = lines[place].partition(" = ")
    kinds = {"3.5": "0123456789", "{ a = 1 }": "", "[1, 2]": "", "true": "", "1979-05-27T07:32:00Z": ""}
    lines[place] = f"{key} = {chance.choice(list(kinds))}"
    return f"{section_of(lines, place)}.{key}" if value else ""


def not_toml(chance: random.Random, lines: Lines, place: int) -> str:
    """A mark is missing or one too many."""
    line = lines[place]
    lines[place] = chance.choice([line.replace("=", "", 1), line + '"', f"[{line}", line.partition("=")[0] + "="])
    return "this is not TOML"


def twice(_chance: random.Random, lines: Lines, place: int) -> str:
    """The same key stands twice."""
    lines.insert(place, lines[place])
    return "this is not TOML"


def elsewhere(chance: random.Random, lines: Lines, place: int) -> str:
    """A key stands in a section that does not know it."""
    line, section = lines[place], section_of(lines, place)
    others = [name for name in ("company", "logging", "data") if name != section]
    if any(each.startswith(line.partition(" =")[0]) for each in lines if each is not line):
        return other_kind(chance, lines, place)
    del lines[place]
    lines.insert(lines.index(f"[{chance.choice(others)}]") + 1, line)
    return line.partition(" = ")[0]


def wrong_value(chance: random.Random, lines: Lines, _place: int) -> str:
    """A value that is out of its range or no word that is known."""
    wrong = {
        "port": ["70000", "-1"], "language": ['"fr"', '""'], "zone": ['"Mars/Base"', '"../passwd"'],
        "url": ['"mysql://u:hunter2@h"', '"h"'], "public_url": ['"http://bot.example.com"', '"bot"'],
        "mode": ['"smtp"'], "api_base_url": ['"slack.com"', '"ftp://x"'], "agent_id": ["-2"],
        "aes_key": ['"hunter2"'], "level": ['"loud"'], "monday": ['["8-12"]', '["08:00-12:00", "11:00-13:00"]'],
        "alternate_since": ['"soon"'], "host": ['""'],
    }  # fmt: skip
    key = chance.choice(list(wrong))
    at = next(index for index, line in enumerate(lines) if line.startswith(f"{key} = "))
    lines[at] = f"{key} = {chance.choice(wrong[key])}"
    return key if key != "monday" else "hours"


def the_same(chance: random.Random, lines: Lines, place: int) -> str:
    """Other white space, a comment, or other quotes: nothing is different."""
    line = lines[place]
    plain = line.replace('"', "'") if "\\" not in line else line
    lines[place] = chance.choice([f"  {line}  ", f"{line}  # ok", line.replace(" = ", "="), plain])
    return "="


SLIPS: tuple[Slip, ...] = (
    key_misspelt, section_misspelt, other_kind, not_toml, twice, elsewhere, wrong_value, the_same,
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(run: Run) -> Run:
    """
    An empty folder, and nothing in the environment.
    """
    return run


def judged(file: Path) -> ConfigError | None:
    """The faults of a file; None when it is good."""
    try:
        config.load(file)
    except ConfigError as error:
        return error
    return None


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_every_slip_is_named_or_changes_nothing(slip: Slip) -> None:
    """
    200 seeded slips (2,000 in the long form): each is refused with file, line, key and a way out, or is equivalent.
    """
    file = Path("gukebot.toml")
    file.write_text("\n".join(base()), encoding="utf-8")
    sound = config.load(file)
    for seed in range(HOW_MANY // len(SLIPS)):
        chance, lines = random.Random(f"{slip.__name__}{seed}"), base()
        places = [index for index, line in enumerate(lines) if not line.startswith("[")]
        wanted = slip(chance, lines, chance.choice(places))
        file.write_text("\n".join(lines), encoding="utf-8")
        faults = judged(file)
        if wanted == "=":
            assert faults is None, lines
            assert config.load(file) == sound
            continue
        assert faults is not None, (seed, lines)
        assert wanted in str(faults), (seed, str(faults))
        assert all(re.search(r"gukebot\.toml:\d+$", problem.where) for problem in faults.problems), str(faults)
        assert SECRET not in str(faults)
        if slip in (key_misspelt, section_misspelt, other_kind):
            numbers = [int(problem.where.rpartition(":")[2]) for problem in faults.problems]
            assert all(lines[number - 1] not in base() for number in numbers), str(faults)


def test_the_check_says_it_at_the_terminal(run: Run) -> None:
    """
    One slip, one line: its place, its key and the nearest known name, exit code 1; and no secret.
    """
    file = Path("gukebot.toml")
    lines = base()
    place = lines.index("port = 8080")
    lines[place] = "prot = 8080"
    file.write_text("\n".join(lines), encoding="utf-8")
    checked = run("config", "check")

    assert checked.exit_code == 1
    assert checked.stdout == f"gukebot.toml:{place + 1}: server.prot: there is no such key; did you mean server.port?\n"
    assert SECRET not in checked.output
    lines[place] = "port = 8080"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert run("config", "check").exit_code == 0
    assert SECRET not in run("config", "show").output
