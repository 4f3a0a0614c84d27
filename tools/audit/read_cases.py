"""Read the gravest cases without a model: what three observers see of each, published whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from tools.books.engine import Books
from tools.core import settings
from tools.core.digest import digest
from tools.core.refs import Ref
from tools.core.settings import Settings
from tools.core.timeouts import LateError, within
from tools.investigation import casefile
from tools.investigation.case_reading import OBSERVERS, CaseObserver
from tools.investigation.casefile import Row
from tools.investigation.lookups import Bench
from tools.investigation.observation import Observation
from tools.judgement.judge import Row as JudgedRow
from tools.runs.run_files import intact_folder
from tools.runs.workspace import SNAPSHOT, Attempt, published, seal
from tools.store import open_store

_log = structlog.get_logger(__name__)
Reading = Mapping[str, Mapping[str, Any]]  # observer -> status, error, observations


def to_investigate(flags: Sequence[JudgedRow], limits: Settings) -> list[str]:
    """Name the gravest cases, as many as the setting `investigate_cases` lets observers look into."""
    ranked = sorted(flags, key=lambda flag: (flag["rank"] or 0, flag["row_key"]))
    cases = dict.fromkeys(flag["case_id"] for flag in ranked if flag["case_id"])
    return list(cases)[: limits.investigate_cases]


def read_cases(run_id: str, flags: Ref, case_ids: Sequence[str]) -> dict[str, Any]:
    """Let each observer see each case; give under which name it is published, and whether a model follows."""
    limits = settings.load()
    run = intact_folder(limits, run_id)
    name = f"reading-{digest([flags['sha256'], list(case_ids)])[:16]}"
    if published(run, name) is None:
        by_case = {case_id: casefile.flags_of(flags, case_id) for case_id in case_ids}
        parts = {observer.name: _part(limits, run_id, observer, by_case) for observer in OBSERVERS}
        reading = {
            case_id: {observer: of_cases[case_id] for observer, of_cases in parts.items()}
            for case_id in case_ids
        }
        Attempt(run, name).publish({"cases": reading})
    seal(open_store(limits.database_url), run, name)
    return {"name": name, "cases": list(case_ids), "with_model": bool(limits.model)}


def reading_of(run_id: str, name: str, case_id: str) -> Reading:
    """Give what observers saw of a case."""
    result = published(intact_folder(settings.load(), run_id), name)
    reading: Reading = (result or {"cases": {}})["cases"][case_id]
    return reading


def observations_of(reading: Reading) -> list[Observation]:
    """Give all that observers saw of a case."""
    return [Observation(**item) for part in reading.values() for item in part["observations"]]


def _part(
    limits: Settings, run_id: str, observer: CaseObserver, by_case: Mapping[str, Sequence[Row]]
) -> dict[str, dict[str, Any]]:
    """Let one observer see the cases within its time. What it cannot see is said, and stops nobody."""
    try:
        by_case_id = within(
            limits.investigate_seconds, lambda: _read_by_case(limits, run_id, observer, by_case)
        )
    except LateError:
        return _missing(observer, by_case, f"not finished in {limits.investigate_seconds:g} s")
    except Exception as wrong:  # noqa: BLE001 - whatever a driver raises, the audit goes on
        return _missing(observer, by_case, f"{type(wrong).__name__}: {wrong}")
    return {
        case_id: {"status": "ran", "error": "", "observations": [item.as_dict() for item in observations]}
        for case_id, observations in by_case_id.items()
    }


def _read_by_case(
    limits: Settings, run_id: str, observer: CaseObserver, by_case: Mapping[str, Sequence[Row]]
) -> dict[str, list[Observation]]:
    with Books.open(intact_folder(limits, run_id) / SNAPSHOT, limits) as books:
        bench = Bench(books, open_store(limits.database_url), run_id, {})
        return {case_id: observer.read(flags, bench) for case_id, flags in by_case.items()}


def _missing(
    observer: CaseObserver, by_case: Mapping[str, Sequence[Row]], error: str
) -> dict[str, dict[str, Any]]:
    _log.warning("observer_failed", observer=observer.name, error=error)
    return {case_id: {"status": "failed", "error": error, "observations": []} for case_id in by_case}
