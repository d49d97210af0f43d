"""Metrics: what Prometheus reads. Counts of records are counted at the moment they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Figures = Mapping[str, "float | Mapping[str, float]"]

_HELP = {
    "gukebot_disk_free_bytes": "Bytes free on the disk of the records",
    "gukebot_inbox_events": "Events kept in the inbox, so that a repetition is known",
    "gukebot_outbox_messages": "Messages in the outbox by state",
    "gukebot_outbox_oldest_seconds": "Age of the oldest message that is due and not sent",
    "gukebot_deadlines_late_seconds": "How long the most belated escalation level has been due and has not fired",
    "gukebot_audit_unsealed_rows": "Audit rows not yet sealed into the chain",
    "gukebot_auditor_findings": "Findings of the independent auditor that stand",
    "gukebot_auditor_age_seconds": "Seconds since the independent auditor looked",
}
_LABEL = "state"


class Metrics:
    """The figures of one process."""

    def __init__(self, look: Callable[[], Figures]) -> None:
        self.registry = CollectorRegistry()
        self.part_seconds = Histogram(
            "gukebot_tick_part_seconds",
            "Seconds one part of a tick took",
            ("part",),
            registry=self.registry,
            buckets=(0.01, 0.05, 0.2, 1, 5, 20, 60),
        )
        self.part_failures = Counter(
            "gukebot_tick_part_failures", "Parts of ticks that failed", ("part",), registry=self.registry
        )
        self.deliveries = Counter(
            "gukebot_delivery_rounds", "Rounds of the delivery thread", ("platform",), registry=self.registry
        )
        self.registry.register(_Counted(look))

    def exposition(self) -> bytes:
        """Give the text that /metrics answers with."""
        return generate_latest(self.registry)


class _Counted(Collector):
    """Figures that stand in the database, and whether it could be asked."""

    def __init__(self, look: Callable[[], Figures]) -> None:
        self._look = look

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: registering must not ask the database."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask the database now."""
        figures: Figures = {}
        up = 1.0
        try:
            figures = self._look()
        except Exception:  # noqa: BLE001 - figures that cannot be had must not hide the others
            up = 0.0
        yield GaugeMetricFamily("gukebot_database_up", "Whether the database answered", value=up)
        for name, value in figures.items():
            yield _family(name, value)


def _family(name: str, value: float | Mapping[str, float]) -> GaugeMetricFamily:
    help_text = _HELP.get(name, name)
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(name, help_text, value=value)
    family = GaugeMetricFamily(name, help_text, labels=[_LABEL])
    for label, count in value.items():
        family.add_metric([label], count)
    return family
