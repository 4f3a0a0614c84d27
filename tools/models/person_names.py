"""Find what reads like a person's name in what somebody wrote: people whom the books do not know."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

# Words that begin sentences, titles and letters with a capital, and are nobody's name.
_COMMON: Final = frozenset(
    (
        "a about account accounts after again agreed all also amount an and annual any approval approved "
        "approver as at attached bank batch before best billing budget but by call card case cash change "
        "charge check cheque client closing confirm confirmed contract copy corporate credit customer "
        "date day deal dear debit delivery department deposit dinner director discount document due each "
        "email entry error event expense fee fees file final finance first flag for freight from general "
        "go good group have hello hi hotel i if in interest internal international invoice invoices is "
        "it items january february march july september october november december journal kind kindly "
        "last late ledger letter limit line list lunch management manager meeting memo monday tuesday "
        "wednesday thursday friday saturday sunday monthly new next no not note notice number of office "
        "ok on one only open order orders our out paid paper part partner pay payable payables payment "
        "payments payroll period plan please po policy price project purchase quarter quarterly question "
        "re receipt received reference refund regards report request review sale sales second see senior "
        "sent service services sheet sincerely software statement subject subscription supplier supplies "
        "supply tax team terms thank thanks that the their there these they this to total transaction "
        "transfer travel trip update urgent vendor vendors via vp was we wednesday week weekly were what "
        "when wire with work yes you your"
    ).split()
)
_WORD: Final = r"[^\W\d_a-z](?:[^\W\d_]|['\u2019-](?=[^\W\d_]))+"  # a letter that is not lower, then letters
_BETWEEN: Final = r"(?:\s+(?:[^\W\d_]\.|van|von|der|den|de|del|della|di|da|la|le|el|al|bin|ibn|st\.?))*"
_RUN: Final = re.compile(rf"(?<![\w@]){_WORD}(?:{_BETWEEN}\s+{_WORD})+(?![\w@])")
_CUED: Final = re.compile(
    rf"(?i:\b(?:ask|asked|attn:?|attention|call|cc:?|from|mr\.?|mrs\.?|ms\.?|dr\.?|per|tell|told|with|by|and|or|to|for))"
    rf"\s+(?P<name>{_WORD})(?![\w@])"
)


def replaced(text: str, put: Callable[[str], str]) -> str:
    """Give the text with what reads like a name replaced.

    Two or more capitalised words together, and a capitalised word behind one that names people ("ask",
    "from", "Mr"). Words that are capitalised in every letter are initials or headings, and stay.
    """
    text = _RUN.sub(lambda match: _run(match[0], put), text)
    return _CUED.sub(lambda match: _cued(match, put), text)


def _run(words: str, put: Callable[[str], str]) -> str:
    """Leave common words at either end as they are."""
    parts = re.split(r"(\s+)", words)
    start, end = 0, len(parts)
    while start < end and common(parts[start]):
        start += 2
    while end > start and common(parts[end - 1]):
        end -= 2
    if start >= end:
        return words
    return "".join([*parts[:start], put("".join(parts[start:end])), *parts[end:]])


def _cued(match: re.Match[str], put: Callable[[str], str]) -> str:
    name = match["name"]
    return match[0] if common(name) else match[0].removesuffix(name) + put(name)


def common(word: str) -> bool:
    """Say whether a capitalised word is an ordinary one, or initials or a heading."""
    return word.lower() in _COMMON or word.isupper()
