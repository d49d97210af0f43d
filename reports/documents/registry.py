"""The forms of the company: number, name, edition, since when, and the template that lays it out (M-52, N-08)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from conversations.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form as the procedures name it. ``edition`` (版次) counts its layouts; a filed record keeps its own.

    ``pictures``: the photos stand on it, and not only their names. ``report``: it is written in sections, which were
    drafted and then edited, so it shows the answers as they stand, with the pictures that were drawn of them.
    ``procedure`` is named where the procedures give the form no number.
    """

    number: str
    name: str
    edition: str
    effective: date
    template: str
    pictures: bool = False
    report: bool = False
    procedure: str = ""


FORMS: Mapping[str, Form] = {
    form.number or form.procedure: form
    for form in (
        Form(
            number="HLLG-QR721-01",
            name=N_("Quality feedback form"),
            edition="A/0",
            effective=date(2026, 11, 1),
            template="quality_feedback.html",
        ),
        Form(
            number="HLLG-GS-B-20-01",
            name=N_("Corrective action report"),
            edition="A/0",
            effective=date(2026, 11, 1),
            template="corrective_action.html",
            pictures=True,
        ),
        Form(
            number="HLLG-QR721-04",
            name=N_("Report on customer satisfaction"),
            edition="A/0",
            effective=date(2026, 11, 1),
            template="satisfaction.html",
            report=True,
        ),
        Form(
            number="",
            name=N_("Report on employee satisfaction"),
            edition="A/0",
            effective=date(2026, 11, 1),
            template="satisfaction.html",
            report=True,
            procedure="employee_survey",
        ),
    )
}
"""By form number, else by the procedure's key. A procedure whose form is not here is closed without one."""
