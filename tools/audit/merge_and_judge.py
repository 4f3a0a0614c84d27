"""From findings to judged flags: each step published whole, so that a replay repeats none of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.audit import run_figures
from tools.audit.read_cases import to_investigate
from tools.books.engine import Books
from tools.core import settings
from tools.core.digest import digest
from tools.core.refs import CheckResult, Ref
from tools.evidence.search import search
from tools.judgement.judge import judge, read_flags
from tools.judgement.model_wording import PromptText, phrase
from tools.judgement.suspects import gather
from tools.models import spending
from tools.rules.model import Rules
from tools.runs.run_files import intact_folder
from tools.runs.workspace import SNAPSHOT, Attempt, located, published, rules_in_force, seal
from tools.store import flags as flag_store
from tools.store import open_store, runs
from tools.store.models import Review

Step = Callable[[Books, Rules, Path], dict[str, Any]]


@dataclass(frozen=True)
class Merged:
    """The suspects, and the counts that decide the route."""

    suspects: Ref
    counts: dict[str, Any]


@dataclass(frozen=True)
class StepResult:
    """One published table with what is known of it."""

    ref: Ref
    facts: dict[str, Any]


def merge(run_id: str, checks: Mapping[str, CheckResult]) -> Merged:
    """Gather suspects and cases, and say why the gate has to be asked, in the specification's order."""

    def step(books: Books, rules: Rules, out: Path) -> dict[str, Any]:
        settled = _flagged_before(run_id, books)
        gathered = gather(books, _folders(checks), rules, out=out, settled=settled).as_dict()
        run_figures.record(run_id, books, checks)
        return gathered

    result = _published(run_id, f"suspects-{_digest(checks)}", "suspect", step)
    rules = rules_in_force(intact_folder(settings.load(), run_id))
    counts = {**result.facts, "gate_reasons": _gate_reasons(checks, result.facts, rules)}
    store = open_store(settings.load().database_url)
    known = runs.get(store, run_id).counts
    runs.record(store, run_id, counts={**known, "merged": counts})  # a run that waits has been read, too
    return Merged(result.ref, counts)


def enrich(run_id: str, suspects: Ref) -> StepResult:
    """Search the documents for every suspect."""

    def step(books: Books, rules: Rules, out: Path) -> dict[str, Any]:
        limits = settings.load()
        searched = search(
            books,
            located(limits, suspects["uri"]),
            rules,
            out=out,
            decisions=_decisions(books.manifest.entity),
            settings=limits,
        )
        return searched.as_dict()

    return _published(run_id, f"evidence-{suspects['sha256'][:12]}", "evidence", step)


def escalate(
    run_id: str,
    suspects: Ref,
    evidence: Ref,
    checks: Mapping[str, CheckResult],
    *,
    overrides: Mapping[str, str],
    prompt: PromptText,
) -> StepResult:
    """Judge and explain every suspect; overrides are severities that people set, under run/case or run/flag.

    prompt: with which a model, where the settings name one, words the gravest.
    """
    degraded = [name for name, result in checks.items() if result["status"] != "ran"]
    mine = {
        key.removeprefix(f"{run_id}/"): to for key, to in overrides.items() if key.startswith(f"{run_id}/")
    }
    results = [test for result in checks.values() for test in result["tests"]]

    limits = settings.load()

    def step(books: Books, rules: Rules, out: Path) -> dict[str, Any]:
        judged = judge(
            books,
            located(limits, suspects["uri"]).parent,
            located(limits, evidence["uri"]).parent,
            rules,
            out=out,
            results=results,
            degraded=degraded,
            overrides=mine,
        )
        return {
            **judged.as_dict(),
            "model": _worded(run_id, books, out, prompt),
            "to_investigate": to_investigate(read_flags(out), settings.load()),
        }

    severity = rules_in_force(intact_folder(settings.load(), run_id)).severity.model_dump(mode="json")
    name = digest([suspects["sha256"], evidence["sha256"], mine, severity])[:12]
    return _published(run_id, f"judged-{name}", "flag", step)


def _worded(run_id: str, books: Books, judged: Path, prompt: PromptText) -> dict[str, Any]:
    """Let the model of the settings word flags; each of its calls goes on the trail as it ends."""
    limits = settings.load()
    if not limits.model:
        return {}
    return phrase(
        books,
        judged,
        limits,
        prompt,
        budget=spending.budget_of(limits, run_id),
        cache=spending.answers(limits, run_id),
        record=spending.recorder(limits, run_id),
    ).as_dict()


def _published(run_id: str, name: str, table: str, step: Step) -> StepResult:
    limits = settings.load()
    run = intact_folder(limits, run_id)
    result = published(run, name)
    if result is None:
        with Attempt(run, name) as attempt:
            with Books.open(run / SNAPSHOT, limits) as books:
                facts = step(books, rules_in_force(run), attempt.folder)
                ref = books.ref(attempt.folder / f"{table}.parquet", f"{attempt.uri}/{table}.parquet")
            result = attempt.publish({"ref": ref, "facts": facts})
    seal(open_store(limits.database_url), run, name)
    return StepResult(result["ref"], result["facts"])


def _flagged_before(run_id: str, books: Books) -> list[str]:
    """Name the open rows that an earlier run flagged: whatever its test was, they are not raised again."""
    carried = [row["row_key"] for row in books.rows("SELECT row_key FROM txn WHERE scope = 'open'")]
    store = open_store(settings.load().database_url)
    return sorted(flag_store.rows_flagged(store, carried, books.manifest.entity, but=run_id))


def _folders(checks: Mapping[str, CheckResult]) -> dict[str, Path]:
    limits = settings.load()
    return {
        name: located(limits, result["tables"]["finding"]["uri"]).parent
        for name, result in checks.items()
        if "finding" in result["tables"]
    }


def _digest(checks: Mapping[str, CheckResult]) -> str:
    return digest({name: result["tables"] for name, result in checks.items()})[:12]


def _gate_reasons(checks: Mapping[str, CheckResult], merged: Mapping[str, Any], rules: Rules) -> list[str]:
    reasons = []
    completeness = checks["quality"]["facts"].get("completeness", 1.0) if "quality" in checks else 1.0
    if completeness < rules.gate.completeness:
        required = f"{rules.gate.completeness:.0%}"
        reasons.append(f"Only {completeness:.1%} of the rows are complete; the rules ask for {required}.")
    for name, result in sorted(checks.items()):
        if result["status"] != "ran":
            reasons.append(f"The {name} check is {result['status']}: {result['error']}")
    if merged["suspicious_share"] > rules.gate.suspicious_share:
        reasons.append(
            f"{merged['suspicious_share']:.1%} of the rows are suspicious; the rules stop a run"
            f" above {rules.gate.suspicious_share:.0%}."
        )
    return reasons


def _decisions(entity: str) -> list[dict[str, Any]]:
    store = open_store(settings.load().database_url)
    verdicts: tuple[Review, ...] = ("confirmed", "false_positive", "needs_information")
    reviewed = [
        flag
        for verdict in verdicts
        for flag in flag_store.find(store, review=verdict, entity=entity, limit=10_000)
    ]
    return [
        {
            "flag_id": flag.flag_id,
            "vendor": flag.vendor,
            "lead_test": flag.tests[0]["test"] if flag.tests else "",
            "verdict": flag.review,
            "by": flag.reviewed_by,
            "at": flag.reviewed_at,
            "note": flag.review_note,
        }
        for flag in reviewed
    ]
