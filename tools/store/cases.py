"""Cases: suspects that belong together, ranked by exposure.

save(store, run_id, cases)               insert or update by case_id
of_run(store, run_id) -> list[Case]      the greatest exposure first
get(store, case_id) -> Case
find(store, name) -> Case                the beginning of an id will do
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tools.core.errors import RunError
from tools.store.database import Store
from tools.store.models import Case
from tools.store.writes import in_batches

COLUMNS = ("title", "exposure_minor", "currency", "severity", "status", "flags")


def save(store: Store, run_id: str, cases: Sequence[Mapping[str, Any]]) -> None:
    """Write cases; one that is there already takes the new figures.

    cases: {"case_id", "title", "exposure_minor", "currency"} and optionally severity, status, flags
    (how many); what else a case carries is kept under `details`.
    """
    rows = {case["case_id"]: _row(run_id, case) for case in cases}
    with store.begin() as session:
        there = dict[str, Case]()
        for batch in in_batches(sorted(rows)):
            query = select(Case).where(Case.case_id.in_(batch))
            there.update({case.case_id: case for case in session.scalars(query)})
        for case_id, row in rows.items():
            if case_id in there:
                for name, value in row.items():
                    setattr(there[case_id], name, value)
            else:
                session.add(Case(case_id=case_id, **row))


def _row(run_id: str, case: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: case[name] for name in COLUMNS if case.get(name) is not None}
    details = {name: value for name, value in case.items() if name not in (*COLUMNS, "case_id", "run_id")}
    return {"run_id": run_id, "details": details, "severity": "", "status": "open", "flags": 0, **columns}


def of_run(store: Store, run_id: str) -> list[Case]:
    """Give a run's cases, the greatest exposure first."""
    query = select(Case).where(Case.run_id == run_id).order_by(Case.exposure_minor.desc(), Case.case_id)
    with store.read() as session:
        return list(session.scalars(query))


def get(store: Store, case_id: str) -> Case:
    """Give a case. Raises RunError when there is none."""
    with store.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise RunError(f"there is no case '{case_id}'.")
        return case


def find(store: Store, name: str) -> Case:
    """Give the case that a person means: its id, or the beginning of it. Raises RunError otherwise."""
    query = select(Case).where(Case.case_id.startswith(name, autoescape=True)).limit(2)
    with store.read() as session:
        exact = session.get(Case, name)
        cases = [exact] if exact else list(session.scalars(query))
    if len(cases) != 1 or not name:
        what = "several cases begin" if len(cases) > 1 else "there is no case that begins"
        raise RunError(f"{what} with '{name}'.", remedy="'tieout cases' lists them.")
    return cases[0]
