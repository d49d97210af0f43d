"""``gukebot import indicators``: monthly indicators of customers, our own and those of their scorecards."""

import getpass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import FAILED, Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from conversations.words import Said
    from handlers.imports.indicators import Outcome


@click.command("indicators", epilog="Example: gukebot import indicators 2026-10.csv --dry-run")
@click.argument("file", metavar="FILE.csv|xlsx", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--rejected",
    metavar="PATH",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write rejected rows here instead of beside the file.",
)
@as_json
@pass_caller
def import_indicators(caller: Caller, /, *, file: Path, dry_run: bool, rejected: Path | None, as_json: bool) -> None:
    """Take in indicators, one customer's month to a row.

    The columns: 客户, 月份, 来源, 交付数量, 不良数量, 订单数, 准时数, 退货数量, 额外运费, 顾客流失, PPM, 准时交付率;
    customer and month must be there, English names are known too. A month is 2026-10, 2026年10月 or a day in it.
    来源 is 我司 or 顾客 (then PPM and 准时交付率). A rerun changes nothing. Exit code 1 when rows were rejected: they
    are written back with their reasons.
    """
    from bot.app import company_of
    from handlers.imports import indicators as imports
    from handlers.imports.complaints import RejectsError, SheetError

    settings = caller.settings()
    company = company_of(settings)
    with caller.database() as database:
        say = partial(company.words.say, language=settings.company.language, now=database.clock())
        terms = imports.Terms(say=say, by=getpass.getuser(), dry_run=dry_run, rejects=rejected)
        try:
            outcome = imports.import_indicators(database, company, file, terms)
        except (SheetError, RejectsError) as error:
            raise Failure(str(error)) from error
    if as_json:
        print_json(_plain(outcome, say, dry_run=dry_run))
    else:
        click.echo(_sentence(outcome, dry_run=dry_run))
    for times, first in outcome.reasons():
        talk(f"{times} × {say(first.why)} (first in row {first.line.row})")
    if outcome.rejects:
        talk(f"Rejected rows with their reasons: {outcome.rejects}. Mend them there and import that file.")
    if outcome.rejected:
        raise click.exceptions.Exit(FAILED)


def _sentence(outcome: "Outcome", *, dry_run: bool) -> str:
    done = "would be taken in" if dry_run else "taken in"
    tasks = f"; to be settled: {', '.join(outcome.tasks)}" if outcome.tasks else ""
    return (
        f"{outcome.taken} months {done}, {outcome.replaced} replaced, {outcome.known} known already, "
        f"{len(outcome.rejected)} rejected{tasks}"
    )


def _plain(outcome: "Outcome", say: "Callable[[Said], str]", *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "taken": outcome.taken,
        "replaced": outcome.replaced,
        "known": outcome.known,
        "tasks": outcome.tasks,
        "rejected": [{"row": each.line.row, "reason": say(each.why)} for each in outcome.rejected],
        "rejects": str(outcome.rejects) if outcome.rejects else None,
    }
