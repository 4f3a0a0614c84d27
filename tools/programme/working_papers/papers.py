"""Working papers: objective, procedure, population, sample, evidence, result, conclusion, preparer, reviewer.

paper(store, standing, name) -> dict       as it is now, with its signatures
digest_of(paper) -> str                    of what is signed
void_if_changed(store, run_id, name, why)  signatures of what was otherwise do not count any more
Source of the parts: ISA 230, 8 to 11; PCAOB AS 1215, 6.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from tools.core.digest import digest
from tools.programme import records
from tools.programme.records import ProgrammeStanding
from tools.runs.recovery_table import OWED
from tools.store import Store
from tools.store.models import Artifact, SignOff, Step

UNSIGNED: Final = (
    "status",
    "signatures",
    "digest",
    "reminders",
    "reviewer",
    "action",
)  # what is about the paper, not in it
CONCLUSION: Final = "conclusion"
SAMPLING: Final = "sampling"


def paper(store: Store, standing: ProgrammeStanding, name: str) -> dict[str, Any]:
    """Give a task's working paper as JSON. Raises RunError for a name that is no task."""
    if name not in standing.steps:
        with store.read() as session:
            records.step_of(session, standing.run.run_id, name)
    spec, step = standing.programme.steps[name], standing.steps[name]
    task = spec.task
    figures = {key: value for key, value in step.figures.items() if key not in {CONCLUSION, SAMPLING}}
    content = {
        "task": name,
        "name": task.name,
        "phase": spec.phase,
        "kind": task.kind,
        "assertion": task.assertion,
        "risk": task.risk,
        "objective": task.objective,
        "procedure": task.procedure,
        "population": task.population,
        "sample": task.sample,
        "criteria": {
            key: bounds.model_dump(exclude_none=True) for key, bounds in task.success_criteria.items()
        },
        "evidence": evidence(store, step.run_id, name),
        "result": figures,
        "error": "" if spec.is_owed(step.error_kind) else step.error,
        "remedies": [remedy for remedy in step.remedies if remedy.get("kind") not in OWED],
        "conclusion": str(step.figures.get(CONCLUSION, "")),
        "preparer": step.person or task.preparer or step.worker,
    }
    if SAMPLING in step.figures:  # papers without a sample keep the digests that they were signed under
        content["sampling"] = step.figures[SAMPLING]
    signed = [
        {"role": each.role, "by": each.by, "at": each.at.isoformat(), "note": each.note, "void": each.void}
        for each in signatures(store, step.run_id, name)
    ]
    reminders = [remedy for remedy in step.remedies if remedy.get("kind") in OWED]
    reviewers = [each["by"] for each in signed if each["role"] == "reviewer" and not each["void"]]
    reviewer = reviewers[-1] if reviewers else task.reviewer
    about = {
        "status": step.status,
        "signatures": signed,
        "reminders": reminders,
        "reviewer": reviewer,
        "action": task.action,
    }
    return {**content, **about, "digest": digest_of(content)}


def digest_of(content: dict[str, Any]) -> str:
    """Give the digest of what a signature stands for."""
    return digest({key: value for key, value in content.items() if key not in UNSIGNED})


def evidence(store: Store, run_id: str, name: str) -> list[dict[str, Any]]:
    """Give the files of a task: name, SHA-256, size."""
    query = (
        select(Artifact).where(Artifact.run_id == run_id, Artifact.step_id == name).order_by(Artifact.name)
    )
    with store.read() as session:
        return [{"name": row.name, "sha256": row.sha256, "size": row.size} for row in session.scalars(query)]


def signatures(store: Store, run_id: str, name: str) -> list[SignOff]:
    """Give a task's signatures, void ones too, the oldest first."""
    query = select(SignOff).where(SignOff.run_id == run_id, SignOff.step_id == name)
    with store.read() as session:
        return list(session.scalars(query.order_by(SignOff.signoff_id)))


def void_if_changed(store: Store, run_id: str, name: str, why: str) -> list[str]:
    """Make signatures void that were given for another paper; give whose, and record it with its reason."""
    with store.begin() as session:
        valid = [each for each in signatures(store, run_id, name) if not each.void]
        if not valid:
            return []
        now = paper(store, records.load(store, run_id), name)["digest"]
        voided = [each for each in valid if each.paper != now]
        for each in voided:
            session.get_one(SignOff, each.signoff_id).void = f"the paper changed after it was signed: {why}"
        if voided:
            step = session.get_one(Step, (run_id, name))
            step.status = "with_person" if step.status in {"done", "accepted"} else step.status
            session.flush()
            people = [each.by for each in voided]
            records.happened(store, run_id, name, "signature void", details={"people": people, "why": why})
        return [each.by for each in voided]
