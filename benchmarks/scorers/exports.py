"""Export files as companies have them: what a new user's `tieout init` makes of each, nothing corrected.

A parent folder with `expected.json` {folder: {sources, ...}} says which rows are right: how many are booked,
their sums by currency, the first and the last, rows that have to be or must not be there. A folder is right
when all of that is; what the commands say in words is not looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import DataSet, folders, proposed
from benchmarks.figures import Figure
from tools.books.engine import Books
from tools.core import money
from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.ledger import Window, read

EXPECTED: Final = "expected.json"
_COSTS: Final = frozenset({"card", "receipt", "invoice", "payment"})  # positive is money that goes out
_COLUMNS: Final = "file, kind, posted_on, amount_minor, currency, vendor_name, description, account"
Row = Mapping[str, Any]
Expected = Mapping[str, Any]


def find(root: Path) -> list[DataSet]:
    """Give every folder whose `expected.json` names folders and their sources."""
    parents = {folder: _cases(folder) for folder in folders(root)}
    return [
        DataSet(folder.name, (folder, *(folder / name for name in cases)))
        for folder, cases in parents.items()
        if cases
    ]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give how many folders are right, and of the others what differs."""
    parent = data_set.folders[0]
    cases = _cases(parent)
    wrong = {}
    for number, (name, case) in enumerate(sorted(cases.items())):
        if differences := _differences(parent / name, case, work / str(number)):
            wrong[name] = differences
    right = Figure("folders right", len(cases) - len(wrong), "exactly", len(cases))
    return [
        right,
        *(
            Figure(f"{name}: wrong", len(problems), note="; ".join(problems))
            for name, problems in wrong.items()
        ),
    ]


def _cases(folder: Path) -> dict[str, Any]:
    path = folder / EXPECTED
    value = json.loads(path.read_bytes()) if path.is_file() else {}
    return {name: case for name, case in value.items() if isinstance(case, dict) and "sources" in case}


def _differences(folder: Path, case: Mapping[str, Any], work: Path) -> list[str]:
    rows = _booked(folder, work)
    several = len(case["sources"]) > 1
    differences: list[str] = []
    for source in case["sources"]:
        own = [row for row in rows if not several or _is_of(row, source["file"])]
        ways = [_source_differences({**source, **way}, own) for way in ({}, *source.get("or", ()))]
        if all(ways):
            fewest: list[str] = min(ways, key=len)
            differences += fewest
    return differences


def _booked(folder: Path, work: Path) -> list[Row]:
    """Give the rows that an audit of the proposed sources reads."""
    sources = proposed(folder)
    if sources is None:
        return []
    try:
        read(sources, Window({}, sources.entity.as_of or clock().now().date()), Settings(), work / "snapshot")
    except TieoutError:
        return []
    with Books.open(work / "snapshot", Settings()) as books:
        return list[Row](books.rows(f"SELECT {_COLUMNS} FROM txn"))  # noqa: S608 - fixed names


def _is_of(row: Row, pattern: str) -> bool:
    path = str(row["file"])
    return any(fnmatchcase(name, pattern) for name in (path, Path(path).name, path.split("#", maxsplit=1)[0]))


def _source_differences(source: Expected, rows: Sequence[Row]) -> list[str]:
    if source.get("refused"):
        return [f"{len(rows)} rows booked of a file to refuse"] if rows else []
    kind = source["kind"]
    wrong = []
    if kind != "any" and {row["kind"] for row in rows} - {kind}:
        wrong.append(f"kind is not {kind}")
    if source.get("booked") not in (None, len(rows)):
        wrong.append(f"{len(rows)} rows booked, not {source['booked']}")
    if source.get("currency") and {row["currency"] for row in rows} - set(_several(source["currency"])):
        wrong.append(f"currency is not {source['currency']}")
    wrong += _wrong_sums(source, rows)
    needed = [source.get("first"), source.get("last"), *source.get("also", ())]
    wrong += [f"no row {_text(row)}" for row in needed if row and not _any(rows, row, kind)]
    return wrong + [f"booked {_text(row)}" for row in source.get("never", ()) if _any(rows, row, kind)]


def _wrong_sums(source: Expected, rows: Sequence[Row]) -> list[str]:
    code = source.get("currency")
    sums = source.get("sums") or (
        {code if isinstance(code, str) else None: source["sum"]} if source.get("sum") else {}
    )
    wrong = []
    for currency, total in sums.items():
        amounts = (_amount(row, source["kind"]) for row in rows if currency in (None, row["currency"]))
        if (booked := sum(amounts, Decimal(0))) != Decimal(total):
            wrong.append(f"sum {booked}, not {total}")
    return wrong


def _amount(row: Row, kind: str) -> Decimal:
    """Give a row's amount as the expected kind has it: money out positive, or negative."""
    amount = money.to_decimal(row["amount_minor"] or 0, row["currency"] or "USD")
    return amount if (row["kind"] in _COSTS) == (kind in _COSTS) else -amount


def _any(rows: Iterable[Row], expected: Expected, kind: str) -> bool:
    return any(all(_has(row, key, value, kind) for key, value in expected.items()) for row in rows)


def _has(row: Row, key: str, value: object, kind: str) -> bool:
    if value is None:
        return True
    if key == "date":
        return str(row["posted_on"]) in _several(value)
    if key == "amount":
        return _amount(row, kind) in [Decimal(str(amount)) for amount in _several(value)]
    columns = ("vendor_name", "description") if key == "party" else (key,)
    return any(str(value).casefold() in str(row.get(column) or "").casefold() for column in columns)


def _several(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(expected: Expected) -> str:
    return " ".join(str(_several(value)[0]) for value in expected.values() if value is not None)
