"""What the desk is watched by, read from the store in one moment: each figure once, when it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Numeric, Select, cast, func, select
from sqlalchemy.orm import Session

from tools.core.settings import Settings
from tools.operations import overdue
from tools.operations.times import Distribution, SecondsBetween, distributions
from tools.store import node_counts, run_figures
from tools.store.models import (
    REVIEWABLE,
    Alert,
    ApprovalRequest,
    Flag,
    FlagEvent,
    OutboxMessage,
    Run,
    Step,
    TrailEntry,
    WorkerProcess,
)
from tools.store.models.runs import AUDIT
from tools.store.runs import FINAL

WINDOW: Final = timedelta(days=7)  # shares are of what was done since
DAY: Final = timedelta(days=1)
VERDICTS: Final = ("confirmed", "false_positive", "needs_information")
AGENTS: Final = {
    "check_data_quality": "quality",
    "reconcile": "reconciliation",
    "detect_anomalies": "anomaly",
}
AUDIT_BOUNDS: Final = (1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0, 172800.0, 604800.0)
PEOPLE_BOUNDS: Final = (60.0, 900.0, 3600.0, 14400.0, 28800.0, 86400.0, 172800.0, 604800.0)
AGES: Final = (("1h", timedelta(hours=1)), ("24h", timedelta(hours=24)), ("72h", timedelta(hours=72)))
OLDER: Final = "older"
Labels = tuple[str, ...]
Samples = Mapping[Labels, float]
Times = Mapping[Labels, Distribution]
_RUN = Run.__table__.c
_WORKING = ("open", "paused", "failed")
_NONE = Distribution((("+Inf", 0.0),), 0.0)


class Figures:
    """The store's figures as of one moment; keys are label values, in the order of the metric's labels."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self.session, self.settings, self.now = session, settings, now

    @cached_property
    def nodes(self) -> list[node_counts.NodeTotal]:
        """What was counted of every node."""
        return node_counts.totals(self.session)

    @cached_property
    def checks(self) -> Mapping[str, Mapping[str, int]]:
        """How the checks ended within the window, by agent."""
        ended = node_counts.ended(self.session, tuple(AGENTS), (self.now - WINDOW).date())
        return {AGENTS[node]: outcomes for node, outcomes in ended.items()}

    @cached_property
    def success(self) -> dict[Labels, float]:
        """Share of the checks that ran whole, by agent."""
        return {
            (agent,): outcomes.get("done", 0) / sum(outcomes.values())
            for agent, outcomes in self.checks.items()
        }

    @cached_property
    def runs(self) -> dict[Labels, float]:
        """Runs by graph and status."""
        query = select(_RUN.graph, _RUN.status, func.count()).group_by(_RUN.graph, _RUN.status)
        return self._counts(query, lambda row: (row[0], row[1]))

    @cached_property
    def audit_times(self) -> Times:
        """How long audits took that were closed."""
        took = SecondsBetween(_RUN.started_at, _RUN.ended_at)
        where = (_RUN.kind == AUDIT, _RUN.status == "closed", _RUN.ended_at.is_not(None))
        times = distributions(self.session, Run.__table__, took, AUDIT_BOUNDS, where=where)
        return {(): times.get("", _NONE)}

    @cached_property
    def working(self) -> dict[Labels, float]:
        """Age of the longest working run by graph, in seconds."""
        query = select(_RUN.graph, func.min(_RUN.started_at)).where(_RUN.status.in_(_WORKING))
        oldest = self.session.execute(query.group_by(_RUN.graph))
        return {(AUDIT,): 0.0, **{(str(row[0]),): self._age(row[1]) for row in oldest}}

    @cached_property
    def transactions(self) -> dict[Labels, float]:
        """Postings audited, by domain and kind of source."""
        return {tuple(key.split("/", 1)): n for key, n in self._sums(run_figures.ROWS).items()}

    @cached_property
    def raised(self) -> dict[Labels, float]:
        """Flags raised, by the severity that they were raised with."""
        return {(severity,): n for severity, n in self._sums(run_figures.FLAGS).items()}

    @cached_property
    def completeness(self) -> dict[Labels, float]:
        """Completeness of each entity's last audit."""
        rows = run_figures.latest(self.session, run_figures.COMPLETENESS)
        return {(entity,): value for entity, _, value in rows}

    @cached_property
    def match_rates(self) -> dict[Labels, float]:
        """Share of the rows that were matched, of each entity's last audit, by pair of sources."""
        rows = run_figures.latest(self.session, run_figures.MATCH_RATE)
        return {(entity, pair): value for entity, pair, value in rows}

    @cached_property
    def flags(self) -> dict[Labels, float]:
        """Flags as they are now, by severity and status."""
        query = select(Flag.severity, Flag.status, func.count()).group_by(Flag.severity, Flag.status)
        return self._counts(query, lambda row: (row[0], row[1]))

    @cached_property
    def unreviewed(self) -> dict[str, tuple[int, datetime]]:
        """Flags that nobody has reviewed, and since when the oldest waits, by severity."""
        query = (
            select(Flag.severity, func.count(), func.min(Flag.created_at))
            .where(Flag.review.is_(None), Flag.status.in_(REVIEWABLE))
            .group_by(Flag.severity)
        )
        return {str(row[0]): (int(row[1]), row[2]) for row in self.session.execute(query)}

    @cached_property
    def reviews(self) -> dict[Labels, float]:
        """Reviews that people gave, by verdict."""
        query = select(FlagEvent.kind, func.count()).where(FlagEvent.kind.in_(VERDICTS))
        return self._counts(query.group_by(FlagEvent.kind), lambda row: (row[0],))

    @cached_property
    def reviewed(self) -> dict[str, int]:
        """Flags reviewed within the window, by what they were found to be."""
        query = select(Flag.review, func.count()).where(Flag.reviewed_at >= self.now - WINDOW)
        return {str(row[0]): int(row[1]) for row in self.session.execute(query.group_by(Flag.review))}

    @cached_property
    def false_positives(self) -> dict[Labels, float]:
        """Share of the flags reviewed within the window that were false; nothing where none was."""
        total = sum(self.reviewed.values())
        return {(): self.reviewed.get("false_positive", 0) / total} if total else {}

    @cached_property
    def review_times(self) -> Times:
        """How long flags waited for their first review."""
        first = (
            select(FlagEvent.flag_id, func.min(FlagEvent.at).label("at"))
            .where(FlagEvent.kind.in_(VERDICTS))
            .group_by(FlagEvent.flag_id)
            .subquery()
        )
        joined = first.join(Flag.__table__, Flag.flag_id == first.c.flag_id)
        took = SecondsBetween(Flag.created_at, first.c.at)
        return {(): distributions(self.session, joined, took, PEOPLE_BOUNDS).get("", _NONE)}

    @cached_property
    def models(self) -> list[tuple[str, int, int, int, float]]:
        """What models took: model, calls, tokens in, tokens out, dollars."""
        query = self._spending().group_by(TrailEntry.model).order_by(TrailEntry.model)
        return [
            (str(row[0]), int(row[1]), int(row[2]), int(row[3]), float(row[4]))
            for row in self.session.execute(query)
        ]

    @cached_property
    def spent(self) -> float:
        """Dollars that models took within a day."""
        query = self._spending().where(TrailEntry.at >= self.now - DAY).group_by(TrailEntry.model)
        return sum(float(row[4]) for row in self.session.execute(query))

    @cached_property
    def requests(self) -> list[tuple[str, datetime]]:
        """Open requests: kind, since when."""
        query = select(ApprovalRequest.kind, ApprovalRequest.requested_at).where(
            ApprovalRequest.status == "open"
        )
        return [(str(row[0]), row[1]) for row in self.session.execute(query)]

    @cached_property
    def requests_by_age(self) -> dict[Labels, float]:
        """Open requests by kind and age."""
        counts: dict[Labels, float] = defaultdict(float)
        for kind, since in self.requests:
            age = self.now - since
            counts[kind, next((name for name, most in AGES if age < most), OLDER)] += 1
        return counts

    @cached_property
    def request_ages(self) -> dict[Labels, float]:
        """Age of the oldest open request by kind, in seconds."""
        ages: dict[Labels, float] = {}
        for kind, since in self.requests:
            ages[kind,] = max(ages.get((kind,), 0.0), self._age(since))
        return ages

    @cached_property
    def request_times(self) -> Times:
        """How long requests were open that were closed, by kind."""
        took = SecondsBetween(ApprovalRequest.requested_at, ApprovalRequest.closed_at)
        where = (ApprovalRequest.closed_at.is_not(None),)
        by_kind = distributions(
            self.session,
            ApprovalRequest,
            took,
            PEOPLE_BOUNDS,
            by=ApprovalRequest.__table__.c.kind,
            where=where,
        )
        return {(kind,): times for kind, times in by_kind.items()}

    @cached_property
    def notices(self) -> dict[Labels, float]:
        """Notices by status: queued, sent, given up."""
        query = select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status)
        return self._counts(query, lambda row: (row[0],))

    @cached_property
    def alerts(self) -> dict[Labels, float]:
        """Alerts that stand, by name."""
        query = select(Alert.name, func.count()).where(Alert.cleared_at.is_(None)).group_by(Alert.name)
        return self._counts(query, lambda row: (row[0],))

    @cached_property
    def missed_days(self) -> int:
        """How many business days have gone by without an audit."""
        return len(overdue.missed_days(self.session, self.now))

    @cached_property
    def live_steps(self) -> list[Step]:
        """Tasks of the programmes that have not ended."""
        query = select(Step).join(Run, Run.run_id == Step.run_id).where(Run.status.not_in(FINAL))
        return list(self.session.scalars(query))

    @cached_property
    def workers(self) -> list[WorkerProcess]:
        """Workers that have not ended."""
        return list(self.session.scalars(select(WorkerProcess).where(WorkerProcess.ended_at.is_(None))))

    def oldest_unreviewed(self, severity: str) -> float:
        """Give the age of the flag of a severity that waits longest for a review, in seconds."""
        return self._age(self.unreviewed[severity][1]) if severity in self.unreviewed else 0.0

    def _spending(self) -> Select[*tuple[Any, ...]]:
        return select(
            TrailEntry.model,
            func.count(),
            func.sum(TrailEntry.tokens_in),
            func.sum(TrailEntry.tokens_out),
            func.sum(cast(TrailEntry.cost, Numeric(asdecimal=False))),
        ).where(TrailEntry.model != "")

    def _sums(self, name: str) -> dict[str, float]:
        return run_figures.sums(self.session, name)

    def _counts(
        self, query: Select[*tuple[Any, ...]], labels: Callable[[Any], Labels]
    ) -> dict[Labels, float]:
        return {labels(row): float(row[-1]) for row in self.session.execute(query)}

    def _age(self, since: datetime | None) -> float:
        return max(0.0, (self.now - since).total_seconds()) if since else 0.0
