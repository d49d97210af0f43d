"""Every command of the terminal: what it does, what it is given, an example."""

from collections.abc import Iterator

import click

Path = tuple[str, ...]


def commands(group: click.Group, *above: str) -> Iterator[tuple[Path, click.Command]]:
    """Every command below a group with the words that call it, in the order of the alphabet."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


def page(root: click.Group) -> str:
    """The commands as a page, in the words of their own help."""
    lines = ["# gukebot", "", _prose(root.help), *_options(root)]
    for words, command in commands(root):
        lines += [f"## gukebot {' '.join(words)}", "", _usage(words, command), "", _prose(command.help)]
        lines += _options(command)
        lines += [_prose(command.epilog)] if command.epilog else []
    return "\n".join(lines)


def _usage(words: Path, command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(("gukebot", *words)))
    return f"`{' '.join((context.command_path, *command.collect_usage_pieces(context)))}`"


def _options(command: click.Command) -> list[str]:
    context = click.Context(command)
    told = [each.get_help_record(context) for each in command.params if isinstance(each, click.Option)]
    lines = [f"- `{name}`: {words}".rstrip(": ") for name, words in filter(None, told)]
    return [*lines, ""] if lines else []


def _prose(text: str | None) -> str:
    """Paragraphs as they were written, each on one line."""
    paragraphs = (text or "").replace("\b", "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs) + "\n"
