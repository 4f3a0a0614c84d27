"""Books that a test has to bear: empty cells, other signs and currencies, other orders, hostile text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import duckdb

from tools.books import tables
from tools.checks.case_books import make_books
from tools.checks.case_files import CheckCase, Row
from tools.checks.house_tests import parsed
from tools.checks.runner import TestResult, run_tests
from tools.core.errors import RulesError
from tools.front_desk.changes.outcomes import Importance, TestType
from tools.front_desk.changes.trial import Trial
from tools.rules.test_header import BookTest

ATTACK: Final = "'; DROP TABLE txn; -- \"); DELETE FROM finding; -- $score \u202e {{7*7}} %s%n"
_FILLED: Final = frozenset({"row_key", "source", "kind", "scope", "entity"})  # by whoever reads the books
_NUMBERED: Final = _FILLED | {"currency", "status"}
Check = Callable[[Trial, BookTest, CheckCase], str]


def empty_cells(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Empty one column after the other: a test says that it cannot run, or runs."""
    columns = sorted({name for row in case.tables.get("txn", []) for name in row} - _FILLED)
    return _first(
        f"with {name} empty: {why}"
        for name in columns
        if (why := _bears(trial, test, _mapped(case, {name: None})))
    )


def no_rows(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Take every row away: nothing is found in nothing."""
    bare = replace(case, tables={name: [] for name in case.tables})
    result, rows = _run(trial, test, bare)
    if result.status == "failed":
        return result.reason
    return f"it finds {len(rows)} rows in empty books" if rows else ""


def other_signs(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Turn every amount round, then make it nothing."""
    return _first(
        f"amounts times {factor}: {why}"
        for factor in (-1, 0)
        if (why := _bears(trial, test, _scaled(case, factor)))
    )


def other_currencies(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Have the books in yen (no decimals) and dinars (three), and rows in a foreign currency."""
    books = (("JPY", "JPY"), ("KWD", "EUR"))
    return _first(
        f"books in {own}, rows in {rows}: {why}"
        for own, rows in books
        if (why := _bears(trial, test, _mapped(case, {"currency": rows}), currency=own))
    )


def other_order(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Turn the rows' order round: the same are found."""
    if "order" in test.absolute:
        return ""
    turned = {name: list(reversed(rows)) for name, rows in case.tables.items()}
    _, first = _run(trial, test, _keyed(case))
    _, second = _run(trial, test, _keyed(replace(case, tables=turned), turned=True))
    keys = [sorted((row["row_key"], row["score"]) for row in rows) for rows in (first, second)]
    return "" if keys[0] == keys[1] else f"it finds {keys[1]} where it found {keys[0]}"


def run_again(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Run it twice: the same is found."""
    first, second = (_run(trial, test, case)[1] for _ in range(2))
    return "" if first == second else "it finds something else the second time"


def hostile_text(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Put attacks into every text: the query bears them, and the books are as they were."""
    changed = _texts(case, ATTACK)
    with make_books(trial.folder(), currency="USD", as_of=case.as_of, **changed.tables) as books:
        before = books.count("txn")
        (result,) = run_tests(books, [test], case.over(trial.after))
        if result.status == "failed":
            return result.reason
        return "" if books.count("txn") == before else "rows are gone"


def sound_findings(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Hold findings to what a finding is: a row of the books, a score from 0 to 100, words."""
    keyed = _keyed(case)
    result, rows = _run(trial, test, keyed)
    if result.status != "ran":
        return ""
    keys = {row["row_key"] for row in keyed.tables.get("txn", [])}
    for row in rows:
        if test.about == "row" and row["row_key"] not in keys and ":" not in str(row["row_key"]):
            return f"{row['row_key']} is no row of the books"
        if row["score"] is None or not 0 <= row["score"] <= 100:  # noqa: PLR2004 - a score's range
            return f"a score of {row['score']}"
    return ""


def around_parameters(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Set each number a little under and over what it is, to nothing, and far away: the query bears it."""
    numbers = {
        name: value
        for name, value in trial.after.params(test).items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    for name, value in numbers.items():
        for near in (value - 1, value + 1, 0, value * 1000):
            moved = replace(case, rules=_with(case, test.name, {name: type(value)(near)}))
            if why := _bears(trial, test, moved):
                return f"{name} = {near}: {why}"
    return ""


def typed_parameters(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Hold each parameter to the type of its default: a number stays one."""
    del case
    params = trial.after.params(test)
    odd = [name for name, value in test.params.items() if not _same_type(value, params[name])]
    return f"{odd[0]} is {params[odd[0]]!r}, not as its default {test.params[odd[0]]!r}" if odd else ""


def one_select(trial: Trial, test: BookTest, case: CheckCase) -> str:
    """Hold the text to one SELECT over the canonical tables, by two parsers."""
    del case
    text = trial.after.house_tests.get(test.name)
    if text is None:
        return ""
    with duckdb.connect() as connection:
        statements = connection.extract_statements(test.sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return "it is not exactly one SELECT"
    try:
        parsed(test.name, text)
    except RulesError as error:
        return str(error)
    return ""


CHECKS: Final[tuple[tuple[str, Importance, Check], ...]] = (
    ("empty cells", "HIGH", empty_cells),
    ("no rows", "CRITICAL", no_rows),
    ("other signs", "HIGH", other_signs),
    ("other currencies", "HIGH", other_currencies),
    ("other order", "HIGH", other_order),
    ("run again", "HIGH", run_again),
    ("findings are rows", "CRITICAL", sound_findings),
    ("around its parameters", "HIGH", around_parameters),
    ("hostile text", "CRITICAL", hostile_text),
    ("typed parameters", "CRITICAL", typed_parameters),
    ("one SELECT", "CRITICAL", one_select),
)
TYPES: Final[Mapping[str, TestType]] = {
    **{kind: "UNIT" for kind, _, _ in CHECKS},
    "hostile text": "SECURITY",
    "typed parameters": "SECURITY",
    "one SELECT": "SECURITY",
}


def _run(
    trial: Trial, test: BookTest, case: CheckCase, currency: str = "USD"
) -> tuple[TestResult, list[Row]]:
    return case.run_test(test, trial.folder(), rules=trial.after, currency=currency)


def _bears(trial: Trial, test: BookTest, case: CheckCase, currency: str = "USD") -> str:
    result, _ = _run(trial, test, case, currency)
    return result.reason if result.status == "failed" else ""


def _with_rows(case: CheckCase, rows: list[Row]) -> CheckCase:
    return replace(case, tables={**case.tables, "txn": rows})


def _mapped(case: CheckCase, values: Mapping[str, Any]) -> CheckCase:
    """Give a case whose transactions hold other values."""
    rows = [{**row, **values} for row in case.tables.get("txn", [])]
    return _with_rows(case, rows)


def _scaled(case: CheckCase, factor: int) -> CheckCase:
    rows = [
        {**row, "amount_minor": row["amount_minor"] * factor} if row.get("amount_minor") is not None else row
        for row in case.tables.get("txn", [])
    ]
    return _with_rows(case, rows)


def _keyed(case: CheckCase, *, turned: bool = False) -> CheckCase:
    """Give a case whose rows all have keys and lines, so that they keep them in another order."""
    rows = case.tables.get("txn", [])
    numbers = range(len(rows))
    order = reversed(numbers) if turned else numbers
    keyed = [{"row_key": f"r{i}", "line": i + 1, **row} for i, row in zip(order, rows, strict=True)]
    return _with_rows(case, keyed)


def _texts(case: CheckCase, attack: str) -> CheckCase:
    def changed(name: str, value: object) -> Any:  # noqa: ANN401 - any cell
        plain = name in _NUMBERED or name.endswith(("_on", "_at", "_day")) or not isinstance(value, str)
        return value if plain or tables.TXN.get(name, "VARCHAR") != "VARCHAR" else f"{value}{attack}"

    rows = [{name: changed(name, value) for name, value in row.items()} for row in case.tables.get("txn", [])]
    return _with_rows(case, rows)


def _with(case: CheckCase, test: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the case's own rules
    tests = {**case.rules.tests, test: {**case.rules.tests.get(test, {}), **values}}
    return case.rules.model_copy(update={"tests": tests})


def _same_type(default: object, value: object) -> bool:
    if default is None or value is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))


def _first(reasons: Any) -> str:  # noqa: ANN401 - a generator of texts
    return next(iter(reasons), "")
