"""`tieout findings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from desk.cli.columns import FINDINGS
from desk.cli.options import AsCsv, AsJson, Limit, ReadRun
from desk.cli.rows import form_of, write
from tools.core.errors import UsageError


def findings(
    run: ReadRun = "last",
    *,
    check: Annotated[
        Literal["quality", "reconciliation", "anomaly"] | None, typer.Option(help="Of one check alone.")
    ] = None,
    test: Annotated[str | None, typer.Option(help="Of one test alone.")] = None,
    over: Annotated[int | None, typer.Option(help="With a score above this.", min=0, max=100)] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List what the tests found, the highest score first.

    A finding is not yet a flag: weak ones only count together, and documents may explain it.

    For example:

        tieout findings

        tieout findings last --test duplicate_payment --csv > duplicates.csv
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin, results_of

    results = results_of(begin(), run)
    if test is not None:
        _check_known(test, check, results.checks())
    write(FINDINGS, results.findings(check=check, test=test, over=over), form, limit)


def _check_known(test: str, check: str | None, checks: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse a test that the run does not have, so that no typing error passes for "nothing found"."""
    from tools.ledger.suggest import remedy_of

    results = {name: result for name, result in checks.items() if check in (None, name)}
    tests = [test["test"] for result in results.values() for test in result["tests"]]
    if test not in tests:
        which = f"the {check} check of this run" if check else "this run"
        raise UsageError(f"'{test}' is no test of {which}.", place="--test", remedy=remedy_of(test, tests))
