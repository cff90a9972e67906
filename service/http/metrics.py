"""Counts what the service does, for Prometheus."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0, 60.0)


class Metrics(Collector):
    """Counts of requests, queries and writes, and gauges of what is going on now.

    Plain numbers, which one thread counts: the counters of prometheus_client take a lock, and ten times as long.
    """

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str]] = Counter()
        self._queries: Counter[tuple[str, str]] = Counter()
        self._writes: Counter[tuple[str]] = Counter()
        self._buckets = [0] * (len(_SECONDS) + 1)
        self._seconds = 0.0
        self._gauges: list[tuple[str, str, Callable[[], float]]] = []
        self._version: Callable[[], str] = str

    def request(self, operation: str, status: int) -> None:
        """Count a request."""
        self._requests[operation, str(status)] += 1

    def query(self, form: str, outcome: str, seconds: float | None = None) -> None:
        """Count a query: `cached`, `answered` in so many seconds, or the type of the problem that it ran into."""
        self._queries[form, outcome] += 1
        if seconds is not None:
            self._buckets[bisect_left(_SECONDS, seconds)] += 1
            self._seconds += seconds

    def write(self, outcome: str) -> None:
        """Count a write: `done`, or the type of the problem that it ran into."""
        self._writes[(outcome,)] += 1

    def gauge(self, name: str, documentation: str, value: Callable[[], float]) -> None:
        """Show what `value` returns whenever it is asked for."""
        self._gauges.append((f"districtgraph_{name}", documentation, value))

    def version(self, version: Callable[[], str]) -> None:
        """Show which dataset is served."""
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """Yield everything that is counted."""
        for name, documentation, labels, counts in (
            ("requests", "Requests by operation and status", ("operation", "status"), self._requests),
            ("queries", "SPARQL queries by form and outcome", ("form", "outcome"), self._queries),
            ("writes", "Writes by outcome", ("outcome",), self._writes),
        ):
            family = CounterMetricFamily(f"districtgraph_{name}", documentation, labels=labels)
            for values, number in counts.items():
                family.add_metric(values, number)
            yield family
        yield self._histogram()
        for name, documentation, value in self._gauges:
            yield GaugeMetricFamily(name, documentation, value())
        release = GaugeMetricFamily("districtgraph_release", "The dataset that is served", labels=("version",))
        release.add_metric((self._version(),), 1)
        yield release

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def _histogram(self) -> Metric:
        total, buckets = 0, []
        for limit, number in zip((*map(str, _SECONDS), "+Inf"), self._buckets, strict=True):
            total += number
            buckets.append((limit, total))
        family = HistogramMetricFamily("districtgraph_query_seconds", "Seconds of evaluation")
        family.add_metric((), buckets, self._seconds)
        return family
