"""What is wrong with a configuration, in sentences: the key, its place, the nearest known name."""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Known = Mapping[str, tuple[str, ...]]

_SENTENCES = {
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "string_type": 'write a text between quotes ("...")',
    "bool_parsing": "write true or false",
    "tuple_type": 'write a list, for example ["a", "b"]',
    "model_type": "this is a section: write it as [{key}] with its keys below",
    "model_attributes_type": "this is a section: write it as [{key}] with its keys below",
    "literal_error": "write one of {expected}",
    "greater_than_equal": "write a number of at least {ge}",
    "less_than_equal": "write a number of at most {le}",
    "string_too_short": "this cannot be empty",
    "path_type": "write the name of a folder between quotes",
    "date_from_datetime_parsing": 'write a day as "YYYY-MM-DD"',
    "date_parsing": 'write a day as "YYYY-MM-DD"',
    "date_type": 'write a day as "YYYY-MM-DD"',
    "value_error": "{error}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a configuration: where it stands, which key, and what to do."""

    where: str
    key: str
    sentence: str

    def __str__(self) -> str:
        """Say it in one line."""
        return ": ".join(part for part in (self.where, self.key, self.sentence) if part)


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` holds every fault, none of them a value."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def explain(errors: Iterable[Mapping[str, Any]], known: Known, text: str, path: Path | None) -> list[Problem]:
    """Turn pydantic's errors into problems, each with its line of the file."""
    return [_problem(error, known, text, path) for error in errors]


def _problem(error: Mapping[str, Any], known: Known, text: str, path: Path | None) -> Problem:
    parts = [str(part) for part in error["loc"]]
    key = ".".join(parts)
    if error["type"] == "extra_forbidden":
        sentence = unknown(parts, known)
    else:
        template = _SENTENCES.get(error["type"], error["msg"])
        sentence = template.format(key=key, **error.get("ctx", {}))
    return Problem(_where(parts, text, path), key, sentence)


def unknown(parts: list[str], known: Known) -> str:
    """Say that a key is unknown, with the nearest one that is known."""
    every = [f"{section}.{key}" for section, keys in known.items() for key in keys]
    name = ".".join(parts[:2])
    if len(parts) == 1:
        near = difflib.get_close_matches(name, known, 1, 0.5)
        return f"there is no such section; {_suggest(near, known)}"
    section, key = parts[0], parts[1]
    beside = difflib.get_close_matches(key, known.get(section, ()), 1, 0.6)
    near = [f"{section}.{found}" for found in beside]
    near = near or [full for full in every if full.endswith(f".{key}")]
    near = near or difflib.get_close_matches(name, every, 1, 0.6)
    return f"there is no such key; {_suggest(near, known.get(section, ()))}"


def _suggest(near: list[str], known: Iterable[str]) -> str:
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"


def _where(parts: list[str], text: str, path: Path | None) -> str:
    line = line_of(parts, text)
    variable = f"GUKEBOT_{'__'.join(parts[:2])}".upper()
    if path is None or line is None or variable in os.environ:
        return variable
    return f"{path}:{line}"


def line_of(parts: list[str], text: str) -> int | None:
    """Find the line of a key (section, key, ...) in a TOML text; None where it is not written."""
    inside = ""
    header: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*\[+\s*\"?([^\]\"]+?)\"?\s*\]", line):
            inside = match.group(1)
            header = number if inside == parts[0] else header
        elif match := re.match(r"\s*[\"']?([\w.-]+)[\"']?\s*=", line):
            full = f"{inside}.{match.group(1)}".lstrip(".").split(".")
            if full[:2] == parts[:2] or full == parts[:1]:
                return number
    return header


def unknown_variables(environment: Mapping[str, str], known: Known, prefix: str) -> Iterator[Problem]:
    """Find variables that look like ours (GUKEBOT_SECTION__KEY) and would be ignored in silence."""
    for name in sorted(environment):
        section, mark, key = name.upper().removeprefix(prefix).lower().partition("__")
        if name.upper().startswith(prefix) and mark and section not in known:
            yield Problem(name, f"{section}.{key}", unknown([section, key], known))
