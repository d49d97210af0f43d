"""``gukebot import calendar``: a year's holidays and make-up days, and the company's own decisions."""

import getpass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk, yes

if TYPE_CHECKING:
    from collections.abc import Callable

    from conversations.words import Said
    from handlers.imports.calendar import Outcome


@click.command("calendar", epilog="Example: gukebot import calendar 2027.csv --yes")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@yes
@as_json
@pass_caller
def import_calendar(caller: Caller, *, file: Path, yes: bool, as_json: bool) -> None:
    """Take in days that differ from the weekly pattern: first the difference, with --yes the change.

    FILE.csv has the columns day,kind,note; a kind is holiday, makeup, work, rest or clear. The JSON of holiday-cn
    is read too. Open deadlines follow the calendar, and those concerned hear of each that moves.
    """
    from bot.app import company_of
    from handlers.imports import calendar as imports

    settings = caller.settings()
    wanted = imports.read_calendar(file.read_bytes())
    company = company_of(settings)
    with caller.database() as database:
        terms = imports.Terms(f"file {file.name}", getpass.getuser(), dry_run=not yes)
        outcome = imports.import_calendar(database, company, wanted, terms)
        say = partial(company.words.say, language=settings.company.language, now=database.clock())
    if as_json:
        print_json(_plain(outcome, say, dry_run=not yes))
    else:
        _print(outcome, say)
    _close(outcome, dry_run=not yes)


def _print(outcome: "Outcome", say: "Callable[[Said], str]") -> None:
    from notifications import notices

    for line in (*outcome.years, *outcome.days):
        click.echo(say(line))
    for followed in outcome.moved:
        moved = followed.moved
        click.echo(say(notices.moved_line(followed.number, moved.needs, moved.old, moved.new)))


def _plain(outcome: "Outcome", say: "Callable[[Said], str]", *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "days": [say(line) for line in outcome.days],
        "years": [say(line) for line in outcome.years],
        "moved": [
            {"number": each.number, "needs": each.moved.needs, "before": each.moved.old, "after": each.moved.new}
            for each in outcome.moved
        ],
    }


def _close(outcome: "Outcome", *, dry_run: bool) -> None:
    if outcome.nothing:
        talk("Nothing differs.")
    elif dry_run:
        talk(f"{len(outcome.days)} days would be changed, {len(outcome.moved)} open deadlines would move. "
             "Nothing was done; say --yes to do it.")  # fmt: skip
    else:
        talk(f"{len(outcome.days)} days changed, {len(outcome.moved)} open deadlines moved; those concerned are told.")
