"""设置: what people set for themselves: language, muted topics; and the forms about themselves."""

from collections.abc import Callable, Mapping

from conversations.attention import Settings, Topic
from conversations.replies import Button, Reply, say
from conversations.words import N_, Said, said
from handlers import leave
from handlers.turn import Turn

TOPICS: Mapping[Topic, str] = {
    Topic.STEP: N_("steps of my cases"),
    Topic.REMINDER: N_("reminders before the due time"),
    Topic.CLEARED: N_("done after all"),
    Topic.DIGEST: N_("the digest of 08:30"),
}

COMPLETE: Mapping[str, Callable[[Turn, Mapping[str, object]], Reply]] = {"leave": leave.take}
"""What a full personal form does, by its key."""


def settings(turn: Turn) -> Reply:
    """What is set now, and a button for each change."""
    if turn.person is None:
        return say(said(N_("There is nothing to set.")))
    mine = turn.uow.settings.of(turn.person.id)
    lines: list[Said] = [said(N_("Language: {language}"), language=said(LANGUAGES[turn.language]))]
    lines += [
        said(N_("{topic}: {state}"), topic=said(label), state=said(N_("muted") if topic in mine.muted else N_("on")))
        for topic, label in TOPICS.items()
    ]
    lines.append(
        said(N_("Quiet from {start} to {end} and on rest days; overdue notices come all the same."),
             start=f"{mine.quiet_from:%H:%M}", end=f"{mine.quiet_until:%H:%M}")
    )  # fmt: skip
    other = "en" if turn.language == "zh" else "zh"
    buttons = [Button(f"set:language:{other}", said(LANGUAGES[other]))]
    buttons += [
        Button(f"set:mute:{topic.value}", _toggle(label, topic in mine.muted)) for topic, label in TOPICS.items()
    ]
    return say(*lines, buttons=tuple(buttons))


LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}


def _toggle(label: str, muted: bool) -> Said:  # noqa: FBT001 - the two states of one button
    return said(N_("Hear again: {topic}") if muted else N_("Mute: {topic}"), topic=said(label))


def change(turn: Turn, what: str) -> Reply:
    """Change one setting; every mute is in the audit trail."""
    if turn.person is None:
        return say(said(N_("There is nothing to set.")))
    kind, _, value = what.partition(":")
    if kind == "language" and value in LANGUAGES:
        turn.person.language = value
    elif kind == "mute" and value in set(Topic):
        mine = turn.uow.settings.of(turn.person.id)
        muted = mine.muted ^ {Topic(value)}
        turn.uow.settings.put(turn.person.id, Settings(muted, mine.quiet_from, mine.quiet_until))
    else:
        return settings(turn)
    turn.uow.audit.write(f"person:{turn.person.id}", "setting", turn.actor, data={"set": what})
    return settings(turn)
