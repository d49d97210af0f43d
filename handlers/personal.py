"""设置: what people set for themselves: language, muted topics; and the forms about themselves."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time

from conversations.attention import Settings, Topic
from conversations.replies import Button, Reply, say
from conversations.words import N_, Said, said
from handlers import indicator_checks, leave
from handlers.turn import Turn

TOPICS: Mapping[Topic, str] = {
    Topic.STEP: N_("steps of my cases"),
    Topic.REMINDER: N_("reminders before the due time"),
    Topic.CLEARED: N_("done after all"),
    Topic.DIGEST: N_("the digest of 08:30"),
}

COMPLETE: Mapping[str, Callable[[Turn, Mapping[str, object]], Reply]] = {
    "leave": leave.take,
    "indicators": indicator_checks.take,
}
"""What a full form about no case does, by its key."""


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
    lines.append(quiet(mine))
    other = "en" if turn.language == "zh" else "zh"
    buttons = [Button(f"set:language:{other}", said(LANGUAGES[other]))]
    buttons += [
        Button(f"set:mute:{topic.value}", _toggle(label, topic in mine.muted)) for topic, label in TOPICS.items()
    ]
    return say(*lines, buttons=tuple(buttons))


def quiet(mine: Settings) -> Said:
    """When a person is left alone."""
    if mine.quiet_from == mine.quiet_until:
        return said(N_("No quiet hours; on rest days overdue notices alone come."))
    return said(N_("Quiet from {start} to {end} and on rest days; overdue notices come all the same."),
                start=f"{mine.quiet_from:%H:%M}", end=f"{mine.quiet_until:%H:%M}")  # fmt: skip


LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}


def _toggle(label: str, muted: bool) -> Said:  # noqa: FBT001 - the two states of one button
    return said(N_("Hear again: {topic}") if muted else N_("Mute: {topic}"), topic=said(label))


def _changed(mine: Settings, kind: str, value: str) -> Settings | None:
    """What is set after a tap: said twice, ``silence``, ``hear`` and the hours set the same; None: not understood."""
    if (hour := HOURS.get(value)) is not None:
        hours = {"quiet_from": replace(mine, quiet_from=hour), "quiet_until": replace(mine, quiet_until=hour)}
        return hours.get(kind)
    topic = {Topic(value)} if value in set(Topic) else set()
    muted = {"mute": mine.muted ^ topic, "silence": mine.muted | topic, "hear": mine.muted - topic}.get(kind)
    return replace(mine, muted=muted) if topic and muted is not None else None


HOURS = {f"{hour:02}:00": time(hour) for hour in range(24)}
"""What quiet hours may begin and end with."""


def change(turn: Turn, what: str) -> Reply:
    """Change one setting; every mute is in the audit trail."""
    if turn.person is None:
        return say(said(N_("There is nothing to set.")))
    kind, _, value = what.partition(":")
    if kind == "language" and value in LANGUAGES:
        turn.person.language = value
    elif (changed := _changed(turn.uow.settings.of(turn.person.id), kind, value)) is not None:
        turn.uow.settings.put(turn.person.id, changed)
    else:
        return settings(turn)
    turn.uow.audit.write(f"person:{turn.person.id}", "setting", turn.actor, data={"set": what})
    return settings(turn)
