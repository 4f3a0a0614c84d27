"""Flags: raised once over all runs, decided and reviewed, never deleted.

propose(store, run_id, flags, withdraw=False) -> Proposed(new, known)
decide(store, run_id, {flag_id: status}, by=, role=, request_id=, note=)
review(store, flag_id, verdict, by=, note=) -> Flag
review_all(store, flag_ids, verdict, by=, note=) -> list[Flag]      all or none; the same again writes nothing
get(store, flag_id) -> Flag          RunError when there is none; the beginning of an id will do
find(store, run_id=, severity=, status=, vendor=, case_id=, review=, sort=, limit=, offset=) -> list[Flag]
by_ids(store, flag_ids) -> list[Flag]
of_row(store, row_key) -> list[Flag]
count(store, the same filters) -> {"CRITICAL": {"proposed": 2, ...}, ...}
history(store, flag_id) -> list[FlagEvent]
fingerprint(row_key, tests, evidence) -> str
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.core.severity_levels import SEVERITIES
from tools.store import trail, trail_contradictions
from tools.store.database import Store
from tools.store.models import AuditRun, Flag, FlagEvent, FlagStatus, Review
from tools.store.raising import Proposed, event, fingerprint, propose
from tools.store.writes import in_batches, insert_new

__all__ = [
    "Proposed",
    "by_ids",
    "count",
    "decide",
    "find",
    "fingerprint",
    "get",
    "history",
    "of_row",
    "propose",
    "review",
    "review_all",
]

Sort = Literal["exposure", "severity", "score", "posted_on", "created_at"]


class Filters(TypedDict, total=False):
    """What `find` and `count` may be narrowed to."""

    run_id: str | None
    severity: str | None
    status: FlagStatus | None
    vendor: str | None  # part of the name, whatever the case
    case_id: str | None
    review: Review | None
    entity: str | None  # whose books


def decide(
    store: Store,
    run_id: str,
    statuses: Mapping[str, FlagStatus],
    *,
    by: str,
    role: str = "",
    request_id: str = "",
    note: str = "",
) -> None:
    """Change flags' statuses, each with an event; the same decision again writes nothing.

    by: who decided, several joined by ", "; "rule" for what the rules approve.
    Raises RunError for a flag that is not there.
    """
    with store.begin() as session:
        flags = _by_id(session, list(statuses))
        flag_ids_of: dict[str, list[str]] = {}
        events = []
        for flag_id, status in statuses.items():
            flag = flags[flag_id]
            if flag.status == status:
                continue
            details = {"from": flag.status, "to": status, "role": role, "request_id": request_id}
            flag.status = status
            events.append(event(flag_id, run_id, status, by=by, note=note, details=details))
            flag_ids_of.setdefault(status, []).append(flag_id)
        session.flush()
        if flag_ids_of:
            insert_new(session, FlagEvent, events)
            entry_details = {"statuses": flag_ids_of, "role": role, "request_id": request_id, "note": note}
            trail.append(store, run_id, by, trail_contradictions.FLAGS_DECIDED, details=entry_details)


def review(store: Store, flag_id: str, verdict: Review, *, by: str, note: str = "") -> Flag:
    """Record what a reviewer found the flag to be; a later review replaces it, the history keeps both."""
    with store.begin() as session:
        return review_all(store, [_by_prefix(session, flag_id).flag_id], verdict, by=by, note=note)[0]


def review_all(
    store: Store, flag_ids: Sequence[str], verdict: Review, *, by: str, note: str = ""
) -> list[Flag]:
    """Record what a reviewer found flags to be, with an event each and one entry on each run's trail.

    by: who was authenticated. A reviewer who says the same again writes nothing.
    Raises RunError for a flag that is not there: none is reviewed then.
    """
    with store.begin() as session:
        flags = _by_id(session, flag_ids)
        answer = (verdict, by, note)
        fresh = [
            flag for flag in flags.values() if (flag.review, flag.reviewed_by, flag.review_note) != answer
        ]
        for flag in fresh:
            flag.review, flag.reviewed_by, flag.reviewed_at, flag.review_note = (
                verdict,
                by,
                clock().now(),
                note,
            )
        session.flush()
        insert_new(
            session,
            FlagEvent,
            [event(flag.flag_id, flag.run_id, verdict, by=by, note=note) for flag in fresh],
        )
        for run_id in sorted({flag.run_id for flag in fresh}):
            reviewed = [flag.flag_id for flag in fresh if flag.run_id == run_id]
            details = {"flag_ids": reviewed, "verdict": verdict, "note": note}
            trail.append(store, run_id, by, trail_contradictions.REVIEWED, details=details)
        return [flags[flag_id] for flag_id in flag_ids]


def get(store: Store, flag_id: str) -> Flag:
    """Give a flag by its id, or by the beginning of it. Raises RunError when none or several fit."""
    with store.read() as session:
        return _by_prefix(session, flag_id)


def by_ids(store: Store, flag_ids: Sequence[str]) -> list[Flag]:
    """Give the flags with these ids, for reading; ids that are not there are left out."""
    flags: list[Flag] = []
    with store.read() as session:
        for batch in in_batches(flag_ids):
            flags += session.scalars(select(Flag).where(Flag.flag_id.in_(batch)))
    return flags


def risks(store: Store, run_id: str, flag_ids: Sequence[str]) -> dict[str, int]:
    """Count those of a run's flags that have these ids by risk, without reading the flags."""
    chosen, counted = set(flag_ids), dict[str, int]()
    with store.read() as session:
        for flag_id, risk in session.execute(select(Flag.flag_id, Flag.risk).where(Flag.run_id == run_id)):
            if flag_id in chosen:
                counted[risk] = counted.get(risk, 0) + 1
    return counted


def find(
    store: Store, *, sort: Sort = "exposure", limit: int = 100, offset: int = 0, **filters: Unpack[Filters]
) -> list[Flag]:
    """List flags, the greatest first; see Filters."""
    query = _filtered(select(Flag), filters).order_by(*_order(sort)).limit(limit).offset(offset)
    with store.read() as session:
        return list(session.scalars(query))


def of_row(store: Store, row_key: str) -> list[Flag]:
    """Give the flags that a row has, the oldest first."""
    query = select(Flag).where(Flag.row_key == row_key).order_by(Flag.created_at, Flag.flag_id)
    with store.read() as session:
        return list(session.scalars(query))


def rows_flagged(store: Store, row_keys: Sequence[str], entity: str, *, but: str) -> set[str]:
    """Give which of an entity's rows bear a flag that stands, of another run than `but`."""
    query = (
        select(Flag.row_key)
        .join(AuditRun, AuditRun.run_id == Flag.run_id)
        .where(AuditRun.entity == entity, Flag.run_id != but, Flag.status != "withdrawn")
    )
    with store.read() as session:
        return {
            key
            for batch in in_batches(row_keys)
            for key in session.scalars(query.where(Flag.row_key.in_(batch)))
        }


def rows_examined(store: Store, entity: str, sources: Sequence[str]) -> list[str]:
    """Give the rows of some sources that people saw, or will see, as flagged: noted flags nobody looks at."""
    query = (
        select(Flag.row_key)
        .join(AuditRun, AuditRun.run_id == Flag.run_id)
        .where(
            AuditRun.entity == entity,
            Flag.source.in_(sources),
            Flag.status.not_in(("withdrawn", "noted")),
        )
    )
    with store.read() as session:
        return sorted(set(session.scalars(query)))


def count(store: Store, **filters: Unpack[Filters]) -> dict[str, dict[str, int]]:
    """Count flags by severity, then status. Takes the filters of `find`."""
    query = _filtered(select(Flag), filters).with_only_columns(Flag.severity, Flag.status, func.count())
    counts: dict[str, dict[str, int]] = {}
    with store.read() as session:
        for severity, status, n in session.execute(query.group_by(Flag.severity, Flag.status)):
            counts.setdefault(severity, {})[status] = n
    return counts


def history(store: Store, flag_id: str) -> list[FlagEvent]:
    """Give what happened to a flag, oldest first."""
    query = select(FlagEvent).where(FlagEvent.flag_id == flag_id).order_by(FlagEvent.event_id)
    with store.read() as session:
        return list(session.scalars(query))


def _by_id(session: Session, flag_ids: Sequence[str]) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    for batch in in_batches(sorted(set(flag_ids))):  # in one order, so that no two wait for each other
        query = select(Flag).where(Flag.flag_id.in_(batch)).order_by(Flag.flag_id)
        batch_flags = session.scalars(query.with_for_update())
        flags.update({flag.flag_id: flag for flag in batch_flags})
    for flag_id in flag_ids:
        if flag_id not in flags:
            raise _no_flag(flag_id)
    return flags


def _filtered(query: Select[Any], filters: Filters) -> Select[Any]:
    values = {name: value for name, value in filters.items() if value is not None}
    vendor, entity = values.pop("vendor", None), values.pop("entity", None)
    if entity:
        query = query.where(Flag.run_id.in_(select(AuditRun.run_id).where(AuditRun.entity == entity)))
    query = query.where(*(getattr(Flag, name) == value for name, value in values.items()))
    return query.where(Flag.vendor.icontains(vendor, autoescape=True)) if vendor else query


def _order(sort: Sort) -> list[Any]:
    rank = case({name: i for i, name in enumerate(SEVERITIES)}, value=Flag.severity, else_=-1)
    first = {
        "exposure": Flag.exposure_base,
        "severity": rank,
        "score": Flag.score,
        "posted_on": Flag.posted_on,
        "created_at": Flag.created_at,
    }[sort]
    return [first.desc().nulls_last(), Flag.exposure_base.desc(), Flag.flag_id]


def _by_prefix(session: Session, flag_id: str) -> Flag:
    exact = session.get(Flag, flag_id)
    if exact is not None:
        return exact
    flags = list(
        session.scalars(select(Flag).where(Flag.flag_id.startswith(flag_id, autoescape=True)).limit(2))
    )
    if not flags:
        raise _no_flag(flag_id)
    if len(flags) > 1:
        beginnings = ", ".join(flag.flag_id for flag in flags)
        remedy = f"Give more of its letters: {beginnings}, and perhaps more."
        raise RunError(f"several flags begin with '{flag_id}'.", remedy=remedy)
    return flags[0]


def _no_flag(flag_id: str) -> RunError:
    return RunError(f"there is no flag '{flag_id}'.", remedy="'tieout flags' lists them.")
