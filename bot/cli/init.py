"""``gukebot init``: from nothing to an installation that can be started."""

import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot.cli.caller import Caller, interactive, pass_caller, talk
from bot.cli.failures import Failure

SAMPLE = "衡岚立光汽车零部件有限公司"
MANIFEST = "slack-manifest.yaml"


@click.command(
    epilog="Examples: gukebot init · gukebot init --sample · gukebot init --name 示例公司 --platforms slack+wecom "
    "--public-url https://bot.example.com --corp-id ww1 --agent-id 1000002 · gukebot init --answers FILE.toml --yes"
)
@click.option("--name", help="The name of the company (asked for at a terminal, as all that follow).")
@click.option("--language", type=click.Choice(["zh", "en"]), help="The default language.")
@click.option("--platforms", metavar="NAMES", help="slack, wecom, slack+wecom or none.")
@click.option("--public-url", metavar="URL", help="The address under which others reach the bot.")
@click.option("--corp-id", metavar="ID", help="WeCom: the company's id, ww...")
@click.option("--agent-id", metavar="NUMBER", help="WeCom: the AgentId of the app.")
@click.option("--secrets", metavar="FOLDER", help="Where files that hold secrets are made, empty, for you to fill.")
@click.option("--answers", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help='A TOML file with these answers: name = "...", platforms = "slack", ...')  # fmt: skip
@click.option("--sample", is_flag=True, help="Load the sample company, to try things out.")
@click.option("--yes", is_flag=True, help="Change a configuration that is there; without this, show the difference.")
@pass_caller
def init(caller: Caller, /, **given: Any) -> None:
    """Write the configuration and make the database. Run again, it shows what would differ and changes it with --yes.

    Secrets are never asked for: each gets a file of its own, to be filled in by you, or is named in the environment.
    """
    from bot import config, setup

    file = caller.file or Path(config.FILE_NAME)
    sample, yes = given.pop("sample"), given.pop("yes")
    _configure(file, _told(given), sample=sample, yes=yes)
    settings = config.load(file, patient=("slack", "wecom"))
    talk(f"The database is ready (schema {setup.make_database(settings)}).")
    if sample:
        _load_sample(caller, file)
    _what_next(file, settings)


def _told(given: Mapping[str, Any]) -> dict[str, str]:
    """What the options and the answer file say, each looked at; the options win."""
    from bot.answers import QUESTIONS, fault
    from bot.config_errors import unknown

    known = {question.key: question for question in QUESTIONS}
    file: Path | None = given["answers"]
    listed = tomllib.loads(file.read_text(encoding="utf-8-sig")) if file else {}
    for key in listed.keys() - known.keys():
        raise Failure(f"{file}: {key}: {unknown([key], dict.fromkeys(known, ())).replace('section', 'answer')}")
    options = {key: value for key, value in given.items() if key != "answers" and value is not None}
    told = {key: str(value) for key, value in {**listed, **options}.items()}
    for key, answer in told.items():
        if wrong := fault(known[key], answer):
            raise click.UsageError(f"--{key.replace('_', '-')}: {wrong}")
    return told


def _configure(file: Path, told: dict[str, str], *, sample: bool, yes: bool) -> None:
    """Write the file, or show how it would differ."""
    from bot import answers, setup

    before = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    raw = tomllib.loads(before or setup.example())
    current = answers.read_from(raw)
    if sample and not before:
        told = {"name": SAMPLE, **told}
    asked = _asked(current, told) if interactive() and not (before and (told or sample)) else told
    _complete({**current, **asked})
    wanted = answers.values({**current, **asked}, asked.keys(), raw)
    after = setup.filled(before or setup.example(), wanted)
    if not before:
        setup.write_configuration(file, wanted)
        talk(f"{file} written. Its comments say what can be changed.")
    elif tomllib.loads(after) == raw:
        talk(f"{file} is there already and stays as it is.")
    else:
        click.echo(answers.difference(before, after, file.name))
        if not yes and not (interactive() and click.confirm("Write it?", err=True)):
            talk(f"{file} stays as it is; say --yes to change it.")
            return
        setup.replace_configuration(file, after)
        talk(f"{file} changed; what was there is kept as {file.name}.bak.")
    setup.secret_files(file.parent, wanted)


def _complete(answered: Mapping[str, str]) -> None:
    """What a platform cannot do without is said before anything is written."""
    from bot.answers import QUESTIONS, fault

    for question in QUESTIONS:
        if question.of == "wecom" and question.wanted(answered) and fault(question, answered.get(question.key, "")):
            raise click.UsageError(f"WeCom needs --{question.key.replace('_', '-')} as well.")


def _asked(current: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """Ask what the options do not say, with what is there already as the default."""
    from bot.answers import QUESTIONS, Question, fault

    def good(question: Question, answer: str) -> str:
        if wrong := fault(question, answer.strip()):
            raise click.UsageError(wrong)
        return answer.strip()

    found = dict(told)
    for question in QUESTIONS:
        if question.key in told or not question.wanted({**current, **found}):
            continue
        default = current.get(question.key, question.default)
        found[question.key] = click.prompt(question.asks, default=default, err=True, value_proc=partial(good, question))
    return found


def _load_sample(caller: Caller, file: Path) -> None:
    from bot import config, databases
    from bot.cli.organisation import changed, load_past

    with databases.opened(config.load(file, patient=("slack", "wecom"))) as database:
        changed(database, None, dry_run=False)
        load_past(database)
    talk("The sample company is loaded.")


def _what_next(file: Path, settings: Any) -> None:
    """The next steps of the platforms that were chosen: the app manifest, and where to click."""
    from bot.setup import empty_secrets

    raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    url = settings.wecom.public_url or settings.server.public_url
    if any(raw.get("slack", {}).get(key) for key in ("bot_token", "bot_token_file")):
        _write_manifest(file.with_name(MANIFEST), settings)
        talk(f"Slack: paste {MANIFEST} at https://api.slack.com/apps > Create New App > From a manifest "
             "(docs/en/slack.md).")  # fmt: skip
    if raw.get("wecom", {}).get("corp_id"):
        talk(f"WeCom: 接收消息 {url or 'https://YOUR-HOST'}/wecom/callback · 企业可信IP: this server's address · "
             f"可信域名: {url.partition('://')[2] or 'YOUR-HOST'} (docs/en/wecom.md).")  # fmt: skip
    for path in empty_secrets(file.parent, raw):
        talk(f"To fill in, with the secret in one line: {path}")
    talk("Next: `gukebot doctor` looks at everything, `gukebot serve` starts the bot.")


def _write_manifest(path: Path, settings: Any) -> None:
    from bot.slack import manifest

    url = settings.server.public_url
    mode: manifest.Mode = "http" if url and settings.slack.mode == "http" else "socket"
    made = manifest.as_yaml(manifest.manifest(mode, url, settings.company.language))
    if not path.exists() or path.read_text(encoding="utf-8") != made:
        path.write_text(made, encoding="utf-8")
        talk(f"{path} written.")
