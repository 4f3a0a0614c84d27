"""The columns of everything that is listed: stable names, documented in docs/command-line.md."""

from __future__ import annotations

from typing import Final

from desk.cli.rows import Column, Listing

SETTINGS: Final = Listing(
    "settings",
    (
        Column("name", "Variable that sets it, in the environment or in .env.", heading="Setting"),
        Column("value", "What is in force; secrets are masked.", heading="Value", flex=1),
        Column("source", "environment, .env or default.", heading="From"),
        Column("description", "What it does.", below=True),
    ),
    "No settings.",
)

LISTINGS: Final = (SETTINGS,)
