"""A desk of 10,000 flags in 2,000 cases, one of which holds more flags than any page shows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.approval_requests import ask_people
from tests.desk.seeded import RUN, seed_folder, seed_store, users_file
from tools.approvals import requests
from tools.store import Store, cases, flags

FLAGS, CASES, CROWD = 10_000, 2_000, 1_200
CROWDED: Final = f"C-{CASES - 1:04}"  # asked about under "the rest"
SEVERITIES = ("CRITICAL", "WARNING", "INFO")
TESTS = ("duplicate_payment", "near_copy", "round_amount", "split_under_limit")
PAGES: Final = (
    "cases", "cases?show=decide", "cases?show=review", "cases?vendor=vendor+12", "cases?text=T99",
    "cases?test=near_copy&severity=WARNING", "cases?after=500000~C-0100", "cases/C-0007", f"cases/{CROWDED}",
    "approvals", "runs", f"runs/{RUN}", f"runs/{RUN}/live", f"runs/{RUN}/trail", "health",
)  # fmt: skip


def seed_large(folder: Path, count: int = FLAGS) -> dict[str, str]:
    """Write the desk, of so many flags, into a folder; give the settings that open it."""
    users_file(folder)
    seed_folder(folder / RUN)
    settings = _settings(folder, f"sqlite:///{folder}/tieout.db")
    store = seed_store(settings["DATABASE_URL"])
    case_numbers = [_case_of(number, count) for number in range(count)]
    raised = flags.propose(store, RUN, [_flag(number, case) for number, case in enumerate(case_numbers)]).new
    _ask(store, dict(zip(raised, case_numbers, strict=True)))
    cases.save(store, RUN, [_case(number) for number in range(CASES)])
    store.close()
    return settings


def _case_of(number: int, count: int) -> int:
    return CASES - 1 if number >= count - CROWD else number % CASES


def _settings(folder: Path, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "CHECKPOINT_URL": f"sqlite:///{folder}/checkpoints.db",
        "WORKSPACE_URL": str(folder),
        "TIEOUT_USERS": str(folder / "users.yaml"),
    }


def _flag(number: int, case: int) -> dict[str, object]:
    test = TESTS[number % 4]
    return {
        "row_key": f"card:{number}", "txn_id": f"T{number}", "source": "card", "amount_minor": 100 + number,
        "currency": "USD", "severity": SEVERITIES[number % 3], "risk": "HIGH", "score": 60,
        "vendor": f"Vendor {number % 700}", "posted_on": "2025-03-04", "case_id": f"C-{case:04}",
        "file": "card.csv", "line": number, "lead_test": test,
        "explanation": f"The payment T{number} repeats another. " * 6,
        "tests": [{"test": test, "score": 90, "observed": "2", "threshold": "1"}],
        "documents": [{"found": False, "kind": "receipt"}],
        "components": {"severity": [{"what": "no match", "because": "no partner", "points": 40}]},
    }  # fmt: skip


def _ask(store: Store, raised: dict[str, int]) -> None:
    """Ask about all of them: the first cases each for itself, the rest together."""
    units: dict[str, list[str]] = {}
    for flag_id, case in raised.items():
        units.setdefault(f"C-{case:04}" if case < 25 else "others-high", []).append(flag_id)
    subjects = [
        {
            "subject": name, "title": name, "risk": "HIGH", "severity": "WARNING", "quorum": 1,
            "flags": len(ids), "exposure": "1.00", "currency": "USD", "description": name,
        }
        for name, ids in units.items()
    ]  # fmt: skip
    requests.close(store, f"{RUN}-flags-1", "decided")
    ask_people(
        store,
        RUN,
        "flags",
        reasons=["10,000 flags"],
        subjects=subjects,
        units=units,
        needs=dict.fromkeys(units, 1),
    )


def _case(number: int) -> dict[str, object]:
    return {
        "case_id": f"C-{number:04}", "title": f"duplicate: Vendor {number % 700}, 5 rows",
        "family": "duplicate",
        "exposure_minor": number * 7919 % 1_000_000, "currency": "USD", "severity": SEVERITIES[number % 3],
        "flags": 5,
    }  # fmt: skip
