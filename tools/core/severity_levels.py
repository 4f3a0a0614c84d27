"""How grave: severities of flags and risks of deciding on them, each from the least to the gravest."""

from __future__ import annotations

from typing import Final, Literal, get_args

Severity = Literal["INFO", "WARNING", "CRITICAL"]
Risk = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
GRAVEST_FIRST: Final[tuple[Severity, ...]] = SEVERITIES[::-1]  # as people read them
RISKS: Final[tuple[Risk, ...]] = get_args(Risk)
