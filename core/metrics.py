"""What a process counts of its work, in Prometheus' text format. No label ever holds a name, an id or anybody's words.

Importing prometheus_client fills a registry of its own, which nobody here asks for anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"
SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that is read when it is asked for. `samples`: the values by their label's value; one with "" has none.

    `counts`: it only grows, while the process lives.
    """

    name: str
    help: str
    samples: Mapping[str, float]
    label: str = ""
    counts: bool = False


class Metrics:
    """A process' own counters, in a registry of its own: two of them in one process know nothing of each other."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        events = Counter("shopbell_events", "Events of marketplaces.", ["result"], registry=registry)
        self._events = _Children(events)
        self._deliveries = Counter(
            "shopbell_deliveries",
            "What came of trying to carry a delivery out.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._waits = Histogram(
            "shopbell_delivery_wait_seconds",
            "From when a delivery was made until it was first tried.",
            ["kind"],
            buckets=SECONDS,
            registry=registry,
        )
        self._lateness = Histogram(
            "shopbell_moment_lateness_seconds",
            "How late the first of those moments was that were carried out together.",
            buckets=SECONDS,
            registry=registry,
        )

    def count_event(self, result: str) -> None:
        self._events[result].inc()

    def count_delivery(self, kind: str, outcome: str) -> None:
        self._deliveries.labels(kind, outcome).inc()

    def note_wait(self, kind: str, milliseconds: int) -> None:
        self._waits.labels(kind).observe(max(0, milliseconds) / 1000)

    def note_lateness(self, milliseconds: int) -> None:
        self._lateness.observe(max(0, milliseconds) / 1000)

    def text(self, readings: Sequence[Reading] = ()) -> bytes:
        """All of it, and what was read besides."""
        return generate_latest(_Told(self._registry, readings))


class _Children(dict[str, Counter]):
    """The counter of each label's value, looked up once: an event has microseconds."""

    def __init__(self, parent: Counter) -> None:
        super().__init__()
        self._parent = parent

    def __missing__(self, value: str) -> Counter:
        child = self[value] = self._parent.labels(value)
        return child


@dataclass(frozen=True, slots=True)
class _Told:
    registry: CollectorRegistry
    readings: Sequence[Reading] = field(default_factory=tuple)

    def collect(self) -> Iterable[Metric]:
        yield from self.registry.collect()
        for reading in self.readings:
            family = CounterMetricFamily if reading.counts else GaugeMetricFamily
            told = family(reading.name, reading.help, labels=[reading.label] if reading.label else [])
            for value, sample in reading.samples.items():
                told.add_metric([value] if reading.label else [], sample)
            yield told
