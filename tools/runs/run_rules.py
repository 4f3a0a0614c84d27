"""The rules that a run goes by: the store has them, the run's folder a copy that is put right from it."""

from __future__ import annotations

import json
import uuid
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy import select

from tools.rules.model import Rules
from tools.store import Store, rule_versions, runs
from tools.store.models import AuditRun, TrailEntry

RULES = "rules.json"
CHANGED = "rules changed"  # action on the trail


def restore(store: Store, run: Path) -> None:
    """Write the rules of a run into its folder, where they are not what the store says that they are."""
    rules = decided(store, run.name)
    path = run / RULES
    if rules is None or (path.is_file() and _read(path) == rules):
        return
    run.mkdir(parents=True, exist_ok=True)
    write(run, rules)


def write(run: Path, rules: Rules) -> None:
    """Write rules into a run's folder, whole or not at all."""
    draft = run / f".{RULES}.{uuid.uuid4().hex[:12]}"
    draft.write_text(rules.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(run / RULES)


def decided(store: Store, run_id: str) -> Rules | None:
    """Give the rules that a run began with, or that people changed on it; None where the store has none."""
    run = runs.get(store, run_id)
    if not isinstance(run, AuditRun):  # other graphs judge nothing
        return None
    changed = _last_change(store, run_id)
    digest = changed["to"] if changed and not changed["new_run"] else run.rules_digest
    version = rule_versions.get(store, digest)
    return _parsed(version.text) if version else None


def asked_anew(store: Store, run_id: str) -> Rules | None:
    """Give the rules with which people had a run audited anew."""
    changed = _last_change(store, run_id)
    version = rule_versions.get(store, changed["to"]) if changed and changed["new_run"] else None
    return _parsed(version.text) if version else None


def _last_change(store: Store, run_id: str) -> dict[str, str] | None:
    query = select(TrailEntry.details).where(TrailEntry.run_id == run_id, TrailEntry.action == CHANGED)
    with store.read() as session:
        text = session.scalar(query.order_by(TrailEntry.seq.desc()).limit(1))
    details: dict[str, str] | None = json.loads(text) if text else None
    return details


def _read(path: Path) -> Rules | None:
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None


@lru_cache(maxsize=64)
def _parsed(text: str) -> Rules:
    """Read rules as JSON, as runs keep them, or as the YAML that people wrote."""
    try:
        return Rules.model_validate_json(text)
    except ValueError:
        return Rules.model_validate(yaml.safe_load(text) or {})
