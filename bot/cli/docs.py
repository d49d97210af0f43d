"""``gukebot docs``: the reference of this very version, written from its code."""

import click

TOPICS = ("commands", "settings", "rules", "procedures")


@click.command(epilog="Examples: gukebot docs settings · gukebot docs procedures --language en > procedures.md")
@click.argument("topic", type=click.Choice(TOPICS))
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="In which words.")
@click.pass_context
def docs(ctx: click.Context, *, topic: str, language: str) -> None:
    """Print the reference as Markdown: the commands, settings, rules or procedures of this version.

    The commands are told in English, as --help tells them.
    """
    from bot.reference import commands, procedures, rules, settings
    from conversations.procedures.handbook import HANDBOOK

    if topic == "commands":
        root = ctx.find_root().command
        assert isinstance(root, click.Group)  # noqa: S101 - this command hangs below one
        click.echo(commands.page(root))
    elif topic == "settings":
        click.echo(settings.page(language))
    elif topic == "rules":
        click.echo(rules.page(HANDBOOK, language))
    else:
        click.echo(procedures.page(HANDBOOK, language))
