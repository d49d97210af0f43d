"""Pictures of a survey are fit to be shown, and their text has every number that they have."""

import random
import subprocess
import sys
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from conversations.questionnaires.shelf import SHELF
from reports import satisfaction_phrases as phrases
from reports.charts.satisfaction import draw, draw_satisfaction
from reports.drawing import draw_survey_in_process
from reports.satisfaction_figures import Response
from reports.satisfaction_pictures import planned
from reports.satisfaction_text import picture_texts
from reports.voice import Voice
from reports.words import Words
from tests.rules.test_charts import NUMBER, faults
from tests.support import LONG
from tests.support.surveys import CUT_OFF, PLAIN, ZONE, at_random, given, scored

VOICES = {language: Voice(Words(ZONE), language, CUT_OFF) for language in ("zh", "en")}
DATA_SETS = 500 if LONG else 40


def test_no_label_crosses_another_or_the_edge(capsys: pytest.CaptureFixture[str]) -> None:
    """On random surveys no label crosses another, leaves the sheet, or is under 12 px at 360."""
    first = random.SystemRandom().randrange(10**6)
    with capsys.disabled():
        sys.stdout.write(f" [surveys of seeds {first} to {first + DATA_SETS - 1}] ")
    found = []
    for seed in range(first, first + DATA_SETS):
        figures, voice = at_random(seed), VOICES["en" if seed % 3 == 0 else "zh"]
        for picture in planned(figures):
            found += [f"seed {seed} {picture.name}: {fault}" for fault in faults(draw(picture, figures, voice))]

    assert not found, "\n".join(found[:30])


def test_every_number_of_a_picture_is_in_its_text() -> None:
    """Who hears the text instead of seeing the picture hears the same numbers, to the last digit."""
    for seed in range(40):
        figures = at_random(seed)
        for language, voice in VOICES.items():
            texts = picture_texts(figures, voice)
            for text, picture in zip(texts, planned(figures), strict=True):
                labels = [label.get_text() for label in draw(picture, figures, voice).texts]
                drawn = {number for words in labels if "…" not in words for number in NUMBER.findall(words)}

                assert drawn <= set(NUMBER.findall(text)), f"seed {seed} {language} {picture.name}"


def test_whatever_a_company_is_called_is_drawn(tmp_path: Path) -> None:
    """Mathematics, markup, letters that no font has: drawn as they are or left out, and no glyph is missed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in (3, 4, 5):
            drawn = draw_satisfaction(at_random(seed), "zh", tmp_path)
            assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def test_the_same_figures_give_the_same_bytes_in_a_process_of_their_own(tmp_path: Path) -> None:
    """Drawn here and in a process that is gone afterwards: the same files, to the byte."""
    figures = at_random(7)
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    here = draw_satisfaction(figures, "zh", tmp_path / "here")
    there = draw_survey_in_process(figures, "zh", tmp_path / "there")

    assert [path.name for path in here] == [path.name for path in there]
    assert [path.read_bytes() for path in here] == [path.read_bytes() for path in there]


def test_pictures_say_what_was_found() -> None:
    """Titles of a small survey: the score against its target, who is dissatisfied, the change, the lowest."""
    rows = [{"quality": 100, "delivery": 50, "service": 80, "price": 80}] * 2
    campaign = replace(
        PLAIN, target=Decimal(85), competitor=Decimal("78.5"), previous=[("2026年上半年", Decimal(80))],
        response=Response(4, 2, 80), sample=True,
    )  # fmt: skip
    figures = scored(SHELF["customer"], given(*rows, customers=("凌岳", "瀚途")), campaign)
    voice = VOICES["zh"]

    assert [voice.say(picture.title) for picture in planned(figures)] == [
        "总分 82.0,未达目标 85;最低:交货期 50.0",
        "不满意最多:交货期,2 份中 2 份",
        "总分较2026年上半年 +2.0",
        "2 家顾客,最低:凌岳 82.0",
    ]
    text = picture_texts(figures, voice)[0].splitlines()
    assert "回收率 2/4(50%),目标 80%,未达成" in text
    assert {"目标 85", "竞争对手 78.5", "上次"} <= set(text)
    assert "包装(不计入总分):– · 0 份,缺 2" in text
    assert "总分:82.0(+2.0) · 按项目加权 82.0" in text
    assert "示例,待批准" in [label.get_text() for label in draw(planned(figures)[0], figures, voice).texts]


@pytest.mark.parametrize(
    ("score", "side", "told"),
    [("59.96", 60, "59.96"), ("59.999999", 60, "59.999999"), ("60", 60, "60.0"), ("84.95", None, "85.0"),
     ("84.95", 85, "84.95"), ("71.44", 85, "71.4"), ("0", 60, "0.0")],
)  # fmt: skip
def test_rounding_never_hides_on_which_side_a_score_is(score: str, side: int | None, told: str) -> None:
    """59.96 is below 60 and is told as 59.96; where no limit is near, one digit is enough."""
    assert str(phrases.told(Decimal(score), None if side is None else Decimal(side))) == told


def test_a_change_is_that_of_the_numbers_shown() -> None:
    """Both scores as they are told, subtracted: a reader who does it again gets the same."""
    assert phrases.change(Decimal("86.66"), Decimal("83.44")) == "+3.3"
    assert phrases.change(Decimal(80), Decimal("80.04")) == "±0.0"
    assert phrases.change(Decimal(80), Decimal("80.5")) == "−0.5"
    assert phrases.change(None, Decimal(1)) == ""


def test_counting_and_text_start_without_matplotlib() -> None:
    """Only drawing loads it."""
    program = "import sys, reports.scoring_sql, bot.scoring; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
