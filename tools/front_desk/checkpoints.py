"""Checkpoints: what people are asked before anything above LOW happens, on the desk's shared requests.

LOW goes by itself; MEDIUM takes the word of one person who may start it; HIGH of one who may decide;
CRITICAL of two others, each of whom types what happens. Time-out is no.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Final, Literal

from sqlalchemy import select

from tools.approvals import answers, requests
from tools.checks.rules_file import load_rules
from tools.core.clock import clock
from tools.core.refs import Answer, RequestRef
from tools.core.settings import Settings
from tools.front_desk.agents import Risk
from tools.store import Store, runs, trail
from tools.store.models import ApprovalRequest, Decision

CheckpointType = Literal["CRITICAL", "SYNTHESIS", "ERROR", "VALIDATION", "CONFIGURATION"]
CheckpointDecision = Literal["APPROVE", "REJECT", "MODIFY", "SKIP"]
START, ACTION, ACTIVATE, TROUBLE = "start", "action", "activate", "trouble"
OURS: Final = (START, ACTION, ACTIVATE, TROUBLE)
TIMED_OUT: Final = "timed out"
# The brief's five types, by our kinds of request, those of other graphs included.
TYPES: Final[Mapping[str, CheckpointType]] = {
    START: "CRITICAL", ACTION: "CRITICAL", ACTIVATE: "CONFIGURATION", TROUBLE: "ERROR",
    "gate": "VALIDATION", "flags": "SYNTHESIS", "changes": "CONFIGURATION",
}  # fmt: skip
_KINDS: Final[Mapping[Risk, str]] = {"MEDIUM": START, "HIGH": ACTION, "CRITICAL": ACTIVATE}
_RECORDED: Final[Mapping[str, CheckpointDecision]] = {
    "approve": "APPROVE", "reject": "REJECT", "modify": "MODIFY", "skip": "SKIP",
}  # fmt: skip


@dataclass(frozen=True)
class Checkpoint:
    """What is about to happen. phrase: what has to be typed before something CRITICAL happens.

    barred: who may not approve something CRITICAL, beside whoever started it: user -> reason.
    """

    kind: str
    subject: str
    title: str
    risk: Risk
    happens: str
    reasons: Sequence[str] = ()
    phrase: str = ""
    page: str = "approvals"
    barred: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> CheckpointType:
        """Give the brief's type."""
        return TYPES.get(self.kind, "CRITICAL")


def auto_approves(risk: Risk) -> bool:
    """Say whether a risk needs no person: LOW alone, which reads and nothing else."""
    return risk == "LOW"


def critical_action(
    action: str, risk: Risk, *, subject: str, happens: str, reasons: Sequence[str] = ()
) -> Checkpoint:
    """Make the checkpoint of an action above LOW."""
    kind = _KINDS.get(risk, START)
    phrase = f"{action} {subject}" if risk == "CRITICAL" else ""
    return Checkpoint(kind, subject, f"{action} {subject}".strip(), risk, happens, reasons, phrase)


def error_recovery(subject: str, error: str, strategy: str) -> Checkpoint:
    """Make the checkpoint of an error that needs a person: try again, or stop."""
    happens = "approve: it is tried again. reject: it ends here."
    return Checkpoint(
        TROUBLE, subject, f"{subject} has failed", "HIGH", happens, [error, f"tried: {strategy}"]
    )


def synthesis(subject: str, results: Sequence[str], words: str) -> Checkpoint:
    """Make the checkpoint of results that were put together."""
    return Checkpoint(ACTION, subject, words, "HIGH", "approve: it goes out as it stands.", results)


def ask(store: Store, settings: Settings, run_id: str, started_by: str, checkpoint: Checkpoint) -> RequestRef:
    """Write a checkpoint as a request with its notice, once."""
    rules = load_rules(settings.rules)
    critical = checkpoint.risk == "CRITICAL"
    quorum = rules.approval.quorum["CRITICAL"] if critical else 1
    choices = f"approve: {checkpoint.happens} reject, or no answer in time: nothing happens."
    typed = f" Whoever approves writes as note: {checkpoint.phrase}" if checkpoint.phrase else ""
    subject = {
        "subject": checkpoint.subject,
        "title": checkpoint.title,
        "risk": checkpoint.risk,
        "type": checkpoint.type,
        "quorum": quorum,
        "choices": choices + typed,
        "description": f"{checkpoint.title}. {checkpoint.happens}{typed}",
        "phrase": checkpoint.phrase,
    }
    draft = requests.Draft(
        checkpoint.kind,
        checkpoint.title,
        [subject],
        needs={checkpoint.subject: quorum},
        reasons=checkpoint.reasons,
        barred={checkpoint.subject: {**checkpoint.barred, started_by: "started_it"}} if critical else {},
        expires_hours=rules.approval.expires_hours or 24.0,
        escalates_to=rules.severity.senior_role,
        page=checkpoint.page,
    )
    return requests.ask(store, run_id, draft)


def settle(store: Store, run_id: str, request: RequestRef, answered: Sequence[Answer]) -> tuple[str, str]:
    """Record answers; give the verdict ("" while people are missing), and why an answer was not taken."""
    if _is_over(requests.get(store, request["request_id"]), clock().now()):
        requests.close(store, request["request_id"], TIMED_OUT)
        return TIMED_OUT, ""
    counted, notice = _confirmed(store, answered)
    counts = answers.settle(store, run_id, request, counted)
    verdicts = [count.verdict for count in counts.values()]
    return ("" if not all(verdicts) else str(verdicts[0])), notice


def _confirmed(store: Store, answered: Sequence[Answer]) -> tuple[list[Answer], str]:
    """Leave out approvals whose note is not what has to be typed; say what it is."""
    counted, notice = [], ""
    for answer in answered:
        request = requests.get(store, answer["request_id"])
        phrases = {
            str(item["subject"]): str(item.get("phrase", "")) for item in request.payload.get("subjects", [])
        }
        phrase = phrases.get(answer["subject"], "")
        if answer["verdict"] == "approve" and phrase and answer["note"].strip() != phrase:
            notice = f"To approve this, write as note: {phrase}"
        else:
            counted.append(answer)
    return counted, notice


def _is_over(request: ApprovalRequest, moment: datetime) -> bool:
    """Say whether a checkpoint's time is over."""
    return request.expires_at is not None and request.expires_at <= moment


def expire_due(store: Store, now: datetime | None = None) -> list[str]:
    """End the checkpoints that nobody has answered in time: time-out is no. Give their requests."""
    moment = now or clock().now()
    waiting = [request for kind in OURS for request in requests.waiting(store, kind)]
    over = [request for request in waiting if _is_over(request, moment)]
    for request in over:
        with store.begin():
            requests.close(store, request.request_id, TIMED_OUT)
            details = {"request_id": request.request_id, "kind": request.kind}
            trail.append(
                store, request.run_id, "tieout", TIMED_OUT, details=details, once=f"over:{request.request_id}"
            )
            runs.close(store, request.run_id, TIMED_OUT)
    return [request.request_id for request in over]


def history(store: Store, limit: int = 50) -> list[dict[str, Any]]:
    """List checkpoints of every graph, the newest first: type, risk, who decided what, how long it took."""
    query = select(ApprovalRequest).order_by(ApprovalRequest.request_no.desc()).limit(limit)
    with store.read() as session:
        request = list(session.scalars(query))
        votes = _votes(
            list(
                session.scalars(
                    select(Decision).where(Decision.request_id.in_([a.request_id for a in request]))
                )
            )
        )
    return [_row(item, votes[item.request_id]) for item in request]


def _votes(decisions: Sequence[Decision]) -> dict[str, list[Decision]]:
    by_request: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_request[decision.request_id].append(decision)
    return by_request


def _row(request: ApprovalRequest, votes: Sequence[Decision]) -> dict[str, Any]:
    hours = (request.closed_at - request.requested_at).total_seconds() / 3600 if request.closed_at else None
    words = Counter(_RECORDED.get(str(vote.verdict), str(vote.verdict).upper()) for vote in votes)
    return {
        "request_id": request.request_id,
        "run_id": request.run_id,
        "type": TYPES.get(request.kind, "CRITICAL"),
        "kind": request.kind,
        "risk": request.risk,
        "title": request.title,
        "status": request.status,
        "outcome": request.outcome,
        "decisions": ", ".join(f"{count} {word}" for word, count in sorted(words.items())),
        "people": sorted({vote.by for vote in votes}),
        "requested_at": request.requested_at.isoformat(),
        "waited_hours": None if hours is None else round(hours, 2),
    }


def statistics(store: Store, limit: int = 10_000) -> list[dict[str, Any]]:
    """Sum checkpoints up by type and risk, and by person: count, open, median wait, approved, timed out."""
    rows = history(store, limit)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups["type and risk", f"{row['type']} {row['risk']}"].append(row)
        for person in row["people"]:
            groups["person", person].append(row)
    return [_summed(by, name, part) for (by, name), part in sorted(groups.items())]


def _summed(by: str, name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    waits = [row["waited_hours"] for row in rows if row["waited_hours"] is not None]
    decided = [row for row in rows if row["people"]]
    approved = [row for row in decided if "APPROVE" in row["decisions"]]
    return {
        "by": by,
        "name": name,
        "count": len(rows),
        "open": sum(row["status"] == "open" for row in rows),
        "median_hours": round(median(waits), 2) if waits else None,
        "approve_rate": round(len(approved) / len(decided), 4) if decided else None,
        "timed_out": sum(row["outcome"] == TIMED_OUT for row in rows),
    }
