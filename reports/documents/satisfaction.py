"""A satisfaction report in its parts (HLLG-QR721-04): plan, a) to c), indicators, pictures, approvals, formula."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conversations.words import N_, said
from reports.documents.sheet import Line, Picture, Sheet
from reports.voice import Voice

PLAN = ("questionnaire", "period", "who", "customers", "closes_on", "score", "target", "competitor")
TEXTS = ("section_a", "section_b", "section_c", "indicators", "conclusion", "below_why", "below_measure")
SIGNED: Mapping[str, str] = {
    "approve_plan": N_("Plan approved"),
    "return_plan": N_("Plan returned"),
    "state_below": N_("Stated why too few answered"),
    "edit_report": N_("Report edited"),
    "submit_report": N_("Report submitted"),
    "approve_report": N_("Report approved"),
    "return_report": N_("Report returned"),
    "countersign": N_("Report countersigned"),
    "refuse_countersign": N_("Report returned"),
}
REMARKS = ("return_note", "what", "why")
"""What stands beside a signature; the sections themselves stand elsewhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: pairs of a label and its text, or one long text, or pictures."""

    title: str
    pairs: tuple[Line, ...] = ()
    text: str = ""
    pictures: tuple[Picture, ...] = ()


def report_parts(sheet: Sheet, voice: Voice) -> tuple[Part, ...]:
    """The parts in their order; what there is nothing of is left out."""
    return tuple(_parts(sheet, voice))


def _parts(sheet: Sheet, voice: Voice) -> Iterator[Part]:
    plan = tuple(sheet.answers[key] for key in PLAN if key in sheet.answers)
    yield Part(voice.say(said(N_("The survey"))), plan)
    for key in TEXTS:
        if key in sheet.answers:
            yield Part(sheet.answers[key].label, text=sheet.answers[key].text)
    if sheet.linked:
        rectified = tuple(Line(link.number, link.title) for link in sheet.linked)
        yield Part(voice.say(said(N_("Rectifications"))), rectified)
    signed = tuple(_signed(sheet, voice))
    if signed:
        yield Part(voice.say(said(N_("Approvals"))), signed)
    if "weights" in sheet.answers:
        yield Part(sheet.answers["weights"].label, text=sheet.answers["weights"].text)
    if sheet.charts:
        yield Part(voice.say(said(N_("Pictures"))), pictures=sheet.charts)


def _signed(sheet: Sheet, voice: Voice) -> Iterator[Line]:
    """Who did what of the report, when, and with which remark."""
    for done in sheet.all(*SIGNED):
        remarks = [line.text for key, line in done.lines.items() if key in REMARKS]
        yield Line(voice.say(said(SIGNED[done.key])), " · ".join((done.by, done.at, *remarks)))


def form_line(sheet: Sheet, voice: Voice) -> str:
    """Number and edition of the form; without a number, its edition alone."""
    edition = f"{voice.say(said(N_('Edition')))} {sheet.edition}"
    return f"{voice.say(said(N_('Form no.')))} {sheet.form.number} · {edition}" if sheet.form.number else edition
