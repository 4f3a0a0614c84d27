"""The trail: what was done, by whom, from what to what, in a hash chain for each run.

append(store, run_id, actor, action, inputs=, outputs=, sizes=, duration_ms=, error=, model=,
       tokens_in=, tokens_out=, cost=, details=, once=) -> dict    the entry
entries(store, run_id) -> list[dict]
verify(store, run_id=None) -> list[Problem]      every change of the trail, and of rows that the seals record
notes(store) -> list[str]                        what verifying does not cover, and why
export(store, run_id=None) -> Iterator[str]      JSON lines that verify_trail.py verifies by itself
spent(store, run_id) -> Spent                    tokens and dollars

Entries that belong to no run (a new version of the rules) go under run_id "desk".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.store import trail_links
from tools.store.columns import clean, clean_deep
from tools.store.database import Store, lock
from tools.store.keys import key
from tools.store.models import TrailEntry
from tools.store.verify_store import notes, verify
from tools.store.verify_trail import DESK, SEALS, Problem, canonical

__all__ = [
    "DESK",
    "SEALS",
    "Problem",
    "append",
    "end",
    "entries",
    "export",
    "key",
    "notes",
    "spent",
    "start",
    "verify",
]


@dataclass(frozen=True)
class Spent:
    """What a run's models took: tokens, and dollars as an exact decimal."""

    tokens_in: int
    tokens_out: int
    dollars: Decimal


def append(
    store: Store,
    run_id: str,
    actor: str,
    action: str,
    *,
    inputs: str = "",
    outputs: str = "",
    sizes: Mapping[str, int] | None = None,
    model: str = "",
    tokens_in: int = 0,
    tokens_out: int = 0,
    cost: Decimal | str = "0",
    duration_ms: int = 0,
    error: str = "",
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> dict[str, Any]:
    """Append an entry and sign the new head; within an open transaction, as part of it.

    inputs, outputs: digests. sizes: name -> rows or bytes. cost: dollars. details: JSON primitives.
    once: a key under which the run's trail holds one entry; a replay gives that one.
    """
    body = {
        "run_id": run_id,
        "actor": clean(actor),
        "action": clean(action),
        "inputs": inputs,
        "outputs": outputs,
        "sizes": dict(sizes or {}),
        "model": clean(model),
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
        "cost": f"{Decimal(cost):f}",
        "duration_ms": duration_ms,
        "error": clean(error),
        "details": _as_read(details or {}),
        "once": once,
    }
    with store.begin() as session:
        lock(session, f"trail:{run_id}")
        entry = _once(session, run_id, once)
        return entry or trail_links.extend(session, body, key(store))


def start(store: Store, run_id: str, actor: str, details: Mapping[str, Any]) -> None:
    """Begin a run's trail, and say so on the desk's: a trail that is gone as a whole is missed there."""
    with store.begin():
        append(store, run_id, actor, "run started", details=details, once="run started")
        _anchor(store, run_id, actor, "run started")


def end(store: Store, run_id: str, actor: str, how: str, details: Mapping[str, Any]) -> None:
    """Note a run's end, and on the desk's trail its head: an older one will not pass for it."""
    with store.begin():
        append(store, run_id, actor, f"run {how}", details=details, once=f"run {how}")
        _anchor(store, run_id, actor, f"run {how}")


def entries(store: Store, run_id: str) -> list[dict[str, Any]]:
    """Give a run's entries in order, as they are exported."""
    with store.read() as session:
        return list(trail_links.read(session, run_id))


def export(store: Store, run_id: str | None = None) -> Iterator[str]:
    """Give the lines of an export: each run's entries and its head, in canonical JSON."""
    with store.read() as session:
        names = [run_id] if run_id else trail_links.run_ids(session)
    for name in names:
        with store.read() as session:  # no transaction stays open while somebody reads the lines
            lines, head = entries(store, name), trail_links.head(session, name)
        yield from (canonical(entry) for entry in lines)
        if head:
            yield canonical({"head": head})


def spent(store: Store, run_id: str) -> Spent:
    """Add up what a run's models took so far."""
    query = select(TrailEntry.tokens_in, TrailEntry.tokens_out, TrailEntry.cost)
    with store.read() as session:
        rows = session.execute(query.where(TrailEntry.run_id == run_id)).all()
    return Spent(
        sum(row.tokens_in for row in rows),
        sum(row.tokens_out for row in rows),
        sum((Decimal(row.cost) for row in rows), Decimal(0)),
    )


def _anchor(store: Store, run_id: str, actor: str, action: str) -> None:
    with store.read() as session:
        head = trail_links.head(session, run_id)
    if head:
        anchor = {name: head[name] for name in ("run_id", "seq", "hash")}
        append(store, DESK, actor, action, details={"anchor": anchor}, once=f"{action}:{run_id}")


def _once(session: Session, run_id: str, once: str | None) -> dict[str, Any] | None:
    if once is None:
        return None
    query = select(TrailEntry).where(TrailEntry.run_id == run_id, TrailEntry.once == once)
    entry = session.scalar(query)
    return trail_links.as_dict(entry) if entry else None


def _as_read(details: Mapping[str, Any]) -> dict[str, Any]:
    """Give details as they will be read back: JSON turns keys into text and tuples into lists."""
    parsed: dict[str, Any] = json.loads(canonical(clean_deep(dict(details))))
    return parsed
