"""Claims by what a posting may say of them: their number, a document's, or who pays.

ClaimIndex(candidates).likely(row, text) -> list[Candidate]     all that a posting can be for, in their order
BankText.of(row)                                               what a bank's text says, read once
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.recovery.candidates import Candidate, plain
from tools.store.models import RecoveryParty

_WORD: Final = re.compile(r"[A-Z0-9]+")
_SHORT: Final = 3  # words up to this long name nobody
_NAMED: Final = 2  # words of a party's name that a bank has to give
Row = Mapping[str, Any]


@dataclass(frozen=True)
class BankText:
    """A bank's text: its letters and digits alone, what may be numbers, and the description's words."""

    plain: str
    numbers: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, row: Row) -> BankText:
        """Read the description and the reference of a posting."""
        description = str(row["description"] or "").upper()
        text = f"{description} {row['reference'] or ''}".upper()
        numbers = {*_WORD.findall(text), *(plain(part) for part in text.split())}
        return cls(plain(text), frozenset(numbers), frozenset(_WORD.findall(description)))

    def names(self, party: RecoveryParty) -> bool:
        """Say whether it has the first words of a party's name, or how they begin: banks cut names."""
        words = _name_words(party)
        return bool(words) and all(self._has(word) for word in words)

    def _has(self, word: str) -> bool:
        return word in self.words or any(len(part) > _SHORT and word.startswith(part) for part in self.words)


class ClaimIndex:
    """Candidates, found by the words of a posting instead of one by one."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._by_number: dict[str, set[int]] = defaultdict(set)
        self._by_id: dict[int, dict[str, int]] = defaultdict(dict)  # by length: ids stand anywhere in a text
        self._by_beginning: dict[str, set[int]] = defaultdict(set)
        self._by_party: dict[str, set[int]] = defaultdict(set)
        frequency = Counter(word for candidate in candidates for word in _name_words(candidate.party))
        for at, candidate in enumerate(candidates):
            self._add(at, candidate, frequency)

    def _add(self, at: int, candidate: Candidate, frequency: Mapping[str, int]) -> None:
        claim_id, party = candidate.plain_id, candidate.party
        self._by_id[len(claim_id)][claim_id] = at
        for number in candidate.numbers:
            self._by_number[number].add(at)
        for name in (party.external_id, party.party_key):
            self._by_party[str(name)].add(at)
        rarest = min(_name_words(party), key=lambda word: frequency[word], default="")
        for length in range(_SHORT + 1, len(rarest) + 1):
            self._by_beginning[rarest[:length]].add(at)

    def likely(self, row: Row, text: BankText | None) -> list[Candidate]:
        """Give the candidates that a posting names, or whose party pays it; some may turn out not to be.

        text: of a posting on a bank account.
        """
        places = self._by_payer(row) if text is None else self._by_text(text)
        return [self._candidates[at] for at in sorted(set(places))]

    def _by_payer(self, row: Row) -> Iterator[int]:
        for name in (row["vendor_id"], row["vendor_key"]):
            yield from self._by_party.get(str(name or "-"), ())

    def _by_text(self, text: BankText) -> Iterator[int]:
        for number in text.numbers:
            yield from self._by_number.get(number, ())
        for word in text.words:
            yield from self._by_beginning.get(word, ())
        for length, ids in self._by_id.items():
            for start in range(len(text.plain) - length + 1):
                if (at := ids.get(text.plain[start : start + length])) is not None:
                    yield at


def _name_words(party: RecoveryParty) -> list[str]:
    return [word for word in party.party_key.split() if len(word) > _SHORT][:_NAMED]
