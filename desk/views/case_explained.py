"""A case in full: what it says, and each of its flags as it is explained by itself."""

from __future__ import annotations

from typing import Any

from desk.views.flag_explained import explained_flag
from desk.views.investigation import investigation
from tools.core import money
from tools.store import Store, cases, flags


def explained_case(store: Store, name: str) -> dict[str, Any]:
    """Give a case and its flags, the gravest first, as JSON primitives.

    Raises RunError when no case, or several, begin with `name`.

    Keys: case_id, run_id, title, severity, exposure (decimal text), currency, and flags, each as
    `explanation` gives it.
    """
    case = cases.find(store, name)
    counts = flags.count(store, case_id=case.case_id).values()
    number = sum(sum(statuses.values()) for statuses in counts)
    members = flags.find(store, sort="severity", limit=number, case_id=case.case_id)
    of_case = investigation(store, case.case_id)
    return {
        "case_id": case.case_id,
        "run_id": case.run_id,
        "title": case.title,
        "severity": members[0].severity if members else case.severity,
        "exposure": money.to_text(case.exposure_minor, case.currency),
        "currency": case.currency,
        "flags": [explained_flag(store, flag, of_case) for flag in members],
    }
