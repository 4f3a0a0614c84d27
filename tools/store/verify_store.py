"""Verify the store: chains and their heads, rows against their seals, and the seals against the anchor.

verify(store, run_id=None) -> list[Problem]     an empty list says that nothing was changed
notes(store) -> list[str]                       what verifying does not cover, and why
replayed(store, session) -> (State, {seq: hash}, [Problem])     the seals, followed and verified
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from tools.store import anchor, row_findings, trail_contradictions, trail_links
from tools.store.database import Store
from tools.store.keys import key
from tools.store.row_digests import sealed_tables
from tools.store.verify_seals import State
from tools.store.verify_trail import (
    DESK,
    FIRST,
    SEALS,
    Entry,
    Problem,
    anchor_lines,
    anchor_problems,
    anchored,
    problems,
    unanchored,
    unsealed,
)


def verify(store: Store, run_id: str | None = None) -> list[Problem]:
    """Find what was changed past the desk, in one run or in the whole store; nothing of it is missed.

    Of one run: its trail, and the rows that say that they are of it.
    """
    with store.read() as session:
        state, hashes, found = replayed(store, session)
        anchors = anchored(trail_links.read(session, DESK))
        names = trail_links.named(session) if run_id is None else [run_id]
        due = [*(one.run_id for one in anchors), *state.heads] if run_id is None else []
        for name in sorted({*names, *due} - {SEALS}):
            entries = list(trail_links.read(session, name))
            found += problems(name, entries, trail_links.head(session, name), key(store))
            found += unanchored(name, entries, anchors)
            found += unsealed(name, entries, state.heads)
            found += trail_contradictions.contradictions(session, name, entries)
        rows = row_findings.compare(session, state, sealed_tables(), run_id)
        found += [Problem(run or DESK, 0, what) for run, what in rows]
        return found + _outside(store, state, hashes)


def notes(store: Store) -> list[str]:
    """Say what verifying does not cover: rows from before there were seals, anchors that are not here."""
    with store.read() as session:
        state, _, _ = replayed(store, session)
    here = anchor.place_of(store)
    covered = [
        f"{rows:,} rows were there before version {version} sealed them, on {at[:10]}: "
        "what happened to them before that is not covered."
        for version, at, rows in state.taken_over
    ]
    others = sorted({mark.place for mark in state.anchors.values() if mark.place != here})
    return covered + [f"The anchor at {place} was not looked at." for place in others]


def replayed(store: Store, session: Session) -> tuple[State, dict[str, str], list[Problem]]:
    """Follow the seals and verify their chain: what they say, the hash of each, what is wrong."""
    state, hashes = State(), {"0": FIRST}

    def followed() -> Iterator[Entry]:
        for entry in trail_links.read(session, SEALS):
            state.follow(entry)
            hashes[str(entry["seq"])] = str(entry["hash"])
            yield entry

    head = trail_links.head(session, SEALS)
    found = problems(SEALS, followed(), head, key(store))
    nothing = head is None and not state.seq
    return state, hashes, [] if nothing else found


def _outside(store: Store, state: State, hashes: Mapping[str, str]) -> list[Problem]:
    """Hold the seals against the anchor, and the anchor against what the seals say of it."""
    text, place = anchor.text_of(store), anchor.place_of(store)
    own = [name for name, mark in state.anchors.items() if mark.place == place]
    if text is None:
        return [Problem("anchor", 0, _gone(state, place, own))] if state.anchors else []
    entries = ({"seq": seq, "hash": hash_} for seq, hash_ in hashes.items())
    found = anchor_problems(text, entries, key(store))
    lines, _ = anchor_lines(text, key(store))
    digests = {(line["anchor"], line["line"]): digest for line, digest in lines}
    here = lines[0][0]["anchor"] if lines else ""
    for name in sorted({*own, here} & state.anchors.keys()) if lines or not found else ():
        found += [Problem("anchor", 0, what) for what in _cut(name, here, state, digests)]
    return found


def _gone(state: State, place: str, own: list[str]) -> str:
    if own:
        return f"is gone: the seals name one at {place}, last at entry {state.anchors[own[-1]].seq}"
    places = ", ".join(sorted({mark.place for mark in state.anchors.values()}))
    return f"there is none at {place}: the seals name {places}. Set TIEOUT_TRAIL_ANCHOR to where it lies."


def _cut(name: str, here: str, state: State, digests: Mapping[Any, str]) -> Iterator[str]:
    mark = state.anchors[name]
    if name != here:
        yield f"was begun anew: the one before, last named by entry {mark.seq} of the seals, is gone"
    elif digests.get((name, mark.line)) != mark.digest:
        yield f"was cut short or replaced: entry {mark.seq} of the seals says that it had {mark.line} lines"
