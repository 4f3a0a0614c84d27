"""Claims on windows, and the watermarks that they move.

take(store, run_id, entity, sources, to_day) -> {source: (from, to)}   choose the next window and claim it
free(store, entity, sources, to_day) -> {source: (from, to)}           the same, without claiming it
of_run(store, run_id) -> {source: (from, to)}
close(store, run_id, outcome=, counts=, carried=)   close the run and move the watermarks, in one transaction
give_back(store, run_id, outcome=, counts=)         close the run, and move no watermark
abandon(store, run_id, by=, reason=)                end the run and give its window back
watermarks(store, entity) -> {source: day}

A day is audited once: by the run whose claim holds it. A run that waits for a person keeps its claim and
the next one starts behind it. The watermark is the last day before which no gap is left, so a window
that was given back is audited again although later ones are closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.store import open_items, runs, trail
from tools.store.database import Store, lock
from tools.store.models import ApprovalRequest, AuditRun, Run, RunStatus, Watermark, WindowClaim

DAY = timedelta(days=1)
Window = tuple[date | None, date]


def take(
    store: Store,
    run_id: str,
    entity: str,
    sources: Iterable[str],
    to_day: date,
    *,
    again: date | None = None,
) -> dict[str, Window]:
    """Claim, for each source, the first days that nobody audited, up to a day common to all.

    again: claim the days from this one on, whoever audited them; date.min for all there are.

    Ends before the next open claim where a window was given back in front of it. A window with
    nothing new has `from` one day after `to`. A replay gives the windows that the run has.
    """
    with store.begin() as session:
        lock(session, f"claims:{entity}")
        runs.live(session, run_id)
        current = _of_run(session, run_id)
        if current:
            return current
        windows = _next(session, entity, sources, to_day)
        if again is not None:
            windows = {source: (_earlier(start, again), end) for source, (start, end) in windows.items()}
        _add(store, run_id, entity, windows)
        return windows


def _earlier(start: date | None, again: date) -> date | None:
    """Give the first day of a window that begins again; None where it has no beginning."""
    return None if again == date.min or start is None else min(start, again)


def free(store: Store, entity: str, sources: Iterable[str], to_day: date) -> dict[str, Window]:
    """Give the windows that `take` would claim now, without claiming them."""
    with store.read() as session:
        return _next(session, entity, sources, to_day)


def of_run(store: Store, run_id: str) -> dict[str, Window]:
    """Give the windows that a run claims or claimed."""
    with store.read() as session:
        return _of_run(session, run_id)


def close(
    store: Store,
    run_id: str,
    *,
    outcome: str,
    counts: Mapping[str, Any] | None = None,
    carried: Sequence[Mapping[str, str]] | None = None,
) -> Run:
    """Close a run and move its watermarks: all of it, or nothing. Closing again changes nothing.

    carried: unmatched rows for later runs, as {"pair", "row_key", "source"}; None leaves those that
    are carried as they are. Raises RunError for an abandoned run.
    """
    with store.begin() as session:
        entity = _locked_entity(session, run_id)
        run = runs.audit(store, run_id)
        if run.status == "closed":
            return run
        runs.live(session, run_id)
        if carried is not None:
            open_items.carry(store, run_id, entity, carried)
        run.counts = {**run.counts, **(counts or {})}
        _end_run(session, run, "closed", outcome)
        for source in _of_run(session, run_id):
            _move(session, run, source)
        trail.end(store, run_id, "tieout", "closed", {"outcome": outcome, **_marks(store, entity)})
        return run


def give_back(store: Store, run_id: str, *, outcome: str, counts: Mapping[str, Any]) -> Run:
    """Close a run and give its window back: no watermark moves. Closing again changes nothing."""
    with store.begin() as session:
        _locked_entity(session, run_id)
        run = runs.get(store, run_id)
        if run.status == "closed":
            return run
        run = runs.live(session, run_id)
        run.counts = {**run.counts, **counts}
        _end_run(session, run, "closed", outcome)
        session.execute(update(WindowClaim).where(WindowClaim.run_id == run_id).values(state="abandoned"))
        trail.end(store, run_id, "tieout", "closed", {"outcome": outcome})
        return run


def abandon(store: Store, run_id: str, *, by: str, reason: str = "") -> Run:
    """End a run without a result and give its window back. Abandoning again changes nothing."""
    with store.begin() as session:
        _locked_entity(session, run_id)
        run = runs.get(store, run_id)
        if run.status == "abandoned":
            return run
        run = runs.live(session, run_id)
        _end_run(session, run, "abandoned", f"abandoned by {by}" + (f": {reason}" if reason else ""))
        _withdraw_requests(session, run_id)
        trail.end(store, run_id, by, "abandoned", {"reason": reason})
        return run


def watermarks(store: Store, entity: str) -> dict[str, date]:
    """Give the last day of each source before which all is audited."""
    with store.read() as session:
        marks = session.scalars(select(Watermark).where(Watermark.entity == entity))
        return {mark.source: mark.posted_to for mark in marks}


def _locked_entity(session: Session, run_id: str) -> str:
    """Lock the windows of a run's entity, before the run itself is read."""
    entity = session.scalar(select(AuditRun.entity).where(AuditRun.run_id == run_id)) or ""
    lock(session, f"claims:{entity}")
    return entity


def _end_run(session: Session, run: Run, status: RunStatus, outcome: str) -> None:
    run.status, run.outcome, run.ended_at, run.next_try_at = status, outcome, clock().now(), None
    session.execute(update(WindowClaim).where(WindowClaim.run_id == run.run_id).values(state=status))
    session.flush()


def _withdraw_requests(session: Session, run_id: str) -> None:
    closing = update(ApprovalRequest).where(
        ApprovalRequest.run_id == run_id, ApprovalRequest.status == "open"
    )
    session.execute(closing.values(status="closed", outcome="abandoned", closed_at=clock().now()))


def _marks(store: Store, entity: str) -> dict[str, Any]:
    return {"watermarks": {source: day.isoformat() for source, day in watermarks(store, entity).items()}}


def _of_run(session: Session, run_id: str) -> dict[str, Window]:
    claims = session.scalars(
        select(WindowClaim).where(WindowClaim.run_id == run_id).order_by(WindowClaim.source)
    )
    return {claim.source: (claim.from_day, claim.to_day) for claim in claims}


def _add(store: Store, run_id: str, entity: str, windows: Mapping[str, Window]) -> None:
    with store.begin() as session:
        for source, (start, end) in windows.items():
            claimed = WindowClaim(run_id=run_id, source=source, entity=entity, from_day=start, to_day=end)
            claimed.state = "open"
            session.add(claimed)
        session.flush()
        named = {
            source: [start and start.isoformat(), end.isoformat()] for source, (start, end) in windows.items()
        }
        trail.append(store, run_id, "tieout", "window claimed", details={"entity": entity, "windows": named})


def _next(session: Session, entity: str, sources: Iterable[str], to_day: date) -> dict[str, Window]:
    starts = {source: _first_free(session, entity, source) for source in sources}
    ends = [_end(session, entity, source, start, to_day) for source, start in starts.items()]
    last = min([to_day, *ends])
    return {source: _window(start, last) for source, start in starts.items()}


def _window(start: date | None, to_day: date) -> Window:
    return (start if start is None else min(start, to_day + DAY), to_day)


def _claims(session: Session, entity: str, source: str) -> list[WindowClaim]:
    query = select(WindowClaim).where(WindowClaim.entity == entity, WindowClaim.source == source)
    return sorted(session.scalars(query), key=lambda claim: claim.from_day or date.min)


def _first_free(session: Session, entity: str, source: str) -> date | None:
    covered = _covered(session, entity, source, ("open", "closed"))
    return None if covered is None else covered + DAY


def _covered(session: Session, entity: str, source: str, states: tuple[str, ...]) -> date | None:
    """Give the last day of the stretch without a gap that begins where auditing this source began."""
    claims = _claims(session, entity, source)
    mark = session.get(Watermark, (entity, source))
    covered = mark.posted_to if mark else None
    if covered is None and claims and claims[0].from_day is not None:
        covered = claims[0].from_day - DAY
    for claim in claims:
        if claim.state not in states or claim.to_day < (claim.from_day or date.min):
            continue
        if claim.from_day is None or (covered is not None and claim.from_day <= covered + DAY):
            covered = max(covered or date.min, claim.to_day)
    return covered


def _end(session: Session, entity: str, source: str, start: date | None, to_day: date) -> date:
    behind = [
        claim.from_day - DAY
        for claim in _claims(session, entity, source)
        if claim.state == "open" and claim.from_day is not None and claim.from_day > (start or date.min)
    ]
    return min([to_day, *behind])


def _move(session: Session, run: AuditRun, source: str) -> None:
    covered = _covered(session, run.entity, source, ("closed",))
    mark = session.get(Watermark, (run.entity, source))
    if covered is None or (mark is not None and mark.posted_to >= covered):
        return
    if mark is None:
        mark = Watermark(entity=run.entity, source=source, posted_to=covered, run_id=run.run_id)
        session.add(mark)
    mark.posted_to, mark.run_id = covered, run.run_id
    session.flush()
