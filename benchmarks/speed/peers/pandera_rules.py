"""Peer: pandera. What seven of our tests look for as one schema, every failure collected."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, Final

from tools.rules.test_header import load

_COLUMNS: Final = ["row_key", "kind", "txn_id", "posted_on", "amount_minor", "currency", "vendor_name",
                   "card_last4", "due_on", "content_hash"]  # fmt: skip
_NAMED: Final = ("invoice", "payment", "card")  # kinds whose vendor has to be named
_MOST: Final = 10**12


def run(folder: str) -> tuple[float, dict[str, Any]]:
    """Read the same columns with pandas, and validate lazily; give how many rows fail."""
    import pandas as pd
    import pandera.pandas as pa

    schema = _schema(pa, pd.Timestamp("2025-12-31"))
    started = time.perf_counter()
    rows = pd.read_parquet(Path(folder) / "txn.parquet", columns=_COLUMNS)
    rows["posted_on"] = pd.to_datetime(rows["posted_on"])
    rows["due_on"] = pd.to_datetime(rows["due_on"])
    failed: set[Any] = set()
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failed = set(errors.failure_cases["index"].dropna())
    return time.perf_counter() - started, {"rows_failing": len(failed)}


def _schema(pa: Any, as_of: Any) -> Any:  # noqa: ANN401 - an optional package
    currencies = sorted(set(re.findall(r"'([A-Z]{3})'", load("quality", "unknown_currency").sql)))
    id_of_row = ["kind", "txn_id"]
    return pa.DataFrameSchema(
        {
            "txn_id": pa.Column(nullable=False),
            "posted_on": pa.Column(nullable=False, checks=pa.Check.le(as_of)),
            "amount_minor": pa.Column(
                nullable=False, checks=[pa.Check.ne(0), pa.Check.in_range(-_MOST, _MOST)]
            ),
            "currency": pa.Column(checks=pa.Check.isin(currencies)),
            "card_last4": pa.Column(nullable=True, checks=pa.Check.str_matches(r"^\d{4}$")),
        },
        checks=[
            pa.Check(lambda rows: rows["vendor_name"].notna() | ~rows["kind"].isin(_NAMED)),
            pa.Check(lambda rows: rows["due_on"].isna() | (rows["due_on"] >= rows["posted_on"])),
            pa.Check(lambda rows: ~rows.duplicated([*id_of_row, "content_hash"])),
            pa.Check(
                lambda rows: rows.duplicated([*id_of_row, "content_hash"]) | ~rows.duplicated(id_of_row)
            ),
        ],
    )
