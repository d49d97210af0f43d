"""
Configuration: one TOML file and the environment, checked in full before anything starts.

Order of precedence: ``GUKEBOT_SECTION__KEY`` in the environment, then the file, then the defaults.
"""

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config_errors import ConfigError, Problem, explain, unknown_variables
from bot.settings import ENVIRONMENT_PREFIX, Section, Settings

FILE_NAME = "gukebot.toml"
_DEFAULTS = tuple(Settings.model_construct())


class SecretFileError(Exception):
    """A ``*_file`` key points at something that cannot be used; what it holds is not told."""


class EmptySecretError(SecretFileError):
    """The file is there, and the secret is still to be put into it."""


def find_file(named: Path | None = None) -> Path | None:
    """Tell which file is read: the one named, $GUKEBOT_CONFIG, gukebot.toml here, or none."""
    if named is not None:
        return named
    if chosen := os.environ.get("GUKEBOT_CONFIG"):
        return Path(chosen)
    here = Path(FILE_NAME)
    return here if here.is_file() else None


def load(path: Path | None = None, *, patient: Collection[str] = ()) -> Settings:
    """Read the file, if any, and the environment; raise ConfigError with every fault.

    Of the sections to be ``patient`` with, files that are to hold secrets may be empty still.
    """
    text = _text(path) if path else ""
    raw = _parse(text, path)
    known = {name: tuple(type(section).model_fields) for name, section in _DEFAULTS}
    problems = list(unknown_variables(os.environ, known, ENVIRONMENT_PREFIX))
    reserved = {key: raw.pop(key) for key in list(raw) if key not in known}
    problems += explain([_extra(key) for key in reserved], known, text, path)
    try:
        settings = Settings(**raw)
    except ValidationError as error:
        problems += explain(error.errors(include_input=False), known, text, path)
        raise ConfigError(problems) from None
    if problems:
        raise ConfigError(problems)
    return _read_secrets(_rooted(settings, path), patient)


def _extra(key: str) -> dict[str, Any]:
    return {"type": "extra_forbidden", "loc": (key,), "msg": ""}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        sentence = "the file is not UTF-8; save it as UTF-8 and try again"
    except OSError as error:
        sentence = f"the file cannot be read ({error.strerror}); `gukebot init` writes a new one"
    raise ConfigError([Problem(str(path), "", sentence)])


def _parse(text: str, path: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        where = f"{path}:{place.group(1) if place else len(text.splitlines())}"
        raise ConfigError([Problem(where, "", f"this is not TOML: {error}")]) from None


def _rooted(settings: Settings, path: Path | None) -> Settings:
    """Relative folders count from the folder of the file, wherever the command is started."""
    base = (path.parent if path else Path()).resolve()
    data = settings.data.model_copy(update={"directory": base / settings.data.directory})
    secrets = {
        name: value.model_copy(update=dict(_absolute(value, base)))
        for name, value in settings
        if isinstance(value, Section)
    }
    return settings.model_copy(update={**secrets, "data": data})


def _absolute(section: Section, base: Path) -> Iterator[tuple[str, str]]:
    for key, value in section:
        if key.endswith("_file") and value:
            yield key, str(base / value)


def _read_secrets(settings: Settings, patient: Collection[str] = ()) -> Settings:
    """Put what the ``*_file`` keys point at into the keys they stand for."""
    problems: list[Problem] = []
    update: dict[str, Section] = {}
    for name, section in settings:
        for key, file in section:
            if key.endswith("_file") and file:
                try:
                    update[name] = _with_secret(update.get(name) or section, key, file)
                except EmptySecretError as error:
                    if name not in patient:
                        problems.append(Problem(file, f"{name}.{key}", str(error)))
                except SecretFileError as error:
                    problems.append(Problem(file, f"{name}.{key}", str(error)))
    if problems:
        raise ConfigError(problems)
    return settings.model_copy(update=update)


def _with_secret(section: Section, key: str, file: str) -> Section:
    plain = key.removesuffix("_file")
    if getattr(section, plain).get_secret_value():
        raise SecretFileError(f"{plain} is given as well; keep one of the two")
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
        if not secret:
            raise EmptySecretError(f"this file is empty: put the {plain} into it, in one line")
        return type(section).model_validate({**section.model_dump(), plain: secret})
    except OSError as error:
        raise SecretFileError(f"this file cannot be read ({error.strerror})") from None
    except ValidationError as error:
        # our own sentences say what such a secret looks like, never what this one is
        wanted = "; ".join(str(each["ctx"]["error"]) for each in error.errors() if "error" in each.get("ctx", {}))
        said = f"what this file holds cannot be used as {plain}"
        raise SecretFileError(f"{said}: {wanted}" if wanted else said) from None
    except ValueError:
        raise SecretFileError(f"what this file holds cannot be used as {plain}") from None


def origin(settings: Settings, path: Path | None) -> Mapping[str, str]:
    """Tell for every key where its value came from: environment, file or default."""
    raw = tomllib.loads(_text(path)) if path else {}
    names = {name.upper() for name in os.environ}
    found: dict[str, str] = {}
    for name, section in settings:
        for key in type(section).model_fields:
            variable = f"{ENVIRONMENT_PREFIX}{name}__{key}".upper()
            given = "file" if key in raw.get(name, {}) else "default"
            found[f"{name}.{key}"] = "environment" if variable in names else given
    return found
