"""A plan made better within seconds: by CP-SAT, which may prove that none is, then by a genetic search.

improve(project, first, seconds=...) -> Improved
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools.programme.planning import compiled, genetic, list_rule, solver
from tools.programme.planning.project import Project, Schedule, lateness, makespan

SECONDS: Final = 5.0
SMALL: Final = 64  # jobs up to which CP-SAT proves most plans
SOLVER_SHARES: Final = (0.7, 0.3)  # of the time, for small and large; the genetic search has what is left


@dataclass(frozen=True)
class Improved:
    """The better plan and what it is by, in words; proved: none is better."""

    schedule: Schedule
    by: str
    proved: bool = False


def improve(project: Project, first: Schedule, *, seconds: float = SECONDS) -> Improved:
    """Give the best plan that a quiet machine reaches in so many seconds; never worse than the first.

    A busy machine takes longer, and gives the same plan.
    The genetic search is for projects of machines alone; without the extra `planning` the first plan stays.
    """
    if list_rule.is_best(project, first) and not list_rule.broken(project, first):
        return Improved(first, "list rule", proved=True)
    search = project.reversible and compiled.installed()
    best, share = Improved(first, "list rule"), 0.0
    if solver.installed():
        share = SOLVER_SHARES[len(project.jobs) > SMALL] if search else 1.0
        solved = solver.improve(project, first, seconds=seconds * share)
        best = _better(project, best, Improved(solved.schedule, "CP-SAT", solved.proved))
    if search and not best.proved and share < 1:
        bred = genetic.improve(project, best.schedule, seconds=seconds * (1 - share))
        best = _better(project, best, Improved(bred, "genetic search"))
    return best


def _better(project: Project, first: Improved, second: Improved) -> Improved:
    def worth(plan: Improved) -> tuple[int, int, int]:
        schedule = plan.schedule
        return len(list_rule.broken(project, schedule)), lateness(project, schedule), makespan(schedule)

    if worth(second) < worth(first):
        return second
    return Improved(first.schedule, first.by, second.proved)
