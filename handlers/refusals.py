"""What may not be done: one error, with the sentence for the person."""

from conversations.words import Said


class RefusedError(Exception):
    """An action that may not be done; the sentence tells the person what to do instead."""

    def __init__(self, sentence: Said) -> None:
        super().__init__(sentence.message)
        self.sentence = sentence
