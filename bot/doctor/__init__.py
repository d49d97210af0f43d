"""The doctor: everything an installation needs, looked at one by one, each fault with its next step."""

from collections.abc import Iterator
from pathlib import Path

from bot.clock import Clock
from bot.doctor import machine, network, records
from bot.doctor.company import leads
from bot.doctor.findings import Condition, Finding, guarded
from bot.doctor.running import last_tick
from bot.settings import Settings

__all__ = ["Condition", "Finding", "examine", "guarded", "last_tick", "leads"]


def examine(settings: Settings, file: Path | None, clock: Clock, *, offline: bool = False) -> Iterator[Finding]:
    """Look at the machine first, then at the network unless ``offline``, then inside the database."""
    yield from guarded("secrets", lambda: machine.secrets(settings, file))
    for name, look in (
        ("data directory", machine.data_directory),
        ("disk space", machine.disk_space),
        ("write-ahead log", machine.write_ahead_log),
        ("address", machine.address),
        ("links", machine.links_key),
    ):
        yield from guarded(name, lambda look=look: look(settings))  # type: ignore[misc]  # the loop's own value is bound
    yield from guarded("chart font", machine.chart_font)
    yield from guarded("open files", machine.open_files)
    if not offline:
        asked = [("proxy", lambda: machine.proxies(settings)), *network.looks(settings, clock)]
        yield from network.at_once(asked)
    if settings.slack.used:
        yield Finding("slack", "ok", f'configured, mode "{settings.slack.mode}"; looked at by: gukebot doctor slack')
    if settings.wecom.used:
        yield Finding("wecom", "ok", "configured; looked at by: gukebot doctor wecom")
    yield from guarded("database", lambda: records.inside(settings, clock))
