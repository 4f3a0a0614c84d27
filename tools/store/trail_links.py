"""The links of the trail's chains as the store keeps them: read, add, sign the head.

extend(session, body, secret) -> dict     the next link of a chain, its head signed anew
read(session, run_id) -> Iterator[dict]   in order, as they are exported
has(session, run_id, seq, hash) -> bool   whether it has this link
head(session, run_id) -> dict | None
run_ids(session) -> list[str]               every chain that is there, or should be
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.store.models import Run, TrailEntry, TrailHead
from tools.store.verify_trail import FIELDS, FIRST, canonical, entry_hash, key_id, signature

_JSON = ("sizes", "details")
_COLUMNS = [column for column in TrailEntry.__table__.columns if column.name in FIELDS]
_NAMES = [column.name for column in _COLUMNS]
_HEAD = ("run_id", "seq", "hash", "key_id", "signature")
BLANK: Mapping[str, Any] = {
    **dict.fromkeys(("inputs", "outputs", "model", "error"), ""),
    **dict.fromkeys(("tokens_in", "tokens_out", "duration_ms"), 0),
    "cost": "0",
    "once": None,
}


def extend(session: Session, body: Mapping[str, Any], secret: bytes) -> dict[str, Any]:
    """Add a link to a chain that this transaction has locked, and sign its head."""
    before = session.get(TrailHead, body["run_id"], populate_existing=True)
    at = clock().now().astimezone(UTC)
    entry = {
        **body,
        "seq": before.seq + 1 if before else 1,
        "at": at.isoformat(timespec="microseconds"),
        "prev_hash": before.hash if before else FIRST,
    }
    entry["hash"] = entry_hash(entry)
    texts = {name: canonical(entry[name]) for name in _JSON}
    session.add(TrailEntry(**{**entry, **texts, "at": at}))
    _sign(session, before, entry, secret)
    session.flush()
    return entry


def read(session: Session, run_id: str, after: int = 0) -> Iterator[dict[str, Any]]:
    """Give a chain's links in order, as they are exported: all, or those after one."""
    try:
        for entry in session.scalars(_links(select(TrailEntry), run_id, after)):
            yield as_dict(entry)
            after = entry.seq
    except ValueError:  # a time that is none: somebody wrote it who is not us, and verifying will say so
        columns = (cast(column, Text) if column.name == "at" else column for column in _COLUMNS)
        for row in session.execute(_links(select(*columns), run_id, after)):
            values = dict(zip(_NAMES, row, strict=True))
            yield {
                **values,
                **{name: _read(values[name]) for name in _JSON},
                "at": _as_exported(values["at"]),
            }


def _as_exported(at: str) -> str:
    """Write a time as it lies in SQLite as an export has it; what is no time stays as it is."""
    try:
        return datetime.fromisoformat(at).replace(tzinfo=UTC).isoformat(timespec="microseconds")
    except ValueError:
        return at


def _links(query: Select[Any], run_id: str, after: int) -> Select[Any]:
    query = query.where(TrailEntry.run_id == run_id).order_by(TrailEntry.seq)
    query = query.where(TrailEntry.seq > after) if after else query
    return query.execution_options(yield_per=200)


def has(session: Session, run_id: str, seq: int, hash_: str) -> bool:
    """Say whether a chain has this link."""
    query = select(TrailEntry.hash).where(TrailEntry.run_id == run_id, TrailEntry.seq == seq)
    return session.scalar(query) == hash_


def head(session: Session, run_id: str) -> dict[str, Any] | None:
    """Give a chain's signed head."""
    row = session.get(TrailHead, run_id, populate_existing=True)
    return {name: getattr(row, name) for name in _HEAD} if row else None


def run_ids(session: Session) -> list[str]:
    """Name every run that has, or should have, a trail."""
    columns = (TrailEntry.run_id, TrailHead.run_id, Run.run_id)
    return sorted({name for column in columns for name in session.scalars(select(column).distinct())})


def as_dict(entry: TrailEntry) -> dict[str, Any]:
    """Give a link as it is exported."""
    values = {name: getattr(entry, name) for name in FIELDS}
    read = {name: _read(values[name]) for name in _JSON}
    return {**values, **read, "at": entry.at.isoformat(timespec="microseconds")}


def _sign(session: Session, before: TrailHead | None, entry: Mapping[str, Any], secret: bytes) -> None:
    signed = {name: entry[name] for name in ("run_id", "seq", "hash")} | {"key_id": key_id(secret)}
    signed["signature"] = signature(signed, secret)
    if before is None:
        session.add(TrailHead(**signed))
        return
    for name, value in signed.items():
        setattr(before, name, value)


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # somebody wrote it who is not us: verifying will say so
        return text
