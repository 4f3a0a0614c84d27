"""Text that is parsed once for all who look at it at the same time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression

Key = tuple[str, int, int, tuple[str, ...]]
_tables: Final[WeakValueDictionary[Key, pa.Table]] = WeakValueDictionary()
_lock: Final = threading.Lock()


def table(rows: duckdb.DuckDBPyRelation, path: Path, columns: Sequence[str]) -> pa.Table:
    """Give columns of a text file as a table; observers side by side share one as long as any holds it.

    rows: the file as DuckDB reads it. A file that was written anew is parsed again.
    """
    about = path.stat()
    key = (str(path), about.st_mtime_ns, about.st_size, tuple(columns))
    with _lock:
        parsed = _tables.get(key)
        if parsed is None:
            parsed = _tables[key] = rows.select(*map(ColumnExpression, columns)).to_arrow_table()
        return parsed
