"""Projects with their best known makespan (PSPLIB): how much longer plans by the list rule and by CP-SAT are.

A folder with optimum.csv (problem, optimum: a value, or lower..upper bound) and the instances (.sm).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from benchmarks import scheduling
from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from tools.programme.planning import list_rule
from tools.programme.planning.improve import improve
from tools.programme.planning.project import makespan

# Mean gaps to reach, in percent: list rule, improved for five seconds; and how many at the best known.
TO_REACH: Final = {"j30": (4.0, 0.02, 0.99), "j60": (3.5, 0.75, None), "j120": (9.0, 3.5, None)}
RULE_MS: Final = 50.0


def find(root: Path) -> list[DataSet]:
    """Give every folder of instances with their optimum."""
    return [DataSet(f.name, (f,)) for f in folders(root) if has(f, "optimum.csv") and any(f.glob("*.sm"))]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give mean gaps over the best known, how many reach it, and processor time of the list rule."""
    del work
    by_rule, solved, spent, at_best = [], [], [], 0
    instances = list(scheduling.instances(data_set.folders[0]))
    for instance in instances:
        started = time.process_time()
        first = list_rule.plan(instance.project)
        spent.append(time.process_time() - started)
        best = improve(instance.project, first).schedule
        if broken := list_rule.broken(instance.project, best):
            raise ValueError(f"{instance.name}: {broken[0]}")
        by_rule.append(makespan(first) / instance.best - 1)
        solved.append(makespan(best) / instance.best - 1)
        at_best += makespan(best) <= instance.best
    rule, gap, shortest = TO_REACH.get(data_set.name, (None, None, None))
    return [
        Figure("instances", len(instances)),
        Figure("list rule: mean gap, %", _percent(by_rule), "at most", rule),
        Figure(
            "list rule: mean processor time, ms", round(1000 * sum(spent) / len(spent), 1), "at most", RULE_MS
        ),
        Figure("improved: mean gap, %", _percent(solved), "at most", gap),
        Figure("improved: share at the best known", share(at_best, len(instances)), "at least", shortest),
    ]


def _percent(gaps: list[float]) -> float:
    return round(100 * sum(gaps) / len(gaps), 2)
