"""``gukebot init``: from nothing to an installation that can be started."""

from pathlib import Path

import click

from bot.cli.caller import Caller, interactive, pass_caller, talk

SAMPLE = "衡岚立光汽车零部件有限公司"


@click.command(
    epilog="Examples: gukebot init · gukebot init --sample · gukebot --config /etc/gukebot.toml init --name 示例公司"
)
@click.option("--name", help="The name of the company (asked for at a terminal).")
@click.option("--language", type=click.Choice(["zh", "en"]), help="The default language (asked for at a terminal).")
@click.option("--sample", is_flag=True, help="Load the sample company, to try things out.")
@pass_caller
def init(caller: Caller, *, name: str | None, language: str | None, sample: bool) -> None:
    """Write the configuration and make the database. What is there already stays as it is."""
    from bot import config, setup

    file = caller.file or Path(config.FILE_NAME)
    if file.exists():
        talk(f"{file} is there already and stays as it is.")
    else:
        setup.write_configuration(file, _answers(SAMPLE if sample and name is None else name, language))
        talk(f"{file} written. Its comments say what can be changed.")
    settings = config.load(file)
    talk(f"The database is ready (schema {setup.make_database(settings)}).")
    if sample:
        _load_sample(caller, file)
    talk("Next: `gukebot doctor` looks at everything, `gukebot serve` starts the bot.")


def _answers(name: str | None, language: str | None) -> dict[str, str]:
    """Ask two questions where somebody can answer, and take the defaults elsewhere."""
    if interactive():
        name = click.prompt("Name of the company (公司名称)", default="", err=True) if name is None else name
        choice = click.Choice(["zh", "en"])
        language = language or click.prompt("Default language (默认语言)", type=choice, default="zh", err=True)
    return {"company.name": name or "", "company.language": language or "zh"}


def _load_sample(caller: Caller, file: Path) -> None:
    from bot.cli.organisation import changed, load_past

    with Caller(file, debug=caller.debug).database() as database:
        changed(database, None, dry_run=False)
        load_past(database)
    talk("The sample company is loaded.")
