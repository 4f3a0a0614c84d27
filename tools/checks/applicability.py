"""Whether a test can run on these books at all, by the kinds of rows and columns that it needs."""

from __future__ import annotations

from tools.books.engine import Books
from tools.rules.model import Rules
from tools.rules.test_header import BookTest

_UNPAIRED = {
    "pair.rows": "no two sources are declared to agree",
    "pair.entries": "no two sources are declared to agree, and there is no ledger",
    "pair.documents": "no source is declared to document another",
    "pair.statement": "no source is declared to be paid by statement",
}


def not_applicable(books: Books, test: BookTest, rules: Rules) -> str:
    """Say why a test cannot run on these books, or "" when it can."""
    if not rules.enabled(test):
        return "switched off"
    kinds_of_books = {*books.manifest.kinds(), *books.manifest.sources.values()}
    kinds = [kind for kind in test.kinds if kind in kinds_of_books]
    if test.kinds and not kinds:
        return f"no source of kind {' or '.join(test.kinds)}"
    missing = [need for need in test.needs if not books.has(need, kinds)]
    if missing and missing[0] in _UNPAIRED:
        return _UNPAIRED[missing[0]]
    return f"no values in {', '.join(missing)}" if missing else ""
