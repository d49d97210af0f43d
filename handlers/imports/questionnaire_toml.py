"""A questionnaire as TOML: read with every fault named, and written so that the same comes back."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal

from conversations.questionnaire import Questionnaire
from handlers.imports.complaints_file import SheetError, decode
from handlers.imports.questionnaire_plain import Filed, Plain, QuestionnaireFileError, as_tables, of_tables

BARE = re.compile(r"[A-Za-z0-9_-]+")
UNQUOTED = re.compile(r"^[ \t]*\[(\w+)\.([^\]\"'.]*[^\x00-\x7f][^\]\"'.]*)\]", re.MULTILINE)
"""``[items.质量]``, as one would think that it is written."""


def read_toml(content: bytes, name: str = "questionnaire") -> Filed:
    """Read and check a questionnaire from a file's bytes; raises QuestionnaireFileError."""
    try:
        text = decode(content)[0]
    except SheetError as error:
        raise QuestionnaireFileError(["this is not TOML: save it as text in UTF-8"]) from error
    try:
        return of_tables(tomllib.loads(text, parse_float=Decimal), name)
    except tomllib.TOMLDecodeError as error:
        bare = UNQUOTED.search(text)
        mend = f'; put names that are not Latin in quotes: [{bare[1]}."{bare[2]}"]' if bare else ""
        raise QuestionnaireFileError([f"this is not TOML: {error}{mend}"]) from error


def write_toml(questionnaire: Questionnaire) -> str:
    """Write a questionnaire; ``read_toml`` gives back an equal one."""
    return "\n".join(_lines(as_tables(questionnaire), ())) + "\n"


def _lines(table: Mapping[str, Plain], path: tuple[str, ...]) -> Iterator[str]:
    """Plain values and texts in two languages first, then the tables below."""
    below: list[tuple[str, Mapping[str, Plain]]] = []
    for key, value in table.items():
        if isinstance(value, Mapping) and not _bilingual(value):
            below.append((key, value))
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, inner in below:
        here = (*path, _key(key))
        if not all(isinstance(each, Mapping) and not _bilingual(each) for each in inner.values()):
            yield f"\n[{'.'.join(here)}]"
        yield from _lines(inner, here)


def _bilingual(value: Mapping[str, Plain]) -> bool:
    return set(value) == {"zh", "en"} and all(isinstance(each, str) for each in value.values())


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _quoted(key)


def _value(value: Plain) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case Mapping():
            return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
        case int():
            return str(value)
        case _:
            return f"{value:f}"


def _quoted(text: str) -> str:
    """A TOML text is written like a JSON one, but for DEL, which it does not allow as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
