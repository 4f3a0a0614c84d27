"""The desk's metrics in Prometheus' text format, counted in the store: runs of every way in show.

exposition(store, settings) -> bytes       what /metrics answers and `tieout metrics` prints

Counters only rise, over restarts and from whatever process: they are sums of rows that are never taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from tools.core.clock import clock
from tools.core.settings import Settings
from tools.operations.figures import (
    Figures,
    Samples,
    Times,
)
from tools.operations.metric_definition import MetricDefinition
from tools.operations.metric_definitions import METRICS
from tools.operations.times import padded
from tools.store import Store

PREFIX: Final = "tieout_"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def exposition(store: Store, settings: Settings) -> bytes:
    """Give every metric as of now, of one moment. Raises UnreachableError when the store is away."""
    with store.read() as session:
        registry = CollectorRegistry()
        registry.register(_Reading(Figures(session, settings, clock().now())))
        return generate_latest(registry)


class _Reading(Collector):
    """Collector of the store's figures."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def describe(self) -> Iterable[Metric]:
        """Say nothing before it is asked: registering reads nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Read every metric."""
        for measure in METRICS:
            yield _family(measure, measure.read(self._figures))


def _family(measure: MetricDefinition, samples: Samples | Times) -> Metric:
    name = PREFIX + measure.name
    if measure.kind == "histogram":
        return _histogram(name, measure, cast("Times", samples))
    make = CounterMetricFamily if measure.kind == "counter" else GaugeMetricFamily
    family: Any = make(name, measure.help, labels=measure.labels)
    figures = {**dict.fromkeys(measure.always, 0.0), **cast("Samples", samples)}
    for labels, value in sorted(figures.items()):
        family.add_metric(labels, value)
    return cast("Metric", family)


def _histogram(name: str, measure: MetricDefinition, times: Times) -> Metric:
    family = HistogramMetricFamily(name, measure.help, labels=measure.labels)
    for labels, distribution in sorted(times.items()):
        whole = padded(distribution, measure.bounds)
        family.add_metric(labels, buckets=list(whole.buckets), sum_value=whole.seconds)
    return family
