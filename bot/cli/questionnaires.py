"""``gukebot survey questionnaire``: the samples, as TOML or XLSX, and whether a changed one is sound."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure

if TYPE_CHECKING:
    from conversations.questionnaire import Questionnaire

Language = click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="In which words."
)
Out = click.Path(path_type=Path, dir_okay=False)


@click.group()
def questionnaire() -> None:
    """Look at questionnaires, export them, check changed ones, and enter them."""


@questionnaire.command("list", epilog="Example: gukebot survey questionnaire list")
@as_json
@Language
def list_(*, as_json: bool, language: str) -> None:
    """List the questionnaires that come with the product."""
    from conversations.questionnaires.shelf import SHELF

    if as_json:
        print_json([
            {"key": each.key, "version": each.version, "zh": each.name.zh, "en": each.name.en, "sample": each.sample}
            for each in SHELF.values()
        ])  # fmt: skip
        return
    for each in SHELF.values():
        click.echo(f"{each.key:<12}  v{each.version}  {each.name.of(language)}")


@questionnaire.command(epilog="Example: gukebot survey questionnaire show customer --language en")
@click.argument("asked", metavar="KEY|FILE")
@Language
def show(*, asked: str, language: str) -> None:
    """Show a questionnaire as it is asked: items, weights, grades, and how it is scored."""
    from bot import scoring

    click.echo("\n".join(scoring.shown(scoring.filed_as(asked).questionnaire, language)))


@questionnaire.command(epilog="Example: gukebot survey questionnaire export customer --out customer.xlsx")
@click.argument("asked", metavar="KEY|FILE")
@click.option("--out", metavar="FILE", type=Out, required=True, help="FILE.toml or FILE.xlsx.")
def export(*, asked: str, out: Path) -> None:
    """Write a questionnaire to change it: TOML, or a workbook with a sheet of items, groups and grades."""
    ending = out.suffix.lower()
    if ending not in (".toml", ".xlsx"):
        raise click.UsageError("--out ends with .toml or .xlsx.")
    from bot import scoring
    from handlers.imports.questionnaire_toml import write_toml
    from handlers.imports.questionnaire_workbook import write_workbook

    wanted = scoring.filed_as(asked).questionnaire
    out.write_bytes(write_workbook(wanted) if ending == ".xlsx" else write_toml(wanted).encode())
    talk(f"{out} written")


@questionnaire.command(epilog="Example: gukebot survey questionnaire check customer.toml")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(*, file: Path) -> None:
    """Check a questionnaire in FILE.toml or FILE.xlsx; every fault is named with its place. Exit code 1 with faults."""
    found = _read(file)
    answered = f"{len(found.grades)} grades" if found.grades else "a scale"
    click.echo(
        f"{found.key} v{found.version}: {len(found.items)} items, {len(found.groups)} groups, {answered}. Sound."
    )


@questionnaire.command("import", epilog="Example: gukebot survey questionnaire import customer.xlsx --kind customer")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(["customer", "employee", "after_close"]), required=True, help="Who is asked.")
@pass_caller
def import_(caller: Caller, *, file: Path, kind: str) -> None:
    """Enter the questionnaire in FILE as the next version of its key; surveys planned from now on can use it.

    Its weights and scores are approved with the plan of the first survey that uses it. What was answered before stays
    with the version that asked it.
    """
    from handlers import questionnaires

    found = _read(file)
    if not found.grades:
        raise Failure(f"{file.name} has a scale: people are asked with grades. Give it [grades].")
    with caller.database() as database:
        row = database.do(lambda uow: questionnaires.enter(uow, found, kind, getpass.getuser()))
        talk(f"{row.key} v{row.version} entered; it is approved with the plan of the next survey that uses it")


def _read(file: Path) -> "Questionnaire":
    from bot import scoring
    from handlers.imports.questionnaire_plain import QuestionnaireFileError

    try:
        return scoring.filed_as(str(file)).questionnaire
    except QuestionnaireFileError as error:
        raise Failure(f"{file.name} cannot be used:\n{error}") from error
