"""What to add to the sources file so that a test runs that could not."""

from __future__ import annotations

import re
from typing import Final

_NO_VALUES: Final = re.compile(r"no values in (?P<names>[\w., ]+)")
_NO_SOURCE: Final = re.compile(r"no source of kind (?P<kinds>[\w ]+)")
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
    return f"{reason}; to test it, add {add}" if add else reason


def _values(reason: str) -> str:
    match = _NO_VALUES.fullmatch(reason)
    if not match:
        return ""
    names = match["names"].split(", ")
    columns = [name for name in names if "." not in name]
    dotted = [name.split(".") for name in names if "." in name]
    tables = [f"a source of kind {table} with its {column}" for table, column in dotted]
    own = [f"under 'columns', which column holds {' and '.join(columns)}"] if columns else []
    return ", and ".join([*own, *tables])


def _source(reason: str) -> str:
    match = _NO_SOURCE.fullmatch(reason)
    return f"a source of kind {match['kinds']}" if match else ""
