"""Each test of the books finds its cases, and leaves the look-alikes beside them alone.

A case file is tests/cases/<check>/<test>.yaml, a list of:

    - case: in words
      txn: [{row_key: a, amount_minor: 100}, ...]    # tests/books.py fills in the rest; `repeat: 5, step: 7`
                                                     # gives the row five times, seven days apart, and with
                                                     # `rise: 100` each 1.00 dearer than the one before;
                                                     # `txn_id: E-#, first: 8` numbers them E-0008 and on
      vendor: [...]                                  # any other canonical table, or table_<name>
      break: [...]                                   # what reconciliation found, for its tests: break, match
      params: {over: 500}                            # what differs from the header
      rules: {benford: {least_n: 20}}                # what differs in other headers: those of its parts
      as_of: 2025-12-31
      finds: [a, {row_key: b, score: 90}]            # all that is found; a mapping is compared key by key
      not_applicable: no values in posted_on         # instead of finds
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.books import make_books
from tools import booktest
from tools.rules import Rules
from tools.runner import run_tests

FOLDER = Path(__file__).parent / "cases"
WORDS = {"case", "params", "rules", "finds", "not_applicable"}


def _cases() -> list[Any]:
    return [
        pytest.param(path.parent.name, path.stem, case, id=f"{path.stem}-{case['case']}")
        for path in sorted(FOLDER.glob("*/*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("check", "name", "case"), _cases())
def test_case(check: booktest.CheckName, name: str, case: dict[str, Any], tmp_path: Path) -> None:
    """The test finds exactly the rows that the case names."""
    test = booktest.load(check, name)
    rules = Rules(tests={name: case.get("params", {}), **case.get("rules", {})})
    given = {key: value for key, value in case.items() if key not in WORDS}
    for table in [name for name in given if name == "txn" or name.startswith("table_")]:
        given[table] = [row for each in given[table] for row in _repeated(each)]
    with make_books(tmp_path, **given) as books:
        (result,) = run_tests(books, [test], rules)
        found = books.rows("SELECT * FROM finding ORDER BY row_key, field, partner_key, score")
    if "not_applicable" in case:
        assert (result.status, result.reason) == ("not_applicable", case["not_applicable"])
        return
    assert (result.status, result.reason) == ("ran", "")
    wanted = [row if isinstance(row, dict) else {"row_key": row} for row in case["finds"]]
    assert wanted == [{key: row[key] for key in want} for want, row in zip(wanted, found, strict=False)], (
        f"found {found}"
    )
    assert len(wanted) == len(found), f"found {found}"


def _repeated(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "repeat" not in row:
        yield row
        return
    kept = {key: value for key, value in row.items() if key not in {"repeat", "step", "rise", "first"}}
    for i in range(row["repeat"]):
        each = dict(kept)
        if "posted_on" in row:
            each["posted_on"] = row["posted_on"] + timedelta(days=i * row.get("step", 0))
        if "rise" in row:
            each["amount_minor"] = row["amount_minor"] + i * row["rise"]
        if "#" in str(row.get("txn_id", "")):
            each["txn_id"] = row["txn_id"].replace("#", f"{row.get('first', 1) + i:04d}")
        yield each
