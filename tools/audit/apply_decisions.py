"""Act on what was judged and decided: flags are raised once, and only their status changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq

from tools.approvals import answers, requests
from tools.approvals.votes import Ballot, VoteCount
from tools.audit import change_thresholds, investigate, other_rules
from tools.audit.ask import GATE, RULES
from tools.core import settings
from tools.core.refs import Answer, Ref, RequestRef
from tools.core.severity_levels import RISKS, SEVERITIES, Risk
from tools.runs.run_files import intact_folder
from tools.runs.workspace import keep_rules, located, rules_in_force
from tools.store import Store, cases, flags, open_store, rule_versions, runs, trail, windows
from tools.store.models import FlagStatus

STATUS: Mapping[str, FlagStatus] = {"approve": "approved", "reject": "rejected", "skip": "skipped"}
_JSON = ("tests", "documents", "components")
_COLUMNS = (
    "fingerprint row_key txn_id source vendor posted_on amount_minor currency exposure_minor severity risk"
    " score confidence case_id explanation tests documents components file line"
    " kind person exposure_base role lead_test partner_key explained_by"
).split()


def propose(
    run_id: str, suspects: Ref, judged: Ref, investigated: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Raise the judged flags as proposed, note or approve by rule what needs nobody, and count the rest.

    investigated: of the gravest cases; kept with them, it changes no flag.
    """
    limits = settings.load()
    store = open_store(limits.database_url)
    intact_folder(limits, run_id)
    rows = [_flag(row) for row in pq.read_table(located(limits, judged["uri"])).to_pylist()]
    case_rows = _cases(located(limits, suspects["uri"]), rows)
    looked_into = investigate.results(run_id, investigated)
    cases.save(
        store, run_id, [{**case, "investigation": looked_into.get(case["case_id"], {})} for case in case_rows]
    )
    raised = flags.propose(store, run_id, rows, withdraw=True)
    proposed = flags.find(store, run_id=run_id, status="proposed", limit=1_000_000)
    by_rules, by_people = _approved_by_rule(store, run_id), _people_decide(run_id)
    by_rule = {flag.flag_id: flag.risk for flag in proposed if flag.risk in by_rules}
    for risk in sorted(set(by_rule.values())):
        status: FlagStatus = "noted" if risk == RISKS[0] else "approved"
        statuses = {flag_id: status for flag_id, of_flag in by_rule.items() if of_flag == risk}
        flags.decide(store, run_id, statuses, by="rule", role="rule", note=f"risk {risk}: {status} by rule")
    return {
        "new": len(raised.new),
        "known": len(raised.known),
        "by_rule": len(by_rule),
        "to_approve": sum(flag.risk in by_people for flag in proposed),
    }


def _people_decide(run_id: str) -> tuple[str, ...]:
    return rules_in_force(intact_folder(settings.load(), run_id)).approval.people_decide


def _approved_by_rule(store: Store, run_id: str) -> set[Risk]:
    """Name the risks that the desk's rules approve; rules that a caller brought approve none."""
    if other_rules.named_by(runs.get(store, run_id)):
        return set()
    by_people = _people_decide(run_id)
    return {risk for risk in RISKS if risk not in by_people}


def apply_gate(run_id: str, request: RequestRef, answered: Sequence[Answer]) -> VoteCount:
    """Record the gate's answers; give how it stands: the verdict, and who gave it."""
    store = open_store(settings.load().database_url)
    answers.record(store, answered)
    gate = requests.ballot(store, request["request_id"]).counts()[GATE]
    if gate.verdict:
        requests.close(store, request["request_id"], gate.verdict)
        runs.set_status(store, run_id, "open")
    return gate


@dataclass(frozen=True)
class AppliedDecisions:
    """What became of decisions.

    overrides: severities to judge with, under run/case or run/flag. waiting: flags that are still open.
    modified: how much has to be judged again. notice: why a word was not taken, after all.
    rerun: with what the run starts anew, or nothing.
    """

    overrides: dict[str, str]
    waiting: int
    modified: int
    notice: str = ""
    rerun: dict[str, str] = field(default_factory=dict)


def apply_decisions(
    run_id: str, request: RequestRef, answered: Sequence[Answer], started_by: str
) -> AppliedDecisions:
    """Record the words and act on every flag that is settled now, whoever else has decided meanwhile."""
    store = open_store(settings.load().database_url)
    notice = answers.record(store, answered)
    ballot = requests.ballot(store, request["request_id"])
    counts = ballot.counts()
    rules = counts.get(RULES, VoteCount("", 0))
    if rules.verdict:
        return _changed_rules(store, run_id, request, rules, started_by)
    units = [unit for units in ballot.groups.values() for unit in units if unit != RULES]
    settled = {unit: counts[unit] for unit in units if counts[unit].verdict}
    _decide(store, run_id, request["request_id"], settled)
    overrides = _overrides(store, run_id, ballot, settled)
    waiting = len(units) - len(settled)
    if not waiting:
        _close(store, run_id, request, "decided")
    return AppliedDecisions(overrides, waiting, len(overrides), notice)


def _decide(store: Store, run_id: str, request_id: str, settled: Mapping[str, VoteCount]) -> None:
    """Change the flags' statuses: together those that the same people decided with the same words."""
    alike: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for unit, vote in settled.items():
        if vote.verdict in STATUS:
            alike.setdefault((vote.verdict, vote.by, vote.note), []).append(unit)
    for (verdict, by, note), units in alike.items():
        statuses = dict.fromkeys(units, STATUS[verdict])
        flags.decide(
            store, run_id, statuses, by=", ".join(by), role="approver", request_id=request_id, note=note
        )


def _overrides(store: Store, run_id: str, ballot: Ballot, settled: Mapping[str, VoteCount]) -> dict[str, str]:
    """Give the severities that people set: for whole cases where they agree, else flag by flag."""
    overrides: dict[str, str] = {}
    for units in ballot.groups.values():
        changed = [unit for unit in units if unit in settled and settled[unit].verdict == "modify"]
        severities = {str(settled[unit].changes["severity"]) for unit in changed}
        whole = len(changed) == len(units) and len(severities) == 1
        changed_flags = flags.by_ids(store, changed)
        for flag in changed_flags:
            name = (flag.case_id or flag.flag_id) if whole else flag.flag_id
            overrides[f"{run_id}/{name}"] = str(settled[flag.flag_id].changes["severity"])
    return overrides


def _changed_rules(
    store: Store, run_id: str, request: RequestRef, word: VoteCount, started_by: str
) -> AppliedDecisions:
    """Judge again with other thresholds; where other rows could be found, give the run up for a new one."""
    limits = settings.load()
    folder = intact_folder(limits, run_id)
    before = rules_in_force(folder)
    after = change_thresholds.changed(before, word.changes["rules"])
    by = ", ".join(word.by)
    anew = change_thresholds.needs_new_run(word.changes["rules"])
    details = {
        "changes": word.changes["rules"],
        "from": before.sha256,
        "to": after.sha256,
        "new_run": anew,
        "note": word.note,
    }
    trail.append(
        store, run_id, by, "rules changed", details=details, once=f"rules changed:{request['request_id']}"
    )
    reason = word.note or f"changed for run {run_id}"
    rule_versions.save(store, after.sha256, after.model_dump_json(indent=1), author=by, reason=reason)
    if not anew:
        keep_rules(folder, after)
        _close(store, run_id, request, "judged again")
        return AppliedDecisions({}, 0, 1)
    rules_path = folder / "rules-asked.json"
    rules_path.write_text(after.model_dump_json(indent=1), encoding="utf-8")
    windows.abandon(store, run_id, by=by, reason="audited anew with other thresholds")
    run = runs.audit(store, run_id)
    day = run.window_to.isoformat() if run.window_to else ""
    rerun = {"of": run_id, "rules": str(rules_path), "started_by": started_by, "as_of": day}
    return AppliedDecisions({}, 0, 0, rerun=rerun)


def _close(store: Store, run_id: str, request: RequestRef, outcome: str) -> None:
    requests.close(store, request["request_id"], outcome)
    runs.set_status(store, run_id, "open")


def _flag(row: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: row[name] for name in _COLUMNS}
    for name in _JSON:
        columns[name] = json.loads(row[name]) if row[name] else []
    columns["components"] = {
        "steps": columns["components"],
        "role": row["role"],
        "lead_test": row["lead_test"],
        "partner_key": row["partner_key"],
        "explained_by": row["explained_by"],
        "explanation_note": row["explanation_note"],
    }
    return columns


def _cases(suspects: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_case: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_case.setdefault(row["case_id"], []).append(row)
    all_cases = pq.read_table(suspects.parent / "case.parquet").to_pylist()
    return [
        {
            **case,
            "flags": len(by_case[case["case_id"]]),
            "severity": max((row["severity"] for row in by_case[case["case_id"]]), key=SEVERITIES.index),
        }
        for case in all_cases
        if case["case_id"] in by_case
    ]
