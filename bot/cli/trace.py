"""``gukebot trace``: why a message came or a case stands as it does, from the records alone."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json
from bot.cli.failures import Failure


@click.command(
    epilog="Examples: gukebot trace TS-2026-0082 · gukebot trace K7QX2A · gukebot trace message:17 --json"
)  # fmt: skip
@click.argument("code", metavar="CODE")
@as_json
@pass_caller
def trace(caller: Caller, *, code: str, as_json: bool) -> None:
    """Show what led to CODE and what followed: event, decision, message, each with its time.

    CODE is a case number, the six characters that a message or an error shows, a message's key or message:ID, or an
    event's key.
    """
    from reports.trace import traces

    zone = ZoneInfo(caller.settings().company.zone)
    with caller.database() as database, database.reading() as session:
        found = traces(session, code)
    if not found:
        raise Failure(f"Nothing is known of {code}. Of an error while the database was away the log alone knows.")
    if as_json:
        steps = [asdict(step) for each in found for step in each.steps]
        print_json({"about": [each.about for each in found], "steps": steps})
        return
    for each in found:
        click.echo(each.about)
        for step in each.steps:
            mark = f"  [{step.code}]" if step.code and step.code not in step.what else ""
            click.echo(f"  {step.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {step.kind:<9} {step.what}{mark}")
