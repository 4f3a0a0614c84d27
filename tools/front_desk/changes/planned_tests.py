"""The tests of a change: the cases of what it moves, and cases that are made for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from tools.checks.case_files import CheckCase
from tools.front_desk.changes import hard_books, speed, suppression_cases
from tools.front_desk.changes.outcomes import PlannedTest, SkippedError
from tools.front_desk.changes.trial import Trial
from tools.rules.test_header import BookTest, CheckName

MOST_TIMED = 3
MOST_HARD = 2


def planned_tests(trial: Trial) -> list[PlannedTest]:
    """Give every test of a change, in the order in which they run; the slow ones last."""
    return [
        *_of_cases(trial), *_of_hard_books(trial), *_of_suppressions(trial), *_of_past_run(trial),
        *_of_speed(trial),
    ]  # fmt: skip


def _of_cases(trial: Trial) -> Iterator[PlannedTest]:
    for check, name in trial.moved:
        own = name == trial.draft.test and trial.draft.kind == "test"
        cases = trial.cases(check, name)
        for case in cases:
            yield PlannedTest(
                f"{name}: {case.words}",
                "UNIT" if own else "FUNCTIONAL",
                "CRITICAL" if own else "HIGH",
                partial(_case, trial, check, name, case),
            )
        if own:
            yield PlannedTest(
                f"{name}: cases that hit, and look-alikes", "UNIT", "CRITICAL", partial(_lacking_cases, cases)
            )


def _lacking_cases(cases: list[CheckCase]) -> str:
    hit = any(case.finds for case in cases)
    spared = any(len(case.tables.get("txn", [])) > len(case.finds) for case in cases)
    if hit and spared:
        return ""
    return "no case is found" if not hit else "no case has a row that must not be found"


def _case(trial: Trial, check: CheckName, name: str, case: CheckCase) -> str:
    test = trial.test(check, name)
    if test is None:
        return "the test is gone"
    result, rows = case.run_test(test, trial.folder(), rules=trial.after)
    if case.not_applicable:
        return "" if result.reason == case.not_applicable else f"it says '{result.reason or result.status}'"
    if result.status != "ran":
        return f"{result.status}: {result.reason}"
    own = trial.draft.kind == "test"
    if missed := (case if own else _keys_of(case)).missed(rows):
        return f"it no longer finds {missed[0]}"
    further = len(rows) - len(case.finds)
    return f"it finds {further} rows that the case does not name" if further else ""


def _keys_of(case: CheckCase) -> CheckCase:
    """Give a case that names rows alone: a changed test may score them otherwise."""
    keys = ("row_key", "partner_key", "field")
    return replace(case, finds=[{key: row[key] for key in keys if key in row} for row in case.finds])


def _of_hard_books(trial: Trial) -> Iterator[PlannedTest]:
    for check, name in trial.moved:
        test = trial.test(check, name)
        if test is None:
            continue
        cases = trial.cases(check, name)
        cases = ([case for case in cases if case.finds] or cases)[:MOST_HARD]
        for kind, importance, run in hard_books.CHECKS:
            yield PlannedTest(
                f"{name}: {kind}", hard_books.TYPES[kind], importance, partial(_hard, trial, test, cases, run)
            )


def _hard(trial: Trial, test: BookTest, cases: list[CheckCase], run: hard_books.Check) -> str:
    if not cases:
        raise SkippedError("the test has no cases to start from")
    wrong = (f"{case.words}: {reason}" for case in cases if (reason := run(trial, test, case)))
    return next(wrong, "")


def _of_suppressions(trial: Trial) -> Iterator[PlannedTest]:
    learned = {(entry.vendor, entry.test): entry for entry in trial.before.learned.suppressions}
    for entry in trial.after.learned.suppressions:
        if learned.get((entry.vendor, entry.test)) == entry:
            continue
        for words, importance, run in suppression_cases.CHECKS:
            yield PlannedTest(f"{entry.vendor}: {words}", "UNIT", importance, partial(run, trial, entry))


def _of_past_run(trial: Trial) -> Iterator[PlannedTest]:
    yield PlannedTest("a whole past run is judged", "INTEGRATION", "CRITICAL", partial(_judged, trial))
    yield PlannedTest(
        "other tests find what they found", "INTEGRATION", "HIGH", partial(_unnamed_tests, trial)
    )


def _of_speed(trial: Trial) -> Iterator[PlannedTest]:
    for check, name in trial.moved[:MOST_TIMED]:
        yield PlannedTest(
            f"{name}: a million rows", "PERFORMANCE", "NORMAL", partial(speed.check, trial, check, name)
        )


def _judged(trial: Trial) -> str:
    if trial.recorded is None:
        raise SkippedError("no past run is kept whole")
    flags = trial.recorded.judged(trial.after, trial.folder() / "judged", trial.moved)
    odd = [row["row_key"] for row in flags.values() if row["exposure_base"] is None or not row["severity"]]
    return f"{len(odd)} flags have no severity or exposure" if odd else ""


def _unnamed_tests(trial: Trial) -> str:
    """Hold the tests that the change does not name against what they found before it."""
    named = {trial.draft.test} if trial.draft.test else {name for _, name in trial.moved}
    further_tests = [name for _, name in trial.moved if name not in named]
    return f"it moves {', '.join(further_tests)}, too" if further_tests else ""
