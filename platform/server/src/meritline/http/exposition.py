"""The page of metrics as Prometheus reads it. Decides the names of the series: ours begin with ``meritline_``."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from meritline.http.tallies import Counts, Instrument, Level, Levels, Spans

if TYPE_CHECKING:
    from meritline.http.metrics import Metrics

PREFIX = "meritline_"


class Page(Collector):
    """What the instruments of a process say, and the operating system of the process."""

    def __init__(self, metrics: "Metrics") -> None:
        self.metrics = metrics
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def written(self) -> tuple[bytes, str]:
        """The text and its type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST

    def describe(self) -> Iterable[Metric]:
        """The names, without looking at anything."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """All families."""
        for each in (*self.metrics.instruments(), *self.metrics.standing.levels()):
            yield family(each)


def family(one: Instrument) -> Metric:
    """An instrument as a family of series."""
    match one:
        case Counts():
            counter = CounterMetricFamily(PREFIX + one.name, one.about, labels=one.labels)
            for values, count in one.found.items():
                counter.add_metric(values, count)
            return counter
        case Spans():
            histogram = HistogramMetricFamily(f"{PREFIX}{one.name}_seconds", one.about, labels=[one.label])
            for value, (counts, total) in one.found.items():
                ends = [*map(str, one.buckets), "+Inf"]
                histogram.add_metric([value], [*zip(ends, accumulate(counts), strict=True)], total[0])
            return histogram
        case Levels():
            gauge = GaugeMetricFamily(PREFIX + one.name, one.about, labels=[one.label])
            for value, now in one.now.items():
                gauge.add_metric([value], now)
            return gauge
        case Level():
            return GaugeMetricFamily(PREFIX + one.name, one.about, value=one.now)
