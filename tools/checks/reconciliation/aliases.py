"""What parties are called: names that the matches of this book tie to a party that is written otherwise.

A later run of the same entity takes them for known: tools.store.aliases keeps them, the snapshot brings them.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from tools.books import check_tables
from tools.books.engine import Books
from tools.checks.reconciliation import size_limits
from tools.checks.reconciliation.sides import items
from tools.checks.reconciliation.sides.vocabulary import FEES, INTEREST, NOBODY, UNDOING
from tools.ledger.vendor import LEGAL_FORMS

_SURE: Final = 0.9  # confidence of matches to learn from
_SHARE: Final = 0.9  # of a name's matches that have to be with one party
_LEAST: Final = 2  # matches that say so
_NO_NAME: Final = NOBODY | LEGAL_FORMS | UNDOING | FEES | INTEREST


def learn(books: Books) -> None:
    """Fill `learned_alias` from what was settled.

    A long book is not looked through: it has learned them before it was long. Words that any bank writes
    before any name ("ACH PMT", "DEPOSIT") are nobody's alias.
    """
    books.create("learned_alias", check_tables.LEARNED_ALIAS)
    if books.count("settled") > size_limits.ALIASED_MATCHES:
        return
    books.execute(items.text("aliases"), {"sure": _SURE, "share": _SHARE, "least": _LEAST})
    keys = books.query("SELECT DISTINCT alias_key FROM learned_alias")["alias_key"].to_pylist()
    nobody = [key for key in keys if _NO_NAME.issuperset(key.split())]
    books.connection.register("nobody", pa.table({"alias_key": pa.array(nobody, pa.string())}))
    books.execute("DELETE FROM learned_alias WHERE alias_key IN (SELECT alias_key FROM nobody)")
    books.connection.unregister("nobody")
