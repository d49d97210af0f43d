"""``gukebot survey questionnaire``: the samples, as TOML or XLSX, and whether a changed one is sound."""

from pathlib import Path

import click

from bot.cli.caller import as_json, print_json, talk
from bot.cli.failures import Failure

Language = click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
Out = click.Path(path_type=Path, dir_okay=False)


@click.group()
def questionnaire() -> None:
    """Look at questionnaires, export them, and check changed ones."""


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
    from bot import scoring
    from handlers.imports.questionnaire_plain import QuestionnaireFileError

    try:
        found = scoring.filed_as(str(file)).questionnaire
    except QuestionnaireFileError as error:
        raise Failure(f"{file.name} cannot be used:\n{error}") from error
    answered = f"{len(found.grades)} grades" if found.grades else "a scale"
    click.echo(
        f"{found.key} v{found.version}: {len(found.items)} items, {len(found.groups)} groups, {answered}. Sound."
    )
