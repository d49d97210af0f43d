"""Every procedure as it is declared: how it begins, what is asked, where a case stands, who does what by when."""

from collections.abc import Iterator

from bot.reference.markdown import Voice, table
from bot.reference.rules import length
from conversations.fields import Field
from conversations.forms import Form
from conversations.procedure import OPEN, Action, Procedure, Step
from conversations.procedures.handbook import Handbook
from conversations.rules import cited
from conversations.words import N_, said
from handlers.cases import CAPACITY_NAMES


def page(handbook: Handbook, language: str) -> str:
    """The procedures as a page."""
    voice = Voice(language)
    lines = [f"# {voice.say(N_('Procedures'))}", ""]
    for procedure in handbook.procedures:
        lines += [*_head(procedure, voice), *_asked(procedure, voice), *_steps(procedure, voice)]
        lines += [*_actions(procedure, voice), *_deadlines(procedure, voice)]
    return "\n".join(lines)


def _head(procedure: Procedure, voice: Voice) -> Iterator[str]:
    yield from (f"## {voice.say(procedure.title)}", "")
    prefixes = dict.fromkeys((procedure.prefix, *procedure.prefixes.values()))
    facts = (
        (N_("Clause"), voice.say(cited(procedure.clause)) if procedure.clause else ""),
        (N_("Form number"), procedure.form_number),
        (N_("Numbers"), ", ".join(f"`{prefix}`" for prefix in prefixes if prefix)),
        (N_("Say"), ", ".join(f"`{word}`" for word in procedure.words)),
        (N_("Begun by"), voice.joined(CAPACITY_NAMES[each] for each in sorted(procedure.starts))),
    )
    yield from (f"- {voice.say(label)}: {value}" for label, value in facts if value)
    yield ""


def _asked(procedure: Procedure, voice: Voice) -> list[str]:
    heads = [voice.say(N_("What is asked")), voice.say(N_("Example")), ""]
    return table(heads, (_field(each, voice) for each in procedure.intake.fields))


def _field(field: Field, voice: Voice) -> tuple[str, str, str]:
    return voice.say(field.label), voice.say(field.example), "" if field.required else voice.say(N_("optional"))


def _steps(procedure: Procedure, voice: Voice) -> list[str]:
    heads = [voice.say(N_("Where a case stands")), voice.say(N_("Department")), voice.say(N_("Clause"))]
    return table(heads, (_step(each, voice) for each in procedure.steps))


def _step(step: Step, voice: Voice) -> tuple[str, str, str]:
    named = voice.say(step.label)
    return (
        f"**{named}**" if step.ending else named,
        step.holder if isinstance(step.holder, str) else "…",
        voice.say(cited(step.clause)) if step.clause else "",
    )


def _actions(procedure: Procedure, voice: Voice) -> list[str]:
    heads = [voice.say(each) for each in (N_("What can be done"), N_("By whom"), N_("At which step"), N_("Moves to"),
                                          N_("What is asked"))]  # fmt: skip
    return table(heads, (_action(procedure, each, voice) for each in procedure.actions))


def _action(procedure: Procedure, action: Action, voice: Voice) -> tuple[str, ...]:
    at = N_("every open one") if OPEN in action.at else ""
    return (
        voice.say(action.label),
        voice.joined(CAPACITY_NAMES[each] for each in sorted(action.by)),
        voice.say(at) or voice.joined(procedure.step[each].label for each in action.at),
        voice.joined(procedure.step[each].label for each in action.destinations),
        _questions(action.form, voice),
    )


def _questions(form: Form | None, voice: Voice) -> str:
    return voice.joined(field.label for field in form.fields) if form else ""


def _deadlines(procedure: Procedure, voice: Voice) -> list[str]:
    heads = [voice.say(each) for each in (N_("What must be done"), N_("Within"), N_("Clause"), N_("Key"))]
    rules = {rule.key: rule for rule in procedure.rules}
    listed = [(each, rules[each.rule]) for each in procedure.deadlines]
    return table(
        heads,
        (
            (voice.say(said(each.needs)), voice.say(length(rule)), voice.say(cited(rule.clause)), f"`{rule.key}`")
            for each, rule in listed
        ),
    )
