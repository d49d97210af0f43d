"""``gukebot import customers`` and ``people``: the lists that a company keeps anyway, as XLSX or CSV."""

import getpass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, pass_caller, talk, yes
from bot.cli.failures import FAILED

if TYPE_CHECKING:
    from handlers.imports.listing import Outcome, Terms

SHOWN = 40

file = click.argument("file", metavar="FILE.xlsx|csv", type=click.Path(path_type=Path, exists=True, dir_okay=False))
dry_run = click.option("--dry-run", is_flag=True, help="Only show what would change; so it is without --yes, too.")
rejected = click.option(
    "--rejected",
    metavar="PATH",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write rejected rows here instead of beside the file.",
)


@click.command("customers", epilog="Examples: gukebot import customers 客户表.xlsx · … --yes")
@file
@rejected
@dry_run
@yes
@pass_caller
def import_customers(caller: Caller, /, *, file: Path, rejected: Path | None, dry_run: bool, yes: bool) -> None:
    """Take in customers and their contacts: first the difference, with --yes the change.

    Finds the header by its names, also over three rows; blank cells change nothing; hidden rows count. Exit code 1
    when rows were rejected: they come back as the same sheet with the reason in red.
    """
    _run(caller, "customers", file, rejected, yes and not dry_run)


@click.command("people", epilog="Examples: gukebot import people 花名册.csv · … --yes")
@file
@rejected
@dry_run
@yes
@pass_caller
def import_people(caller: Caller, /, *, file: Path, rejected: Path | None, dry_run: bool, yes: bool) -> None:
    """Take in people with their department and accounts: first the difference, with --yes the change.

    Roles and leads are not in it: they are given in organisation.toml. Rejected rows come back as for customers.
    """
    _run(caller, "people", file, rejected, yes and not dry_run)


def _run(caller: Caller, kind: str, file: Path, rejected: Path | None, earnest: bool) -> None:  # noqa: FBT001 - one caller
    from handlers.imports import listing
    from reports.words import Words

    settings = caller.settings()
    with caller.database() as database:
        say = partial(Words(settings.zone).say, language=settings.company.language, now=database.clock())
        terms = listing.Terms(say=say, by=getpass.getuser(), dry_run=not earnest, rejects=rejected)
        outcome = listing.import_list(database, kind, file, terms)
    _tell(outcome, terms, earnest=earnest)
    if outcome.rejected:
        raise click.exceptions.Exit(FAILED)


def _tell(outcome: "Outcome", terms: "Terms", *, earnest: bool) -> None:
    for plan in outcome.plans[:SHOWN]:
        changes = ", ".join(f"{key}: {old or '-'} -> {new}" for key, old, new in plan.changes)
        click.echo(f"{'+' if plan.new else '~'} {plan.name}: {changes}")
    if len(outcome.plans) > SHOWN:
        click.echo(f"… and {len(outcome.plans) - SHOWN} more")
    verb = "taken in" if earnest else "would be taken in"
    click.echo(
        f"{outcome.new} new and {len(outcome.plans) - outcome.new} changed {verb}, "
        f"{outcome.known} as they were, {len(outcome.rejected)} rejected"
    )
    for times, first, why in outcome.reasons():
        talk(f"{times} × {terms.say(why)} (first in row {first.row})")
    if outcome.rejects:
        talk(f"Rejected rows with their reasons: {outcome.rejects}. Mend them there and import that file.")
    if not earnest:
        talk("That was a dry run: no record was changed. Say --yes to do it.")
