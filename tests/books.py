"""Make small books for a test: see tools.checks.case_books."""

from tools.checks.case_books import EPOCH, TXN_DEFAULTS, Rows, day, make_books

__all__ = ["EPOCH", "TXN_DEFAULTS", "Rows", "day", "make_books"]
