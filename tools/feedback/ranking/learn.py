"""Learn the order of the queue from reviews, put it in use where it gains, and say what it rests on.

learn(store, by=) -> Ranking       fit, measure, score the cases that wait; off where there is no gain
newest(store) -> Ranking | None    the last one, in use or not
is_due(store) -> bool              reviews came in since, and a day has passed

It never hides, makes or regrades a flag: all that it writes is a chance beside each case that waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from tools.core.clock import clock
from tools.feedback.ranking import examples, held_back, model
from tools.feedback.ranking.examples import Example
from tools.store import Store
from tools.store.models import CaseChance, Ranking
from tools.store.writes import in_batches, insert_new

LEAST_FLAGS: Final = 200  # reviewed, before anything is learned
LEAST_EACH: Final = 2 * model.FOLDS  # cases of either outcome, in what is fitted on and in what is held back
_BASIS: Final = 10_000


def learn(store: Store, *, by: str) -> Ranking:
    """Learn from all reviews so far and record what came of it; the order before goes out of use."""
    cases, count = examples.reviewed(store)
    measures: dict[str, Any] = {"flags": count, "cases": len(cases)}
    reason = _too_little(cases, count)
    in_use = False
    if not reason:
        gain = held_back.measure(cases)
        measures |= gain.as_dict()
        in_use, reason = gain.gain_at_least > 0, _of_gain(gain)
    chances = _chances(store, cases) if in_use else []
    with store.begin() as session:
        session.execute(delete(CaseChance))
        for batch in in_batches(chances):
            insert_new(session, CaseChance, batch)
        ranking = Ranking(at=clock().now(), by=by, in_use=in_use, reason=reason, measures=measures)
        session.add(ranking)
        session.flush()
        return ranking


def newest(store: Store) -> Ranking | None:
    """Give the order that was learned last, with what it rests on."""
    with store.read() as session:
        return session.scalar(select(Ranking).order_by(Ranking.ranking_id.desc()).limit(1))


def is_due(store: Store) -> bool:
    """Say whether to learn anew: reviews came in since the last time, which is a day ago."""
    before, reviewed_at = newest(store), examples.newest_review(store)
    if reviewed_at is None or before is None:
        return reviewed_at is not None
    return reviewed_at > before.at and clock().now() - before.at >= timedelta(days=1)


def _too_little(cases: Sequence[Example], count: int) -> str:
    """Say why nothing can be learned, or ""."""
    if count < LEAST_FLAGS:
        return f"{count} reviewed flags; it takes {LEAST_FLAGS}"
    for part in held_back.split(cases):
        upheld = sum(case.upheld for case in part)
        if min(upheld, len(part) - upheld) < LEAST_EACH:
            return f"it takes {LEAST_EACH} cases of either outcome, among the older and the newest reviews"
    if not model.installed():
        return "scikit-learn is not installed: pip install 'tieout[ranking]'"
    return ""


def _of_gain(gain: held_back.Gain) -> str:
    text = (
        f"on the newest {gain.cases} reviewed cases, average precision {gain.learned:.2f} against "
        f"{gain.by_exposure:.2f} by exposure"
    )
    return text if gain.gain_at_least > 0 else f"{text}: no gain that is sure"


def _chances(store: Store, cases: Sequence[Example]) -> list[dict[str, Any]]:
    """Score the cases that wait, by a model of all reviews."""
    fitted = model.fit(cases)
    named = list(examples.waiting(store))
    chances = fitted.of([flags for _, flags in named])
    return [
        {"case_id": case_id, "basis_points": round(chance * _BASIS)}
        for (case_id, _), chance in zip(named, chances, strict=True)
    ]
