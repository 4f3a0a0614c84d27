"""Run the tests and mutants of a change in a process of their own, and take down what became of each."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from tools.core.child_process import plain_environment
from tools.core.errors import RunError
from tools.front_desk.changes.draft import RuleDraft
from tools.front_desk.changes.outcomes import CaseOutcome, MutantOutcome
from tools.rules.learned import ChangeRules

_MODULE: Final = "tools.front_desk.changes.suite_process"
_GRACE: Final = 10.0  # seconds beside its own limit that the process may take to start and end


@dataclass(frozen=True)
class SuiteJob:
    """What is to be tried, and within which limits. run_folder: of the newest past run that is whole."""

    draft: RuleDraft
    rules_path: Path
    limits: ChangeRules
    run_folder: Path | None = None

    def as_json(self, part: Literal["tests", "mutants"]) -> str:
        """Give it as the process reads it."""
        return json.dumps(
            {
                "draft": self.draft.as_dict(), "rules_path": str(self.rules_path), "part": part,
                "run_folder": str(self.run_folder) if self.run_folder else "",
                "seconds": self.limits.seconds, "memory_mb": self.limits.memory_mb,
            }
        )  # fmt: skip


def tests(job: SuiteJob) -> list[CaseOutcome]:
    """Run the tests; one that the process ended at is an error, as is a process that ran none."""
    lines, why = _run(job, "tests")
    by_name: dict[str, CaseOutcome] = {}
    for line in lines:
        by_name[line["name"]] = CaseOutcome(**line)
    over = [
        replace(outcome, status="ERROR", detail=why or "the process ended here")
        if outcome.status == "RUNNING"
        else outcome
        for outcome in by_name.values()
    ]
    return over or [
        CaseOutcome("the tests start", "INTEGRATION", "CRITICAL", "ERROR", detail=why or "no test was made")
    ]


def mutants(job: SuiteJob) -> list[MutantOutcome]:
    """Try the mutants; those that it did not come to are left out, and so count for nothing."""
    lines, _ = _run(job, "mutants")
    return [MutantOutcome(**line) for line in lines]


def _run(job: SuiteJob, part: Literal["tests", "mutants"]) -> tuple[list[dict[str, Any]], str]:
    """Give the lines that the process wrote, and why it ended before its time."""
    try:
        process = subprocess.run(  # noqa: S603 - our own module, by this interpreter
            [sys.executable, "-m", _MODULE],
            input=job.as_json(part),
            capture_output=True,
            text=True,
            timeout=job.limits.seconds + _GRACE,
            env=plain_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as overrun:
        text = (overrun.stdout or b"").decode(errors="replace")  # bytes, also of a process that writes text
        return _lines(text), f"stopped after {job.limits.seconds} s"
    except OSError as error:
        raise RunError(
            f"the tests of a change cannot be started: {error.strerror}.", place=sys.executable
        ) from None
    return _lines(process.stdout), _why(process.returncode, process.stderr)


def _lines(output: str) -> list[dict[str, Any]]:
    whole = output[: output.rfind("\n") + 1]
    return [json.loads(line) for line in whole.splitlines() if line]


def _why(code: int, errors: str) -> str:
    if code == 0:
        return ""
    last = (errors.strip().splitlines() or ["no word"])[-1]
    return f"ended by signal {-code}" if code < 0 else f"ended with {code}: {last[:500]}"
