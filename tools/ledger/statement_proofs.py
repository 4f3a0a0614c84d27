"""What statements say of themselves, as a table: balances, control totals and counts against their lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tools.books import intake_tables
from tools.core import money
from tools.ledger.readers.row_reader import Proof
from tools.ledger.staged import StagedFile

_TYPES = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}


def write(staged: Sequence[StagedFile], folder: Path) -> None:
    """Write statement_proof where a file says something of itself."""
    rows = [_row(part, proof) for part in staged for proof in part.proofs]
    if rows:
        columns = pa.schema([(name, _TYPES[kind]) for name, kind in intake_tables.STATEMENT_PROOF.items()])
        pq.write_table(pa.Table.from_pylist(rows, schema=columns), folder / "statement_proof.parquet")


def _row(part: StagedFile, proof: Proof) -> dict[str, Any]:
    is_money = bool(proof.currency) and proof.actual is not None
    off = (proof.actual or Decimal(0)) - proof.expected
    return {
        "source": part.source,
        "file": part.file,
        "line": proof.line,
        "account": proof.account or None,
        "currency": proof.currency or None,
        "subject": proof.subject,
        "opening": _text(proof.opening),
        "expected": _text(proof.expected),
        "actual": _text(proof.actual),
        "off_minor": money.to_minor(off, proof.currency) if is_money else None,
        "ties": proof.ties,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
