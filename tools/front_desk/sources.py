"""Which books a sentence may have audited: those that were audited before, never a path of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tools.core.errors import RunError
from tools.store import Store, runs

_MOST: Final = 200


def of_past_audits(store: Store, named: str) -> str:
    """Give the sources file of the newest audit, or the one of past audits that a name ends.

    Raises RunError for a file that no audit has read: the first audit of books is started by hand.
    """
    paths = list(
        dict.fromkeys(run.sources_path for run in runs.list_audits(store, limit=_MOST) if run.sources_path)
    )
    fitting = [path for path in paths if not named or _is(path, named)]
    if not fitting:
        what = f"'{named}' was audited" if named else "any books were audited"
        raise RunError(
            f"it is not on record that {what}.", remedy="Start the first audit by hand: tieout audit SOURCES"
        )
    return fitting[0]


def _is(path: str, named: str) -> bool:
    parts, suffix = Path(path.casefold()).parts, Path(named.casefold()).parts
    return parts[-len(suffix) :] == suffix
