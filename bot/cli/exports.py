"""``gukebot export form`` and ``8d``: a case's form as it was filed, and the report of a corrective action."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, pass_caller, talk
from bot.cli.failures import FAILED, Failure
from bot.cli.organisation import export

if TYPE_CHECKING:
    from handlers.filing import Written
    from storage.unit_of_work import UnitOfWork

__all__ = ["export"]


@export.command("form", epilog="Example: gukebot export form TS-2026-0082 --out TS-2026-0082.html")
@click.argument("number", metavar="NUMBER")
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write it here."
)
@click.option("--issue", type=click.IntRange(min=1), help="Which filing; without it, the newest.")
@pass_caller
def export_form(caller: Caller, *, number: str, out: Path, issue: int | None) -> None:
    """Write the form that was filed when the case NUMBER was closed (HTML), and say whether its hash agrees.

    Exit code 1 when it does not. An open case is written as it stands, marked as not filed.
    """
    from bot.app import company_of
    from handlers import filing
    from handlers.turn import Turn

    company = company_of(caller.settings())

    def write(uow: "UnitOfWork") -> "Written | None":
        case = uow.cases.find(number)
        return filing.write_again(Turn(uow, company), case, issue) if case else None

    with caller.database() as database:
        try:
            written = database.do(write)
        except filing.NoFormError as error:
            raise Failure(f"{error}.") from error
    if written is None:
        raise Failure(f"There is no case {number}.")
    out.write_bytes(written.content)
    for sentence in _told(written):
        talk(sentence)
    click.echo(f"{written.sha256}  {out}")
    if not written.sound:
        raise click.exceptions.Exit(FAILED)


@export.command("8d", epilog="Example: gukebot export 8d JZ-2026-0033 --out JZ-2026-0033.xlsx --language en")
@click.argument("number", metavar="NUMBER")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="FILE.xlsx or FILE.html.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), help="Without it, the customer's.")
@pass_caller
def export_8d(caller: Caller, *, number: str, out: Path, language: str | None) -> None:
    """Write the report of the corrective action NUMBER (D1 to D8, or its plan and proof) as a workbook or a page."""
    from bot.app import company_of
    from handlers import reports_8d
    from handlers.filing import NoFormError
    from handlers.turn import Turn

    ending = out.suffix.lower()
    if ending not in (".xlsx", ".html"):
        raise click.UsageError("--out ends with .xlsx or .html.")
    company, table = company_of(caller.settings()), ending == ".xlsx"

    def write(uow: "UnitOfWork") -> bytes | None:
        case = uow.cases.find(number.upper())
        return reports_8d.report(Turn(uow, company), case, table=table, language=language) if case else None

    with caller.database() as database:
        try:
            content = database.do(write)
        except NoFormError as error:
            raise Failure(f"{error}.") from error
    if content is None:
        raise Failure(f"There is no case {number}.")
    out.write_bytes(content)
    talk(f"{out} written")


def _told(written: "Written") -> list[str]:
    """What the comparison showed, in sentences."""
    filed = written.filed
    if filed is None:
        return ["It was never filed: this is the form as it would be now."]
    kept = (
        f"Filing no. {filed.issue}: the kept file has the hash of the audit trail."
        if written.intact
        else f"Filing no. {filed.issue}: the kept file is gone or was changed. It was laid out anew from the records."
    )
    if written.agrees is None:
        return [kept, "The case was opened again since: the records are not compared."]
    if written.agrees:
        return [kept, f"The records agree with what was filed ({filed.content})."]
    return [kept, f"The records do NOT agree with what was filed ({filed.content})."]
