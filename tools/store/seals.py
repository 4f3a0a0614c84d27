"""Seals: at every commit, the digests of all rows that it wrote go on the trail, and its head outside.

attach(store)                          seal whatever this store's sessions write from now on
take_over(store, session, version)     seal the rows of a store that was made before there were seals
carry_over(store, session, ...)        seal anew what a migration changed

All seals are one trail (`run_id` "seals"), so they are in one order, and its head is the head of everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tools.core.errors import TieoutError
from tools.store import anchor, touched_rows, trail_links, verify_seals
from tools.store.database import Store, lock
from tools.store.keys import key
from tools.store.models import TrailHead
from tools.store.row_digests import columns_of, digests, key_text, read, sealed_tables
from tools.store.touched_rows import RowChange
from tools.store.verify_trail import FIRST, SEALS

ROWS = 20_000  # in one entry
SEALED = "sealed head"
Changes = Mapping[str, Mapping[str, RowChange]]


def attach(store: Store) -> None:
    """Seal whatever this store's sessions write."""
    touched_rows.watch(store.writers)
    event.listen(store.writers, "before_commit", partial(_before_commit, store))
    event.listen(store.writers, "after_commit", partial(_after_commit, store))


def take_over(store: Store, session: Session, version: str) -> None:
    """Seal every row as it stands: what happened to it before is not covered, and verifying says so."""
    heads = {row.run_id: [row.seq, row.hash] for row in session.scalars(select(TrailHead))}
    rows = _unlike(session, {})
    if rows or heads:
        _seal(store, session, rows, verify_seals.TAKEN_OVER, {"version": version, "heads": heads})


def carry_over(
    store: Store, session: Session, state: verify_seals.State, version: str, misfits: Sequence[str]
) -> None:
    """Seal anew what a migration changed; `misfits` says what was not as sealed before it, for good."""
    rows = _unlike(session, state.rows)
    if rows or misfits:
        details = {"version": version, "misfits": list(misfits)}
        _seal(store, session, rows, verify_seals.CARRIED_OVER, details)


def _unlike(
    session: Session, sealed: Mapping[str, Mapping[str, verify_seals.Sealed]]
) -> dict[str, dict[str, RowChange]]:
    """Give every row that is not as it was sealed last."""
    changed: dict[str, dict[str, RowChange]] = {}
    for name, table in sealed_tables().items():
        columns, before = columns_of(table), sealed.get(name, {})
        now = {key_text(key): (key, digest) for key, digest in digests(session, table, columns)}
        fresh = [
            key for text, (key, digest) in now.items() if text not in before or before[text].digest != digest
        ]
        rows = {key_text(key): row for key, row in read(session, table, columns, fresh)}
        gone = dict.fromkeys(before.keys() - now.keys())
        changed[name] = {
            text: RowChange(before[text].digest if text in before else None, row)
            for text, row in {**rows, **gone}.items()
        }
    for name in sealed.keys() - sealed_tables().keys():
        changed[name] = {text: RowChange(row.digest, None) for text, row in sealed[name].items()}
    return {name: rows for name, rows in changed.items() if rows}


def _before_commit(store: Store, session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint's end is none of the transaction
        return
    session.flush()
    rows, heads = touched_rows.changes(session), touched_rows.heads(session)
    if rows or heads:
        _seal(store, session, rows, verify_seals.SEALED, {"heads": dict(heads)})


def _after_commit(store: Store, session: Session) -> None:
    head = session.info.pop(SEALED, None)
    if head is None:
        return
    try:
        anchor.catch_up(store, *head)
    except TieoutError as error:  # the next commit catches up, or is refused
        import structlog  # noqa: PLC0415 - slow to load, and this is rare

        structlog.get_logger(__name__).warning(
            "the trail's anchor lags behind", error=str(error), seq=head[0]
        )


def _seal(store: Store, session: Session, rows: Changes, action: str, details: Mapping[str, Any]) -> None:
    """Put changes on the trail of seals, a bounded number an entry; the first says what else there is."""
    lock(session, f"trail:{SEALS}")
    head = session.get(TrailHead, SEALS, populate_existing=True)
    mark = anchor.catch_up(store, head.seq if head else 0, head.hash if head else FIRST)
    first = {**details, "anchor": [mark.anchor, mark.line, mark.digest, anchor.place_of(store)]}
    if head is None or action != verify_seals.SEALED:
        first["columns"] = {name: list(columns_of(table).sealed) for name, table in sealed_tables().items()}
    for number, part in enumerate(_parts(rows)):
        body = {**trail_links.BLANK, "run_id": SEALS, "actor": "tieout", "action": action}
        body["sizes"] = {"rows": sum(len(changed) for changed in part.values())}
        body["details"] = {**(first if number == 0 else {}), "rows": part}
        entry = trail_links.extend(session, body, key(store))
        session.info[SEALED] = (entry["seq"], entry["hash"])


def _parts(rows: Changes) -> Iterator[dict[str, dict[str, list[Any]]]]:
    part: dict[str, dict[str, list[Any]]] = {}
    size = 0
    for table, changed in rows.items():
        for text, change in changed.items():
            part.setdefault(table, {})[text] = verify_seals.as_entry(change)
            size += 1
            if size == ROWS:
                yield part
                part, size = {}, 0
    if part or not rows:
        yield part
