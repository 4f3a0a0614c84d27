"""What a metric is: its name, kind, labels, what it says, and where its figure is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tools.operations.figures import Figures, Labels

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True)
class MetricDefinition:
    """One metric. name: without the prefix. always: label values that are there from the beginning."""

    name: str
    kind: Kind
    help: str
    read: Callable[[Figures], Any]  # Samples; of a histogram, Times
    labels: Labels = ()
    bounds: Sequence[float] = ()
    always: tuple[Labels, ...] = ()
