"""``gukebot rules`` and ``why``: every number with its clause and approval, and every due time explained."""

from pathlib import Path

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure


@click.group(invoke_without_command=True, epilog="Examples: gukebot rules --json · gukebot rules apply rules.toml")
@as_json
@click.pass_context
def rules(ctx: click.Context, *, as_json: bool) -> None:
    """Show every rule: its value, its clause, its edition and who approved it."""
    if ctx.invoked_subcommand:
        return
    from handlers import rules as handler

    with ctx.ensure_object(Caller).database() as database:
        listed = database.do(handler.listed)
    if as_json:
        print_json(listed)
        return
    for rule in listed:
        click.echo("{key}  {value} {unit}  {clause}  {label}".format_map(rule))


@rules.command(epilog="Example: gukebot rules apply rules.toml")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@pass_caller
def apply(caller: Caller, *, file: Path) -> None:
    """Append the versions of FILE (版次, 原因, effective_from, 编辑, 批准); what was before stays."""
    from handlers import rules as handler

    text = file.read_text(encoding="utf-8-sig")
    with caller.database() as database:
        appended = database.do(lambda uow: handler.apply(uow, text))
    talk(f"{appended} new versions.")


@click.command(epilog="Example: gukebot why TS-2026-0082")
@click.argument("number", metavar="NUMBER")
@pass_caller
def why(caller: Caller, *, number: str) -> None:
    """Explain, step by step, when a case is due and why."""
    from handlers import explanations
    from reports.words import Words

    settings = caller.settings()
    with caller.database() as database:
        told = database.do(lambda uow: explanations.why(uow, number))
        if told is None:
            raise Failure(f"There is no case {number}.")
        words = Words(settings.zone)
        for sentence in told:
            click.echo(words.say(sentence, settings.company.language, database.clock()))
