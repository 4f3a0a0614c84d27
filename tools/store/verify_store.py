"""Verify the store: chains and their heads, rows against their seals, and the seals against the anchor.

verify(store, run_id=None) -> list[Problem]     an empty list says that nothing was changed
notes(store) -> list[str]                       what verifying does not cover, and why
replayed(store, session) -> (Followed, [Problem])     the seals, followed and verified
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from tools.store import anchor, row_findings, trail_contradictions, trail_links, verify_anchor
from tools.store.database import Store
from tools.store.keys import key
from tools.store.row_digests import sealed_tables
from tools.store.verify_seals import State
from tools.store.verify_trail import (
    DESK,
    FIRST,
    SEALS,
    Anchor,
    Entry,
    Problem,
    anchor_lines,
    anchored,
    problems,
    unanchored,
    unborne,
    unsealed,
)


@dataclass
class Followed:
    """The seals as far as they were followed: what they say, and the hash of each."""

    state: State = field(default_factory=State)
    hashes: dict[str, str] = field(default_factory=lambda: {"0": FIRST})


_followed: WeakKeyDictionary[Store, Followed] = WeakKeyDictionary()
_following = threading.Lock()


def verify(store: Store, run_id: str | None = None) -> list[Problem]:
    """Find what was changed past the desk, in one run or in the whole store; nothing of it is missed.

    Of one run: its trail, and the rows that say that they are of it. What is verified of the seals is then
    remembered within this process, so that a page need not follow them from the first.
    """
    with store.read() as session:
        if run_id is not None:
            return _verify_run(store, session, run_id)
        followed, faults = replayed(store, session)
        anchors = anchored(trail_links.read(session, DESK))
        due = {anchor.run_id for anchor in anchors} | followed.state.heads.keys()
        for name in sorted({*trail_links.run_ids(session), *due} - {SEALS}):
            faults += _trail(store, session, name, anchors, followed.state)
        rows = row_findings.compare(session, followed.state, sealed_tables())
        faults += [Problem(run or DESK, 0, what) for run, what in rows]
        return faults + verify_anchor.outside(store, followed.state, followed.hashes)


def _verify_run(store: Store, session: Session, run_id: str) -> list[Problem]:
    anchors = anchored(trail_links.read(session, DESK))
    with _following:
        followed, faults = _remembered(store, session)
        faults += _trail(store, session, run_id, anchors, followed.state)
        rows = row_findings.compare(session, followed.state, sealed_tables(), run_id)
        faults += [Problem(run_id, 0, what) for _, what in rows]
        lines, _ = anchor_lines(anchor.tail_of(store), key(store))
        return faults + unborne([line for line, _ in lines], followed.hashes)


def _trail(
    store: Store, session: Session, name: str, anchors: Sequence[Anchor], state: State
) -> list[Problem]:
    if name == SEALS:
        return []
    entries = list(trail_links.read(session, name))
    return [
        *problems(name, entries, trail_links.head(session, name), key(store)),
        *unanchored(name, entries, anchors),
        *unsealed(name, entries, state.heads),
        *_contradictions(session, name, entries),
    ]


def _contradictions(session: Session, name: str, entries: list[Entry]) -> list[Problem]:
    try:
        return trail_contradictions.contradictions(session, name, entries)
    except (ValueError, TypeError) as error:  # of a row, which is named when rows are compared
        return [Problem(name, 0, f"its rows cannot be read: {error}")]


def notes(store: Store) -> list[str]:
    """Say what verifying does not cover: rows from before there were seals, anchors that are not here."""
    with store.read() as session:
        state = replayed(store, session)[0].state
    covered = [
        f"{rows:,} rows were there before version {version} sealed them, on {at[:10]}: "
        "what happened to them before that is not covered."
        for version, at, rows in state.taken_over
    ]
    return covered + [
        f"The anchor at {place} was not looked at." for place in verify_anchor.elsewhere(store, state)
    ]


def replayed(
    store: Store, session: Session, earlier: Followed | None = None
) -> tuple[Followed, list[Problem]]:
    """Follow the seals and verify their chain, from the first or on from what is known, which it extends."""
    followed = earlier or Followed()
    head = trail_links.head(session, SEALS)
    after = (followed.state.seq, followed.hashes[str(followed.state.seq)])

    def entries() -> Iterator[Entry]:
        for entry in trail_links.read(session, SEALS, after[0]):
            followed.state.follow(entry)
            followed.hashes[str(entry["seq"])] = str(entry["hash"])
            yield entry

    faults = problems(SEALS, entries(), head, key(store), after)
    return followed, [] if head is None and not followed.state.seq else faults


def _remembered(store: Store, session: Session) -> tuple[Followed, list[Problem]]:
    """Go on from what this process verified of the store, where the store still has it."""
    earlier: Followed | None = _followed.get(store)
    seq = earlier.state.seq if earlier else 0
    if earlier and seq and not trail_links.has(session, SEALS, seq, earlier.hashes[str(seq)]):
        earlier = None
    followed, faults = replayed(store, session, earlier)
    if not faults:
        _followed[store] = followed
    else:
        _followed.pop(store, None)
    return followed, faults
