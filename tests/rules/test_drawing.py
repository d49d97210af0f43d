"""Drawing happens in a process of its own, which always ends and always answers."""

import multiprocessing
from pathlib import Path

import pytest

from reports.drawing import DrawingError, draw_in_process
from tests.rules import chart_data
from tests.rules.chart_data import dice


def test_pictures_come_out_of_a_process_that_is_gone_afterwards(tmp_path: Path) -> None:
    """Five files come out, in the order of the summary, and nothing is left running."""
    paths = draw_in_process(chart_data.monthly(dice(1)), "zh", tmp_path)

    assert [path.name.partition("-")[2][3:] for path in paths] == [
        "1-trend.png", "2-customers.png", "3-defects.png", "4-season.png", "5-open.png"
    ]  # fmt: skip
    assert all(path.stat().st_size > 10_000 for path in paths)
    assert not multiprocessing.active_children()


def test_a_drawing_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """Nobody waits longer than agreed, and the process is killed."""
    with pytest.raises(DrawingError, match="no pictures after"):
        draw_in_process(chart_data.monthly(dice(1)), "zh", tmp_path, timeout=0.01)

    assert not multiprocessing.active_children()


def test_a_drawing_that_fails_says_why(tmp_path: Path) -> None:
    """A folder that is not there, a full disk: the cause reaches whoever asked."""
    with pytest.raises(DrawingError, match=r"nowhere.*: No such file or directory"):
        draw_in_process(chart_data.monthly(dice(1)), "zh", tmp_path / "nowhere")
