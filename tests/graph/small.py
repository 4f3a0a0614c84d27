"""Small books on disk: a few weeks of card charges that the bank settles, one of them read twice."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

USERS = ("dana", "omar", "riley", "vera", "alma", "kim")
TOKENS = {user: f"token-{user}" for user in USERS}
OURS = "Small Books Ltd"
VENDORS = ("Alder Supply", "Beacon Travel", "Cedar Print", "Dune Software", "Elm Catering")


def write_books(folder: Path, *, gate: bool = False, entity: str = OURS) -> Path:
    """Write books, users and rules into `folder`; give the sources file.

    gate: rules that stop every run with a suspect at the gate. entity: whose books; each has its own windows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    charges = _charges("C" if entity == OURS else f"{entity[:3]}-C")
    _csv(folder / "card.csv", ["id", "day", "merchant", "holder", "amount"], [*charges, *_planted(charges)])
    _csv(folder / "bank.csv", ["id", "day", "text", "type", "amount"], _statement(charges))
    (folder / "sources.yaml").write_text(yaml.safe_dump(_sources(entity)), encoding="utf-8")
    users(folder)
    rules = {"gate": {"suspicious_share": 0.0}} if gate else {}
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    return folder / "sources.yaml"


def users(folder: Path) -> None:
    """Write the users, whose tokens are TOKENS."""
    (folder / "users.yaml").write_text(yaml.safe_dump({"users": _users()}), encoding="utf-8")


def settings_of(folder: Path) -> dict[str, str]:
    """Give the environment in which a desk works in `folder`."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/desk/tieout.db",
        "CHECKPOINT_URL": f"sqlite:///{folder}/desk/checkpoints.db",
        "WORKSPACE_URL": f"{folder}/desk/runs",
        "TIEOUT_USERS": f"{folder}/users.yaml",
        "TIEOUT_RULES": f"{folder}/rules.yaml",
        "TIEOUT_ENGINE_THREADS": "1",
    }


def _charges(prefix: str) -> list[list[str]]:
    rows = []
    for number in range(60):
        day = date(2025, 3, 3) + timedelta(days=number * 28 // 60)
        amount = Decimal(4000 + (number * 7919) % 9000) / 100
        rows.append(
            [
                f"{prefix}{number:03}",
                str(day),
                VENDORS[number % 5],
                ("Ada", "Ben")[number % 2],
                f"{amount:.2f}",
            ]
        )
    return rows


def _planted(charges: list[list[str]]) -> list[list[str]]:
    twice = charges[7]
    prefix = twice[0][:-3]
    large = [f"{prefix}900", "2025-03-12", "Cedar Print", "Ada", "48250.00"]
    return [twice, large, [f"{prefix}913", *large[1:]]]


def _statement(charges: list[list[str]]) -> list[list[str]]:
    paid = sum(Decimal(row[4]) for row in charges) + 2 * Decimal("48250.00")
    return [
        ["B1", "2025-03-05", "Customer payment", "Deposit", "250000.00"],
        ["B2", "2025-03-31", "Card payment", "Card", f"-{paid:.2f}"],
    ]


def _users() -> dict[str, dict[str, object]]:
    roles = {
        "dana": ["approver"],
        "omar": ["approver", "controller"],
        "riley": ["auditor"],
        "kim": ["auditor"],
        "vera": ["viewer"],
        "alma": ["admin"],
    }
    return {
        user: {
            "name": user.title(),
            "roles": roles[user],
            "token_sha256": hashlib.sha256(token.encode()).hexdigest(),
        }
        for user, token in TOKENS.items()
    }


def _csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def _sources(entity: str) -> dict[str, object]:
    return {**_SOURCES, "entity": {**_SOURCES["entity"], "name": entity}}


_SOURCES: dict[str, Any] = {
    "entity": {"name": "Small Books Ltd", "currency": "USD", "country": "US", "as_of": "2025-03-31"},
    "sources": {
        "card": {
            "kind": "card",
            "path": "card.csv",
            "columns": {
                "txn_id": "id",
                "posted_on": "day",
                "vendor_name": "merchant",
                "person_name": "holder",
                "amount": "amount",
            },
        },
        "bank": {
            "kind": "bank",
            "path": "bank.csv",
            "columns": {
                "txn_id": "id",
                "posted_on": "day",
                "description": "text",
                "category": "type",
                "amount": "amount",
            },
            "required": ["txn_id", "posted_on", "amount"],
        },
    },
    "pairs": [
        {
            "name": "card_to_bank",
            "left": "card",
            "right": "bank",
            "mode": "statement",
            "right_where": {"category": ["Card"]},
        }
    ],
}
