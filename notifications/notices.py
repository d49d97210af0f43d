"""Every notice: what is told, as data. One function each; who hears it is the handlers' business.

The words are those of domain A6 to A8; a notice says who, what, until when, what to tap, and why it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.plain import dump
from conversations.replies import Button
from conversations.rules import cited
from conversations.words import N_, Left, Over, Said, Value, people, said


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. ``forward`` is a text for the customer that staff pass on; ``picture`` a kept file's hash.

    ``alt`` says the picture in words; ``fields`` are pairs of a label and its value, ``more`` rarer buttons;
    ``mentions`` are addresses (``person:12``) of people to be called by name where others read along; ``under``
    names the card in whose thread it belongs when that is not its case's.
    """

    topic: str
    title: Said
    lines: tuple[Said, ...] = ()
    buttons: tuple[Button, ...] = ()
    foot: Said | None = None
    forward: Said | None = None
    picture: str = ""
    alt: Said | None = None
    fields: tuple[tuple[Said, Said], ...] = ()
    more: tuple[Button, ...] = ()
    mentions: tuple[str, ...] = ()
    under: str = ""

    def payload(self) -> Mapping[str, object]:
        """The notice as plain JSON: what an outbox row keeps."""
        return {
            "title": dump(self.title),
            "lines": dump(self.lines),
            "buttons": [[b.action, dump(b.label), b.subject] for b in self.buttons],
            "foot": dump(self.foot),
            "forward": dump(self.forward),
            "picture": self.picture,
            "alt": dump(self.alt),
            "fields": [[dump(label), dump(value)] for label, value in self.fields],
            "more": [[b.action, dump(b.label), b.subject] for b in self.more],
            "mentions": list(self.mentions),
            "under": self.under,
        }

    def because(self, foot: Said) -> "Notice":
        """The same notice, saying why it came."""
        return replace(self, foot=foot)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The case a notice is about, in the words that every notice uses."""

    number: str
    customer: str
    headline: Said
    step: Said
    owner: str = ""
    lead: str = ""
    urgent: str = ""
    next: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How a deadline stands at the instant of a level."""

    needs: Said
    due: datetime
    now: datetime
    rests: bool = False
    duty: str = ""
    supervisor: str = ""
    deputy_gm: str = ""
    reminders: int = 0
    impact: Said | None = None

    @property
    def left(self) -> Left:
        """What is left until the due instant."""
        return Left(max(self.due - self.now, timedelta(0)))

    @property
    def over(self) -> Over | Said:
        """What has passed since the due instant; just now when it is less than a minute."""
        span = self.now - self.due
        return Over(span) if span >= timedelta(minutes=1) else said(N_("due just now"))


ACTS = {
    "L1": ("take_over", "promise", "details"),
    "L2": ("take_over", "hand_over", "promise"),
    "L3": ("hand_over", "details"),
    "L4": ("hand_over", "details"),
}
RARER = {
    "L1": ("hand_over", "why"),
    "L2": ("details", "why"),
    "L3": ("take_over", "promise", "why"),
    "L4": ("take_over", "why"),
}
"""What else can be done about a level, behind a menu."""

REASONS = {
    "owner": N_("you are the handler"),
    "deputy": N_("you deputise for the handler"),
    "duty": N_("you are on duty"),
    "lead": N_("you lead the department"),
    "channel": N_("this is the department's channel"),
    "supervisor": N_("you supervise the handling"),
    "deputy_gm": N_("you are the deputy general manager"),
    "both_leads": N_("you lead a department concerned"),
    "gm": N_("you are the general manager"),
    "reporter": N_("you reported it"),
    "member": N_("your department has it now"),
    "drafter": N_("you began it"),
    "admin": N_("you look after the system"),
    "signers": N_("you are asked to decide"),
    "told": N_("you were told that it is overdue"),
    "watcher": N_("you take part in it"),
    "asked": N_("you asked for it"),
    "customer": N_("you look after this customer"),
    "everyone": N_("everyone who works here is asked"),
}
URGENT = {"line": N_("[Line stop] "), "safety": N_("[Safety] "), "major": N_("[Major] ")}


def level(about: About, late: Lateness, name: str) -> Notice:
    """An escalation level: a reminder, a breach, or one step higher (domain A6)."""
    values: dict[str, Value] = {
        "n": about.number, "c": people(about.customer), "t": late.needs, "due": late.due, "left": late.left,
        "over": late.over, "owner": about.owner or said(N_("nobody yet")), "lead": about.lead, "lead2": late.supervisor,
        "dgm": late.deputy_gm, "count": late.reminders, "step": about.step, "duty": late.duty,
        "impact": late.impact or said(N_("not known")),
    }  # fmt: skip
    kind = name[:2] if name.startswith("L4") else name
    text = Said(LEVELS[_wording(kind, late, about)], values)
    if about.urgent:
        text = said("{mark}{text}", mark=said(URGENT[about.urgent]), text=text)
    taps = (
        buttons(about.number, *ACTS[kind])
        if kind in ACTS
        else (*about.next, *buttons(about.number, "snooze", "details"))
    )
    return Notice("level", text, (about.headline,), taps, more=buttons(about.number, *RARER.get(kind, ("why",))))


def again(about: About, late: Lateness) -> Notice:
    """A reminder that was put off."""
    text = said(
        N_("⏰ Reminder | {n} {c}: due {due}. Still to do: {t}."), n=about.number, c=people(about.customer),
        due=late.due, t=late.needs,
    )  # fmt: skip
    return Notice("reminder", text, (about.headline,), (*about.next, *buttons(about.number, "snooze", "details")))


def _wording(kind: str, late: Lateness, about: About) -> str:
    """An urgent reminder comes at once, not at half of the time; not every rest is a day of rest."""
    if kind == "R1" and about.urgent:
        return "at once"
    return "off hours" if kind == "R2b" and not late.rests else kind


LEVELS = {
    "at once": N_("⏰ Reminder | {n} {c}: urgent. Please {t} before {due}, {left}."),
    "R1": N_("⏰ Reminder | {n} {c}: half of the time has passed. Please {t} before {due}, {left}."),
    "R2": N_("⏰ Due soon | {n} {c}: due {due}, {left}. Still to do: {t}."),
    "R2b": N_(
        "⏰ Before you leave | {n} {c}: due {due}, which is in a rest period."
        " Please {t} before you leave, or hand it to {duty}, who is on duty."
    ),
    "off hours": N_(
        "⏰ Before you leave | {n} {c}: due {due}, after working hours."
        " Please {t} before you leave, or hand it to whoever is on duty."
    ),
    "L1": N_(
        "⚠️ Overdue | {n} {c}: overdue, {over}. Still to do: {t}."
        " Handler {owner}; {lead}, please see to it as head of the department."
    ),
    "L2": N_(
        "⚠️ Overdue, escalated (supervisor) | {n} {c}: {over}, still to do: {t}."
        " {lead2}, please coordinate and give a promised time."
    ),
    "L3": N_(
        "🔴 Overdue, escalated (deputy GM) | {n} {c}: {over}. Reminded {count} times, now stuck at “{step}”."
        " {dgm}, please decide."
    ),
    "L4": N_(
        "🔴 Overdue, escalated (general manager) | {n} {c}: {over}. Impact: {impact}."
        " History: reminded {count} times, stuck at “{step}”, handler {owner}."
    ),
    "N1": N_("⏰ Reminder | {n} {c}: the customer has not answered yet. Please {t}; the wait ends {due}, {left}."),
    "N2": N_("⏰ Reminder | {n} {c}: still no answer from the customer. Please {t}; the wait ends {due}, {left}."),
    "N3": N_("⚠️ No answer | {n} {c}: the customer has not answered in time. {lead2}, please decide."),
}

ACT_LABELS = {
    "propose_remedy": N_("Propose a remedy"),
    "log_contact": N_("Log a contact"),
    "details": N_("Details"),
    "take_over": N_("I take it"),
    "promise": N_("Promise a time"),
    "hand_over": N_("Hand over"),
    "accept": N_("Accept"),
    "return": N_("Return"),
    "sent": N_("Text sent"),
    "told_by_phone": N_("Told by phone"),
    "confirm": N_("Confirm and post"),
    "comment": N_("Edit the comment"),
    "rectify": N_("Ask for rectification"),
    "done": N_("Done"),
    "why": N_("Why"),
    "snooze": N_("Remind me later"),
    "capa_failed": N_("Action has failed"),
    "capa_holds": N_("Another problem"),
}


def buttons(number: str, *actions: str) -> tuple[Button, ...]:
    """The buttons under a notice."""
    return tuple(Button(action, said(ACT_LABELS[action]), number) for action in actions)


def why(reason: str, rule: Said, standing_in_for: str = "") -> Said:
    """The small print: why it came, and by which rule."""
    if standing_in_for:
        return said(
            N_("Why you: {reason}, standing in for {name}. {rule}"),
            reason=said(REASONS[reason]), name=standing_in_for, rule=rule,
        )  # fmt: skip
    return said(N_("Why you: {reason}. {rule}"), reason=said(REASONS[reason]), rule=rule)


def because_of(reason: str, standing_in_for: str = "") -> Said:
    """The small print where no rule is behind it: why it came."""
    if standing_in_for:
        return said(
            N_("Why you: {reason}, standing in for {name}."), reason=said(REASONS[reason]), name=standing_in_for
        )
    return said(N_("Why you: {reason}."), reason=said(REASONS[reason]))


def rule_of(clause: str, span: Said) -> Said:
    """Which rule: the procedure's clause, or the company's own addition."""
    return said(N_("Rule: {clause}, {span}."), clause=cited(clause), span=span)


def assigned(about: About, due: datetime | None, now: datetime) -> Notice:
    """A case has come to a department or a person: what it is, and until when."""
    title = said(N_("{n} {c}: {step}"), n=about.number, c=people(about.customer), step=about.step)
    if about.urgent:
        title = said("{mark}{text}", mark=said(URGENT[about.urgent]), text=title)
    lines = [about.headline]
    if due is not None:
        lines.append(said(N_("Due {due}, {left}."), due=due, left=Left(max(due - now, timedelta(0)))))
    return Notice("step", title, tuple(lines), (*about.next, *buttons(about.number, "details")))


def moved(about: About, what: Said, by: str, taps: tuple[Button, ...] = ()) -> Notice:
    """To those who wait for it: what was done, by whom, where the case stands now, and what is to be done next."""
    title = said(N_("{n} {c}: {what} ({by})"), n=about.number, c=people(about.customer), what=what, by=by)
    now = said(N_("Now: {step}."), step=about.step)
    return Notice("step", title, (now,), (*taps, *buttons(about.number, "details")))


def another_round(about: About, number: int) -> Notice:
    """To the deputy general manager: the customer refused again (M-10)."""
    title = said(
        N_("{n} {c}: the customer is not satisfied; measure no. {round} is needed. Handler {owner}."),
        n=about.number, c=people(about.customer), round=number, owner=about.owner or about.lead,
    )  # fmt: skip
    return Notice("step", title, (about.headline,), buttons(about.number, "details"))


def promise_missed(number: str, name: str, until: datetime) -> Said:
    """A promised time has passed: the first line of the level that follows (domain A6)."""
    return said(N_("⚠️ Promised time passed | {n}: {name} promised {time}; the escalation goes on."), n=number,
                name=name, time=until)  # fmt: skip


FORWARDS = {
    "receipt": N_(
        "Dear {contact}, the {product} problem you reported is registered ({n});"
        " you get our answer before {promise}. —{company} {owner}"
    ),
    "remedy": N_("About {n}, our remedy: {remedy}. Planned to be done: {planned_done}. Do you agree?"),
    "implemented": N_("The remedy of {n} was carried out on {today}."),
    "closing": N_("{n} is settled. Cause: {cause_for_customer}. Prevention: {action_for_customer}."),
}
"""Texts for the customer that staff pass on (domain A7). A place takes the case's answer of that name."""

LINKED = {
    "receipt": N_(
        "Dear {contact}, the {product} problem you reported is registered ({n}); you get our answer before {promise}."
        " Progress and more photos: {link} —{company} {owner}"
    ),
    "remedy": N_(
        "About {n}, our remedy: {remedy}. Planned to be done: {planned_done}. Please tell us whether you agree: {link}"
    ),
    "closing": N_(
        "{n} is settled. Cause: {cause_for_customer}. Prevention: {action_for_customer}."
        " If there is anything else, please write to us here: {link}"
    ),
}
"""The same with the link to the customer's page, where there is one."""


def forward(kind: str, values: Mapping[str, Value]) -> Said:
    """A text for the customer: only what is meant for the customer stands in it (2.0-15)."""
    return Said(LINKED[kind] if "link" in values else FORWARDS[kind], values)


def spoke(about: About, what: Said, by: str, words: tuple[Said, ...]) -> Notice:
    """The customer answered or wrote by the link: in the customer's own words, never held back (M-97)."""
    title = said(N_("{n} {c}: {what} ({by})"), n=about.number, c=people(about.customer), what=what, by=by)
    lines = (*words, said(N_("Now: {step}."), step=about.step))
    return Notice("customer", title, lines, (*about.next, *buttons(about.number, "details")))


def receipt(about: About, text: Said) -> Notice:
    """The receipt, ready to forward to the customer (M-111)."""
    title = said(N_("Receipt for {c}: please forward it, then tap “Text sent”."), c=people(about.customer))
    return Notice("receipt", title, (), buttons(about.number, "sent", "told_by_phone"), forward=text)


def cleared(about: About, late: Lateness) -> Notice:
    """To where it was raised: it is done, and how late it was. The breach stays a fact."""
    title = said(N_("{n}: done: {t} ({over:span} over)."), n=about.number, t=late.needs, over=late.over)
    return Notice("cleared", title)


def acknowledged(about: About, name: str, until: datetime, needs: Said) -> Notice:
    """To where it was raised: somebody has taken it and promised a time."""
    return Notice(
        "cleared",
        said(
            N_("{name} has taken {n} and promises to {t} before {time}."),
            name=name,
            n=about.number,
            t=needs,
            time=until,
        ),
    )


MOST_COMBINED = 20


def catch_up(since: datetime, until: datetime, missed: tuple[Said, ...]) -> Notice:
    """After a time in which the bot was down: all that should have come, in one message (N-12)."""
    title = said(
        N_("The system was down {start} to {end}; {count} reminders that were due meanwhile are combined below."),
        start=since, end=until, count=len(missed),
    )  # fmt: skip
    lines = list(missed[:MOST_COMBINED])
    if len(missed) > MOST_COMBINED:
        lines.append(said(N_("… and {n} more."), n=len(missed) - MOST_COMBINED))
    return Notice("catch_up", title, tuple(lines))


def draft_expires(form: Said, at: datetime) -> Notice:
    """A draft is about to end (7 days)."""
    return Notice("draft", said(N_("Your draft “{form}” is dropped {at}. Type 继续 to go on."), form=form, at=at))


def deadlines_moved(count: int, lines: tuple[Said, ...]) -> Notice:
    """The working calendar was changed and open deadlines followed it: which moved, in one message (N-01)."""
    title = said(N_("The working calendar was changed; {n} of your deadlines moved."), n=count)
    shown = list(lines[:MOST_COMBINED])
    if len(lines) > MOST_COMBINED:
        shown.append(said(N_("… and {n} more."), n=len(lines) - MOST_COMBINED))
    return Notice("calendar", title, tuple(shown))


def moved_line(number: str, needs: str, old: datetime, new: datetime) -> Said:
    """One deadline that moved."""
    return said(N_("{n}: the time to {t} moved from {old} to {new}."), n=number, t=said(needs), old=old, new=new)


def year_unknown(year: int) -> Notice:
    """To the administrator: the holidays of a year were never imported, and weekends alone decide (U-05)."""
    title = said(N_("⚠ The holidays of {year} are not imported."), year=str(year))
    lines = (
        said(N_("Deadlines in {year} are counted by the weekly pattern until then."), year=str(year)),
        said(N_("Once they are published, run: gukebot import calendar FILE.csv")),
    )
    return Notice("calendar", title, lines)
