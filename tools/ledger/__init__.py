"""The reading side: from a sources file to a snapshot of canonical tables."""

from tools.ledger.reading import read
from tools.ledger.totals import recheck
from tools.ledger.window import Window

__all__ = ["Window", "read", "recheck"]
