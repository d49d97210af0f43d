"""The reference that `gukebot docs` prints: all of the code, in both languages, with nothing left unsaid."""

import re

import click
import pytest

from bot.cli import root
from bot.reference import commands, settings
from bot.settings import Settings
from conversations.procedures.handbook import HANDBOOK
from tests.support.edge import Run

LANGUAGES = ("zh", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_explained(run: Run, language: str) -> None:
    """
    Every key that is read stands in the reference with its default, its variable and a sentence in the reader's words.
    """
    told = run("docs", "settings", "--language", language).stdout
    known = {(name, key) for name, section in Settings() for key in type(section).model_fields}
    listed = {(each.section, each.key): each for each in settings.settings()}

    assert set(listed) == known
    assert [each.variable for each in listed.values() if not each.told(language)] == []
    assert all(f"`{each.variable}`" in told for each in listed.values())
    assert all(CHINESE.search(each.zh) for each in listed.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_explained(run: Run, language: str) -> None:
    """
    Every number of the procedures stands there with its value, what it is for and its clause.
    """
    rows = [line for line in run("docs", "rules", "--language", language).stdout.splitlines() if line.startswith("| `")]

    assert len(rows) == len(HANDBOOK.rules)
    assert all(f"| `{key}` |" in "\n".join(rows) for key in HANDBOOK.rules)
    assert [row for row in rows if not all(cell.strip() for cell in row.split("|")[1:-1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_procedure_is_explained(run: Run, language: str) -> None:
    """
    Every procedure stands there with the word that begins it, all its steps, actions and deadlines.
    """
    told = run("docs", "procedures", "--language", language).stdout
    parts = re.split(r"(?m)^## ", told)[1:]

    assert len(parts) == len(HANDBOOK.procedures)
    for procedure, part in zip(HANDBOOK.procedures, parts, strict=True):
        rows = [line for line in part.splitlines() if line.startswith("|") and "---" not in line]
        tables = len(re.findall(r"(?m)^\| ---", part))
        named = (procedure.intake.fields, procedure.steps, procedure.actions, procedure.deadlines)
        assert len(rows) - tables == sum(map(len, named))
        assert all(word in part for word in procedure.words)
        assert [row for row in rows if row.startswith("|  |")] == []
    assert bool(CHINESE.search(re.sub(r"`[^`]*`", "", told))) == (language == "zh")


def test_every_command_is_explained(run: Run) -> None:
    """
    Every command, group and option stands there with its sentence; whoever calls a command by it finds an example.
    """
    told = run("docs", "commands").stdout

    for words, command in commands.commands(root):
        part = told.partition(f"## gukebot {' '.join(words)}\n")[2].partition("\n## ")[0]
        assert command.help, words
        assert " ".join(command.help.split("\n\n")[0].split()) in part
        options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
        assert all(each.help and each.opts[0] in part for each in options if each.name != "help"), words
