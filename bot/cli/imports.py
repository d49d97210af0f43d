"""``gukebot import``: take in the organisation, and complaints of the past."""

from pathlib import Path

import click

from bot.cli.caller import Caller, pass_caller, talk, yes
from bot.cli.failures import FAILED
from bot.cli.organisation import import_organisation

File = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("import")
def import_group() -> None:
    """Take records in."""


import_group.add_command(import_organisation)


@import_group.command(epilog="Example: gukebot import complaints 2025.csv --map map.toml --yes")
@click.argument("file", metavar="FILE.csv", type=File)
@click.option("--map", "mapping", metavar="MAP.toml", type=File, required=True, help="Which column is what.")
@yes
@pass_caller
def complaints(caller: Caller, *, file: Path, mapping: Path, yes: bool) -> None:
    """Take in past complaints from a spreadsheet: first a dry run, with --yes the import."""
    from handlers.imports import complaints as imports

    with (
        caller.database() as database,
        click.progressbar(length=1000, label="", file=click.get_text_stream("stderr")) as bar,
    ):
        done = 0

        def progress(share: float) -> None:
            nonlocal done
            bar.update(int(share * 1000) - done)
            done = int(share * 1000)

        outcome = imports.import_complaints(database, file, mapping, dry_run=not yes, progress=progress)
    click.echo(f"{outcome.taken} taken in, {outcome.known} known already, {outcome.rejected} rejected")
    if outcome.rejects:
        talk(f"Rejected rows with their reasons: {outcome.rejects}")
    if not yes:
        talk("That was a dry run: nothing was changed. Say --yes to do it.")
    if outcome.rejected:
        raise click.exceptions.Exit(FAILED)
