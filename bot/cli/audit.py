"""``gukebot audit``: say whether the audit trail is whole and agrees with the records."""

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json
from bot.cli.failures import FAILED


@click.group()
def audit() -> None:
    """Look after the audit trail."""


@audit.command(epilog="Example: gukebot audit verify --json")
@as_json
@pass_caller
def verify(caller: Caller, *, as_json: bool) -> None:
    """Check the chain of hashes, and compare every case with its last audit row."""
    from storage import audit as trail

    with caller.database() as database, database.reading() as session:
        found = trail.verify(session)
    if as_json:
        print_json({"ok": found.ok, "sealed": found.sealed, "unsealed": found.unsealed, "faults": list(found.faults)})
    else:
        click.echo(f"{found.sealed} sealed, {found.unsealed} waiting for the seal")
        for fault in found.faults:
            click.echo(fault)
    if not found.ok:
        raise click.exceptions.Exit(FAILED)
