"""What to add to the sources file so that a test runs that could not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from tools.ledger.source import Kind

_NO_VALUES: Final = re.compile(r"no values in (?P<names>[\w., ]+)")
_NO_SOURCE: Final = re.compile(r"no source of kind (?P<kinds>[\w ]+)")
_TO_ADD: Final = "; to test it, add "
_PAIRS: Final = {
    "no two sources are declared to agree": "under 'pairs', the two sources that tell of the same money",
    "no two sources are declared to agree, and there is no ledger": "a source of kind ledger, or a pair",
    "no source is declared to document another": "under 'pairs', a pair of mode documents",
    "no source is declared to be paid by statement": "under 'pairs', a pair of mode statement",
}


def reason_of(reason: str) -> str:
    """Give why a test did not run, and what would let it: "no values in reference; to test it, add ...".

    A reason that no line of the sources file would change is given as it is.
    """
    add = _PAIRS.get(reason) or _values(reason) or _source(reason)
    return f"{reason}{_TO_ADD}{add}" if add else reason


def missing_of(tests: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give what could be added to the sources file with the tests that it would let run, the most first.

    tests: what became of each (test, status, reason as `reason_of` gives it).
    """
    of_addition: dict[str, list[str]] = {}
    for test in tests:
        _, said, add = str(test.get("reason") or "").partition(_TO_ADD)
        if said and test["status"] == "not_applicable":
            of_addition.setdefault(add, []).append(str(test["test"]))
    rows = [{"add": add, "tests": names, "count": len(names)} for add, names in of_addition.items()]
    return sorted(rows, key=lambda row: (-len(row["tests"]), str(row["add"])))


def _values(reason: str) -> str:
    match = _NO_VALUES.fullmatch(reason)
    if not match:
        return ""
    names = match["names"].split(", ")
    columns = [name for name in names if "." not in name]
    dotted = [name.split(".") for name in names if "." in name]
    if any(table not in get_args(Kind) for table, _ in dotted):
        return ""  # what the desk itself notes while it reads: no line of the sources file declares it
    tables = [f"a source of kind {table} with its {column}" for table, column in dotted]
    own = [f"under 'columns', which column holds {' and '.join(columns)}"] if columns else []
    return ", and ".join([*own, *tables])


def _source(reason: str) -> str:
    match = _NO_SOURCE.fullmatch(reason)
    return f"a source of kind {match['kinds']}" if match else ""
