"""Verify an exported trail with nothing but Python: no package of ours, no database.

    python verify_trail.py trail.jsonl [--key-file trail.key] [--anchor tieout.anchor]

The file has one JSON object a line: the entries of a run in order, then {"head": ...}. Several runs may
follow each other; an export of everything has the desk's own trail and the seals, which name the others.
An anchor is the file outside the store that says how far the seals had come: a trail that is cut back
as a whole, to a state that was once signed, is found by it alone.

Entry n carries the SHA-256 of entry n-1 and its own, over its canonical JSON (sorted keys, no spaces,
ASCII) without "hash". The head names the last entry and is signed with HMAC-SHA256 over its canonical
JSON without "signature". The key is taken from --key-file or TIEOUT_TRAIL_KEY; without one the chain is
checked and the signature is not. Exit code 0: nothing found; 1: something found; 2: wrong use.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DESK = "desk"  # the trail that names the others
SEALS = "seals"  # the trail of what each commit wrote: digests of rows, and the heads of other trails
FIRST = "0" * 64  # what the first entry has for the hash before it
FIELDS = frozenset(
    "run_id seq at actor action inputs outputs sizes model tokens_in tokens_out cost duration_ms error "
    "details once prev_hash hash".split()
)
ANCHOR_FIELDS = ("run_id", "seq", "hash")
HEAD_FIELDS = frozenset(("run_id", "seq", "hash", "key_id", "signature"))
LINE_FIELDS = frozenset(("anchor", "line", "seq", "hash", "at", "prev", "key_id", "signature"))
Entry = dict[str, Any]
Held = tuple[str, list[Entry], Entry | None]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a trail, and where: seq 0 is the trail as a whole."""

    run_id: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.run_id} {self.seq}: {self.what}" if self.seq else f"{self.run_id}: {self.what}"


@dataclass(frozen=True)
class Anchor:
    """An entry of a run's trail as the desk's own trail names it."""

    run_id: str
    seq: str
    hash: str


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical(value: object) -> str:
    """Write a JSON value in the one form that is hashed."""
    return _CANONICAL.encode(value)


def entry_hash(entry: Entry) -> str:
    """Give the hash that an entry should carry."""
    body = {name: value for name, value in entry.items() if name != "hash"}
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def signature(head: Entry, key: bytes) -> str:
    """Give the signature that a head should carry."""
    body = {name: value for name, value in head.items() if name != "signature"}
    return hmac.new(key, canonical(body).encode(), hashlib.sha256).hexdigest()


def key_id(key: bytes) -> str:
    """Give the name of a key, which tells nothing about it."""
    return hashlib.sha256(b"tieout trail key " + key).hexdigest()[:12]


def problems(
    run_id: str,
    entries: Iterable[Entry],
    head: Entry | None,
    key: bytes | None,
    after: tuple[int, str] = (0, FIRST),
) -> list[Problem]:
    """Find every change, gap, reordering and truncation of one run's trail, and a forged head.

    after: the number and hash of the entry that these follow, where those before were verified.
    """
    faults: list[Problem] = []
    before, expected = after[1], after[0] + 1
    for entry in entries:
        faults += [Problem(run_id, expected, what) for what in _entry(run_id, entry, expected, before)]
        before, expected = str(entry.get("hash")), expected + 1
    return faults + [Problem(run_id, 0, what) for what in _head(run_id, head, expected - 1, before, key)]


def anchored(entries: Iterable[Entry]) -> list[Anchor]:
    """Give what the desk's own trail says of other trails."""
    details = (entry.get("details") for entry in entries)
    anchors = (detail.get("anchor") for detail in details if isinstance(detail, dict))
    return [
        Anchor(*map(str, map(anchor.get, ANCHOR_FIELDS))) for anchor in anchors if isinstance(anchor, dict)
    ]


def unanchored(run_id: str, entries: Sequence[Entry], anchors: Iterable[Anchor]) -> list[Problem]:
    """Find where a run's trail is not what the desk's said of it when the run started and ended."""
    links = {(str(entry.get("seq")), str(entry.get("hash"))) for entry in entries}
    what = "the desk's trail names another entry {}: cut back or replaced"
    return [
        Problem(run_id, 0, what.format(anchor.seq))
        for anchor in anchors
        if anchor.run_id == run_id and (anchor.seq, anchor.hash) not in links
    ]


def sealed_heads(seals: Iterable[Entry]) -> dict[str, tuple[str, str]]:
    """Give how far each trail had come at the last commit that the seals know: (seq, hash)."""
    heads: dict[str, tuple[str, str]] = {}
    for entry in seals:
        details = entry.get("details")
        named = details.get("heads") if isinstance(details, dict) else None
        for run_id, head in named.items() if isinstance(named, dict) else ():
            if isinstance(head, list) and len(head) == len(("seq", "hash")):
                heads[str(run_id)] = (str(head[0]), str(head[1]))
    return heads


def unsealed(run_id: str, entries: Sequence[Entry], heads: dict[str, tuple[str, str]]) -> list[Problem]:
    """Find a trail that does not end where the seals say."""
    last = (str(entries[-1].get("seq")), str(entries[-1].get("hash"))) if entries else ("0", FIRST)
    sealed = heads.get(run_id)
    if sealed is None or sealed == last:
        return []
    what = f"ends at entry {last[0]}, the seals say at {sealed[0]}: cut back, replaced or added to"
    return [Problem(run_id, 0, what)]


def anchor_lines(text: str, key: bytes | None) -> tuple[list[tuple[Entry, str]], list[Problem]]:
    """Read an anchor: its lines with their digests, and those that were forged.

    What is no line at all is what an interrupted write leaves behind; the digests show what is missing.
    """
    lines: list[tuple[Entry, str]] = []
    forged: list[str] = []
    for piece in text.split("\n"):
        line = _read(piece)
        if line is None or line.keys() != LINE_FIELDS:
            continue
        if key is not None and not _is_signed(line, key):
            another_key = line["key_id"] != key_id(key)
            forged.append(
                "was signed with another key" if another_key else "is forged: the signature is not ours"
            )
        else:
            lines.append((line, hashlib.sha256(piece.encode()).hexdigest()))
    counted = {what: forged.count(what) for what in forged}
    return lines, [Problem("anchor", 0, f"{many} lines: each {what}") for what, many in counted.items()]


def anchor_problems(text: str, hashes: Mapping[str, str], key: bytes | None) -> list[Problem]:
    """Find lines of an anchor that were changed or left out, and those that the seals do not bear out.

    hashes: of the seals' entries, by number.
    """
    lines, faults = anchor_lines(text, key)
    before = FIRST
    for number, (line, digest) in enumerate(lines, start=1):
        if (line["line"], line["prev"], line["anchor"]) != (number, before, lines[0][0]["anchor"]):
            faults.append(Problem("anchor", 0, f"line {number} does not follow from the one before"))
        before = digest
    return faults + unborne([line for line, _ in lines], hashes)


def unborne(lines: Iterable[Entry], hashes: Mapping[str, str]) -> list[Problem]:
    """Find what lines of an anchor know of the seals that is not there: the store was cut back."""
    missed = [line for line in lines if hashes.get(str(line["seq"])) != line["hash"]]
    if not missed:
        return []
    what = (
        f"names {len(missed)} entries of the seals that are not there, from {missed[0]['seq']} "
        f"({missed[0]['at']}) to {missed[-1]['seq']} ({missed[-1]['at']}): the store was emptied, "
        "cut back or replaced by an older copy"
    )
    return [Problem("anchor", 0, what)]


def _is_signed(value: Entry, key: bytes) -> bool:
    return hmac.compare_digest(str(value["signature"]).encode(), signature(value, key).encode())


def _entry(run_id: str, entry: Entry, expected: int, before: str) -> Iterator[str]:
    if entry.keys() != FIELDS:
        yield f"has other fields: {', '.join(sorted(entry.keys() ^ FIELDS))}"
    if entry.get("run_id") != run_id:
        yield f"belongs to run {entry.get('run_id')}"
    if entry.get("seq") != expected:
        yield f"a gap or another order: entry {entry.get('seq')} stands here"
    if entry.get("prev_hash") != before:
        yield "does not follow from the entry before"
    if entry.get("hash") != entry_hash(entry):
        yield "was changed: its hash is not that of its content"


def _head(run_id: str, head: Entry | None, seq: int, last: str, key: bytes | None) -> Iterator[str]:
    if head is None:
        yield "has no signed head"
        return
    if head.keys() != HEAD_FIELDS or head["run_id"] != run_id:
        yield "the head is of another run or has other fields"
        return
    if (head["seq"], head["hash"]) != (seq, last):
        yield f"truncated or extended: {seq} entries, the head was signed at {head['seq']}"
    if key is None:
        return
    if head["key_id"] != key_id(key):
        yield f"the head was signed with another key ({head['key_id']}, not {key_id(key)})"
    elif not _is_signed(head, key):
        yield "the head is forged: its signature is not ours"


def read_lines(lines: Iterable[str]) -> tuple[list[Held], list[Problem]]:
    """Read an export: (run, entries, head) for each run, and the lines that are not as written."""
    runs: list[Held] = []
    faults: list[Problem] = []
    entries: list[Entry] = []
    for number, line in enumerate(lines, start=1):
        value = _read(line)
        if value is None:
            faults.append(Problem(f"line {number}", 0, "is not as it was written"))
        elif isinstance(head := value.get("head"), dict):
            runs.append((str(head.get("run_id")), entries, head))
            entries = []
        else:
            entries.append(value)
    if entries:
        runs.append((str(entries[0].get("run_id")), entries, None))
    return runs, faults


def _read(line: str) -> Entry | None:
    text = line.removesuffix("\n")
    try:
        value = json.loads(text)
        return value if isinstance(value, dict) and canonical(value) == text else None
    except (ValueError, RecursionError):
        return None


def verify_lines(lines: Iterable[str], key: bytes | None, anchor: str | None = None) -> list[Problem]:
    """Find what is wrong with an export, held against the text of an anchor where there is one."""
    runs, faults = read_lines(lines)
    if not runs and not faults:
        return [Problem("export", 0, "holds no trail")]
    for run_id, entries, head in runs:
        faults += problems(run_id, entries, head, key)
    trails = {run_id: entries for run_id, entries, _ in runs}
    faults += _missed(trails)
    if anchor is None:
        return faults
    if SEALS not in trails:
        return [*faults, Problem("export", 0, "has no seals to hold against the anchor: export all trails")]
    hashes = {str(entry.get("seq")): str(entry.get("hash")) for entry in trails[SEALS]}
    return faults + anchor_problems(anchor, {"0": FIRST} | hashes, key)


def _missed(trails: dict[str, list[Entry]]) -> list[Problem]:
    """Hold an export of all trails against the desk's own and the seals; without these there is nothing."""
    anchors = anchored(trails.get(DESK, []))
    heads = sealed_heads(trails.get(SEALS, []))
    faults: list[Problem] = []
    for name in sorted({anchor.run_id for anchor in anchors} | heads.keys()):
        faults += unanchored(name, trails.get(name, []), anchors)
        faults += unsealed(name, trails.get(name, []), heads)
    return faults


def _key(path: str | None) -> bytes | None:
    if path:
        return Path(path).read_bytes().strip()
    secret = os.environ.get("TIEOUT_TRAIL_KEY", "")
    return secret.encode() or None


def main(arguments: list[str] | None = None) -> int:
    """Verify the named file, print what was found, give the exit code."""
    parser = argparse.ArgumentParser(description="Verify an exported trail.")
    parser.add_argument("file", help="what 'tieout trail RUN --export' wrote")
    parser.add_argument("--key-file", help="the key; default: TIEOUT_TRAIL_KEY")
    parser.add_argument("--anchor", help="the file outside the store that says how far the seals had come")
    options = parser.parse_args(arguments)
    try:
        key = _key(options.key_file)
        anchor = (
            Path(options.anchor).read_text(encoding="ascii", errors="replace") if options.anchor else None
        )
        with Path(options.file).open(encoding="ascii", errors="replace", newline="\n") as lines:
            faults = verify_lines(lines, key, anchor)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for problem in faults:
        sys.stdout.write(f"{problem}\n")
    signed = "" if key else " The signature was not checked: no key."
    sys.stdout.write(f"{len(faults)} problems.{signed}\n" if faults else f"Nothing was changed.{signed}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
