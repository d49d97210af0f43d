"""``gukebot export form``, ``8d`` and ``report``: filed forms, corrective actions, satisfaction reports."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, pass_caller, talk
from bot.cli.failures import FAILED, Failure
from bot.cli.organisation import export

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.filing import Written
    from storage.cases import Case
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
    from handlers.turn import Turn

    ending = out.suffix.lower()
    if ending not in (".xlsx", ".html"):
        raise click.UsageError("--out ends with .xlsx or .html.")
    company, table = company_of(caller.settings()), ending == ".xlsx"

    def write(uow: "UnitOfWork", case: "Case") -> bytes:
        return reports_8d.report(Turn(uow, company), case, table=table, language=language)

    _write(caller, number, out, write)


@export.command("report", epilog="Example: gukebot export report DC-2026-0001 --out DC-2026-0001.pdf")
@click.argument("number", metavar="NUMBER")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="FILE.pdf, FILE.xlsx or FILE.html.",
)
@click.option("--format", "kind", type=click.Choice(["pdf", "xlsx", "html"]), help="Without it, as FILE ends.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Without it, the company's.")
@pass_caller
def export_report(caller: Caller, *, number: str, out: Path, kind: str | None, language: str | None) -> None:
    """Write the report of the survey NUMBER: its sections, indicators, pictures, approvals and formula."""
    from bot.app import company_of
    from handlers.surveys.documents import KINDS, document
    from handlers.turn import Turn

    company, wanted = company_of(caller.settings()), kind or out.suffix.lower().removeprefix(".")
    if wanted not in KINDS:
        raise click.UsageError("--out ends with .pdf, .xlsx or .html, or --format says which it is.")

    def write(uow: "UnitOfWork", case: "Case") -> bytes:
        return document(Turn(uow, company), case, wanted, language)

    _write(caller, number, out, write)


def _write(caller: Caller, number: str, out: Path, write: "Callable[[UnitOfWork, Case], bytes]") -> None:
    """Write what is made of a case into a file; a case that has no such thing is told."""
    from handlers.filing import NoFormError

    def written(uow: "UnitOfWork") -> bytes | None:
        case = uow.cases.find(number.upper())
        return write(uow, case) if case else None

    with caller.database() as database:
        try:
            content = database.look(written)
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
