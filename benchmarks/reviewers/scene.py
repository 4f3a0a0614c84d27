"""Books in which one vendor is always called wrong and is right, and another is wrong; and who reviews them.

A vendor's payments that have no line at the bank are WARNINGs: for "Direct Power" that is how it pays (by
direct debit from another account), for "Ghost Works" the payments were never made.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from graph.runtime import session
from tools.store import Store, flags, open_store, runs
from tools.store.models import Flag, Review

POWER, GHOST, OTHER = "Direct Power", "Ghost Works", "Alder Supply"
USERS: Mapping[str, list[str]] = {
    "dana": ["approver"],
    "omar": ["approver"],
    "ana": ["auditor"],
    "ben": ["auditor"],
    "riley": ["auditor"],
    "ada": ["admin"],
}
FIRST = date(2025, 3, 3)
ODD = ["P900", "2025-03-20", OTHER, "4913.37", "Dana"]  # many times what this vendor usually takes


def token_of(user: str) -> str:
    """Give a user's token."""
    return f"token-{user}"


def environment_of(folder: Path) -> dict[str, str]:
    """Give the environment in which a desk works in a folder."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/desk/tieout.db",
        "CHECKPOINT_URL": f"sqlite:///{folder}/desk/checkpoints.db",
        "WORKSPACE_URL": f"{folder}/desk/runs",
        "TIEOUT_USERS": f"{folder}/users.yaml",
        "TIEOUT_RULES": f"{folder}/rules.yaml",
        "TIEOUT_ENGINE_THREADS": "1",
        "TIEOUT_TRAIL_KEY": "a key for tests only",
    }


def write_desk(folder: Path) -> dict[str, str]:
    """Write books, users and rules; give the environment in which a desk works there."""
    folder.mkdir(parents=True, exist_ok=True)
    paid = [*(_payment(number) for number in range(30)), ODD]
    rows = [*paid, *_unbanked(POWER, 20, 100), *_unbanked(GHOST, 14, 200)]
    banked = [[f"B{row[0]}", row[1], row[2], f"-{row[3]}"] for row in paid]
    _csv(folder / "payments.csv", ["id", "day", "vendor", "amount", "approver"], rows)
    _csv(folder / "bank.csv", ["id", "day", "text", "amount"], banked)
    (folder / "sources.yaml").write_text(yaml.safe_dump(_SOURCES))
    (folder / "users.yaml").write_text(yaml.safe_dump({"users": {name: _user(name) for name in USERS}}))
    (folder / "rules.yaml").write_text(RULES)
    return environment_of(folder)


RULES = """\
# Our rules. The gate is open wide here.
gate:
  suspicious_share: 1.0   # everything may be suspicious

approval: {info: LOW}  # as it is

feedback: {gated: false}  # what an approval does by itself
"""


def audited(folder: Path, *, started_by: str = "riley") -> Store:
    """Audit the books and approve what is asked; give the store."""
    standing = session.start(
        {"sources": str(folder / "sources.yaml")}, thread_id="audit", token=token_of(started_by)
    )
    for user in ("dana", "omar"):
        if standing.asked:
            words: list[dict[str, Any]] = [
                {"type": "approve", "subject": action["args"]["subject"]}
                for action in standing.asked["action_requests"]
            ]
            standing = session.answer("audit", words, token=token_of(user))
    store = open_store(f"sqlite:///{folder}/desk/tieout.db")
    if [run.status for run in runs.list_runs(store)] != ["closed"]:
        raise RuntimeError("the audit did not come to its end")
    return store


def of_vendor(store: Store, vendor: str) -> list[Flag]:
    """Give a vendor's flags, the oldest row first."""
    return sorted(flags.find(store, vendor=vendor, limit=1000), key=lambda flag: flag.txn_id or "")


def say(store: Store, by: str, verdict: Review, *flags_of_case: Flag) -> None:
    """Review flags."""
    flags.review_all(store, [flag.flag_id for flag in flags_of_case], verdict, by=by)


def _payment(number: int) -> list[str]:
    cents = 9000 + (number * 7919) % 40000
    return [f"P{number:03}", str(FIRST + timedelta(days=number % 26)), OTHER, f"{cents / 100:.2f}", "Dana"]


def _unbanked(vendor: str, count: int, first: int) -> list[list[str]]:
    return [
        [
            f"P{first + number}",
            str(FIRST + timedelta(days=number)),
            vendor,
            f"{(21000 + first * 11 + number * 137) / 100:.2f}",
            "",
        ]
        for number in range(count)
    ]


def _user(name: str) -> dict[str, object]:
    digest = hashlib.sha256(token_of(name).encode()).hexdigest()
    return {"name": name.title(), "roles": USERS[name], "token_sha256": digest}


def _csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


_SOURCES = {
    "entity": {"name": "Feedback Ltd", "currency": "USD", "country": "US", "as_of": "2025-04-30"},
    "sources": {
        "payments": {
            "kind": "payment",
            "path": "payments.csv",
            "columns": {
                "txn_id": "id",
                "posted_on": "day",
                "vendor_name": "vendor",
                "amount": "amount",
                "approved_by": "approver",
            },
        },
        "bank": {
            "kind": "bank",
            "path": "bank.csv",
            "columns": {"txn_id": "id", "posted_on": "day", "description": "text", "amount": "amount"},
        },
    },
    "pairs": [{"name": "payment_to_bank", "left": "payments", "right": "bank"}],
}
