"""Raising flags: each once over all runs, however often its row is audited again."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.digest import digest
from tools.store import run_figures, runs
from tools.store.database import Store, lock
from tools.store.models import Flag, FlagEvent, Run
from tools.store.writes import in_batches, insert_new

JUDGED = (
    "case_id severity risk score confidence role exposure_minor exposure_base explanation explained_by"
).split()
DEFAULTS: dict[str, Any] = {
    "case_id": None,
    "txn_id": None,
    "file": None,
    "line": None,
    "kind": None,
    "vendor": None,
    "person": None,
    "role": None,
    "lead_test": None,
    "partner_key": None,
    "posted_on": None,
    "risk": "",
    "score": 0,
    "confidence": 1.0,
    "explanation": "",
    "explained_by": "template",
    "tests": [],
    "documents": [],
    "components": {},
}
GIVEN = {
    *DEFAULTS,
    "row_key",
    "source",
    "amount_minor",
    "exposure_minor",
    "exposure_base",
    "currency",
    "severity",
}


@dataclass(frozen=True)
class Proposed:
    """What became of proposed flags: this run's own, and those that earlier runs raised."""

    new: list[str]
    known: list[str]


def fingerprint(row_key: str, tests: Sequence[str], evidence: object = None) -> str:
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
        by_fingerprint = _by_fingerprint(session, list(rows))
        fresh = [row for name, row in rows.items() if name not in by_fingerprint]
        insert_new(session, Flag, fresh)
        run_figures.add(session, run_id, run_figures.FLAGS, Counter(str(row["severity"]) for row in fresh))
        events = [event(row["flag_id"], run_id, "proposed", once="proposed") for row in fresh]
        events += [
            met for name, flag in by_fingerprint.items() if (met := _meet(session, run_id, flag, rows[name]))
        ]
        if withdraw:
            events += _withdraw(session, run_id, set(rows))
        session.flush()
        insert_new(session, FlagEvent, events)
    earlier = {flag.flag_id for flag in by_fingerprint.values() if flag.run_id != run_id}
    named = [
        by_fingerprint[name].flag_id if name in by_fingerprint else row["flag_id"]
        for name, row in rows.items()
    ]
    return Proposed(
        [name for name in named if name not in earlier], [name for name in named if name in earlier]
    )


def _row(run_id: str, flag: Mapping[str, Any]) -> dict[str, Any]:
    row = {**DEFAULTS, **{name: value for name, value in flag.items() if name in GIVEN}}
    row.setdefault("exposure_minor", abs(row["amount_minor"]))
    row.setdefault("exposure_base", row["exposure_minor"])
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
    flags: dict[str, Flag] = {}
    for batch in in_batches(prints):
        batch_flags = session.scalars(select(Flag).where(Flag.fingerprint.in_(batch)))
        flags.update({flag.fingerprint: flag for flag in batch_flags})
    return flags


def _meet(session: Session, run_id: str, flag: Flag, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the event of a flag that is there already: taken over, seen again, judged again, or none."""
    if flag.run_id != run_id and _is_nobodys(session, flag):
        before, flag.run_id = flag.run_id, run_id
        _judge(flag, row)
        return event(
            flag.flag_id, run_id, "taken over", once=f"taken over:{run_id}", details={"from": before}
        )
    if flag.run_id != run_id:
        details = {"severity": row["severity"], "score": row["score"]}
        return event(flag.flag_id, run_id, "seen again", once=f"seen again:{run_id}", details=details)
    changed = any(getattr(flag, name) != row[name] for name in JUDGED)
    if flag.status == "withdrawn" or (flag.status == "proposed" and changed):
        judged = {name: getattr(flag, name) for name in JUDGED}
        _judge(flag, row)
        return event(flag.flag_id, run_id, "judged again", details={"from": judged})
    return None


def _is_nobodys(session: Session, flag: Flag) -> bool:
    """Say whether nobody decided on a flag and nobody will: its run dropped it, or was given up."""
    if flag.status == "withdrawn":
        return True
    run = session.get(Run, flag.run_id)
    return flag.status == "proposed" and run is not None and run.status == "abandoned"


def _judge(flag: Flag, row: Mapping[str, Any]) -> None:
    for name in (*JUDGED, "tests", "documents", "components"):
        setattr(flag, name, row[name])
    flag.status = "proposed"


def withdraw(session: Session, run_id: str) -> None:
    """Withdraw what a run raised and nobody decided; a later run that meets it again takes it over."""
    insert_new(session, FlagEvent, _withdraw(session, run_id, set()))


def _withdraw(session: Session, run_id: str, fingerprints: set[str]) -> list[dict[str, Any]]:
    query = select(Flag).where(Flag.run_id == run_id, Flag.status == "proposed")
    gone = [flag for flag in session.scalars(query) if flag.fingerprint not in fingerprints]
    for flag in gone:
        flag.status = "withdrawn"
    return [event(flag.flag_id, run_id, "withdrawn") for flag in gone]


def event(
    flag_id: str,
    run_id: str,
    kind: str,
    *,
    by: str = "desk",
    note: str = "",
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> dict[str, Any]:
    """Give the row of an event in a flag's history."""
    return {
        "flag_id": flag_id,
        "run_id": run_id,
        "kind": kind,
        "by": by,
        "at": clock().now(),
        "note": note,
        "details": dict(details or {}),
        "once": once,
    }
