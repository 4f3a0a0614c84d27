"""The cases of each test of the books.

A case file is tools/checks/cases/<check>/<test>.yaml, a list of:

- case: in words
  txn: [{row_key: a, amount_minor: 100}, ...]    # case_books.py fills in the rest; `repeat: 5, step: 7`
                                                 # gives the row five times, seven days apart, and with
                                                 # `rise: 100` each 1.00 dearer than the one before;
                                                 # `txn_id: E-#, first: 8` numbers them E-0008 and on,
                                                 # and so does `journal_id`
  vendor: [...]                                  # any other canonical table, or table_<name>
  break: [...]                                   # what reconciliation found, for its tests: break, match
  params: {over: 500}                            # what differs from the header
  rules: {benford: {least_n: 20}}                # what differs in other headers: those of its parts
  as_of: 2025-12-31
  finds: [a, {row_key: b, score: 90}]            # all that is found; a mapping is compared key by key
  not_applicable: no values in posted_on         # instead of finds
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from tools.checks.case_books import make_books
from tools.checks.runner import TestResult, run_tests
from tools.core import package_yaml
from tools.rules import test_header
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, CheckName

FOLDER = Path(__file__).parent / "cases"
Row = dict[str, Any]
Tables = dict[str, list[Row]]
_DEFAULTS = dict(Rules())  # its sections are frozen: shared by all cases
_WORDS = {"case", "params", "rules", "finds", "not_applicable", "as_of"}


@dataclass(frozen=True)
class CheckCase:
    """One case of a test: the books that it is given, and what it finds in them."""

    check: CheckName
    test: str
    words: str
    tables: Tables
    rules: Rules
    as_of: date
    finds: list[Row]
    not_applicable: str

    def run(self, folder: Path, *, currency: str = "USD", times: int = 1) -> tuple[TestResult, list[Row]]:
        """Run the test on the case's books, so many times over; give its result and its findings in order."""
        return self.run_test(test_header.load(self.check, self.test), folder, currency=currency, times=times)

    def run_test(
        self,
        test: BookTest,
        folder: Path,
        *,
        rules: Rules | None = None,
        currency: str = "USD",
        times: int = 1,
    ) -> tuple[TestResult, list[Row]]:
        """Run a test on the case's books by the case's parameters over those of the rules."""
        with make_books(folder, currency=currency, as_of=self.as_of, **self.tables) as books:
            for _ in range(times):
                (result,) = run_tests(books, [test], self.over(rules) if rules else self.rules)
            return result, books.rows("SELECT * FROM finding ORDER BY row_key, field, partner_key, score")

    def over(self, rules: Rules) -> Rules:
        """Give rules with the parameters that the case sets."""
        names = {*rules.tests, *self.rules.tests}
        merged = {name: {**rules.tests.get(name, {}), **self.rules.tests.get(name, {})} for name in names}
        return rules.model_copy(update={"tests": merged})

    def missed(self, rows: Sequence[Row]) -> list[Row]:
        """Give what the case names and the findings lack, in the order of both."""
        pairs = list(zip(self.finds, rows, strict=False))
        unlike = [entry for entry, row in pairs if entry != {key: row.get(key) for key in entry}]
        return unlike + self.finds[len(pairs) :]


@cache
def cases() -> tuple[CheckCase, ...]:
    """Read every case of every test."""
    return tuple(
        case for path in sorted(FOLDER.glob("*/*.yaml")) for case in cases_of(path.parent.name, path.stem)
    )


def cases_of(check: str, test: str) -> list[CheckCase]:
    """Read the cases of one test; none where it has no file."""
    path = FOLDER / check / f"{test}.yaml"
    return (
        read_cases(check, test, package_yaml.load(path.read_text(encoding="utf-8"))) if path.is_file() else []
    )


def read_cases(check: str, test: str, entries: Sequence[dict[str, Any]]) -> list[CheckCase]:
    """Give the cases that a file's entries stand for."""
    return [_case(cast("CheckName", check), test, case) for case in entries]


def _case(check: CheckName, test: str, case: dict[str, Any]) -> CheckCase:
    tables = {
        name: [row for each in rows for row in _repeated(each)]
        for name, rows in case.items()
        if name not in _WORDS
    }
    return CheckCase(
        check,
        test,
        case["case"],
        tables,
        Rules(**_DEFAULTS | {"tests": {test: case.get("params", {}), **case.get("rules", {})}}),
        case.get("as_of", date(2025, 12, 31)),
        [row if isinstance(row, dict) else {"row_key": row} for row in case.get("finds", [])],
        case.get("not_applicable", ""),
    )


def _repeated(row: Row) -> Iterator[Row]:
    if "repeat" not in row:
        yield row
        return
    common = {key: value for key, value in row.items() if key not in {"repeat", "step", "rise", "first"}}
    for i in range(row["repeat"]):
        each = dict(common)
        if "posted_on" in row:
            each["posted_on"] = row["posted_on"] + timedelta(days=i * row.get("step", 0))
        if "rise" in row:
            each["amount_minor"] = row["amount_minor"] + i * row["rise"]
        numbered = [name for name in ("txn_id", "journal_id") if "#" in str(row.get(name, ""))]
        each |= {name: row[name].replace("#", f"{row.get('first', 1) + i:04d}") for name in numbered}
        yield each
