"""A change on its way through tests, replay, mutants and gates: one step a function, each may be repeated."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from tools.approvals import requests
from tools.checks.house_tests import changed_tests
from tools.checks.rules_file import load_rules
from tools.core import money
from tools.core.clock import clock
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.feedback import changes, replay, rulesfile
from tools.front_desk import checkpoints, leftovers
from tools.front_desk.changes import draft as drafts
from tools.front_desk.changes import gates, proposing, suite, worded
from tools.front_desk.changes.outcomes import CaseOutcome, MutantOutcome
from tools.front_desk.changes.planned_tests import planned_tests
from tools.front_desk.changes.trial import Trial
from tools.front_desk.desk_context import store_and_settings
from tools.front_desk.rewording import WordingRequest
from tools.judgement.model_wording import PromptText
from tools.runs import run_files, workspace
from tools.store import Store, proposals, runs, test_suites
from tools.store.models import TestSuite

GRAPH = "change"


def open_change(
    thread_id: str, started_by: str, change: str, wanted: Mapping[str, str], prompt: PromptText
) -> tuple[str, str]:
    """Open the run of a change, drafted before or now; give its run and its id.

    wanted: kind, vendor, test, most, until and "parameter:NAME", where it is not drafted yet; of a test that
    a model drafts by the prompt, the sentence. Raises RunError where two people are asked about it already.
    """
    store, limits = store_and_settings()
    if wanted.get("kind") == "test" and not change:
        return _open_worded(store, limits, (thread_id, started_by), wanted["sentence"], prompt)
    proposal_id = change or _drafted(store, limits, wanted, started_by)
    proposal = proposals.get(store, proposal_id)
    proposing.draft_of(store, limits, proposal.proposal_id)
    _refuse_asked(store, proposal.proposal_id)
    run = runs.start(
        store, graph=GRAPH, thread_id=thread_id, started_by=started_by,
        details={"change": proposal.proposal_id, "title": title_of(proposal.details)},
    )  # fmt: skip
    leftovers.end_earlier(store, proposal.proposal_id, run.run_id)
    return run.run_id, proposal.proposal_id


def _refuse_asked(store: Store, change: str) -> None:
    """Refuse to test what waits for people: their word would be about other tests."""
    if requests.about(store, change, checkpoints.ACTIVATE) is not None:
        raise RunError(
            f"change {change} has passed its gates and waits for two people.",
            remedy=f'Decide: tieout change activate {change} --note "activate {change}", or reject.',
        )


def _open_worded(
    store: Store, limits: Settings, caller: tuple[str, str], sentence: str, prompt: PromptText
) -> tuple[str, str]:
    """Open the run first: what a model costs is on its trail."""
    thread_id, by = caller
    run = runs.start(store, graph=GRAPH, thread_id=thread_id, started_by=by, details={"title": sentence})
    request = WordingRequest(run.run_id, prompt)
    draft = worded.drafted(sentence, rulesfile.read(limits.rules), limits, request)
    return run.run_id, proposing.keep(store, draft, by=by, reason=sentence).proposal_id


def _drafted(store: Store, limits: Settings, wanted: Mapping[str, str], by: str) -> str:
    return proposing.keep(store, drafts.of_words(wanted, limits.rules), by=by).proposal_id


def title_of(details: Mapping[str, Any]) -> str:
    """Give what a change would do, in words."""
    return str(details["draft"]["title"]) if "draft" in details else f"{details['kind']} {details['test']}"


def generate(run_id: str, change: str, number: int, narrowed: Mapping[str, Any] | None) -> tuple[str, int]:
    """Open a round: write down which tests will run. Give the suite and how many they are."""
    store, limits = store_and_settings()
    draft = drafts.from_dict(narrowed) if narrowed else proposing.draft_of(store, limits, change)
    opened = test_suites.begin(store, change, run_id, number=number, draft=draft.as_dict())
    with tempfile.TemporaryDirectory(prefix="tieout-change-") as scratch:
        trial = Trial(
            draft, draft.rules_before(limits.rules), draft.rules_after(limits.rules), limits, Path(scratch)
        )
        planned = [
            CaseOutcome(test.name, test.type, test.importance, "PENDING") for test in planned_tests(trial)
        ]
    if opened.status == "pending":
        test_suites.put_outcomes(store, opened.suite_id, [outcome.as_dict() for outcome in planned])
    return opened.suite_id, len(planned)


def run_tests(suite_id: str) -> dict[str, int]:
    """Run the tests of a round; give how many ended how."""
    store, limits = store_and_settings()
    job = _job(store, limits, suite_id)
    outcomes = suite.tests(job)
    names = {outcome.name for outcome in outcomes}
    unreached = [
        {**_columns(row), "status": "SKIPPED", "detail": "the process ended before it"}
        for row in test_suites.outcomes(store, suite_id)
        if row.name not in names
    ]
    test_suites.put_outcomes(store, suite_id, [*(outcome.as_dict() for outcome in outcomes), *unreached])
    test_suites.keep(store, suite_id, "tested")
    return dict(Counter[str](outcome.status for outcome in outcomes))


def replay_change(suite_id: str) -> dict[str, int]:
    """Judge past runs by the rules with and without the change; give flags hidden and raised."""
    store, limits = store_and_settings()
    draft = drafts.from_dict(test_suites.get(store, suite_id).draft)
    before, after = draft.rules_before(limits.rules), draft.rules_after(limits.rules)
    past = replay.past(store, limits, before, clock().now())
    base, changed = (changes.with_learned(rules, changes.lasting(rules.learned)) for rules in (before, after))
    result = replay.replay(past, base, changed, changed_tests(before, after)).as_dict()
    test_suites.keep(store, suite_id, "replayed", replay=result)
    return {name: result[name]["flags"] for name in ("hidden", "missed", "shown")}


def mutate(suite_id: str) -> dict[str, int]:
    """Try the mutants of a change; give how many were killed."""
    store, limits = store_and_settings()
    outcomes = suite.mutants(_job(store, limits, suite_id))
    test_suites.keep(store, suite_id, "mutated", mutants=[mutant.as_dict() for mutant in outcomes])
    return {"tried": len(outcomes), "killed": sum(mutant.killed for mutant in outcomes)}


def judge(suite_id: str) -> tuple[bool, list[dict[str, Any]]]:
    """Hold a round against the gates; give whether it passes all, and each."""
    store, limits = store_and_settings()
    record = test_suites.get(store, suite_id)
    evidence = gates.GateEvidence(
        str(record.draft["kind"]),
        [CaseOutcome(**_columns(row)) for row in test_suites.outcomes(store, suite_id)],
        [MutantOutcome(**mutant) for mutant in record.mutants],
        record.replay,
    )
    results = gates.gates(evidence, load_rules(limits.rules))
    good, rows = gates.passed(results), [gate.as_dict() for gate in results]
    test_suites.keep(store, suite_id, "passed" if good else "failed", gates=rows)
    return good, rows


def refined(suite_id: str) -> dict[str, Any]:
    """Give a narrower draft where confirmed flags were hidden; {} where it cannot be narrowed."""
    store, limits = store_and_settings()
    record = test_suites.get(store, suite_id)
    draft = drafts.from_dict(record.draft)
    if draft.kind not in ("suppression", "threshold"):
        return {}
    least = _least_lost(record)
    if least is None:
        return {}
    minor, currency = least
    most = money.to_decimal(minor - 1, currency)
    if most <= 0:
        return {}
    return proposing.narrowed(draft, limits, str(most)).as_dict()


def _least_lost(record: TestSuite) -> tuple[int, str] | None:
    """Give the smallest confirmed flag that the change hid: a narrower one stays under it."""
    missed = record.replay["missed"]
    amounts: Sequence[tuple[int, str]] = [tuple(pair) for pair in missed.get("exposures", [])]
    return min(amounts, default=None)


def _job(store: Store, limits: Settings, suite_id: str) -> suite.SuiteJob:
    record = test_suites.get(store, suite_id)
    rules = load_rules(limits.rules)
    return suite.SuiteJob(
        drafts.from_dict(record.draft), limits.rules, rules.changes, _newest_whole(store, limits)
    )


def _newest_whole(store: Store, limits: Settings) -> Path | None:
    """Give the folder of the newest closed audit that is as it was written and can be judged again."""
    for run in runs.list_audits(store, status="closed", limit=100):
        folder = workspace.run_folder(limits, run.run_id)
        if replay.recorded_run(limits, folder) and run_files.is_intact(store, limits, run.run_id):
            return folder.resolve()
    return None


def _columns(row: object) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(CaseOutcome)}
