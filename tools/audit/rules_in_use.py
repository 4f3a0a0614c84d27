"""Choose the rules that a run goes by: the desk's own, or others that a caller named."""

from __future__ import annotations

from pathlib import Path

from tools.audit import other_rules
from tools.checks.rules_file import load_rules
from tools.core.bounded_paths import Folders
from tools.core.settings import Settings
from tools.rules.model import Rules
from tools.runs import run_rules
from tools.store import open_store, runs


def choose(
    named: str | None, limits: Settings, *, within: Folders | None = None, parent: str | None = None
) -> tuple[Rules, str]:
    """Give the rules of a new run, and the file that they are from where they are not the desk's.

    parent: the run that is audited anew, under rules that people changed in it: what it began with counts.
    Raises RulesError for a file that is no rules file, UsageError for one that callers may not name.
    """
    desk = load_rules(limits.rules)
    if not named:
        return desk, ""
    if parent:
        store = open_store(limits.database_url)
        rules = run_rules.asked_anew(store, parent) or load_rules(Path(named))
        return rules, other_rules.named_by(runs.get(store, parent))
    path = within.path(named, "rules") if within is not None else Path(named).resolve()
    # Who has to approve is the desk's own rule: whoever starts a run can't lower it with a file of theirs.
    rules = load_rules(path).model_copy(update={"approval": desk.approval})
    return (desk, "") if rules.sha256 == desk.sha256 else (rules, str(path))
