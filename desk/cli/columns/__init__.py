"""The columns of everything that is listed: stable names, documented in docs/command-line.md."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.books import BREAKS, FINDINGS, MATCHES, TESTS
from desk.cli.columns.changes import CHANGES, GATES, TEST_RESULTS
from desk.cli.columns.desk import EVIDENCE, HEALTH, INCIDENTS, PROBLEMS, RUNS, SETTINGS, STUCK, TRAIL
from desk.cli.columns.front_desk import CHECKPOINT_STATISTICS, CHECKPOINTS, FIGURES, RECOVERIES, VALUES
from desk.cli.columns.people import APPROVALS, CASES, FLAGS, NOTICES, PROPOSALS, RULES, USERS
from desk.cli.columns.programme import STEPS, WORKERS
from desk.cli.columns.recovery import ACTIVITY, CLAIMS, CONTACTS, LETTERS, REPLIES, STUCK_CLAIMS, SUPPRESSIONS
from desk.cli.columns.tasks import TASKS

__all__ = [
    "ACTIVITY",
    "APPROVALS",
    "BREAKS",
    "CASES",
    "CHANGES",
    "CHECKPOINTS",
    "CHECKPOINT_STATISTICS",
    "CLAIMS",
    "CONTACTS",
    "EVIDENCE",
    "FIGURES",
    "FINDINGS",
    "FLAGS",
    "GATES",
    "HEALTH",
    "INCIDENTS",
    "LETTERS",
    "LISTINGS",
    "MATCHES",
    "NOTICES",
    "PROBLEMS",
    "PROPOSALS",
    "RECOVERIES",
    "REPLIES",
    "RULES",
    "RUNS",
    "SETTINGS",
    "STEPS",
    "STUCK",
    "STUCK_CLAIMS",
    "SUPPRESSIONS",
    "TASKS",
    "TESTS",
    "TEST_RESULTS",
    "TRAIL",
    "USERS",
    "VALUES",
    "WORKERS",
]

LISTINGS: Final = (
    RUNS,
    EVIDENCE,
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
    CLAIMS,
    LETTERS,
    REPLIES,
    STUCK_CLAIMS,
    SUPPRESSIONS,
    ACTIVITY,
    CONTACTS,
    VALUES,
    FIGURES,
    CHECKPOINTS,
    RECOVERIES,
    CHANGES,
    GATES,
    TEST_RESULTS,
)
