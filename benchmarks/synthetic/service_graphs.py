"""Services that call each other, an hour before and an hour since one of them failed in one of seven ways.

Each service has five series a minute: requests, latency (its own and of what it waits for), errors, CPU and
memory. A fault begins up to two minutes late, in a third of the cases it is over after half an hour, and what
callers see of it is what their calls of it weigh.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

MINUTES: Final = 120
BEGAN: Final = 60
FAULTS: Final = ("latency", "errors", "saturation", "memory", "lost requests", "retries", "configuration")
Column = np.ndarray[Any, np.dtype[np.float64]]
Graph = dict[str, list[str]]
# own time, errors, CPU and memory: what each is multiplied by, or errors that come, for a fault of size 1
_EFFECTS: Final = {
    "latency": (1.0, 0.0, 0.0, 0.0),
    "errors": (0.0, 0.05, 0.0, 0.0),
    "saturation": (0.7, 0.0, 1.0, 0.0),
    "memory": (0.5, 0.0, 0.0, 0.15),
    "lost requests": (0.0, 0.05, 0.0, 0.0),
    "retries": (0.5, 0.04, 0.0, 0.0),
    "configuration": (-0.1, 0.03, 0.0, 0.0),
}


class MadeSystem(NamedTuple):
    """A call graph, the service that people see, the one that failed ("" for none), series by service."""

    calls: Graph
    entry: str
    failed: str
    series: dict[str, dict[str, Column]]


def generate(seed: int, fault: str = "") -> MadeSystem:
    """Make one system: the same whenever it is made. fault: one of FAULTS, or "" for a quiet one."""
    chance = np.random.default_rng(seed)
    names = [f"service-{number}" for number in chance.permutation(int(chance.integers(6, 14)))]
    calls: Graph = {name: [] for name in names}
    for place, name in enumerate(names[1:], 1):
        for caller in chance.choice(place, size=min(place, int(chance.integers(1, 3))), replace=False):
            calls[names[caller]].append(name)
    failed = str(chance.choice(names[1:])) if fault else ""
    size = float(chance.choice([1.5, 3.0, 8.0])) * _lasting(chance)
    requests = _requests(chance, calls, failed, fault, size)
    effects = {failed: _EFFECTS[fault]} if fault else {}
    return MadeSystem(calls, names[0], failed, _series(chance, calls, requests, effects, size))


def _lasting(chance: np.random.Generator) -> Column:
    lasting = np.zeros(MINUTES)
    begin = BEGAN + int(chance.integers(0, 3))
    over = int(chance.integers(12, 30)) if chance.random() < 0.3 else MINUTES  # noqa: PLR2004 - of the cases
    lasting[begin : begin + over] = 1.0
    return lasting


def _requests(
    chance: np.random.Generator, calls: Graph, failed: str, fault: str, size: Column
) -> dict[str, Column]:
    minute = np.arange(MINUTES)
    wave = 1 + 0.15 * np.sin(minute / chance.uniform(8, 40) + chance.uniform(0, 6))
    requests = {name: np.zeros(MINUTES) for name in calls}
    requests[next(iter(calls))] = 100 * wave * _noise(chance, 0.05)
    for name, callees in calls.items():
        if name == failed and fault == "lost requests":
            requests[name] = requests[name] * (1 - 0.9 * (size > 0))
        for callee in callees:
            again = 1 + np.maximum(size - 1, 0) if fault == "retries" and callee == failed else 1.0
            requests[callee] = requests[callee] + requests[name] * chance.uniform(0.3, 1) * again * _noise(
                chance, 0.05
            )
    return requests


def _series(
    chance: np.random.Generator,
    calls: Graph,
    requests: dict[str, Column],
    effects: dict[str, tuple[float, float, float, float]],
    size: Column,
) -> dict[str, dict[str, Column]]:
    series: dict[str, dict[str, Column]] = {}
    for name in reversed(list(calls)):
        slow, failing, busy, full = effects.get(name, (0.0, 0.0, 0.0, 0.0))
        below = [series[callee] for callee in calls[name]]
        own = chance.uniform(0.01, 0.1) * _noise(chance, 0.15) * (1 + slow * size)
        errors = np.maximum(0, 0.002 + 0.002 * chance.standard_normal(MINUTES)) + failing * size
        cpu = 0.2 * requests[name] / requests[name][:BEGAN].mean() * _noise(chance, 0.1) * (1 + busy * size)
        series[name] = {
            "requests_rate": requests[name],
            "latency_seconds": own + sum((0.7 * each["latency_seconds"] for each in below), np.zeros(1)),
            "error_ratio": np.minimum(
                1, errors + sum((0.8 * each["error_ratio"] for each in below), np.zeros(1))
            ),
            "cpu_usage": np.minimum(1, cpu),
            "memory_usage": 0.5 * _noise(chance, 0.03) * (1 + full * size),
        }
    return series


def _noise(chance: np.random.Generator, spread: float) -> Column:
    return np.exp(spread * chance.standard_normal(MINUTES))
