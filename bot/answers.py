"""What `gukebot init` asks - seven questions at most - and what the answers mean in the configuration."""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config_errors import explain
from bot.settings import Section, Settings

Answers = Mapping[str, str]
Values = dict[str, str | int]

PLATFORMS = ("slack", "wecom")
NONE = "none"
SECRET = re.compile(r"(url|link_key|bot_token|signing_secret|app_token|secret|token|aes_key)\s*=\s*[\"'].+")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its option, its words, the key it fills in (none where it decides on several), its default."""

    key: str
    asks: str
    fills: str = ""
    default: str = ""
    of: str = ""

    def wanted(self, answers: Answers) -> bool:
        """Whether it need be asked at all: some are about a platform that is not used."""
        used = chosen(answers.get("platforms", ""))
        return not self.of or self.of in used or (self.of == "any" and bool(used))


QUESTIONS = (
    Question("name", "公司名称 Name of the company", "company.name"),
    Question("language", "默认语言 Default language (zh, en)", "company.language", "zh"),
    Question("platforms", "平台 Platforms (slack, wecom, slack+wecom, none)", default=NONE),
    Question("public_url", "公网地址 Public address, https://... (empty: none)", "server.public_url"),
    Question("corp_id", "企业 ID corp_id (ww...)", "wecom.corp_id", of="wecom"),
    Question("agent_id", "AgentId", "wecom.agent_id", of="wecom"),
    Question("secrets", "密钥文件夹 Folder for the files that hold secrets", default="secrets", of="any"),
)

SECRET_FILES = {
    "slack.bot_token": "slack-bot-token",
    "slack.signing_secret": "slack-signing-secret",
    "slack.app_token": "slack-app-token",
    "wecom.secret": "wecom-secret",
    "wecom.token": "wecom-token",
    "wecom.aes_key": "wecom-aes-key",
}
"""A secret is never asked for: each has its own file, made empty for its owner alone."""


def chosen(said: str) -> list[str]:
    """The platforms that an answer names; unknown names are left to ``fault``."""
    return [name for name in PLATFORMS if name in re.split(r"[\s,+]+", said.lower())]


def fault(question: Question, answer: str) -> str:
    """What is wrong with an answer, in a sentence; empty when it is good."""
    if question.key == "platforms":
        unknown = set(re.split(r"[\s,+]+", answer.lower())) - {*PLATFORMS, NONE, ""}
        return f"known: slack, wecom, none (not {', '.join(sorted(unknown))})" if unknown else ""
    if question.of == "wecom" and not answer:
        return "WeCom needs it: it stands on the app's page"
    if not question.fills or not answer:
        return ""
    name, key = question.fills.split(".")
    section: type[Section] = Settings.model_fields[name].annotation  # type: ignore[assignment]  # every field is a section
    try:
        section.model_validate({key: answer})
    except ValidationError as error:
        problems = explain(error.errors(include_input=False), {}, "", None)
        return "; ".join(problem.sentence for problem in problems)
    return ""


def read_from(raw: Mapping[str, Any]) -> dict[str, str]:
    """The answers that a configuration stands for."""
    found = {}
    for question in QUESTIONS:
        section, _, key = question.fills.partition(".")
        value = raw.get(section, {}).get(key) if question.fills else None
        if value:
            found[question.key] = str(value)
    used = [name for name in PLATFORMS if _used(raw.get(name, {}))]
    return {**found, **({"platforms": "+".join(used)} if used else {})}


def _used(section: Mapping[str, Any]) -> bool:
    return any(section.get(key) for key in ("bot_token", "bot_token_file", "corp_id"))


def values(answers: Answers, asked: Collection[str], raw: Mapping[str, Any]) -> Values:
    """The keys to write for the questions that were answered now; what a person set otherwise stays."""
    found: Values = {}
    for question in QUESTIONS:
        if question.key in asked and question.fills and answers.get(question.key):
            given = answers[question.key]
            found[question.fills] = int(given) if question.key == "agent_id" else given
    if not {"platforms", "public_url", "secrets"} & set(asked):
        return found
    for platform in chosen(answers.get("platforms", "")):
        if platform == "slack" and not _used(raw.get("slack", {})):
            found["slack.mode"] = "http" if answers.get("public_url") else "socket"
        for key in _secrets_of(platform, str(found.get("slack.mode") or raw.get("slack", {}).get("mode") or "http")):
            section, _, name = key.partition(".")
            given = raw.get(section, {})
            if not given.get(name) and not given.get(f"{name}_file"):
                found[f"{key}_file"] = str(Path(answers.get("secrets") or "secrets") / SECRET_FILES[key])
    return found


def _secrets_of(platform: str, mode: str) -> list[str]:
    needless = "slack.app_token" if mode == "http" else "slack.signing_secret"
    return [key for key in SECRET_FILES if key.startswith(f"{platform}.") and key != needless]


def difference(before: str, after: str, name: str) -> str:
    """What would change, line by line; a secret is not shown."""
    old, new = ([_masked(line) for line in text.splitlines()] for text in (before, after))
    return "\n".join(difflib.unified_diff(old, new, name, f"{name} (new)", lineterm="", n=1))


def _masked(line: str) -> str:
    return f"{line.partition('=')[0]}= ***" if SECRET.match(line.strip()) else line
