"""Make small books for a test: see tools.checks.case_books."""

from tools.checks.case_books import EPOCH, RESULTS, TXN_DEFAULTS, Rows, day, make_books

__all__ = ["EPOCH", "RESULTS", "TXN_DEFAULTS", "Rows", "day", "make_books"]
