"""``gukebot survey``: score a file of answers, and look at, export and check questionnaires."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.caller import as_json, print_json, talk
from bot.cli.questionnaires import questionnaire

if TYPE_CHECKING:
    from handlers.imports.answers import ReadAnswers

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
    """Score surveys, and keep their questionnaires."""


survey.add_command(questionnaire)


@survey.command(epilog="Example: gukebot survey score answers.csv --questionnaire questions.toml --json")
@click.argument("file", metavar="FILE.csv", type=File)
@click.option("--questionnaire", "asked", metavar="Q", required=True, help="Q.toml, Q.xlsx, or the key of a sample.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Write the pictures here.")
@click.option("--target", type=Score(), help="The score that is wanted, drawn as a line.")
@click.option("--competitor", type=Score(), help="A competitor's score, drawn as a line.")
@click.option("--threshold", type=Score(), help="Mark items strictly below this score.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
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
