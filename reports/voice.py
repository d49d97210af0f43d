"""One language and one instant for a whole summary: its pictures and its text are told from the same place."""

from dataclasses import dataclass
from datetime import datetime

from conversations.words import Said
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of the company, the reader's language, and the instant from which times are told."""

    words: Words
    language: str
    now: datetime

    def say(self, sentence: Said) -> str:
        """Give a sentence in the reader's language."""
        return self.words.say(sentence, self.language, self.now)
