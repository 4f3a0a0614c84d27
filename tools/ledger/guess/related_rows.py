"""How many rows of two books speak of the same thing although their amounts differ.

A number of one book (of an invoice, a reference) stands in the text of the other, or both name a party and
nearly the same amount: one transfer for several invoices, instalments, what a bank keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.books.engine import Books
from tools.ledger import document_numbers, vendor

_MOST: Final = 20_000  # rows of a book that are looked at: the latest
_LEAST: Final = 4  # letters of a word
_RARE: Final = 3  # rows of its own book that a number may stand on and still identify them
_GATHERED: Final = 12  # rows of the other book that may name it: instalments
_COMMON: Final = 0.3  # share of a book's rows above which a word is nobody's name
_NEAR: Final = 0.94  # share of an amount that a bank or a card scheme leaves of it, at least
_DAYS: Final = 45
_SURE: Final = 0.8  # share of related rows that go one way
_FEW: Final = 3
_SHARE: Final = 0.2  # of the smaller book's rows

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Related:
    """Rows of the left book that speak of rows of the right one; `turn`: 1 for one sign of amounts, else -1.

    numbered: of `rows`, those whose number stands on the other side. of: rows of the left book. smaller:
    rows of the smaller book. lag: days within which 95% of them are.
    """

    rows: int
    numbered: int
    of: int
    smaller: int
    turn: int
    lag: int

    @property
    def is_enough(self) -> bool:
        """Whether they are too many for chance."""
        few = self.rows >= _FEW or self.rows == self.smaller == _FEW - 1
        return few and self.rows >= _SHARE * self.smaller


def related(books: Books, left: str, right: str, account: str | None = None) -> Related:
    """Relate the rows of two sources; account: of the right one, the account that counts."""
    ours, theirs = _rows(books, left, None), _rows(books, right, account)
    numbered = set(_numbered(ours, theirs)) | {(at, to) for to, at in _numbered(theirs, ours)}
    near = set(_pairs_by_word(ours, theirs))
    pairs = {(at, to) for at, to in numbered | near if ours[at]["currency"] == theirs[to]["currency"]}
    turn, agreeing = _one_way(ours, theirs, pairs)
    days = sorted(abs(ours[at]["day"] - theirs[to]["day"]) for at, to in agreeing)
    return Related(
        rows=len({at for at, _ in agreeing}),
        numbered=len({at for at, _ in agreeing & numbered}),
        of=len(ours),
        smaller=min(len(ours), len(theirs)),
        turn=turn,
        lag=days[int(0.95 * (len(days) - 1))] if days else 0,
    )


def _rows(books: Books, source: str, account: str | None) -> Sequence[Row]:
    return books.rows(
        "SELECT posted_day AS day, amount_minor AS amount, currency, invoice_no, reference, vendor_name,"
        " description FROM txn WHERE source = $source AND ($account IS NULL OR account = $account)"
        " AND posted_day IS NOT NULL AND amount_minor <> 0 ORDER BY posted_day DESC, row_key LIMIT $most",
        {"source": source, "account": account, "most": _MOST},
    )


def _numbered(ours: Sequence[Row], theirs: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Give the rows whose own number stands in the other book's text."""
    own: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(ours):
        for number in {document_numbers.plain(row[name] or "") for name in ("invoice_no", "reference")}:
            if document_numbers.identifies(number):
                own[number].append(at)
    hits: dict[str, list[int]] = defaultdict(list)
    for to, row in enumerate(theirs):
        for run in set(_runs(_text(row))):
            if run in own:
                hits[run].append(to)
    for number, places in hits.items():
        if len(own[number]) <= _RARE and len(places) <= _GATHERED:
            yield from ((at, to) for at in own[number] for to in places)


def _pairs_by_word(ours: Sequence[Row], theirs: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Give the rows that share a rare word, nearly the amount and about the day."""
    left, right = _by_word(ours), _by_word(theirs)
    for word in left.keys() & right.keys():
        by_amount = sorted((abs(theirs[to]["amount"]), to) for to in right[word])
        for at in left[word]:
            amount, day = abs(ours[at]["amount"]), ours[at]["day"]
            yield from (
                (at, to)
                for size, to in by_amount
                if _NEAR * max(size, amount) <= min(size, amount) and abs(theirs[to]["day"] - day) <= _DAYS
            )


def _by_word(rows: Sequence[Row]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        for word in set(document_numbers.WORD.findall(_text(row))):
            if len(word) >= _LEAST and word.isalpha() and word not in vendor.LEGAL_FORMS:
                places[word].append(at)
    most = max(2, min(_COMMON * len(rows), 500))
    return {word: at for word, at in places.items() if len(at) <= most}


def _one_way(
    ours: Sequence[Row], theirs: Sequence[Row], pairs: set[tuple[int, int]]
) -> tuple[int, set[tuple[int, int]]]:
    """Give the way that most related rows go, and those; nothing where they go both ways."""
    same = {(at, to) for at, to in pairs if (ours[at]["amount"] > 0) == (theirs[to]["amount"] > 0)}
    turn, agreeing = (1, same) if 2 * len(same) >= len(pairs) else (-1, pairs - same)
    return turn, agreeing if len(agreeing) >= _SURE * len(pairs) else set()


def _text(row: Row) -> str:
    cells = (row["invoice_no"], row["reference"], row["vendor_name"], row["description"])
    return " | ".join(cell for cell in cells if cell).upper()


def _runs(text: str) -> Iterator[str]:
    """Give up to four words of a text run together, wherever they begin."""
    words = document_numbers.WORD.findall(text)
    for at in range(len(words)):
        for size in range(1, min(document_numbers.MOST_WORDS, len(words) - at) + 1):
            yield "".join(words[at : at + size])
