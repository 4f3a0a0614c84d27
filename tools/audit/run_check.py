"""Run one check of the books in a bounded time: its failure is a result, and it never writes by halves."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from tools.audit import engine_stages
from tools.audit.check_concurrency import turn_of
from tools.audit.waiting_for_sources import pausing
from tools.books.elsewhere import Tell
from tools.books.engine import Books
from tools.checks.engines import opening
from tools.checks.runner import TestResult
from tools.core import settings
from tools.core.errors import TieoutError
from tools.core.refs import CheckResult, Ref
from tools.core.retries import PausedError
from tools.core.settings import Settings
from tools.core.timeouts import LateError, within
from tools.rules.model import Rules
from tools.runs.run_files import intact_folder
from tools.runs.workspace import SNAPSHOT, Attempt, published, rules_in_force, seal
from tools.store import Store, open_store


@dataclass(frozen=True)
class CheckOutcome:
    """What a check's own code gives: its tests' results, facts (JSON), and which tables it filled."""

    tests: list[TestResult]
    facts: dict[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ("finding",)


Work = Callable[[Books, Rules], CheckOutcome]


def run_check(name: str, run_id: str, attempt: int, work: Work) -> CheckResult:
    """Run `work` on the run's snapshot and publish what it finds as `<name>-<attempt>`.

    A result that is already there is given back, so a replay repeats no finished check.
    Times out after the setting, tries once more with twice the time, then gives a degraded result.
    Raises PausedError alone, where the engine that the tests run on stays away.
    """
    limits, target = settings.load(), f"{name}-{attempt}"
    store = open_store(limits.database_url)
    opened = _run_folder(limits, run_id)
    if isinstance(opened, str):
        return _unfinished("failed", opened, 0.0)
    run, rows = opened
    result = published(run, target)
    if result is None:
        with turn_of(name, rows):
            tell = engine_stages.teller(store, run_id, name)
            result = dict(_run_with_retry(store, _Check(run, target, work, limits, tell)))
    seal(store, run, target)
    return cast("CheckResult", result)


@dataclass(frozen=True)
class _Check:
    """One check of a run: its work, the name of its result, and who hears of an engine's stages."""

    run: Path
    target: str
    work: Work
    limits: Settings
    tell: Tell


def _run_with_retry(store: Store, check: _Check) -> CheckResult:
    started = time.perf_counter()
    seconds = check.limits.check_timeout_seconds
    for allowed in (seconds, 2 * seconds):
        try:
            return pausing(store, check.run.name, partial(_attempted, check, allowed), check.limits)
        except (LateError, TimeoutError):
            continue
        except PausedError:  # the engine is away: the run goes on here when it is back
            raise
        except Exception as error:  # noqa: BLE001 - a failed check is a result; its siblings go on
            return _unfinished("failed", _fault_text(error), time.perf_counter() - started)
    why = f"not finished in {seconds:g} s, nor in {2 * seconds:g} s"
    return _unfinished("degraded", why, time.perf_counter() - started)


def _attempted(check: _Check, allowed: float) -> CheckResult:
    with Attempt(check.run, check.target) as attempt:
        return _in_time(attempt, check, allowed)


def _in_time(attempt: Attempt, check: _Check, allowed: float) -> CheckResult:
    opened: list[Books] = []

    def interrupt() -> None:
        for books in opened:
            books.cancel()

    return within(allowed, lambda: _worked(attempt, check, opened), late=interrupt)


def _worked(attempt: Attempt, check: _Check, opened: list[Books]) -> CheckResult:
    started = time.perf_counter()
    limits = check.limits
    with (
        Books.open(check.run / SNAPSHOT, limits) as books,
        opening.on_engine(books, limits, check.tell) as engine,
    ):
        opened.append(books)
        outcome = check.work(books, rules_in_force(check.run))
        tables = {table: _exported(books, table, attempt) for table in outcome.tables}
    result = CheckResult(
        status="degraded" if any(test.status == "failed" for test in outcome.tests) else "ran",
        tables=tables,
        tests=[test.as_dict() for test in outcome.tests],
        facts={**outcome.facts, **({} if engine.is_embedded else {"engine": engine.place})},
        seconds=round(time.perf_counter() - started, 3),
        error="; ".join(f"{t.test}: {t.reason}" for t in outcome.tests if t.status == "failed"),
    )
    return cast("CheckResult", attempt.publish(dict(result)))


def _exported(books: Books, table: str, attempt: Attempt) -> Ref:
    rows = books.export(f'SELECT * FROM "{table}" ORDER BY ALL', attempt.folder / f"{table}.parquet")  # noqa: S608 - our own table names
    return Ref(uri=f"{attempt.uri}/{table}.parquet", sha256=books.digest(table), rows=rows)


def _run_folder(limits: Settings, run_id: str) -> tuple[Path, int] | str:
    try:
        run = intact_folder(limits, run_id)
        with Books.open(run / SNAPSHOT, limits) as books:
            return run, books.manifest.rows
    except TieoutError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a failed check is a result; its siblings go on
        return _fault_text(error)


def _unfinished(status: str, error: str, seconds: float) -> CheckResult:
    return cast(
        "CheckResult",
        {
            "status": status,
            "tables": {},
            "tests": [],
            "facts": {},
            "seconds": round(seconds, 3),
            "error": error,
        },
    )


def _fault_text(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return f"{type(error).__name__}: {error}{place}"
