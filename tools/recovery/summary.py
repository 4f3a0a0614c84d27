"""What a run of recovery came to, in one mapping of JSON primitives: counts, money as decimal text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.recovery import pipeline, task_log
from tools.store import open_store, runs
from tools.store.models import Letter, RecoveryClaim


def summarise(run_id: str, stages: dict[str, Any]) -> dict[str, Any]:
    """Put the results of all stages together; kept with the run."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    with store.read() as session:
        letters = select(Letter.status, func.count()).where(Letter.run_id == run_id).group_by(Letter.status)
        by_status = {str(row[0]): int(row[1]) for row in session.execute(letters)}
        claims = select(func.count()).select_from(RecoveryClaim).where(RecoveryClaim.run_id == run_id)
        claims_made = session.scalar(claims) or 0
    summary = {
        **stages,
        "claims_made": claims_made,
        "letters": by_status,
        "pipeline": {state: n for state, n in pipeline.counts(store).items() if n},
        "value": pipeline.value(store, rules.contingency_fee),
    }
    run = runs.get(store, run_id)
    runs.record(store, run_id, counts={**run.counts, "summary": summary})
    return summary


def close(run_id: str, outcome: str) -> str:
    """Close the run in the store and write its stages to the log; give its outcome."""
    limits = settings.load()
    runs.close(open_store(limits.database_url), run_id, outcome)
    task_log.write(limits, run_id)
    return outcome
