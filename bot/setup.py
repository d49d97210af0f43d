"""Setting up: write the configuration and make the database, as often as one likes."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from bot.settings import Settings

EXAMPLE = "config.example.toml"
PRIVATE = 0o600


class ExampleMissingError(Exception):
    """The commented example is not part of this installation."""


def example() -> str:
    """Give the commented example: beside the packages in a checkout, inside ``bot`` once installed."""
    here = Path(__file__).parent
    for folder in (here, here.parent):
        if (folder / EXAMPLE).is_file():
            return (folder / EXAMPLE).read_text(encoding="utf-8")
    raise ExampleMissingError(f"{EXAMPLE} is missing from this installation; install gukebot again.")


def filled(text: str, answers: Mapping[str, str]) -> str:
    """Put answers ({"company.name": ...}) into the example; every comment stays."""
    section = ""
    lines = []
    for line in text.splitlines():
        if match := re.match(r"\[(\w+)\]", line):
            section = match.group(1)
        key = line.partition(" = ")[0]
        answer = answers.get(f"{section}.{key}")
        lines.append(line if answer is None or line.startswith("#") else f"{key} = {_toml(answer)}")
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's, except that DEL must be escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_configuration(path: Path, answers: Mapping[str, str]) -> None:
    """Write a new configuration that only its owner can read; one that is there is never touched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(PRIVATE, exist_ok=False)
    path.write_text(filled(example(), answers), encoding="utf-8")


def make_database(settings: Settings) -> str:
    """Make the data directory and bring the database to the schema of this version; say what it is now."""
    from storage import migrate

    settings.data.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.attachments.mkdir(parents=True, exist_ok=True)
    return migrate.upgrade(settings.database_url, backup_dir=settings.backups).after
