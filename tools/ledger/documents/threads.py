"""Which mails belong together: by what they answer, and, where they don't say, by subject and people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_ANSWER: Final = re.compile(r"^\s*((re|aw|antw|sv|fwd?|wg|tr)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NEAR: Final = timedelta(days=30)
_REMEMBERED: Final = 50  # mails of one subject


@dataclass(frozen=True)
class ThreadMail:
    """What of a mail says where it belongs. sent: naive, in one zone."""

    doc_id: str
    refs: str
    sent: datetime | None
    subject: str
    people: str


def threads(letters: Sequence[ThreadMail]) -> dict[str, str]:
    """Give doc_id -> thread id, whatever the order of the mails.

    A mail is in the thread of what it answers (In-Reply-To, else the nearest of its References that is
    here): it has one place, so no mail brings two threads together. An answer ("Re: ...") that names
    nothing belongs with the mails of that subject in the 30 days before that its sender was in.
    """
    ordered = sorted(letters, key=lambda letter: (str(letter.sent or "~"), letter.doc_id, letter.refs))
    by_id = {letter.doc_id: letter for letter in reversed(ordered)}
    parent = {name: _answered(letter, by_id) for name, letter in by_id.items()}
    roots = {name: _root(name, parent) for name in by_id}
    same = _Union()
    for later, earlier in _by_subject(ordered):
        same.join(roots[later], roots[earlier])
    return {name: same.root(root) for name, root in roots.items()}


class _Union:
    """Names that are one; the least of them is called."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, node: str) -> str:
        while (up := self._parent.get(node, node)) != node:
            node = up
        return node

    def join(self, left: str, right: str) -> None:
        first, second = sorted((self.root(left), self.root(right)))
        if first != second:
            self._parent[second] = first


def _answered(letter: ThreadMail, by_id: Mapping[str, ThreadMail]) -> str:
    refs = [ref for ref in letter.refs.split() if ref != letter.doc_id]
    return next((ref for ref in reversed(refs) if ref in by_id), refs[0] if refs else letter.doc_id)


def _root(name: str, parent: Mapping[str, str]) -> str:
    visited = {name}
    while (up := parent.get(name, name)) not in visited:
        visited.add(up)
        name = up
    return name if parent.get(name, name) == name or name not in parent else min(visited)


def _by_subject(letters: Iterable[ThreadMail]) -> Iterator[tuple[str, str]]:
    """Join mails of one subject, as pairs; letters: the oldest first."""
    latest: dict[str, list[tuple[datetime, str, frozenset[str]]]] = {}
    for letter in letters:
        subject = _ANSWER.sub("", letter.subject).strip().casefold()
        if letter.sent is None or letter.refs or not subject:
            continue
        people = frozenset(address.lower() for address in _ADDRESS.findall(letter.people))
        earlier = latest.setdefault(subject, [])
        if _ANSWER.match(letter.subject):
            near = (mail for mail in earlier if letter.sent - mail[0] <= _NEAR and people & mail[2])
            yield from ((letter.doc_id, doc_id) for _, doc_id, _ in near)
        earlier.append((letter.sent, letter.doc_id, people))
        del earlier[:-_REMEMBERED]
