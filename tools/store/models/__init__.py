"""The tables of the store. Money is integer minor units; times are aware, in UTC.

A table's class is made when it is first named: all of them take half a second of processor time, and
most commands read few. What needs all, says so: metadata().
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy import MetaData

from tools.store.columns import Base

if TYPE_CHECKING:
    from tools.store.models.changes import TestOutcome, TestSuite
    from tools.store.models.figures import Alert, NodeCount, RunFigure
    from tools.store.models.flags import REVIEWABLE, Case, Flag, FlagEvent, FlagStatus, Review
    from tools.store.models.front_desk import FigureUse, RecoveryTry, TaskContext
    from tools.store.models.incidents import (
        Disproof,
        Incident,
        IncidentHypothesis,
        IncidentObservation,
        IncidentStatus,
        IncidentVerdict,
    )
    from tools.store.models.learned import Alias, Proposal, RuleChange, RuleVersion
    from tools.store.models.outbox import OutboxMessage
    from tools.store.models.programme import (
        STEP_ENDED,
        Artifact,
        Plan,
        Programme,
        ProgrammeMessage,
        SignOff,
        Step,
        StepEvent,
        StepStatus,
        WorkerProcess,
    )
    from tools.store.models.queue import CaseChance, CaseEvent, Ranking, SavedFilter
    from tools.store.models.recovery import (
        ClaimFeature,
        ClaimScore,
        ClaimStatus,
        Contact,
        FeeEntry,
        Letter,
        LetterStatus,
        PartyRole,
        RecoveryClaim,
        RecoveryEvent,
        RecoveryItem,
        RecoveryParty,
        Reply,
        SuppressedAddress,
    )
    from tools.store.models.requests import ApprovalRequest, Decision, Verdict
    from tools.store.models.runs import (
        LIVE,
        AuditRun,
        ClaimState,
        OpenItem,
        Run,
        RunStatus,
        Watermark,
        WindowClaim,
    )
    from tools.store.models.tasks import ENDED, Task, TaskStatus
    from tools.store.models.trail import TrailEntry, TrailHead

_PARTS = {
    "changes": ("TestOutcome", "TestSuite"),
    "figures": ("Alert", "NodeCount", "RunFigure"),
    "flags": ("REVIEWABLE", "Case", "Flag", "FlagEvent", "FlagStatus", "Review"),
    "front_desk": ("FigureUse", "RecoveryTry", "TaskContext"),
    "incidents": (
        "Disproof",
        "Incident",
        "IncidentHypothesis",
        "IncidentObservation",
        "IncidentStatus",
        "IncidentVerdict",
    ),
    "learned": ("Alias", "Proposal", "RuleChange", "RuleVersion"),
    "outbox": ("OutboxMessage",),
    "programme": (
        "STEP_ENDED",
        "Artifact",
        "Plan",
        "Programme",
        "ProgrammeMessage",
        "SignOff",
        "Step",
        "StepEvent",
        "StepStatus",
        "WorkerProcess",
    ),
    "queue": ("CaseChance", "CaseEvent", "Ranking", "SavedFilter"),
    "recovery": (
        "ClaimFeature",
        "ClaimScore",
        "ClaimStatus",
        "Contact",
        "FeeEntry",
        "Letter",
        "LetterStatus",
        "PartyRole",
        "RecoveryClaim",
        "RecoveryEvent",
        "RecoveryItem",
        "RecoveryParty",
        "Reply",
        "SuppressedAddress",
    ),
    "requests": ("ApprovalRequest", "Decision", "Verdict"),
    "runs": ("LIVE", "AuditRun", "ClaimState", "OpenItem", "Run", "RunStatus", "Watermark", "WindowClaim"),
    "tasks": ("ENDED", "Task", "TaskStatus"),
    "trail": ("TrailEntry", "TrailHead"),
}
_PART_OF = {name: part for part, names in _PARTS.items() for name in names}

__all__ = [
    "ENDED",
    "LIVE",
    "REVIEWABLE",
    "STEP_ENDED",
    "Alert",
    "Alias",
    "ApprovalRequest",
    "Artifact",
    "AuditRun",
    "Case",
    "CaseChance",
    "CaseEvent",
    "ClaimFeature",
    "ClaimScore",
    "ClaimState",
    "ClaimStatus",
    "Contact",
    "Decision",
    "Disproof",
    "FeeEntry",
    "FigureUse",
    "Flag",
    "FlagEvent",
    "FlagStatus",
    "Incident",
    "IncidentHypothesis",
    "IncidentObservation",
    "IncidentStatus",
    "IncidentVerdict",
    "Letter",
    "LetterStatus",
    "NodeCount",
    "OpenItem",
    "OutboxMessage",
    "PartyRole",
    "Plan",
    "Programme",
    "ProgrammeMessage",
    "Proposal",
    "Ranking",
    "RecoveryClaim",
    "RecoveryEvent",
    "RecoveryItem",
    "RecoveryParty",
    "RecoveryTry",
    "Reply",
    "Review",
    "RuleChange",
    "RuleVersion",
    "Run",
    "RunFigure",
    "RunStatus",
    "SavedFilter",
    "SignOff",
    "Step",
    "StepEvent",
    "StepStatus",
    "SuppressedAddress",
    "Task",
    "TaskContext",
    "TaskStatus",
    "TestOutcome",
    "TestSuite",
    "TrailEntry",
    "TrailHead",
    "Verdict",
    "Watermark",
    "WindowClaim",
    "WorkerProcess",
]


@cache
def metadata() -> MetaData:
    """Give the description of every table, once the classes of all are made."""
    for part in _PARTS:
        import_module(f"{__name__}.{part}")
    return Base.metadata


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Give a name of one of the parts, which is imported for it."""
        if name not in _PART_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_PART_OF[name]}"), name)
