"""The reading side: from a sources file to a snapshot of canonical tables."""

from tools.ledger.reading import read
from tools.ledger.totals import recheck
from tools.ledger.validate import check_files
from tools.ledger.window import Window

__all__ = ["Window", "check_files", "read", "recheck"]
