"""The process in which the tests of a change run: within bounds; a line of JSON for each outcome.

It reads its job from standard input, and nothing of the store.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.core import settings
from tools.core.child_process import limit_this
from tools.front_desk.changes import draft as drafts
from tools.front_desk.changes.mutants import mutants
from tools.front_desk.changes.outcomes import (
    CaseOutcome,
    MutantOutcome,
    PlannedTest,
    SkippedError,
    TestStatus,
)
from tools.front_desk.changes.planned_tests import planned_tests
from tools.front_desk.changes.trial import Trial


def main() -> None:
    """Run the job that standard input names."""
    job = json.load(sys.stdin)
    limit_this(memory=job["memory_mb"] << 20, cpu_seconds=job["seconds"])
    with tempfile.TemporaryDirectory(prefix="tieout-change-") as scratch:
        trial = trial_of(job, Path(scratch))
        for line in mutant_results(trial) if job["part"] == "mutants" else tested(trial):
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()


def trial_of(job: Mapping[str, Any], scratch: Path) -> Trial:
    """Put the change on the bench."""
    draft, path = drafts.from_dict(job["draft"]), Path(job["rules_path"])
    folder = Path(job["run_folder"]) if job["run_folder"] else None
    return Trial(
        draft, draft.rules_before(path), draft.rules_after(path), settings.load(), scratch, run_folder=folder
    )


def tested(trial: Trial) -> Iterator[dict[str, Any]]:
    """Run every test: a line when it starts, one when it is over."""
    for test in planned_tests(trial):
        yield CaseOutcome(test.name, test.type, test.importance, "RUNNING").as_dict()
        yield _outcome(test).as_dict()


def mutant_results(trial: Trial) -> Iterator[dict[str, Any]]:
    """Hold every mutant against the change: it is killed by the first thing that it finds otherwise."""
    expected = dict(trial.findings(trial.moved))
    for mutant in mutants(trial):
        mutated = trial.under(mutant.rules)
        moved = [*trial.moved, *(test for test in mutated.moved if test not in trial.moved)]
        if len(moved) > len(trial.moved):
            expected |= {key: value for key, value in trial.findings(moved) if key not in expected}
        by = next((key for key, value in mutated.findings(moved) if expected.get(key) != value), "")
        yield MutantOutcome(mutant.name, mutant.place, killed=bool(by), by=by).as_dict()


def _outcome(test: PlannedTest) -> CaseOutcome:
    started = time.perf_counter()
    status: TestStatus
    try:
        wrong = test.run()
        status = "FAILED" if wrong else "PASSED"
    except SkippedError as reason:
        status, wrong = "SKIPPED", str(reason)
    except Exception as error:  # noqa: BLE001 - whatever a changed rule leads to is what the test has shown
        status, wrong = "ERROR", f"{type(error).__name__}: {error}"
    seconds = round(time.perf_counter() - started, 4)
    return CaseOutcome(test.name, test.type, test.importance, status, seconds, wrong[:1000])


if __name__ == "__main__":
    main()
