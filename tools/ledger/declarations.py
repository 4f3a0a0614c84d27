"""What sources declare of themselves, as tables that tests of the books can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tools.core import money
from tools.ledger.sources import Entity, Source, Sources


def write(sources: Sources, folder: Path) -> None:
    """Write required_field, declared_total, source_domain and not_read, where there are any."""
    text, number = pa.string(), pa.int64()
    required = [
        {"source": name, "field": field}
        for name, source in sources.sources.items()
        for field in _required(source)
    ]
    totals = [
        _total(name, source, sources.entity) for name, source in sources.sources.items() if source.totals
    ]
    domains = [
        {"source": name, "domain": source.domain} for name, source in sources.sources.items() if source.domain
    ]
    unread = [{"file": file, "why": why} for file, why in sources.not_read.items()]
    _write(unread, [("file", text), ("why", text)], folder / "not_read.parquet")
    _write(domains, [("source", text), ("domain", text)], folder / "source_domain.parquet")
    _write(required, [("source", text), ("field", text)], folder / "required_field.parquet")
    columns = [("source", text), ("currency", text), ("rows", number), ("sum_minor", number)]
    _write(totals, columns, folder / "declared_total.parquet")


def _required(source: Source) -> tuple[str, ...]:
    """Give canonical columns; of a table, its own."""
    if source.kind == "table":
        return tuple(source.required or ())
    return source.required_columns if source.is_transactions else ()


def _total(name: str, source: Source, entity: Entity) -> dict[str, str | int | None]:
    assert source.totals is not None  # noqa: S101 - asked before
    declared = source.totals.sum
    turned = -1 if source.sign == "negate" else 1
    minor = (
        None if declared is None else turned * money.to_minor(declared, source.currency or entity.currency)
    )
    return {"source": name, "currency": None, "rows": source.totals.rows, "sum_minor": minor}


def _write(
    rows: Sequence[Mapping[str, str | int | None]], columns: list[tuple[str, pa.DataType]], path: Path
) -> None:
    if rows:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=pa.schema(columns)), path)
