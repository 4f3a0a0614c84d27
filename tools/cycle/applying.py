"""Act on what was judged and decided: flags are raised once, and only their status changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq

from tools import settings
from tools.cycle import investigating, quorum
from tools.cycle.asking import TO_DECIDE
from tools.refs import Answer, Ref, Request
from tools.store import Store, approvals, cases, flags, open_store, runs
from tools.store.models import FlagStatus

STATUS: Mapping[str, FlagStatus] = {"approve": "approved", "reject": "rejected", "skip": "skipped"}
SEVERITIES = ("INFO", "WARNING", "CRITICAL")
_JSON = ("tests", "documents", "components")
_COLUMNS = (
    "fingerprint row_key txn_id source vendor posted_on amount_minor currency exposure_minor severity risk"
    " score confidence case_id explanation tests documents components file line"
    " kind person exposure_base role lead_test partner_key explained_by"
).split()


def propose(
    run_id: str, suspects: Ref, judged: Ref, investigated: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Raise the judged flags as proposed, approve by rule what needs nobody, and count the rest.

    investigated: of the gravest cases; kept with them, it changes no flag.
    """
    store = open_store(settings.load().database_url)
    rows = [_flag(row) for row in pq.read_table(judged["uri"]).to_pylist()]
    found = _cases(Path(suspects["uri"]), rows)
    looked_into = investigating.results(run_id, investigated)
    cases.save(
        store, run_id, [{**case, "investigation": looked_into.get(case["case_id"], {})} for case in found]
    )
    raised = flags.propose(store, run_id, rows, withdraw=True)
    proposed = flags.find(store, run_id=run_id, status="proposed", limit=1_000_000)
    by_rule: dict[str, FlagStatus] = {
        flag.flag_id: "approved" for flag in proposed if flag.risk not in TO_DECIDE
    }
    flags.decide(store, run_id, by_rule, by="rule", role="rule", note="risk LOW: approved by rule")
    return {
        "new": len(raised.new),
        "known": len(raised.known),
        "by_rule": len(by_rule),
        "to_approve": len(proposed) - len(by_rule),
    }


def apply_gate(run_id: str, request: Request, answers: Mapping[str, Answer]) -> str:
    """Record the gate's answers; give the settled verdict, or "" while there is none."""
    store = open_store(settings.load().database_url)
    _record(store, request, answers)
    settled = quorum.settled(request, answers.values())
    if "gate" not in settled:
        return ""
    approvals.close(store, request["request_id"], settled["gate"]["verdict"])
    runs.set_status(store, run_id, "open")
    return settled["gate"]["verdict"]


def apply_decisions(run_id: str, request: Request, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Record the answers and act on every settled subject; give the severities to judge again by case."""
    store = open_store(settings.load().database_url)
    _record(store, request, answers)
    held = approvals.get(store, request["request_id"]).payload["flags"]
    settled = quorum.settled(request, answers.values())
    overrides: dict[str, str] = {}
    for subject, word in settled.items():
        if word["verdict"] == "modify":
            severity = str(word["changes"]["severity"]).upper()
            overrides.update(dict.fromkeys(_case_ids(store, held[subject]), severity))
            continue
        flags.decide(
            store,
            run_id,
            dict.fromkeys(held[subject], STATUS[word["verdict"]]),
            by=_signers(word, answers),
            role="approver",
            request_id=request["request_id"],
            note=word["note"],
        )
    if len(settled) == len(request["subjects"]):
        approvals.close(store, request["request_id"], "decided")
        runs.set_status(store, run_id, "open")
    return overrides


def _case_ids(store: Store, flag_ids: list[str]) -> set[str]:
    return {flag.case_id or flag.flag_id for flag in (flags.get(store, name) for name in flag_ids)}


def _signers(word: Answer, answers: Mapping[str, Answer]) -> str:
    def what(answer: Answer) -> tuple[str, str, str]:
        return answer["request_id"], answer["subject"], answer["verdict"]

    return ", ".join(sorted({answer["by"] for answer in answers.values() if what(answer) == what(word)}))


def _record(store: Store, request: Request, answers: Mapping[str, Answer]) -> None:
    for answer in sorted(answers.values(), key=lambda one: (one["at"], one["by"], one["subject"])):
        if answer["request_id"] == request["request_id"]:
            approvals.decide(
                store,
                request["request_id"],
                {answer["subject"]: answer["verdict"]},
                by=answer["by"],
                role="approver",
                note=answer["note"],
                changes=answer["changes"],
            )


def _flag(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in _COLUMNS}
    for name in _JSON:
        found[name] = json.loads(row[name]) if row[name] else []
    found["components"] = {
        "steps": found["components"],
        "role": row["role"],
        "lead_test": row["lead_test"],
        "partner_key": row["partner_key"],
        "explained_by": row["explained_by"],
        "explanation_note": row["explanation_note"],
    }
    return found


def _cases(suspects: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_case: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_case.setdefault(row["case_id"], []).append(row)
    known = pq.read_table(suspects.parent / "case.parquet").to_pylist()
    return [
        {
            **case,
            "flags": len(by_case[case["case_id"]]),
            "severity": max((row["severity"] for row in by_case[case["case_id"]]), key=SEVERITIES.index),
        }
        for case in known
        if case["case_id"] in by_case
    ]
