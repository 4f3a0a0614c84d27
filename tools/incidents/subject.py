"""An incident as observers read it, and what they work with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.core.settings import Settings
from tools.incidents.purse import Share
from tools.judgement.model_wording import PromptText
from tools.store import Store
from tools.store.models import Incident


@dataclass(frozen=True)
class Subject:
    """The question: what is affected since when, and what exactly is asked (by kind)."""

    incident_id: str
    kind: str
    title: str
    severity: str
    began_at: datetime
    affected: Sequence[str] = ()
    question: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Incident) -> Subject:
        """Read it from its row."""
        return cls(
            row.incident_id,
            row.kind,
            row.title,
            row.severity,
            row.began_at.astimezone(UTC),
            tuple(row.affected),
            row.question,
        )


@dataclass(frozen=True)
class IncidentBench:
    """What an observer works with. folder: of the incident's own run.

    share and prompt: what models may cost, and what one is told; None where none is to look.
    """

    subject: Subject
    settings: Settings
    store: Store
    folder: Path
    share: Share | None = None
    prompt: PromptText | None = None
