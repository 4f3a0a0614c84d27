"""Which files a sentence may have read: those that runs have read before, never a path of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.core.errors import RunError
from tools.programme import records
from tools.store import Store, runs

_MOST: Final = 200


def of_past_audits(store: Store, named: str) -> str:
    """Give the sources file of the newest audit, or the one of past audits that a name ends.

    Raises RunError for a file that no audit has read: the first audit of books is started by hand.
    """
    paths = list(
        dict.fromkeys(run.sources_path for run in runs.list_audits(store, limit=_MOST) if run.sources_path)
    )
    what = f"'{named}' was audited" if named else "any books were audited"
    return _newest(paths, named, what, "Start the first audit by hand: tieout audit SOURCES")


def of_past_programmes(store: Store, named: str) -> str:
    """Give the file of the newest programme, or the one of past programmes that a name ends.

    Raises RunError for a file of which no programme was started: the first is started by hand.
    """
    past = [run.run_id for run in runs.list_runs(store, kind=records.GRAPH, limit=_MOST)]
    paths = list(
        dict.fromkeys(
            records.load(store, run_id).row.source for run_id in past if records.exists(store, run_id)
        )
    )
    what = f"a programme '{named}' was started" if named else "any programme was started"
    return _newest(paths, named, what, "Start the first by hand: tieout programme run FILE")


def _newest(paths: Sequence[str], named: str, what: str, remedy: str) -> str:
    fitting = [path for path in paths if not named or _is(path, named)]
    if not fitting:
        raise RunError(f"it is not on record that {what}.", remedy=remedy)
    return fitting[0]


def _is(path: str, named: str) -> bool:
    parts, suffix = Path(path.casefold()).parts, Path(named.casefold()).parts
    return parts[-len(suffix) :] == suffix
