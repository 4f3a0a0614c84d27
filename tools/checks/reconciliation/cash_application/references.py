"""What a reference says about which invoice it means: exactly, in other words, with a slip, or nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

EXACT: Final = 8.0
SLIP: Final = 3.5
SILENT: Final = 0.0
ELSEWHERE: Final = -3.0  # it is exactly another invoice's
NOWHERE: Final = -6.0  # it looks like an invoice number, and no invoice has one like it
_RATHER_EXACT: Final = 1.5  # a slip is less likely where the number as written exists

_PARTS: Final = re.compile(r"[A-Z]+|\d+")


class References:
    """The invoice numbers of a book, to be looked up by what people write for them."""

    def __init__(self, numbers: Iterable[tuple[int, str]]) -> None:
        """Take (position, invoice number) of every invoice."""
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._digits: dict[str, set[int]] = defaultdict(set)
        self._slips: dict[str, set[int]] = defaultdict(set)
        self._prefixes: set[str] = set()
        for at, written in numbers:
            self._exact[_plain(written)].add(at)
            self._prefixes.add(_prefix(written))
            digits = _digits(written)
            if digits:
                self._digits[digits.lstrip("0")].add(at)
                for slip in _slips(digits):
                    self._slips[slip].add(at)

    def candidates(self, written: str) -> Mapping[int, float]:
        """Give the invoices that a reference may mean, with the log-odds that it does."""
        exact = self._exact.get(_plain(written), set())
        digits = _digits(written)
        if not digits or not self._speaks_of_invoices(written):
            return dict.fromkeys(exact, EXACT)
        same = exact or self._digits.get(digits.lstrip("0"), set())
        slips = {at for slip in (digits, *_slips(digits)) for at in self._slips.get(slip, ())}
        slip = SLIP - _RATHER_EXACT if same else SLIP
        return {**dict.fromkeys(slips, slip), **dict.fromkeys(same, EXACT)}

    def of_others(self, written: str) -> float:
        """Give the log-odds for an invoice that the reference does not mean."""
        if any(odds == EXACT for odds in self.candidates(written).values()):
            return ELSEWHERE
        return NOWHERE if _digits(written) and self._speaks_of_invoices(written) else SILENT

    def _speaks_of_invoices(self, written: str) -> bool:
        prefix = _prefix(written)
        return prefix in self._prefixes or prefix in _INVOICE_WORDS


_INVOICE_WORDS: Final = frozenset(
    {"", "INV", "INVOICE", "BILL", "DOC", "NO", "NR", "RE", "RG", "FACT", "FACTURE"}
)


def _plain(written: str) -> str:
    return "".join(_PARTS.findall(written.upper()))


def _digits(written: str) -> str:
    runs = re.findall(r"\d+", written)
    return max(runs, key=len) if runs else ""


def _prefix(written: str) -> str:
    letters = re.match(r"[A-Z]*", "".join(re.findall(r"[A-Z0-9]", written.upper())))
    return letters[0] if letters else ""


def _slips(digits: str) -> set[str]:
    """Give each number with one digit blotted out, and with two neighbours exchanged."""
    blotted = {digits[:n] + "?" + digits[n + 1 :] for n in range(len(digits))}
    swapped = {digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] for n in range(len(digits) - 1)}
    return blotted | (swapped - {digits})
