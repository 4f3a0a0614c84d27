"""Write down what a person is asked, once, and queue the notice of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from tools.approvals import requests
from tools.audit import other_rules, request_text
from tools.core import settings
from tools.core.refs import RequestRef
from tools.core.severity_levels import RISKS
from tools.notices.notice import hidden_names
from tools.rules.model import Approval, Rules
from tools.runs.run_files import intact_folder
from tools.runs.workspace import rules_in_force
from tools.store import Store, cases, flags, open_store, runs
from tools.store.models import Flag

GATE: Final = "gate"
FLAGS: Final = "flags"
GATE_WORDS: Final = ("approve", "retry", "reject")
FLAG_WORDS: Final = ("approve", "reject", "edit", "skip")
MOST_SUBJECTS = 25
RULES = "rules"  # the subject under which judgement's thresholds are changed


def ask_gate(run_id: str, reasons: Sequence[str]) -> RequestRef:
    """Ask whether the run goes on. Asked again by a replay, it is the same request."""
    subject = {
        "subject": GATE,
        "risk": "HIGH",
        "quorum": 1,
        "description": " ".join([*reasons, request_text.GATE_CHOICES]),
        "choices": request_text.GATE_CHOICES,
    }
    store, rules = open_store(settings.load().database_url), _rules(run_id)
    draft = requests.Draft(
        GATE,
        "A run stopped at its gate",
        [subject],
        needs={GATE: 1},
        words=GATE_WORDS,
        reasons=[*other_rules.reasons(runs.get(store, run_id)), *reasons],
        expires_hours=rules.approval.expires_hours,
        escalates_to=rules.severity.senior_role,
    )
    return requests.ask(store, run_id, draft)


def ask_approval(run_id: str, started_by: str) -> RequestRef:
    """Ask for the proposed flags whose risk needs a person: a subject for each case, the rest together.

    Every flag has the quorum of its own risk, so that it can be decided by itself.
    """
    store, rules = open_store(settings.load().database_url), _rules(run_id)
    groups = _groups(_proposed(store, run_id, rules.approval))
    titles = {case.case_id: case.title for case in cases.of_run(store, run_id)}
    quorum = rules.approval.quorum
    run = runs.get(store, run_id)
    # Under other rules no risk is what the desk would make of it: each flag is signed as the gravest is.
    strict = bool(other_rules.named_by(run))
    subjects = [request_text.subject(name, group, quorum, titles) for name, group in groups.items()]
    every = [flag for group in groups.values() for flag in group]
    draft = requests.Draft(
        FLAGS,
        "1 case to decide" if len(subjects) == 1 else f"{len(subjects)} cases to decide",
        subjects,
        needs=_needs(every, quorum, strict=strict),
        words=FLAG_WORDS,
        reasons=[*other_rules.reasons(run), *reasons_of(every)],
        units={name: [flag.flag_id for flag in group] for name, group in groups.items()},
        barred=_barred(every, started_by, strict=strict),
        expires_hours=rules.approval.expires_hours,
        escalates_to=rules.severity.senior_role,
        roles=sorted({flag.role for flag in every if flag.role}),
        names={
            "VENDOR": hidden_names(flag.vendor for flag in every),
            "PERSON": hidden_names(flag.person for flag in every),
        },
    )
    return requests.ask(store, run_id, draft)


def _rules(run_id: str) -> Rules:
    return rules_in_force(intact_folder(settings.load(), run_id))


def _needs(every: Sequence[Flag], quorum: Mapping[str, int], *, strict: bool) -> dict[str, int]:
    if strict:
        return dict.fromkeys([*(flag.flag_id for flag in every), RULES], quorum["CRITICAL"])
    gravest = max((flag.risk for flag in every), key=RISKS.index)
    return {flag.flag_id: quorum[flag.risk] for flag in every} | {RULES: quorum[gravest]}


def _barred(every: Sequence[Flag], started_by: str, *, strict: bool) -> dict[str, dict[str, str]]:
    """Keep whoever started the run from its CRITICAL flags, and from the thresholds that judge them."""
    closed = [flag.flag_id for flag in every if strict or flag.risk == "CRITICAL"]
    return {unit: {started_by: "started"} for unit in ([*closed, RULES] if closed else [])}


def _proposed(store: Store, run_id: str, rules: Approval) -> list[Flag]:
    proposals = flags.find(store, run_id=run_id, status="proposed", limit=1_000_000)
    return [flag for flag in proposals if flag.risk in rules.people_decide]


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
    return request_text.reasons_from({risk: sum(flag.risk == risk for flag in every) for risk in RISKS})


def _exposure(group: Sequence[Flag]) -> int:  # for the order only
    return sum(flag.exposure_base for flag in group)
