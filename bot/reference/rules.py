"""Every number of the procedures: its default, its clause, and what it is for."""

from bot.reference.markdown import Voice, table
from conversations.deadlines import Basis
from conversations.procedures.handbook import Handbook
from conversations.rules import Rule, cited
from conversations.words import N_, Said, said

LENGTHS = {
    ("h", Basis.NATURAL): N_("{n} hours"),
    ("h", Basis.WORKING): N_("{n} working hours"),
    ("d", Basis.NATURAL): N_("{n} days"),
    ("d", Basis.WORKING): N_("{n} working days"),
}


def length(rule: Rule) -> Said:
    """A number in the unit people use for it."""
    message = LENGTHS.get((rule.unit, rule.basis))
    return said(message, n=str(rule.value)) if message else said("{n} {unit}", n=str(rule.value), unit=rule.unit)


def page(handbook: Handbook, language: str) -> str:
    """The rules as a page."""
    voice = Voice(language)
    heads = [voice.say(N_("Key")), voice.say(N_("Default")), voice.say(N_("What it is for")), voice.say(N_("Clause"))]
    lines = [f"# {voice.say(N_('Rules'))}", ""]
    chapters = [(procedure.title, procedure.rules) for procedure in handbook.procedures]
    for title, rules in (*chapters, (N_("Retention"), handbook.house)):
        rows = [(f"`{each.key}`", voice.say(length(each)), voice.say(each.label), voice.say(cited(each.clause)))
                for each in rules]  # fmt: skip
        lines += [f"## {voice.say(title)}", "", *table(heads, rows)] if rows else []
    return "\n".join(lines)
