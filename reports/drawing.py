"""Pictures are drawn in a process spawned for the job and ended after it: nobody waits for a chart.

In a thread a chart makes acknowledgements 14 times slower, in a process of its own 1.2 times (performance 4c).
"""

import multiprocessing
import os
import tempfile
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeAlias

from reports.figures import MonthlyFigures, Remarks, YearlyFigures
from reports.flow import Flow
from reports.satisfaction_figures import SatisfactionFigures

TIMEOUT = 120.0
"""Seconds until a drawing is given up."""
NICENESS = 10


class DrawingError(Exception):
    """The pictures could not be drawn: the drawing failed, was killed, or took too long."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to draw, in which language, and where to."""

    figures: MonthlyFigures | YearlyFigures
    language: str
    directory: Path
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class FlowJob:
    """A procedure to draw, and where to."""

    flow: Flow
    path: Path


@dataclass(frozen=True, slots=True)
class SurveyJob:
    """A survey to draw, in which language, and where to."""

    figures: SatisfactionFigures
    language: str
    directory: Path


Jobs: TypeAlias = "Job | FlowJob | SurveyJob"


def draw_in_process(
    figures: MonthlyFigures | YearlyFigures,
    language: str,
    directory: Path,
    remarks: Remarks | None = None,
    timeout: float = TIMEOUT,
) -> list[Path]:
    """Draw the five pictures as ``charts.draw_all`` does, in a process that is gone afterwards.

    Waits at most ``timeout`` seconds. Raises DrawingError when no pictures came of it.
    """
    return _in_process(Job(figures, language, directory, remarks or Remarks()), timeout)


def draw_flow_in_process(flow: Flow, path: Path, timeout: float = TIMEOUT) -> Path:
    """Draw a procedure's steps into a file, in a process that is gone afterwards; raises DrawingError."""
    return _in_process(FlowJob(flow, path), timeout)[0]


def draw_survey_in_process(
    figures: SatisfactionFigures, language: str, directory: Path, timeout: float = TIMEOUT
) -> list[Path]:
    """Draw the pictures of a survey as ``charts.satisfaction`` does, in a process that is gone afterwards.

    Raises DrawingError when no pictures came of it.
    """
    return _in_process(SurveyJob(figures, language, directory), timeout)


def _in_process(job: Jobs, timeout: float) -> list[Path]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        return _answer(ours, timeout)
    finally:
        process.kill()
        process.join()
        ours.close()


def _answer(ours: "Connection[str, list[Path] | str]", timeout: float) -> list[Path]:
    if not ours.poll(timeout):
        raise DrawingError(f"no pictures after {timeout:g} s")
    try:
        answer = ours.recv()
    except EOFError:
        raise DrawingError("the drawing process ended without an answer") from None
    if isinstance(answer, str):
        raise DrawingError(answer)
    return answer


def _work(job: Jobs, theirs: "Connection[list[Path] | str, str]") -> None:
    """Draw, in the spawned process, and send the paths or what went wrong."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # whoever waits for an acknowledgement comes first
    os.nice(NICENESS)
    try:
        theirs.send(_draw(job))
    except OSError as error:
        theirs.send(f"{error.filename}: {error.strerror}." if error.strerror else str(error))
    except Exception as error:  # noqa: BLE001 - it is told to the process that waits, which raises it
        theirs.send(f"{type(error).__name__}: {error}")


def _draw(job: Jobs) -> list[Path]:
    # matplotlib keeps a cache of fonts; where nobody named a place for it, it may not warn or litter
    with tempfile.TemporaryDirectory(prefix="gukebot-charts-") as cache:
        os.environ.setdefault("MPLCONFIGDIR", cache)
        if isinstance(job, FlowJob):
            from reports.charts.flow import draw

            job.path.write_bytes(draw(job.flow))
            return [job.path]
        if isinstance(job, SurveyJob):
            from reports.charts.satisfaction import draw_satisfaction

            return draw_satisfaction(job.figures, job.language, job.directory)
        from reports.charts import draw_all

        return draw_all(job.figures, job.language, job.directory, job.remarks)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
