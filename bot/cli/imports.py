"""``gukebot import``: take in the organisation, lists, the calendar, indicators, and complaints of the past."""

import getpass
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.calendar import import_calendar
from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk, yes
from bot.cli.failures import FAILED, Failure
from bot.cli.indicators import import_indicators
from bot.cli.lists import import_customers, import_people
from bot.cli.organisation import import_organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from conversations.words import Said
    from handlers.imports.complaints import Outcome

File = click.Path(path_type=Path, exists=True, dir_okay=False)
SHARES = 1000


@click.group("import")
def import_group() -> None:
    """Take records in."""


import_group.add_command(import_organisation)
import_group.add_command(import_calendar)
import_group.add_command(import_indicators)
import_group.add_command(import_customers)
import_group.add_command(import_people)


@import_group.command(epilog="Example: gukebot import complaints 2025.csv --map map.toml --yes")
@click.argument("file", metavar="FILE.csv", type=File)
@click.option("--map", "mapping", metavar="MAP.toml", type=File, required=True, help="Which column is what.")
@click.option(
    "--rejected",
    metavar="PATH",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write rejected rows here instead of beside the file.",
)
@yes
@as_json
@pass_caller
def complaints(caller: Caller, /, *, file: Path, mapping: Path, yes: bool, **how: Any) -> None:
    """Take in past complaints from a spreadsheet: first a dry run, with --yes the import.

    A rerun changes nothing. Exit code 1 when rows were rejected: they are written back with their reasons.
    """
    from handlers.imports import complaints as imports
    from reports.words import Words

    settings = caller.settings()
    with caller.database() as database, click.progressbar(length=SHARES, file=sys.stderr) as bar:
        say = partial(Words(settings.zone).say, language=settings.company.language, now=database.clock())
        terms = imports.Terms(
            zone=settings.zone,
            say=say,
            by=getpass.getuser(),
            dry_run=not yes,
            rejects=how["rejected"],
            progress=lambda share: bar.update(int(share * SHARES) - bar.pos),
        )
        try:
            outcome = imports.import_complaints(database, file, mapping, terms)
        except (imports.MapError, imports.SheetError, imports.RejectsError) as error:
            raise Failure(str(error)) from error
    if how["as_json"]:
        print_json(_plain(outcome, say, dry_run=not yes))
    else:
        click.echo(_sentence(outcome, dry_run=not yes))
    _tell(outcome, say, dry_run=not yes)
    if outcome.rejected:
        raise click.exceptions.Exit(FAILED)


def _sentence(outcome: "Outcome", *, dry_run: bool) -> str:
    done = "would be taken in" if dry_run else "taken in"
    months = f", {min(outcome.months)} to {max(outcome.months)}" if outcome.months else ""
    return (
        f"{outcome.taken} rows {done} ({outcome.complaints} complaints{months}), "
        f"{outcome.known} known already, {len(outcome.rejected)} rejected"
    )


def _plain(outcome: "Outcome", say: "Callable[[Said], str]", *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "encoding": outcome.encoding,
        "taken": outcome.taken,
        "complaints": outcome.complaints,
        "known": outcome.known,
        "rejected": len(outcome.rejected),
        "reasons": [
            {"rows": times, "first": first.line.row, "reason": say(first.why)} for times, first in outcome.reasons()
        ],
        "rejects": str(outcome.rejects) if outcome.rejects else None,
    }


def _tell(outcome: "Outcome", say: "Callable[[Said], str]", *, dry_run: bool) -> None:
    """Say what a person should know beside the figures."""
    for times, first in outcome.reasons():
        talk(f"{times} × {say(first.why)} (first in row {first.line.row})")
    if outcome.rejects:
        talk(f"Rejected rows with their reasons: {outcome.rejects}. Mend them there and import that file.")
    if outcome.without_id and outcome.taken:
        talk("The map names no id: rows are known by this very file. Import a changed copy of it and they count twice.")
    if dry_run:
        talk("That was a dry run: no record was changed. Say --yes to do it.")
