"""Which mails belong together: by what they answer, and, where they don't say, by subject and people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_ANSWER: Final = re.compile(r"^\s*((re|aw|antw|sv|fwd?|wg|tr)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NEAR: Final = timedelta(days=30)


@dataclass(frozen=True)
class Letter:
    """What of a mail says where it belongs. sent: naive, in one zone."""

    doc_id: str
    refs: str
    sent: datetime | None
    subject: str
    people: str


def threads(letters: Sequence[Letter]) -> dict[str, str]:
    """Give doc_id -> thread id, whatever the order of the mails.

    Mails that name each other (References, In-Reply-To) are one thread. An answer ("Re: ...") that names
    nothing belongs to the latest mail of that subject in the 30 days before, if its sender was in it.
    """
    parent: dict[str, str] = {}

    def root(one: str) -> str:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one, other in [*_named(letters), *_by_subject(letters)]:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return {letter.doc_id: root(letter.doc_id) for letter in letters}


def _named(letters: Iterable[Letter]) -> Iterable[tuple[str, str]]:
    for letter in letters:
        for ref in letter.refs.split():
            yield letter.doc_id, ref


def _by_subject(letters: Iterable[Letter]) -> Iterable[tuple[str, str]]:
    latest: dict[str, list[tuple[datetime, str, frozenset[str]]]] = {}
    dated = [(letter.sent, letter.doc_id, letter) for letter in letters if letter.sent is not None]
    for sent, doc_id, letter in sorted(dated, key=lambda one: one[:2]):
        subject = _ANSWER.sub("", letter.subject).strip().casefold()
        people = frozenset(address.lower() for address in _ADDRESS.findall(letter.people))
        earlier = latest.setdefault(subject, [])
        if subject and not letter.refs and _ANSWER.match(letter.subject):
            near = (
                other for at, other, others in reversed(earlier) if sent - at <= _NEAR and people & others
            )
            if (found := next(near, None)) is not None:
                yield doc_id, found
        earlier.append((sent, doc_id, people))
        del earlier[:-50]
