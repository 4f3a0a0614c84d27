"""The tables of the store. Money is integer minor units; times are aware, in UTC."""

from __future__ import annotations

from tools.store.models.figures import Alert, NodeCount, RunFigure
from tools.store.models.flags import Case, Flag, FlagEvent, FlagStatus, Review
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

__all__ = [
    "ENDED",
    "LIVE",
    "STEP_ENDED",
    "Alert",
    "Alias",
    "ApprovalRequest",
    "Artifact",
    "AuditRun",
    "Case",
    "ClaimState",
    "Decision",
    "Disproof",
    "Flag",
    "FlagEvent",
    "FlagStatus",
    "Incident",
    "IncidentHypothesis",
    "IncidentObservation",
    "IncidentStatus",
    "IncidentVerdict",
    "NodeCount",
    "OpenItem",
    "OutboxMessage",
    "Plan",
    "Programme",
    "ProgrammeMessage",
    "Proposal",
    "Review",
    "RuleChange",
    "RuleVersion",
    "Run",
    "RunFigure",
    "RunStatus",
    "SignOff",
    "Step",
    "StepEvent",
    "StepStatus",
    "Task",
    "TaskStatus",
    "TrailEntry",
    "TrailHead",
    "Verdict",
    "Watermark",
    "WindowClaim",
    "WorkerProcess",
]
