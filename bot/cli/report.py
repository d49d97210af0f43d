"""``gukebot report``: plain totals, and the summary of a month or a year with its pictures."""

import re
from pathlib import Path
from typing import Any

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk

Folder = click.Path(path_type=Path, file_okay=False)


class Month(click.ParamType[str]):
    """A month as YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give back what is a month, and say what one looks like otherwise."""
        text = str(value)
        if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])", text):
            self.fail(f"{text!r} is not a month; write it as 2026-10.", param, ctx)
        return text


@click.group(
    invoke_without_command=True,
    epilog="Examples: gukebot report --from 2020-01 --to 2022-12 --by customer --json · "
    "gukebot report monthly --month 2026-10 --out charts",
)
@click.option("--from", "first", type=Month(), help="The first month.")
@click.option("--to", "last", type=Month(), help="The last month, included.")
@click.option("--by", type=click.Choice(["customer", "category", "month"]), default="month", show_default=True,
              help="What is counted apart.")  # fmt: skip
@as_json
@click.pass_context
def report(ctx: click.Context, *, first: str | None, last: str | None, by: str, as_json: bool) -> None:
    """Count complaints between two months, or summarise a month or a year."""
    if ctx.invoked_subcommand:
        if first or last:
            raise click.UsageError(
                f"--from and --to belong to the plain counts, not to `report {ctx.invoked_subcommand}`."
            )
        return
    if first is None or last is None:
        raise click.UsageError("Say from which month to which (--from 2026-01 --to 2026-10), or `report monthly`.")
    if last < first:
        raise click.UsageError("--to is before --from.")
    from reports.monthly import plain_totals

    with ctx.ensure_object(Caller).database() as database, database.reading() as session:
        totals = dict(plain_totals(session, first, last, by))  # type: ignore[arg-type]  # click lets only the three through
    if as_json:
        print_json(totals)
        return
    for name, count in totals.items():
        click.echo(f"{count:>7}  {name or '(not stated)'}")
    click.echo(f"{sum(totals.values()):>7}  total")


@report.command(epilog="Example: gukebot report monthly --month 2026-10 --out charts --json")
@click.option("--month", type=Month(), help="The month; without it, the month that is over.")
@click.option("--out", metavar="DIR", type=Folder, help="Write the pictures here.")
@as_json
@pass_caller
def monthly(caller: Caller, *, month: str | None, out: Path | None, as_json: bool) -> None:
    """Give the month's summary: text, or JSON, and the pictures with --out."""
    settings = caller.settings()
    with caller.database() as database:
        from bot import editions
        from bot.app import company_of

        told = editions.monthly(database, company_of(settings), month, out)
    _show(told, as_json=as_json)


@report.command(epilog="Example: gukebot report yearly --year 2026 --out charts")
@click.option("--year", type=click.IntRange(2000, 2999), required=True, help="The year.")
@click.option("--out", metavar="DIR", type=Folder, help="Write the pictures here.")
@as_json
@pass_caller
def yearly(caller: Caller, *, year: int, out: Path | None, as_json: bool) -> None:
    """Give the year's summary: text, or JSON, and the pictures with --out."""
    settings = caller.settings()
    with caller.database() as database:
        from bot import editions
        from bot.app import company_of

        told = editions.yearly(database, company_of(settings), year, out)
    _show(told, as_json=as_json)


def _show(told: "Any", *, as_json: bool) -> None:
    if as_json:
        print_json(told.data)
    else:
        click.echo(told.text)
    for path in told.charts:
        talk(f"{path} written")
