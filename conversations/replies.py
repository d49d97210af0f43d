"""What the bot answers, before a platform gives it a shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from conversations.plain import Json, dump, load
from conversations.words import Said


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: an action on a case, an answer to the question asked, or a global word."""

    action: str
    label: Said
    subject: str = ""
    main: bool = False


Choice: TypeAlias = Literal["", "one", "several"]


@dataclass(frozen=True, slots=True)
class Together:
    """One of several questions that can be answered at once: its key, its name, and its options by their keys."""

    question: str
    label: Said
    options: tuple[tuple[str, Said], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """Sentences to show and things to tap; with a question when a form is open.

    ``choice`` says whether the question is answered by its options alone, and by how many: a number that is typed
    then counts among them, and is no answer itself. ``run`` are the questions that can be answered at once from this
    one on, where a platform can show several; elsewhere they are asked one after another. ``prompt`` is the line that
    asks; what stands before it says where in the form it is.
    """

    lines: tuple[Said, ...]
    buttons: tuple[Button, ...] = ()
    draft: str = ""
    question: str = ""
    faults: Mapping[str, Said] = field(default_factory=dict)
    forward: Said | None = None
    choice: Choice = ""
    run: tuple[Together, ...] = ()
    prompt: Said | None = None

    def plain(self) -> Json:
        """JSON that ``from_plain`` reads back: what the inbox keeps to answer a duplicate with."""
        return {
            "lines": dump(self.lines),
            "buttons": [[b.action, dump(b.label), b.subject, b.main] for b in self.buttons],
            "draft": self.draft,
            "question": self.question,
            "faults": dump(dict(self.faults)),
            "forward": dump(self.forward),
            "choice": self.choice,
            "run": run_to_plain(self.run),
            "prompt": dump(self.prompt),
        }


def from_plain(plain: Json) -> Reply:
    """Read a reply that was kept; raises KeyError or TypeError when it is none."""
    if not isinstance(plain, dict) or not isinstance(plain["buttons"], list):
        raise TypeError("not a reply")
    return Reply(
        lines=_lines(plain["lines"]),
        buttons=tuple(_button(button) for button in plain["buttons"] if isinstance(button, list)),
        draft=str(plain["draft"]),
        question=str(plain["question"]),
        faults=cast("dict[str, Said]", load(plain["faults"])),
        forward=cast("Said | None", load(plain["forward"])),
        choice=cast("Choice", plain.get("choice", "")),
        run=run_from_plain(plain.get("run")),
        prompt=cast("Said | None", load(plain.get("prompt"))),
    )


def run_to_plain(run: tuple[Together, ...]) -> Json:
    """JSON that ``run_from_plain`` reads back."""
    return [dump((each.question, each.label, each.options)) for each in run]


def run_from_plain(plain: Json) -> tuple[Together, ...]:
    """Read the questions of a run that were kept."""
    kept = cast("tuple[tuple[str, Said, tuple[tuple[str, Said], ...]], ...]", load(plain or []))
    return tuple(Together(*each) for each in kept)


def _lines(plain: Json) -> tuple[Said, ...]:
    return cast("tuple[Said, ...]", load(plain))


def _button(plain: list[Json]) -> Button:
    action, label, subject, main = plain
    return Button(str(action), cast("Said", load(label)), str(subject), bool(main))


def say(*lines: Said, buttons: tuple[Button, ...] = (), forward: Said | None = None) -> Reply:
    """Answer with sentences, and what can be tapped next."""
    return Reply(lines, buttons, forward=forward)
