"""``gukebot slack``: what Slack has to be told about the app, and how its screens look."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from bot.cli.caller import Caller, pass_caller, talk


@click.group(epilog="Example: gukebot slack manifest --mode http --base-url https://bot.example.com")
def slack() -> None:
    """Set Slack up, and look at the bot as Slack shows it."""


language = click.option("--language", type=click.Choice(["zh", "en"]), help="Without it: the company's language.")


@slack.command(epilog="Example: gukebot slack manifest --mode socket --language en > manifest.yaml")
@click.option("--mode", type=click.Choice(["http", "socket"]), help="How events come in. Without it: as configured.")
@click.option("--base-url", metavar="URL", help="Where Slack reaches the bot. Without it: [server] public_url.")
@language
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True,
              help="How it is written.")  # fmt: skip
@pass_caller
def manifest(caller: Caller, /, **given: Any) -> None:
    """Write the app manifest to paste at https://api.slack.com/apps > Create New App > From a manifest."""
    from bot.slack import manifest as declared

    settings = caller.settings()
    mode = given["mode"] or settings.slack.mode
    url = given["base_url"] or settings.server.public_url
    if mode == "http" and not _reachable(url):
        raise click.UsageError('Say where Slack reaches the bot: --base-url "https://bot.example.com".')
    made = declared.manifest(mode, url, given["language"] or settings.company.language)
    if given["form"] == "json":
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        click.echo(declared.as_yaml(made), nl=False)


def _reachable(url: str) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)


@slack.command(epilog="Example: gukebot slack preview --out screens --language en")
@click.option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path, file_okay=False),
              help="Write the screens here.")  # fmt: skip
@language
@pass_caller
def preview(caller: Caller, *, out: Path, language: str | None) -> None:
    """Draw the golden screens from sample data: App Home, intake, case card, escalation, the month's summary."""
    from bot.golden import drawn

    spoken = language or caller.settings().company.language
    for path in drawn(out, spoken):
        talk(f"{path} written")
