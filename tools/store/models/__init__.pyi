# Every table of the store, once, and the part that declares it: type checkers and `__init__.py` read it.
from sqlalchemy import MetaData

from tools.store.models.changes import (
    TestOutcome as TestOutcome,
    TestSuite as TestSuite,
)
from tools.store.models.figures import (
    Alert as Alert,
    NodeCount as NodeCount,
    RunFigure as RunFigure,
)
from tools.store.models.flags import (
    REVIEWABLE as REVIEWABLE,
    Case as Case,
    Flag as Flag,
    FlagEvent as FlagEvent,
    FlagStatus as FlagStatus,
    Review as Review,
)
from tools.store.models.front_desk import (
    FigureUse as FigureUse,
    RecoveryTry as RecoveryTry,
    TaskContext as TaskContext,
)
from tools.store.models.incidents import (
    Disproof as Disproof,
    Incident as Incident,
    IncidentHypothesis as IncidentHypothesis,
    IncidentObservation as IncidentObservation,
    IncidentStatus as IncidentStatus,
    IncidentVerdict as IncidentVerdict,
)
from tools.store.models.learned import (
    Alias as Alias,
    Proposal as Proposal,
    RuleChange as RuleChange,
    RuleVersion as RuleVersion,
)
from tools.store.models.outbox import (
    OutboxMessage as OutboxMessage,
)
from tools.store.models.programme import (
    STEP_ENDED as STEP_ENDED,
    Artifact as Artifact,
    Plan as Plan,
    Programme as Programme,
    ProgrammeMessage as ProgrammeMessage,
    SignOff as SignOff,
    Step as Step,
    StepEvent as StepEvent,
    StepStatus as StepStatus,
    WorkerProcess as WorkerProcess,
)
from tools.store.models.queue import (
    CaseChance as CaseChance,
    CaseEvent as CaseEvent,
    Ranking as Ranking,
    SavedFilter as SavedFilter,
)
from tools.store.models.recovery import (
    ClaimFeature as ClaimFeature,
    ClaimScore as ClaimScore,
    ClaimStatus as ClaimStatus,
    Contact as Contact,
    FeeEntry as FeeEntry,
    Letter as Letter,
    LetterStatus as LetterStatus,
    PartyRole as PartyRole,
    RecoveryClaim as RecoveryClaim,
    RecoveryEvent as RecoveryEvent,
    RecoveryItem as RecoveryItem,
    RecoveryParty as RecoveryParty,
    Reply as Reply,
    SuppressedAddress as SuppressedAddress,
)
from tools.store.models.requests import (
    ApprovalRequest as ApprovalRequest,
    Decision as Decision,
    Verdict as Verdict,
)
from tools.store.models.runs import (
    LIVE as LIVE,
    AuditRun as AuditRun,
    ClaimState as ClaimState,
    OpenItem as OpenItem,
    Run as Run,
    RunStatus as RunStatus,
    Watermark as Watermark,
    WindowClaim as WindowClaim,
)
from tools.store.models.tasks import (
    ENDED as ENDED,
    Task as Task,
    TaskStatus as TaskStatus,
)
from tools.store.models.trail import (
    TrailEntry as TrailEntry,
    TrailHead as TrailHead,
)

def metadata() -> MetaData: ...
