"""Every key that can be configured, with what the commented example says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reference.markdown import Voice, table
from bot.settings import ENVIRONMENT_PREFIX
from bot.setup import example
from conversations.words import N_

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SHARE = 0.2
"""A line with more Chinese in it than this is Chinese: English ones name a page of WeCom's, at most."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the file: its default, and what is said of it in each language."""

    section: str
    key: str
    default: str
    zh: str
    en: str

    @property
    def variable(self) -> str:
        """The variable of the environment that overrides it."""
        return f"{ENVIRONMENT_PREFIX}{self.section}__{self.key}".upper()

    def told(self, language: str) -> str:
        """What is said of it in a language."""
        return self.zh if language == "zh" else self.en


def settings() -> list[Setting]:
    """Every key of the commented example, in its order. A key without words of its own shares those before it."""
    return list(_read(example()))


def page(language: str) -> str:
    """The settings as a page."""
    voice = Voice(language)
    heads = [voice.say(N_("Key")), voice.say(N_("Default")), voice.say(N_("What it is for")), voice.say(N_("Variable"))]
    lines = [f"# {voice.say(N_('Settings'))}", ""]
    listed = settings()
    for section in dict.fromkeys(each.section for each in listed):
        mine = [each for each in listed if each.section == section]
        lines += [f"## [{section}]", ""]
        lines += table(heads, ((f"`{each.key}`", f"`{each.default}`", each.told(language), f"`{each.variable}`")
                               for each in mine))  # fmt: skip
    return "\n".join(lines)


def _read(text: str) -> Iterator[Setting]:
    section, said, fresh = "", dict[str, str](), False
    for line in text.splitlines():
        if line.startswith("#"):
            said = said if fresh else {}
            fresh = True
            words = line.removeprefix("#").strip()
            language = "zh" if len(CHINESE.findall(words)) > SHARE * len(words) else "en"
            said[language] = f"{said.get(language, '')} {words}".strip()
            continue
        fresh = False
        if match := re.match(r"\[(\w+)\]", line):
            section, said = match.group(1), {}
        elif match := re.match(r"(\w+) = (.*)", line):
            yield Setting(section, match.group(1), match.group(2), said.get("zh", ""), said.get("en", ""))
