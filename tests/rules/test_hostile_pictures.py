"""Hostile names on a picture are letters: no formula of mathtext, no lost glyph, nothing outside its place (S8)."""

import warnings
from dataclasses import replace

from reports.charts import pictures
from reports.figures import MonthlyFigures
from tests.rules.test_charts import faults, of
from tests.support.hostile import PAYLOADS, UNWANTED

SEED = 5


def renamed(names: tuple[str, ...]) -> MonthlyFigures:
    """A month whose customers, defects and open cases are called so."""
    figures, _, _ = of(SEED)
    assert isinstance(figures, MonthlyFigures)
    return replace(
        figures,
        customers=[replace(each, name=name, defect=name) for each, name in zip(figures.customers, names, strict=False)],
        defects=[replace(each, name=name) for each, name in zip(figures.defects, names, strict=False)],
        open_cases=[
            replace(each, customer=name, problem=name, person=name[:12])
            for each, name in zip(figures.open_cases, names, strict=False)
        ],
    )


def test_names_are_letters() -> None:
    """
    Every payload as a customer, a defect and a person: no label is read as mathtext, none leaves its place.
    """
    _, voice, remarks = of(SEED)
    for first in range(0, len(PAYLOADS), 7):
        figures = renamed(PAYLOADS[first : first + 7])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            drawn = [picture() for picture in pictures(figures, voice, remarks)]
        for canvas in drawn:
            assert faults(canvas) == [], first
            assert [text.get_text() for text in canvas.texts if text.get_parse_math()] == []
            assert [text.get_text() for text in canvas.texts if UNWANTED.search(text.get_text())] == []
