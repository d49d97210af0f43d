"""``gukebot serve``, ``console`` and ``demo``: what keeps running until it is told to stop."""

from pathlib import Path
from typing import Any

import click

from bot.cli.caller import Caller, pass_caller, talk


@click.command(epilog="Example: gukebot serve")
@pass_caller
def serve(caller: Caller) -> None:
    """Run the bot: web server, deliveries and the tick. SIGTERM stops it within 8 seconds."""
    settings = caller.complete_settings()
    from bot import serve as serving

    serving.run(settings)


@click.command(epilog="Examples: gukebot console --as 程小满 · gukebot console --channel XS")
@click.option("--as", "person", metavar="PERSON", help="Chat as this person of the organisation.")
@click.option("--channel", metavar="CODE", help="Show what this department's channel hears.")
@pass_caller
def console(caller: Caller, *, person: str | None, channel: str | None) -> None:
    """Chat in the terminal, over the same handlers as every platform."""
    if (person is None) == (channel is None):
        raise click.UsageError("Say who you are (--as PERSON) or which channel to show (--channel CODE).")
    settings = caller.settings()
    with caller.database() as database:
        from bot import console as consoles

        consoles.main(database, settings, person=person, channel=channel)


@click.command(epilog="Examples: gukebot demo · gukebot demo --play --thread 2 --out charts")
@click.option("--port", type=click.IntRange(1, 65535), help="The page's port; 8765 or the next free one without it.")
@click.option("--no-browser", is_flag=True, help="Print the link and open no browser.")
@click.option("--host", default="127.0.0.1", hidden=True)
@click.option("--play", is_flag=True, help="Tell the story in the terminal and exit.")
@click.option("--thread", type=click.IntRange(1, 2), default=1, show_default=True, help="Which story; 2 is the 8D.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Write the charts here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the story.")
@click.option(
    "--dir",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep its database here, apart from real data.",
)
def demo(*, play: bool, out: Path | None, as_json: bool, directory: Path | None, **page: Any) -> None:
    """Show the product on a local page, with a sample company, without credentials and apart from real data."""
    if play:
        from bot.demo.play import main

        main(out=out, as_json=as_json, directory=directory, thread=page["thread"])
        return
    if out is not None or as_json:
        raise click.UsageError("--out and --json belong to --play, which tells the story in the terminal.")
    from bot.demo import serving

    wanted = serving.Wanted(folder=directory, host=page["host"], port=page["port"], browser=not page["no_browser"])
    serving.run(wanted, talk, click.echo)
