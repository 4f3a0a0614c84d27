"""Whether somebody says a thing plainly: not asked, denied, on a condition, planned, undone, or of others.

plainly(text, subject, patterns, against) -> bool

"Once our customer has paid us, we will refund you" has the words of a payment, and none was made. What
stands against a sentence is data (answer_rules.yaml, not_meant). A wrong sure answer is worse than one that a
person reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

_UNDONE: Final = "undone"  # speaks against a whole mail, not a sentence
_SENTENCE: Final = re.compile(
    r"(?<=[.!?;])(?<!\d\.)(?<!\b(?:no|nr|mr|dr|st)\.)(?<!\bref\.)\s+|\n{2,}"  # "3. März", "no. 5512" go on
)
_CLAUSE: Final = re.compile(
    r"\s*[,:;()\u2013\u2014]\s+|\s+-\s+|\s+(?:and|but|und|aber|et|mais|y|pero|e|ma|en|maar)\s+"
)
_NAMED: Final = re.compile(
    r"\b(?:invoices?|bills?|rechnung(?:en)?|facturen?|facturas?|fattur[ae]|order|bestellung|commande|pedido)"
    r"\s+(?:no\.?\s*|nr\.?\s*|n°\s*)?((?=\S*\d)[\w/-]{2,20})"
)
_TOKEN: Final = re.compile(r"(?<![\w-])(?=[\w/-]*\d)[\w/-]{2,20}")


def plainly(text: str, subject: str, patterns: Iterable[re.Pattern[str]], against: Mapping[str, str]) -> bool:
    """Say whether some sentence, or clause of one, has a pattern and nothing against it.

    text, subject: in lower case; the subject names the documents that are meant, where it names any.
    """
    if _UNDONE in against and re.search(against[_UNDONE], text):
        return False
    if set(against) == {_UNDONE}:
        return True
    marks = _joined(tuple(against[name] for name in sorted(against) if name != _UNDONE))
    asked, ours = tuple(patterns), set(_TOKEN.findall(subject))
    return any(
        any(pattern.search(part) for pattern in asked)
        and not marks.search(part)
        and not (ours and set(_NAMED.findall(part)) - ours)
        for sentence in _SENTENCE.split(text)
        if not sentence.rstrip().endswith("?")
        for part in (sentence, *_clauses(sentence))
    )


def _clauses(sentence: str) -> Iterator[str]:
    parts = [part for part in _CLAUSE.split(sentence) if part]
    if len(parts) > 1:
        yield from parts


@cache
def _joined(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
