"""``gukebot audit``: whether the audit trail is whole, and what an independent look at the records finds."""

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
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


@audit.command(epilog="Example: gukebot audit look --json")
@as_json
@pass_caller
def look(caller: Caller, *, as_json: bool) -> None:
    """Look at all records with the independent auditor's own questions; exit code 1 when it finds something.

    The server does the same every five minutes, and tells the administrators what is new.
    """
    from bot.app import company_of
    from handlers import auditing
    from notifications import audited

    settings = caller.settings()
    company = company_of(settings)
    with caller.database() as database:
        found = auditing.everything(database, company, settings.attachments)
        now = database.clock()
    if as_json:
        print_json([{"kind": each.kind, "subject": each.subject, "detail": each.detail} for each in found])
    for each in () if as_json else found:
        click.echo(company.words.say(audited.sentence(each.kind, each.subject, each.detail), "en", now))
    if found:
        talk("What to do about each is in docs/runbooks.md, under GukebotAuditFindings.")
        raise click.exceptions.Exit(FAILED)
    talk("The independent auditor finds nothing amiss.")
