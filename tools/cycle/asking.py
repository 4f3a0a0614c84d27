"""Write down what a person is asked, once, and queue the notice of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tools import money, settings
from tools.cycle import notices
from tools.refs import Request
from tools.store import Store, approvals, cases, flags, open_store, runs
from tools.store.models import Flag
from tools.workspace import rules_in_force, run_folder

TO_DECIDE = ("HIGH", "CRITICAL")
MOST_SUBJECTS = 25
_RISKS = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
_GATE_CHOICES = "approve: go on. retry: run the checks that did not finish again. reject: stop the run."
_FLAG_CHOICES = (
    "approve: the flags stand. reject: they are dismissed. edit: set another severity, judged again."
    " skip: they stay proposed."
)


def ask_gate(run_id: str, reasons: Sequence[str], before: Request | None) -> Request:
    """Ask whether the run goes on. Asked again by a replay, it is the same request."""
    subject = {
        "subject": "gate",
        "risk": "HIGH",
        "quorum": 1,
        "description": " ".join(reasons),
        "choices": _GATE_CHOICES,
    }
    return _ask(run_id, _Draft("gate", list(reasons), [subject]), before)


def ask_approval(run_id: str, started_by: str, before: Request | None) -> Request:
    """Ask for the proposed flags whose risk needs a person: a subject for each case, the rest together."""
    limits = settings.load()
    store = open_store(limits.database_url)
    quorum = rules_in_force(run_folder(limits, run_id)).approval.quorum
    groups = _groups(_proposed(store, run_id))
    titles = {case.case_id: case.title for case in cases.of_run(store, run_id)}
    subjects = [_subject(name, risk, group, quorum, titles) for (name, risk), group in groups.items()]
    barred = [subject["subject"] for subject in subjects if subject["risk"] == "CRITICAL"]
    held = {name: [flag.flag_id for flag in group] for (name, _), group in groups.items()}
    reasons = [f"{len(group)} flags of risk {risk}" for risk, group in _by_risk(groups).items()]
    drafted = _Draft("flags", reasons, subjects, held, barred={name: [started_by] for name in barred})
    return _ask(run_id, drafted, before)


@dataclass(frozen=True)
class _Draft:
    kind: Literal["gate", "flags"]
    reasons: list[str]
    subjects: list[dict[str, Any]]
    flags: dict[str, list[str]] = field(default_factory=dict)
    barred: dict[str, list[str]] = field(default_factory=dict)


def _ask(run_id: str, draft: _Draft, before: Request | None) -> Request:
    store = open_store(settings.load().database_url)
    again = before is not None and before["kind"] == draft.kind
    attempt = int(before["request_id"].rpartition("-")[2]) + 1 if before and again else 1
    asked = approvals.request(
        store,
        run_id,
        draft.kind,
        attempt=attempt,
        risk=max((subject["risk"] for subject in draft.subjects), key=_RISKS.index),
        payload={"reasons": draft.reasons, "subjects": draft.subjects, "flags": draft.flags},
        needs={str(subject["subject"]): int(subject["quorum"]) for subject in draft.subjects},
        barred=draft.barred,
    )
    notices.tell(store, f"ask-{draft.kind}-{attempt}", notices.of_request(store, asked))
    runs.set_status(store, run_id, "waiting")
    return Request(
        request_id=asked.request_id,
        kind=draft.kind,
        reasons=draft.reasons,
        subjects=draft.subjects,
        asked_at=asked.requested_at.isoformat(),
    )


def _proposed(store: Store, run_id: str) -> list[Flag]:
    found = flags.find(store, run_id=run_id, status="proposed", limit=1_000_000)
    return [flag for flag in found if flag.risk in TO_DECIDE]


def _groups(proposed: Sequence[Flag]) -> dict[tuple[str, str], list[Flag]]:
    """Group by case, the greatest exposure first; beyond the first ones, all of one risk together."""
    by_case: dict[str, list[Flag]] = defaultdict(list)
    for flag in proposed:
        by_case[flag.case_id or flag.flag_id].append(flag)
    ranked = sorted(by_case.items(), key=lambda item: (-_exposure(item[1]), item[0]))
    groups = {(name, _risk(group)): group for name, group in ranked[:MOST_SUBJECTS]}
    for _, group in ranked[MOST_SUBJECTS:]:
        risk = _risk(group)
        groups.setdefault((f"others-{risk.lower()}", risk), []).extend(group)
    return groups


def _by_risk(groups: dict[tuple[str, str], list[Flag]]) -> dict[str, list[Flag]]:
    found: dict[str, list[Flag]] = defaultdict(list)
    for (_, risk), group in groups.items():
        found[risk].extend(group)
    return dict(sorted(found.items()))


def _subject(
    name: str, risk: str, group: Sequence[Flag], quorum: dict[str, int], titles: dict[str, str]
) -> dict[str, Any]:
    at_risk = _at_risk(group)
    gravest = max(group, key=lambda flag: (flag.score, flag.exposure_minor, flag.flag_id))
    title = titles.get(name, f"{len(group)} further flags of risk {risk}")
    return {
        "subject": name,
        "title": title,
        "risk": risk,
        "severity": gravest.severity,
        "quorum": quorum[risk],
        "flags": len(group),
        "exposure": next(iter(at_risk.values())) if len(at_risk) == 1 else _worded(at_risk),
        "currency": next(iter(at_risk)) if len(at_risk) == 1 else "",
        "why": gravest.explanation[:600],
        "choices": _FLAG_CHOICES,
        "description": f"{title}: {len(group)} flags, {_worded(at_risk)} at risk ({gravest.severity}).",
    }


def _at_risk(group: Sequence[Flag]) -> dict[str, str]:
    """Give the exposure by currency, as decimal text: different currencies are never added."""
    sums: dict[str, int] = defaultdict(int)
    for flag in group:
        sums[flag.currency] += flag.exposure_minor
    return {currency: money.to_text(total, currency) for currency, total in sorted(sums.items())}


def _worded(at_risk: dict[str, str]) -> str:
    return ", ".join(f"{amount} {currency}" for currency, amount in at_risk.items())


def _exposure(group: Sequence[Flag]) -> int:  # for the order only
    return sum(flag.exposure_minor for flag in group)


def _risk(group: Sequence[Flag]) -> str:
    return max((flag.risk for flag in group), key=_RISKS.index)
