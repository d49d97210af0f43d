"""What every page of the reference is made of: sentences in one language, and tables."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from conversations.words import Said, said
from reports.words import Words

ANY_DAY = datetime(1970, 1, 1, tzinfo=UTC)


class Voice:
    """Says what the code declares, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = Words(ZoneInfo("UTC"))

    def say(self, sentence: str | Said) -> str:
        """A label or a sentence; of nothing, nothing."""
        if not sentence:
            return ""
        return self._words.say(said(sentence) if isinstance(sentence, str) else sentence, self.language, ANY_DAY)

    def joined(self, sentences: Iterable[str | Said]) -> str:
        """Several, as the language joins them; one that stands twice is said once."""
        told = tuple(dict.fromkeys(self.say(sentence) for sentence in sentences))
        return self.say(Said("{items}", {"items": told}))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, with an empty line after it; without rows, nothing."""
    body = [_row(row) for row in rows]
    return [_row(heads), _row(["---"] * len(heads)), *body, ""] if body else []


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
