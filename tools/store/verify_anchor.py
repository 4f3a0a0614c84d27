"""The seals against what lies outside the store: the anchor here, and others that the seals name.

outside(store, state, hashes) -> [Problem]
elsewhere(store, state) -> [place]             anchors of other machines, which cannot be looked at here
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tools.store import anchor
from tools.store.database import Store
from tools.store.keys import key
from tools.store.verify_seals import AnchorMark, State
from tools.store.verify_trail import Problem, anchor_lines, anchor_problems


@dataclass
class _Files:
    """The anchors that this machine has: digests of lines by anchor and number, and what is wrong."""

    digests: dict[str, dict[int, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def outside(store: Store, state: State, hashes: Mapping[str, str]) -> list[Problem]:
    """Hold the seals against the anchor, and the anchor against what the seals say of it.

    hashes: of the seals' entries, by number.
    """
    place = anchor.place_of(store)
    files, absent = _read(store, state, hashes, place)
    if files.problems and not files.digests:
        return files.problems
    if absent and state.anchors:
        return [Problem("anchor", 0, _absent(state, place))]
    return files.problems + [
        Problem("anchor", 0, what)
        for name, mark in state.anchors.items()
        for what in _cut(store, mark, files.digests.get(name), place)
    ]


def elsewhere(store: Store, state: State) -> list[str]:
    """Name the places of anchors on other machines that share a store on a server."""
    if store.dialect == "sqlite":
        return []
    return sorted({mark.place for mark in state.anchors.values() if anchor.path_at(mark.place) is None})


def _read(store: Store, state: State, hashes: Mapping[str, str], current: str) -> tuple[_Files, bool]:
    """Read the anchor here and those of other places on this machine; say whether the one here is absent."""
    files, absent = _Files(), False
    for place in dict.fromkeys((current, *(mark.place for mark in state.anchors.values()))):
        path = anchor.path_at(place)
        text = anchor.text_of(path) if path else None
        lines, forged = anchor_lines(text or "", key(store))
        absent = absent or (place == current and not lines and not forged)
        name = lines[0][0]["anchor"] if lines else ""
        counts = place == current or (name in state.anchors and name not in files.digests)
        if text is None or not counts:
            continue
        files.problems += anchor_problems(text, hashes, key(store))
        for line, digest in lines:
            files.digests.setdefault(line["anchor"], {})[line["line"]] = digest
    return files, absent


def _absent(state: State, place: str) -> str:
    places = {mark.place: mark.seq for mark in state.anchors.values()}
    if place in places:
        return f"is gone or empty: the seals name one at {place}, last in entry {places[place]}"
    return (
        f"there is none at {place}: the seals name {', '.join(sorted(places))}. "
        "Set TIEOUT_TRAIL_ANCHOR to where it lies."
    )


def _cut(store: Store, mark: AnchorMark, digests: Mapping[int, str] | None, place: str) -> Iterator[str]:
    machine = anchor.path_at(mark.place) is not None or store.dialect == "sqlite"
    if digests is None and mark.place == place:
        yield f"was begun anew: the one before, last named by entry {mark.seq} of the seals, is gone"
    elif digests is None and machine:
        yield f"of {mark.place} is gone; entry {mark.seq} of the seals says that it had {mark.line} lines"
    elif digests is not None and digests.get(mark.line) != mark.digest:
        yield f"was cut short or replaced: entry {mark.seq} of the seals says that it had {mark.line} lines"
