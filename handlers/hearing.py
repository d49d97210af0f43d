"""What a line may mean that is no word of ours to the letter: a slip, pinyin, something to be found (domain A9).

An action is never guessed at: what was understood by its sound or in spite of a slip is asked back first,
and so is whatever could be two things.
"""

from dataclasses import replace

from conversations.fields import folded
from conversations.matching import Heard, Near, Word, hear
from conversations.replies import Button, Reply, say
from conversations.words import N_, Said, said
from handlers import finding
from handlers import help as helping
from handlers.commands import GLOBAL, GLUED, LATER, NUMBER, Meant, label_of, takes_argument, vocabulary
from handlers.pinyin import sounds
from handlers.turn import Turn
from storage.finding import Named

MOST_ASKED = 5
LONGEST = 40
"""A longer line is a story; nobody makes a command of it."""


def heard(turn: Turn, text: str) -> Meant | Reply:
    """What a line means, or what to answer: a case that was found, a question back, or what could be typed."""
    line = folded(text)
    if not line:
        return helping.menu(turn)
    if finding.named(turn, line):
        return finding.shown(turn, text, finding.find(turn, text))
    near = hear(line, vocabulary(turn.company.handbook), sounds) if len(line) <= LONGEST else None
    called = finding.sounding(turn, line)
    if called or (near is not None and near.near <= Near.INITIALS):
        close = near if near is not None and near.near <= Near.INITIALS else None
        return _one_or_ask(turn, text, close, called)
    with_number = _with_number(turn, line)
    if with_number is not None:
        return with_number
    found = finding.find(turn, text)
    if found:
        return finding.shown(turn, text, found)
    return _one_or_ask(turn, text, near, []) if near is not None else helping.not_understood(turn, text)


def _one_or_ask(turn: Turn, text: str, near: Heard[Meant] | None, called: list[Named]) -> Meant | Reply:
    """The one thing that is meant; asked back where there are several, or where it would change something."""
    words = near.words if near is not None else ()
    if len(words) == 1 and not called and near is not None and _safe(words[0].means, near.near):
        return words[0].means
    if called and not words:
        return finding.shown(turn, text, finding.find(turn, text))
    return _ask(turn, text, words, called)


def _safe(meant: Meant, near: Near) -> bool:
    """Whether it may be done without asking: it only shows something, or opens a form."""
    changes = bool(meant.action) or (meant.word in GLOBAL and meant.word != "help")
    return not changes and near <= Near.ONE_SLIP


def _ask(turn: Turn, text: str, words: tuple[Word[Meant], ...], called: list[Named], number: str = "") -> Reply:
    """没听懂: what it may have been, each to be tapped."""
    labels = [label_of(word.means, turn.company.handbook) for word in words]
    buttons = [_button(word.means, label, number) for word, label in zip(words, labels, strict=True)]
    names = [said("{name}", name=each.words[-1]) for each in called]
    buttons += [Button("find", name, each.code) for name, each in zip(names, called, strict=True)]
    choices = tuple((*labels, *names)[:MOST_ASKED])
    question = said(N_("“{text}” was not understood. Did you mean: {choices}?"), text=text[:LONGEST], choices=choices)
    tapped = tuple(button for button in buttons[:MOST_ASKED] if button is not None)
    return say(question, buttons=(*tapped, Button("help", said(N_("Help")))))


def _button(meant: Meant, label: Said, number: str) -> Button | None:
    if meant.later:
        return None
    if meant.procedure:
        return Button(f"start:{meant.procedure}", label)
    return Button(meant.action or meant.word, label, number)


def _with_number(turn: Turn, line: str) -> Meant | Reply | None:
    """为神么82: a slip in the word before a number. None when there is no word, or none is near."""
    head, _, number = line.rpartition(" ")
    glued = GLUED.fullmatch(line)
    if not NUMBER.fullmatch(number) and glued is not None:
        head, number = glued["head"], glued["number"]
    if not head or not NUMBER.fullmatch(number):
        return None
    words = [word for word in vocabulary(turn.company.handbook) if takes_argument(word.means)]
    near = hear(head.strip(), words, sounds)
    if near is None:
        return None
    if len(near.words) == 1 and _safe(near.words[0].means, near.near):
        return replace(near.words[0].means, argument=number)
    return _ask(turn, line, near.words, [], number)


def later(turn: Turn, key: str) -> Reply:
    """A word that belongs to a procedure which is not here: understood, and said so."""
    label = said(LATER[key][0])
    return say(said(N_("{name} cannot be handled here yet."), name=label), buttons=(Button("help", said(N_("Help"))),))
