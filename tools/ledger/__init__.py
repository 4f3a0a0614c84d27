"""The reading side: from a sources file to a snapshot of canonical tables.

Readers of every format are loaded when something is read, not by whoever needs a vendor's key.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.ledger.reading import read
    from tools.ledger.totals import recheck
    from tools.ledger.validate import check_files
    from tools.ledger.window import Window

__all__ = ["Window", "check_files", "read", "recheck"]
_HOME = {"Window": "window", "check_files": "validate", "read": "reading", "recheck": "totals"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
