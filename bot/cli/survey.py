"""``gukebot survey``: score a file of answers, print questionnaires, and look at, export and check them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.caller import Caller, as_json, pass_caller, print_json, talk
from bot.cli.failures import Failure
from bot.cli.questionnaires import questionnaire

if TYPE_CHECKING:
    from handlers.imports.answers import ReadAnswers
    from storage.unit_of_work import UnitOfWork

File = click.Path(path_type=Path, exists=True, dir_okay=False)
LISTED = 20


class Score(click.ParamType["Any"]):
    """A score from 0 to 100."""

    name = "0..100"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give back what is a score, and say what one looks like otherwise."""
        from handlers.imports.answers import number

        score = number(str(value))
        if score is None or not 0 <= score <= 100:
            self.fail(f"{value!r} is no score from 0 to 100.", param, ctx)
        return score


@click.group()
def survey() -> None:
    """Score surveys, print questionnaires, and keep them."""


survey.add_command(questionnaire)


@survey.command(epilog="Example: gukebot survey score answers.csv --questionnaire questions.toml --json")
@click.argument("file", metavar="FILE.csv", type=File)
@click.option("--questionnaire", "asked", metavar="Q", required=True, help="Q.toml, Q.xlsx, or the key of a sample.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Write the pictures here.")
@click.option("--target", type=Score(), help="The score that is wanted, drawn as a line.")
@click.option("--competitor", type=Score(), help="A competitor's score, drawn as a line.")
@click.option("--threshold", type=Score(), help="Mark items strictly below this score.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="In which words.")
@as_json
def score(*, file: Path, asked: str, as_json: bool, **how: Any) -> None:
    """Score a file of answers: items, groups and the whole, from 0 to 100, with what is missing or off the scale.

    One row to a respondent, one column to an item. What is no answer counts as missing, never as 0, and is listed.
    """
    from bot import scoring

    scored = scoring.score(file, asked, scoring.Wanted(how["target"], how["competitor"], how["threshold"]))
    if as_json:
        print_json(scoring.plain(scored))
    else:
        click.echo(scoring.table(scored.figures, scoring.voice_of(scored.figures, how["language"])))
    _tell(scored.read, as_json=as_json)
    if how["out"]:
        for path in scoring.draw(scored.figures, how["language"], how["out"]):
            talk(f"{path} written")


@survey.command("print", epilog="Example: gukebot survey print DC-2026-0001 --out letters")
@click.argument("number", metavar="NUMBER")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="Write the PDF here.")  # fmt: skip
@click.option("--blank", is_flag=True, help="One page for anybody, without a name and without a link.")
@pass_caller
def print_(caller: Caller, *, number: str, out: Path, blank: bool) -> None:
    """Write the questionnaire of the survey NUMBER for mail, parcel or fax: a page of A4 to each who has not answered.

    Each page has the link of one person as a QR code: hand it to nobody else. What comes back is entered in chat with
    “纸质问卷” or “paperanswers” and the number.
    """
    from bot.app import company_of
    from handlers.surveys import printing
    from handlers.turn import Turn

    company = company_of(caller.settings())

    def write(uow: "UnitOfWork") -> tuple[bytes, int]:
        case = uow.cases.find(number.upper())
        if case is None:
            raise printing.NothingToPrintError(f"there is no case {number}")
        return printing.printed(Turn(uow, company), case, blank=blank)

    with caller.database() as database:
        try:
            content, pages = database.do(write)
        except printing.NothingToPrintError as error:
            raise Failure(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{number.upper()}{'-blank' if blank else ''}.pdf"
    file.write_bytes(content)
    talk(f"{file} written, pages: {pages}")


def _tell(read: "ReadAnswers", *, as_json: bool) -> None:
    """Say what a person should know beside the figures; in JSON the cells that are no answers are all there."""
    if read.unnamed:
        talk(f"The file has no column {', '.join(read.unnamed)}: every row is taken for a respondent of its own.")
    for name, count in list(read.duplicates.items())[:LISTED]:
        talk(f"Respondent {name} is there {count} times; every row is counted.")
    if len(read.duplicates) > LISTED:
        talk(f"… and {len(read.duplicates) - LISTED} more who are there several times.")
    if as_json:
        return
    for each in read.uncounted[:LISTED]:
        talk(f"Row {each.row}, {each.item}: {each.value} is no answer; it counts as missing.")
    if len(read.uncounted) > LISTED:
        talk(f"… and {len(read.uncounted) - LISTED} more cells; --json lists all.")
