"""``gukebot import organisation`` and ``export organisation``: who works here, for whom, on what."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk, yes

if TYPE_CHECKING:
    from storage.database import Database


@click.group()
def export() -> None:
    """Give the records out."""


@export.command("organisation", epilog="Example: gukebot export organisation --json > organisation.json")
@as_json
@pass_caller
def export_organisation(caller: Caller, *, as_json: bool) -> None:
    """Give out departments, people, customers, products and defects, as JSON."""
    from handlers.imports import organisation

    if not as_json:
        raise click.UsageError("There is one form of it; say --json.")
    with caller.database() as database:
        print_json(database.do(organisation.export))


def changed(database: "Database", text: str | None, *, dry_run: bool) -> tuple[Any, ...]:
    """Apply an organisation file (None: the sample company), or only compare it; give back what differs."""
    from handlers.imports import organisation

    wanted = organisation.sample() if text is None else organisation.read_organisation(text)
    if dry_run:
        return database.do(lambda uow: organisation.diff(uow, wanted))
    return database.do(lambda uow: organisation.apply(uow, wanted, by=getpass.getuser()))


def load_past(database: "Database") -> None:
    """Load the sample company's 26 months of complaints; a second time nothing happens."""
    from handlers.sample.history import load_history

    if loaded := database.do(load_history):
        talk(f"{loaded} records of its past loaded.")


@click.command("organisation", epilog="Examples: gukebot import organisation FILE.toml --yes · … --sample --yes")
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--sample", is_flag=True, help="The sample company instead of a file.")
@yes
@pass_caller
def import_organisation(caller: Caller, *, file: Path | None, sample: bool, yes: bool) -> None:
    """Take in the organisation from FILE.toml: first the difference, with --yes the change."""
    if (file is None) != sample:
        raise click.UsageError("Name a FILE, or say --sample.")
    from reports.words import Words

    settings = caller.settings()
    words = Words(settings.zone)
    text = file.read_text(encoding="utf-8-sig") if file else None
    with caller.database() as database:
        changes = changed(database, text, dry_run=not yes)
        for change in changes:
            click.echo(words.say(change.said(), settings.company.language, database.clock()))
        if sample and yes:
            load_past(database)
    if not changes:
        talk("Nothing differs.")
    elif yes:
        talk(f"{len(changes)} changes made.")
    else:
        talk(f"{len(changes)} changes would be made. Nothing was done; say --yes to do it.")
