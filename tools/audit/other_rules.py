"""Runs under other rules than the desk's: what marks them, and what is said of them.

What may close books or approve a flag is the desk's rules. A run under rules that a caller named says so on
its row, its pages and its requests, moves no watermark, and has nothing approved by rule.
"""

from __future__ import annotations

from typing import Any, Final

KEY: Final = "other_rules"  # of a run's counts: the file whose rules it goes by
OUTCOME: Final = "under other rules"


def named_by(run: Any) -> str:  # noqa: ANN401 - a run's row of any graph
    """Give the file of other rules that a run goes by; empty where it goes by the desk's."""
    return str(run.counts.get(KEY, ""))


def reasons(run: object) -> list[str]:
    """Say of a run under other rules what that means for it; nothing of any other run."""
    path = named_by(run)
    return [sentence(path)] if path else []


def outcome(run: Any) -> str:  # noqa: ANN401 - a run's row of any graph
    """Give a run's outcome, which says of a run under other rules that it is one, from the beginning."""
    return str(run.outcome or (OUTCOME if named_by(run) else ""))


def sentence(path: str) -> str:
    """Say what it means for a run that its rules are another file's."""
    return (
        f"Judged under other rules than the desk's ({path}): nothing is approved by rule, it does not close"
        " as clean, and its books are audited again under the desk's."
    )
