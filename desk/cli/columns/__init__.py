"""The columns of everything that is listed: stable names, documented in docs/command-line.md."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.books import BREAKS, FINDINGS, MATCHES, TESTS
from desk.cli.columns.desk import HEALTH, INCIDENTS, PROBLEMS, RUNS, SETTINGS, STUCK, TRAIL
from desk.cli.columns.people import APPROVALS, CASES, FLAGS, NOTICES, PROPOSALS, RULES, USERS
from desk.cli.columns.programme import STEPS, WORKERS
from desk.cli.columns.tasks import TASKS

__all__ = [
    "APPROVALS",
    "BREAKS",
    "CASES",
    "FINDINGS",
    "FLAGS",
    "HEALTH",
    "INCIDENTS",
    "LISTINGS",
    "MATCHES",
    "NOTICES",
    "PROBLEMS",
    "PROPOSALS",
    "RULES",
    "RUNS",
    "SETTINGS",
    "STEPS",
    "STUCK",
    "TASKS",
    "TESTS",
    "TRAIL",
    "USERS",
    "WORKERS",
]

LISTINGS: Final = (
    RUNS,
    INCIDENTS,
    CASES,
    FINDINGS,
    MATCHES,
    BREAKS,
    FLAGS,
    TESTS,
    APPROVALS,
    TRAIL,
    PROBLEMS,
    SETTINGS,
    NOTICES,
    HEALTH,
    STUCK,
    TASKS,
    PROPOSALS,
    RULES,
    USERS,
    STEPS,
    WORKERS,
)
