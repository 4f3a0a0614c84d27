"""How often Python looks for garbage that refers to itself."""

from __future__ import annotations

import gc

_OBJECTS, _TIMES = 50_000, 20  # made since it last looked; looks at the young until one at all


def look_seldom() -> None:
    """Have this process look for garbage after 50,000 objects and not after 700.

    Books live in Arrow and DuckDB: what Python makes in an audit is mostly kept, and looking it through took
    a seventh of the time of small books.
    """
    gc.set_threshold(_OBJECTS, _TIMES, _TIMES)
