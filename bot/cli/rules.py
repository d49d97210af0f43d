"""``gukebot rules`` and ``why``: every number with its clause and approval, and every due time explained."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


@click.group(invoke_without_command=True, epilog="Examples: gukebot rules --json · gukebot rules apply rules.toml")
@as_json
@click.pass_context
def rules(ctx: click.Context, *, as_json: bool) -> None:
    """Show every rule: its value, its clause, its edition and who approved it."""
    if ctx.invoked_subcommand:
        return
    caller = ctx.ensure_object(Caller)
    settings = caller.settings()
    with caller.database() as database:
        from bot import clock
        from bot.app import company_of
        from conversations.words import said
        from handlers import rules as handler

        company = company_of(settings)
        listed = database.do(lambda uow: handler.listed(uow, company))
    if as_json:
        print_json(listed)
        return
    now = clock.now()
    for rule in listed:
        label = company.words.say(said(str(rule["label"])), company.language, now)
        source = company.words.say(said(str(rule["clause"])), company.language, now)
        approval = " ".join(str(rule[key]) for key in ("edition", "effective_from", "approver") if rule[key])
        click.echo(
            f"{rule['key']}  {rule['value']} {rule['unit']} {rule['basis']}  {label}  ({source})  {approval}".rstrip()
        )


@rules.command(epilog="Example: gukebot rules apply rules.toml")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@pass_caller
def apply(caller: Caller, *, file: Path) -> None:
    """Append the versions of FILE (版次, 原因, effective_from, 编辑, 批准); what was before stays."""
    from bot.app import company_of
    from handlers import rules as handler

    text = file.read_text(encoding="utf-8-sig")
    company = company_of(caller.settings())
    with caller.database() as database:
        appended = database.do(lambda uow: handler.apply(uow, company, text))
    talk(f"{appended} new version{'' if appended == 1 else 's'}.")


@click.command(epilog="Example: gukebot why TS-2026-0082")
@click.argument("number", metavar="NUMBER")
@pass_caller
def why(caller: Caller, *, number: str) -> None:
    """Explain, step by step, when a case is due and why."""
    settings = caller.settings()
    with caller.database() as database:
        from bot.app import company_of
        from handlers import listings
        from handlers.turn import Turn

        company = company_of(settings)

        def explain(uow: "UnitOfWork") -> list[str] | None:
            case = uow.cases.find(number)
            turn = Turn(uow, company)
            return [turn.say(line) for line in listings.why(turn, case).lines] if case else None

        told = database.do(explain)
    if told is None:
        raise Failure(f"There is no case {number}.")
    click.echo("\n".join(told))
