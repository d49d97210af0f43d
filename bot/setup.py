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


def filled(text: str, answers: Mapping[str, str | int]) -> str:
    """Put answers ({"company.name": ...}) into a configuration; every comment stays, what lacks is added."""
    section = ""
    lines, left = [], dict(answers)
    for line in text.splitlines():
        if match := re.match(r"\s*\[(\w+)\]", line):
            section = match.group(1)
        key = line.partition("=")[0].strip()
        answer = None if line.lstrip().startswith("#") else left.pop(f"{section}.{key}", None)
        lines.append(line if answer is None else f"{key} = {_toml(answer)}")
    for full, answer in reversed(left.items()):
        section, _, key = full.partition(".")
        if f"[{section}]" not in lines:
            lines += ["", f"[{section}]"]
        lines.insert(lines.index(f"[{section}]") + 1, f"{key} = {_toml(answer)}")
    return "\n".join(lines) + "\n"


def _toml(value: str | int) -> str:
    """Write a TOML value; JSON's escapes are TOML's, except that DEL must be escaped as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def replace_configuration(path: Path, text: str) -> None:
    """Put another text in the place of a configuration, whole or not at all; the former one is kept beside it."""
    kept, draft = path.with_name(f"{path.name}.bak"), path.with_name(f".{path.name}.new")
    for target, content in ((kept, path.read_bytes()), (draft, text.encode())):
        target.unlink(missing_ok=True)
        target.touch(PRIVATE)
        target.write_bytes(content)
    draft.replace(path)


def secret_files(folder: Path, answers: Mapping[str, str | int]) -> list[Path]:
    """Make an empty file for every secret that is to stand in one, for its owner alone; say which are new."""
    made = []
    for key, value in answers.items():
        path = folder / str(value)
        if key.endswith("_file") and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(PRIVATE)
            made.append(path)
    return made


def empty_secrets(folder: Path, raw: Mapping[str, Mapping[str, object]]) -> list[Path]:
    """The files that should hold a secret and hold nothing yet."""
    named = [
        str(value) for section in raw.values() for key, value in section.items() if key.endswith("_file") and value
    ]
    paths = [folder / name for name in named]
    return [path for path in paths if path.exists() and not path.read_text(encoding="utf-8").strip()]


def write_configuration(path: Path, answers: Mapping[str, str | int]) -> None:
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
