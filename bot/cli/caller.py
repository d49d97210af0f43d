"""What every command needs: the configuration of whoever called, its database, and a place to talk."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called: which configuration file they named, and whether they want traces."""

    config_file: Path | None
    debug: bool = False

    @property
    def file(self) -> Path | None:
        """The configuration file that is read, or None."""
        from bot import config

        return config.find_file(self.config_file)

    def settings(self) -> "Settings":
        """Read the configuration; raise ConfigError with every fault.

        Secrets of platforms may still be to come (their files are empty): work with the records needs none.
        """
        from bot import config

        return config.load(self.file, patient=("slack", "wecom"))

    def complete_settings(self) -> "Settings":
        """The same for whoever talks to the platforms: nothing may be missing."""
        from bot import config

        return config.load(self.file)

    @contextmanager
    def database(self) -> Iterator["Database"]:
        """Open the database as configured, its schema checked, and close it at the end."""
        from bot import databases

        with databases.opened(self.settings()) as database:
            yield database


pass_caller = click.make_pass_decorator(Caller)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
yes = click.option("--yes", is_flag=True, help="Do it; without this, only show what would be done.")


def talk(sentence: str) -> None:
    """Say something to the person at the terminal, on standard error."""
    click.echo(sentence, err=True)


def print_json(value: Any) -> None:
    """Print data as one JSON document, Chinese as it is written."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def interactive() -> bool:
    """Tell whether there is a person who can answer questions."""
    return sys.stdin.isatty() and sys.stderr.isatty()
