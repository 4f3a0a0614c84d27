"""Write down what a person is asked, once, and queue the notice of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from tools.audit import other_rules, request_text
from tools.core import settings
from tools.core.clock import clock
from tools.core.refs import Request
from tools.core.severity_levels import RISKS
from tools.notices import notice
from tools.rules.model import Approval, Rules
from tools.runs.run_files import intact_folder
from tools.runs.workspace import rules_in_force
from tools.store import Store, approvals, cases, flags, open_store, runs
from tools.store.models import Flag

MOST_SUBJECTS = 25
RULES = "rules"  # the subject under which judgement's thresholds are changed


def ask_gate(run_id: str, reasons: Sequence[str], before: Request | None) -> Request:
    """Ask whether the run goes on. Asked again by a replay, it is the same request."""
    subject = {
        "subject": "gate",
        "risk": "HIGH",
        "quorum": 1,
        "description": " ".join([*reasons, request_text.GATE_CHOICES]),
        "choices": request_text.GATE_CHOICES,
    }
    return _ask(run_id, _Draft("gate", list(reasons), [subject], needs={"gate": 1}), before)


def ask_approval(run_id: str, started_by: str, before: Request | None) -> Request:
    """Ask for the proposed flags whose risk needs a person: a subject for each case, the rest together.

    Every flag has the quorum of its own risk, so that it can be decided by itself.
    """
    limits = settings.load()
    store = open_store(limits.database_url)
    rules = rules_in_force(intact_folder(limits, run_id)).approval
    groups = _groups(_proposed(store, run_id, rules))
    titles = {case.case_id: case.title for case in cases.of_run(store, run_id)}
    subjects = [request_text.subject(name, group, rules.quorum, titles) for name, group in groups.items()]
    held = {name: [flag.flag_id for flag in group] for name, group in groups.items()}
    every = [flag for group in groups.values() for flag in group]
    gravest = max((flag.risk for flag in every), key=RISKS.index)
    # Under other rules no risk is what the desk would make of it: each flag is signed as the gravest is.
    strict = "CRITICAL" if other_rules.named_by(runs.get(store, run_id)) else ""
    needs = {flag.flag_id: rules.quorum[strict or flag.risk] for flag in every}
    needs[RULES] = rules.quorum[strict or gravest]
    barred = {flag.flag_id: [started_by] for flag in every if strict or flag.risk == "CRITICAL"}
    if barred:
        barred[RULES] = [started_by]
    return _ask(run_id, _Draft("flags", reasons_of(every), subjects, held, needs, barred), before)


@dataclass(frozen=True)
class _Draft:
    kind: Literal["gate", "flags"]
    reasons: list[str]
    subjects: list[dict[str, Any]]
    flags: dict[str, list[str]] = field(default_factory=dict)
    needs: dict[str, int] = field(default_factory=dict)
    barred: dict[str, list[str]] = field(default_factory=dict)


def _ask(run_id: str, draft: _Draft, before: Request | None) -> Request:
    limits = settings.load()
    store = open_store(limits.database_url)
    attempt = _attempt(run_id, draft.kind, before)
    reasons = [*other_rules.reasons(runs.get(store, run_id)), *draft.reasons]
    asked = approvals.request(
        store,
        run_id,
        draft.kind,
        attempt=attempt,
        risk=max((subject["risk"] for subject in draft.subjects), key=RISKS.index),
        payload={"reasons": reasons, "subjects": draft.subjects, "flags": draft.flags},
        needs=draft.needs,
        barred=draft.barred,
        expires_at=_expiry(rules_in_force(intact_folder(limits, run_id))),
    )
    notice.tell(store, f"ask-{draft.kind}-{attempt}", notice.of_request(store, asked))
    runs.set_status(store, run_id, "waiting")
    return Request(
        request_id=asked.request_id,
        kind=draft.kind,
        reasons=reasons,
        subjects=draft.subjects,
        asked_at=asked.requested_at.isoformat(),
    )


def _attempt(run_id: str, kind: str, before: Request | None) -> int:
    """Count the requests of this run and kind: the state may still hold another run's."""
    if before is None or not before["request_id"].startswith(f"{run_id}-{kind}-"):
        return 1
    return int(before["request_id"].rpartition("-")[2]) + 1


def _expiry(rules: Rules) -> datetime | None:
    hours = rules.approval.expires_hours
    return clock().now() + timedelta(hours=hours) if hours else None


def _proposed(store: Store, run_id: str, rules: Approval) -> list[Flag]:
    found = flags.find(store, run_id=run_id, status="proposed", limit=1_000_000)
    return [flag for flag in found if flag.risk in rules.people_decide]


def _groups(proposed: Sequence[Flag]) -> dict[str, list[Flag]]:
    """Group by case, the greatest exposure first; beyond the first ones, all of one risk together."""
    by_case: dict[str, list[Flag]] = defaultdict(list)
    for flag in proposed:
        by_case[flag.case_id or flag.flag_id].append(flag)
    ranked = sorted(by_case.items(), key=lambda item: (-_exposure(item[1]), item[0]))
    groups = dict(ranked[:MOST_SUBJECTS])
    for _, group in ranked[MOST_SUBJECTS:]:
        groups.setdefault(f"others-{request_text.risk_of(group).lower()}", []).extend(group)
    return groups


def reasons_of(every: Sequence[Flag]) -> list[str]:
    """Count flags by risk, in words, the gravest first as their names sort."""
    return reasons_from({risk: sum(flag.risk == risk for flag in every) for risk in RISKS})


def reasons_from(counts: Mapping[str, int]) -> list[str]:
    """Put counts of flags by risk into words."""
    return [request_text.counted(count, risk) for risk, count in sorted(counts.items()) if count]


def _exposure(group: Sequence[Flag]) -> int:  # for the order only
    return sum(flag.exposure_base for flag in group)
