"""Flags: raised once over all runs, decided and reviewed, never deleted.

propose(store, run_id, flags, withdraw=False) -> Proposed(new, known)
decide(store, run_id, {flag_id: status}, by=, role=, request_id=, note=)
review(store, flag_id, verdict, by=, note=)
get(store, flag_id) -> Flag          RunError when there is none; the beginning of an id will do
find(store, run_id=, severity=, status=, vendor=, case_id=, review=, sort=, limit=, offset=) -> list[Flag]
count(store, the same filters) -> {"CRITICAL": {"proposed": 2, ...}, ...}
history(store, flag_id) -> list[FlagEvent]
fingerprint(row_key, tests, evidence) -> str
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from tools.clock import clock
from tools.digest import digest
from tools.errors import RunError
from tools.store import runs
from tools.store.database import Store, lock
from tools.store.models import Flag, FlagEvent, FlagStatus, Review, Run
from tools.store.writes import in_batches, insert_new

Sort = Literal["exposure", "severity", "score", "posted_on", "created_at"]
SEVERITIES = ("CRITICAL", "WARNING", "INFO")
JUDGED = ("case_id", "severity", "risk", "score", "confidence", "exposure_minor", "explanation")
DEFAULTS: dict[str, Any] = {
    "case_id": None,
    "txn_id": None,
    "file": None,
    "line": None,
    "vendor": None,
    "posted_on": None,
    "risk": "",
    "score": 0,
    "confidence": 1.0,
    "explanation": "",
    "tests": [],
    "documents": [],
    "components": {},
}
GIVEN = {*DEFAULTS, "row_key", "source", "amount_minor", "exposure_minor", "currency", "severity"}


class Filters(TypedDict, total=False):
    """What `find` and `count` may be narrowed to."""

    run_id: str | None
    severity: str | None
    status: FlagStatus | None
    vendor: str | None  # part of the name, whatever the case
    case_id: str | None
    review: Review | None


@dataclass(frozen=True)
class Proposed:
    """What became of proposed flags: this run's own, and those that earlier runs raised."""

    new: list[str]
    known: list[str]


def fingerprint(row_key: str, tests: Sequence[str], evidence: Any = None) -> str:  # noqa: ANN401 - any JSON value
    """Say what makes two flags the same over runs: the row, its tests, their evidence."""
    return digest([row_key, sorted(tests), evidence])


def flag_id_of(print_: str) -> str:
    """Give the short name of a fingerprint: the same in every store."""
    return "f" + base64.b32encode(hashlib.sha256(print_.encode()).digest())[:11].decode().lower()


def propose(
    store: Store, run_id: str, flags: Sequence[Mapping[str, Any]], *, withdraw: bool = False
) -> Proposed:
    """Raise flags as proposed; one that another run raised gets the event "seen again", once a run.

    flags: the columns of `flag`; `fingerprint` may be left out. This run's own flags that nobody
    decided take a changed judgement; a flag that an abandoned run left undecided becomes this
    run's. With `withdraw`, this run's undecided flags that are not among `flags` are withdrawn.
    Again with the same flags, it writes nothing and answers the same.
    """
    rows = {row["fingerprint"]: row for row in (_row(run_id, flag) for flag in flags)}
    with store.begin() as session:
        runs.live(session, run_id)
        lock(session, "flags")
        insert_new(session, Flag, list(rows.values()), "fingerprint")
        held = _by_fingerprint(session, list(rows))
        events = [_meet(session, run_id, held[name], row) for name, row in rows.items()]
        if withdraw:
            events += _withdraw(session, run_id, set(rows))
        session.flush()
        insert_new(session, FlagEvent, [event for event in events if event], "flag_id", "once")
    mine = {name for name, flag in held.items() if flag.run_id == run_id}
    return Proposed(
        [held[name].flag_id for name in rows if name in mine],
        [held[name].flag_id for name in rows if name not in mine],
    )


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
        for flag_id, status in statuses.items():
            flag = session.get(Flag, flag_id, with_for_update=True)
            if flag is None:
                raise _no_flag(flag_id)
            if flag.status == status:
                continue
            details = {"from": flag.status, "to": status, "role": role, "request_id": request_id}
            flag.status = status
            session.add(FlagEvent(**_event(flag, run_id, status, by=by, note=note, details=details)))


def review(store: Store, flag_id: str, verdict: Review, *, by: str, note: str = "") -> Flag:
    """Record what a reviewer found the flag to be; a later review replaces it, the history keeps both."""
    with store.begin() as session:
        flag = _found(session, flag_id)
        flag.review, flag.reviewed_by, flag.reviewed_at, flag.review_note = verdict, by, clock().now(), note
        session.add(FlagEvent(**_event(flag, flag.run_id, verdict, by=by, note=note)))
        return flag


def get(store: Store, flag_id: str) -> Flag:
    """Give a flag by its id, or by the beginning of it. Raises RunError when none or several fit."""
    with store.read() as session:
        return _found(session, flag_id)


def find(
    store: Store, *, sort: Sort = "exposure", limit: int = 100, offset: int = 0, **filters: Unpack[Filters]
) -> list[Flag]:
    """List flags, the greatest first; see Filters."""
    query = _filtered(select(Flag), filters).order_by(*_order(sort)).limit(limit).offset(offset)
    with store.read() as session:
        return list(session.scalars(query))


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


def _row(run_id: str, flag: Mapping[str, Any]) -> dict[str, Any]:
    row = {**DEFAULTS, **{name: value for name, value in flag.items() if name in GIVEN}}
    row.setdefault("exposure_minor", abs(row["amount_minor"]))
    if isinstance(row["posted_on"], str):
        row["posted_on"] = date.fromisoformat(row["posted_on"])
    names = [str(test.get("test", test)) if isinstance(test, Mapping) else str(test) for test in row["tests"]]
    print_ = flag.get("fingerprint") or fingerprint(row["row_key"], names)
    return {
        **row,
        "fingerprint": print_,
        "flag_id": flag_id_of(print_),
        "run_id": run_id,
        "status": "proposed",
        "created_at": clock().now(),
        "review": None,
        "reviewed_by": None,
        "reviewed_at": None,
        "review_note": "",
    }


def _by_fingerprint(session: Session, prints: Sequence[str]) -> dict[str, Flag]:
    held: dict[str, Flag] = {}
    for some in in_batches(prints):
        found = session.scalars(select(Flag).where(Flag.fingerprint.in_(some)))
        held.update({flag.fingerprint: flag for flag in found})
    return held


def _meet(session: Session, run_id: str, flag: Flag, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the event of a flag that is proposed: raised, judged again, taken over or seen again."""
    if flag.run_id != run_id and flag.status == "proposed" and _abandoned(session, flag.run_id):
        before, flag.run_id = flag.run_id, run_id
        _judge(flag, row)
        return _event(flag, run_id, "taken over", once=f"taken over:{run_id}", details={"from": before})
    if flag.run_id != run_id:
        details = {"severity": row["severity"], "score": row["score"]}
        return _event(flag, run_id, "seen again", once=f"seen again:{run_id}", details=details)
    if flag.status in {"proposed", "withdrawn"} and any(getattr(flag, name) != row[name] for name in JUDGED):
        judged = {name: getattr(flag, name) for name in JUDGED}
        _judge(flag, row)
        return _event(flag, run_id, "judged again", details={"from": judged})
    return _event(flag, run_id, "proposed", once="proposed")


def _abandoned(session: Session, run_id: str) -> bool:
    run = session.get(Run, run_id)
    return run is not None and run.status == "abandoned"


def _judge(flag: Flag, row: Mapping[str, Any]) -> None:
    for name in (*JUDGED, "tests", "documents", "components"):
        setattr(flag, name, row[name])
    flag.status = "proposed"


def _withdraw(session: Session, run_id: str, kept: set[str]) -> list[dict[str, Any]]:
    query = select(Flag).where(Flag.run_id == run_id, Flag.status == "proposed")
    gone = [flag for flag in session.scalars(query) if flag.fingerprint not in kept]
    for flag in gone:
        flag.status = "withdrawn"
    return [_event(flag, run_id, "withdrawn") for flag in gone]


def _event(
    flag: Flag,
    run_id: str,
    kind: str,
    *,
    by: str = "desk",
    note: str = "",
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> dict[str, Any]:
    return {
        "flag_id": flag.flag_id,
        "run_id": run_id,
        "kind": kind,
        "by": by,
        "at": clock().now(),
        "note": note,
        "details": dict(details or {}),
        "once": once,
    }


def _filtered(query: Select[Any], filters: Filters) -> Select[Any]:
    given = {name: value for name, value in filters.items() if value is not None}
    vendor = given.pop("vendor", None)
    query = query.where(*(getattr(Flag, name) == value for name, value in given.items()))
    return query.where(Flag.vendor.icontains(vendor, autoescape=True)) if vendor else query


def _order(sort: Sort) -> list[Any]:
    rank = case({name: i for i, name in enumerate(reversed(SEVERITIES))}, value=Flag.severity, else_=-1)
    first = {
        "exposure": Flag.exposure_minor,
        "severity": rank,
        "score": Flag.score,
        "posted_on": Flag.posted_on,
        "created_at": Flag.created_at,
    }[sort]
    return [first.desc().nulls_last(), Flag.exposure_minor.desc(), Flag.flag_id]


def _found(session: Session, flag_id: str) -> Flag:
    exact = session.get(Flag, flag_id)
    if exact is not None:
        return exact
    found = list(
        session.scalars(select(Flag).where(Flag.flag_id.startswith(flag_id, autoescape=True)).limit(2))
    )
    if len(found) != 1:
        raise _no_flag(flag_id)
    return found[0]


def _no_flag(flag_id: str) -> RunError:
    return RunError(f"there is no one flag '{flag_id}'.", remedy="'tieout flags' lists them.")
