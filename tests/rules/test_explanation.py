"""为什么: every due instant can be explained, day by day, with the clause it rests on (N-01, A-02)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from conversations.calendar import Calendar, DayKind
from conversations.deadlines import Basis, Pause, Term, due
from conversations.explanation import Ground, explain, lasting
from conversations.plain import dump, load
from conversations.rules import ADDITION, Resolved, Rule
from conversations.words import Said, said
from reports.words import Words
from tests.rules.china import SHANGHAI, at, china

HOUR = timedelta(hours=1)
FIRST_MEASURE = Ground(said("First measure"), 48 * HOUR, "D9 4.1.2")
CAUSE = Ground(said("Cause"), 80 * HOUR, ADDITION)


def told(ground: Ground, term: Term, calendar: Calendar | None = None) -> list[str]:
    """The explanation in English, as a person would read it long before."""
    words = Words(SHANGHAI)
    steps = explain(ground, term, calendar or china())
    return [words.say(step, "en", at("2025-06-01 08:00")) for step in steps]


def working(start: str, ground: Ground, calendar: Calendar) -> Term:
    """A term in working time from this moment."""
    return Term(at(start), due(at(start), ground.span, Basis.WORKING, calendar), Basis.WORKING)


def test_a_natural_deadline_is_explained_with_its_working_equivalent() -> None:
    """
    The complaint of the sample company: 48 hours, due on a Sunday, and what working time would have made of it.
    """
    assert told(FIRST_MEASURE, Term(at("11-20 16:05"), at("11-22 16:05"), Basis.NATURAL)) == [
        "It runs from Fri 20 Nov 2026 16:05.",
        "First measure: 48 hours, every hour counts, rest days too (Customer management procedure 4.1.2).",
        "Due Sun 22 Nov 2026 16:05.",
        "That is in rest time; work ends before it at Fri 20 Nov 2026 17:00.",
        "For comparison: counted in working time alone it would be due Mon 30 Nov 2026 16:05.",
    ]


def test_every_day_that_counts_otherwise_is_named() -> None:
    """
    Ten working days over the Spring Festival: the make-up Saturdays, the holiday as one stretch, the weekends.
    """
    assert told(CAUSE, working("02-10 16:00", CAUSE, china())) == [
        "It runs from Tue 10 Feb 2026 16:00.",
        "Cause: 10 working days, only working time counts (company addition).",
        "14 Feb 2026: 春节, make-up working day, counted.",
        "15 Feb 2026 to 23 Feb 2026: 春节, public holiday, not counted.",
        "28 Feb 2026: 春节, make-up working day, counted.",
        "1 Mar 2026: weekly rest day, not counted.",
        "Due Mon 2 Mar 2026 16:00.",
        "For comparison: counted day and night it would be due Fri 20 Feb 2026 16:00.",
    ]


def test_what_the_company_decided_is_named_too() -> None:
    """
    A day off of the company's own, and a Saturday it works, with the note it gave.
    """
    days = {date(2026, 11, 21): DayKind.WORK, date(2026, 11, 24): DayKind.REST}
    calendar = Calendar(SHANGHAI, days=days, known_years=frozenset((2026,)), notes={date(2026, 11, 24): "厂庆"})
    ground = Ground(said("Cause"), 24 * HOUR, "D9 4.1.6", "TY-2026-0001")
    steps = told(ground, working("11-20 16:00", ground, calendar), calendar)

    source = "Customer management procedure 4.1.6; number set by TY-2026-0001"
    assert steps[1] == f"Cause: 3 working days, only working time counts ({source})."
    assert steps[2:5] == [
        "21 Nov 2026: company working day, counted.",
        "22 Nov 2026: weekly rest day, not counted.",
        "24 Nov 2026: 厂庆, company rest day, not counted.",
    ]


def test_pauses_are_told_once_and_an_open_one_ends_the_tale() -> None:
    """
    A deadline that stands still has no due instant, and says since when.
    """
    pauses = (Pause(at("11-20 17:00"), at("11-20 18:00")), Pause(at("11-20 17:30"), at("11-20 19:00")))
    ended = told(FIRST_MEASURE, Term(at("11-20 16:05"), at("11-22 18:05"), Basis.NATURAL, pauses))
    still = told(FIRST_MEASURE, Term(at("11-20 16:05"), at("11-22 16:05"), Basis.NATURAL, (Pause(at("11-20 17:00")),)))

    assert ended[2:4] == [
        "It stood still from Fri 20 Nov 2026 17:00 to Fri 20 Nov 2026 19:00.",
        "Due Sun 22 Nov 2026 18:05.",
    ]
    assert still[2:] == ["It has stood still since Fri 20 Nov 2026 17:00."]


def test_a_year_nobody_imported_is_a_visible_state() -> None:
    """
    ⚠ 2027: counted by the weekly pattern, and said so (N-01, U-05).
    """
    steps = told(CAUSE, working("12-28 16:00", CAUSE, china()))

    assert "⚠ The holidays of 2027 are not imported: counted by the weekly pattern." in steps


def test_a_deadline_that_is_cut_short_says_what_it_would_have_been() -> None:
    """
    K2c is never due after K1 (2.0-1).
    """
    steps = told(FIRST_MEASURE, Term(at("11-20 16:05"), at("11-21 16:05"), Basis.NATURAL))

    assert steps[2:4] == [
        "Counted out it would be due Sun 22 Nov 2026 16:05; another limit applies.",
        "Due Sat 21 Nov 2026 16:05.",
    ]


def test_the_ground_is_what_the_rule_says() -> None:
    """
    Label, length, clause and the customer's requirement that set the number come from the rule that holds.
    """
    rule = Rule("complaint.K1", Decimal(48), "h", Basis.NATURAL, "D9 4.1.2", "First measure")
    resolved = Resolved(rule, Decimal(24), "h", Basis.NATURAL, "TY-2026-0001")

    assert Ground.of(resolved) == Ground(said("First measure"), 24 * HOUR, "D9 4.1.2", "TY-2026-0001")


def test_days_compare_with_working_days() -> None:
    """
    Ten natural days have ten working days beside them, not two hundred and forty working hours.
    """
    ground = Ground(said("8D"), timedelta(days=10), "company addition")
    steps = told(ground, Term(at("11-02 09:00"), at("11-12 09:00"), Basis.NATURAL))

    assert steps[-1] == "For comparison: counted in working time alone it would be due Mon 16 Nov 2026 09:00."


@pytest.mark.parametrize(
    ("hours", "basis", "message", "n"),
    [
        (48, Basis.NATURAL, "{n} hours", 48),
        (24 * 30, Basis.NATURAL, "{n} days", 30),
        (0.25, Basis.NATURAL, "{n} minutes", 15),
        (4, Basis.WORKING, "{n} working hours", 4),
        (80, Basis.WORKING, "{n} working days", 10),
        (0.5, Basis.WORKING, "{n} working minutes", 30),
    ],
)
def test_lengths_are_said_as_the_procedures_say_them(hours: float, basis: Basis, message: str, n: int) -> None:
    """
    48 hours stay hours, eight working hours are a working day.
    """
    assert lasting(hours * HOUR, basis) == Said(message, {"n": n})


def test_an_explanation_can_be_kept() -> None:
    """
    What is stored with the deadline is read back as it was.
    """
    steps = explain(CAUSE, working("02-10 16:00", CAUSE, china()), china())

    assert load(dump(steps)) == steps
