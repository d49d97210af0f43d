"""Public surveys, found through GUKEBOT_REAL_DATA: their means are those that others worked out."""

import csv
import json
import os
from decimal import Decimal
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from tests.support.edge import run

pytestmark = pytest.mark.real_data
DATA = Path(os.environ.get("GUKEBOT_REAL_DATA", "."))
QUESTIONNAIRES = Path(__file__).parents[2] / "docs" / "questionnaires"
FILES = {
    "mobile": "survey_mobile_ecsi_1to10.csv",
    "bfi": "survey_bfi_1to6_missing.csv",
    "airline": "survey_airline_0to5.csv",
}
SCALES = {"mobile": (1, 10), "bfi": (1, 6), "airline": (1, 5)}


@pytest.fixture(scope="module")
def expected() -> Any:
    """What others counted."""
    return json.loads((DATA / "expected_stats.json").read_text(encoding="utf-8"))


def scored(name: str, *words: str) -> Any:
    """A file's scores, by the command itself."""
    result = run(
        "survey", "score", str(DATA / FILES[name]), "--questionnaire", str(QUESTIONNAIRES / f"{name}.toml"), *words
    )
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout) if "--json" in words else result.stdout


@pytest.mark.parametrize(
    ("name", "stats", "means"),
    [
        ("mobile", "survey_mobile_ecsi", "item_mean"),
        ("bfi", "survey_bfi", "item_mean_excl_missing"),
        ("airline", "survey_airline", "mean_excl_blank_and_zero"),
    ],
)
def test_means_are_those_that_others_worked_out(expected: Any, name: str, stats: str, means: str) -> None:
    """
    Every item's mean, to six decimals, and the number of respondents; the scale's ends are 0 and 100.
    """
    found = scored(name, "--json")
    low, high = SCALES[name]

    assert found["respondents"] == expected[stats]["respondents"]
    assert {key: item["mean"] for key, item in found["items"].items()} == expected[stats][means]
    for item in found["items"].values():
        assert item["score"] == pytest.approx((item["mean"] - low) / (high - low) * 100, abs=0.0001)


def test_answers_that_are_missing_are_counted_as_missing(expected: Any) -> None:
    """
    245 blanks of the one file; 56 zeros and 26 cells without a number of the other, each listed with its row.
    """
    bfi, airline, mobile = (scored(name, "--json") for name in ("bfi", "airline", "mobile"))
    zeros = [each for each in airline["out_of_scale"] if each["value"] == "0"]

    assert bfi["missing"] == expected["survey_bfi"]["missing_item_answers"]
    assert len(zeros) == expected["survey_airline"]["zeros_not_applicable"]
    assert airline["missing"] == len(zeros) + expected["survey_airline"]["blank_answers"]
    assert (mobile["missing"], mobile["out_of_scale"]) == (0, [])


def test_the_histogram_is_that_of_the_file(expected: Any) -> None:
    """
    How many gave each answer to CUSA1; the answers that nobody gave are there as well.
    """
    found = scored("mobile", "--json")["items"]["CUSA1"]["answers"]

    assert {answer: count for answer, count in found.items() if count} == expected["survey_mobile_ecsi"]["CUSA1_hist"]
    assert found["1"] == 0


@pytest.mark.parametrize("name", FILES)
def test_the_whole_is_the_mean_of_the_respondents(name: str) -> None:
    """
    Worked out again from the file in ten lines of another kind: respondent first, what is missing left out.
    """
    found = scored(name, "--json")
    low, high = SCALES[name]
    weights = {key: Decimal(str(item["weight"])) for key, item in found["items"].items()}
    whole = []
    for row in csv.DictReader((DATA / FILES[name]).read_text(encoding="utf-8").splitlines()):
        answers = {key: int(row[key]) for key in weights if row[key].isdecimal() and low <= int(row[key]) <= high}
        total = sum((weights[key] for key in answers), Decimal(0))
        whole.append(float(sum(weights[key] * (answer - low) for key, answer in answers.items()) / total))

    assert found["overall"] == pytest.approx(fmean(whole) / (high - low) * 100, abs=1e-6)


@pytest.mark.parametrize("name", FILES)
def test_the_table_says_the_same(name: str) -> None:
    """
    A person reads what a program reads, with one digit.
    """
    data, table = scored(name, "--json"), scored(name, "--language", "en")

    assert "Overall" in table
    assert f"{data['overall']:.1f}" in table
    assert f"{data['respondents']} respondents, {data['missing']} answers missing" in table
