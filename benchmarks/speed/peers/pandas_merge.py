"""Peer: a pandas merge, as many a team does it: reference, then amount and nearest day, then tolerance."""

from __future__ import annotations

import time
from typing import Any, Final

import duckdb

from benchmarks.speed.checks import against_truth
from benchmarks.speed.peers.sides import open_sides

_DAYS: Final = 6
_WITHIN: Final = 0.05


def run(folder: str) -> tuple[float, dict[str, Any]]:
    """Match in three merges, each on what the one before left; precision and recall against the truth."""
    import pandas as pd

    with open_sides(folder) as connection:
        ledger, bank = (connection.table(name).df() for name in ("ledger_side", "bank_side"))
    started = time.perf_counter()
    merges = []
    for keys in (["reference", "amount_minor"], ["amount_minor"], ["name"]):
        both = ledger.dropna(subset=keys).merge(bank.dropna(subset=keys), on=keys, suffixes=("_l", "_r"))
        both["days"] = (both["posted_day_l"] - both["posted_day_r"]).abs()
        both = both[both["days"] <= _DAYS]
        if keys == ["name"]:
            off = (both["amount_minor_l"] - both["amount_minor_r"]).abs()
            both = both[off <= _WITHIN * both["amount_minor_l"].abs()]
        both = both.sort_values("days", kind="stable")
        both = both.drop_duplicates("unique_id_l").drop_duplicates("unique_id_r")
        merges.append(both[["unique_id_l", "unique_id_r"]])
        ledger = ledger[~ledger["unique_id"].isin(both["unique_id_l"])]
        bank = bank[~bank["unique_id"].isin(both["unique_id_r"])]
    merged = pd.concat(merges)
    seconds = time.perf_counter() - started
    with duckdb.connect() as connection:
        connection.register("merged", merged)
        relation = connection.sql("SELECT unique_id_l AS left_id, unique_id_r AS right_id FROM merged")
        return seconds, against_truth(connection, relation, folder)
