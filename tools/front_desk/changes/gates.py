"""What a change has to reach before people are asked about it: each gate with what it saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from tools.core import money
from tools.front_desk.changes.outcomes import CaseOutcome, MutantOutcome
from tools.rules.model import Rules

_LOST = ("FAILED", "ERROR")
_EXISTING = ("FUNCTIONAL", "INTEGRATION")


@dataclass(frozen=True)
class ChangeGate:
    """One gate. measured, limit: in words, as a page shows them."""

    name: str
    passed: bool
    measured: str
    limit: str
    detail: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


@dataclass(frozen=True)
class GateEvidence:
    """What the gates look at. replay: as tools.feedback.replay gives it. kind: of the draft."""

    kind: str
    tests: Sequence[CaseOutcome]
    mutants: Sequence[MutantOutcome]
    replay: Mapping[str, Any]


def gates(evidence: GateEvidence, rules: Rules) -> list[ChangeGate]:
    """Give every gate in the order in which they are shown; a change needs all of them."""
    return [
        _pass_rate(evidence, rules), _critical(evidence), _existing(evidence), _coverage(evidence, rules),
        _killed(evidence, rules), _replayed(evidence), _confirmed(evidence), _unseen(evidence, rules),
        _effect(evidence), _time(evidence, rules),
    ]  # fmt: skip


def passed(results: Sequence[ChangeGate]) -> bool:
    """Say whether a change may be asked about."""
    return bool(results) and all(gate.passed for gate in results)


def coverage(mutants: Sequence[MutantOutcome]) -> float | None:
    """Give the share of places of a change with a mutant that tests tell from it; None where it has one."""
    places = {mutant.place for mutant in mutants} - {"all"}
    if len(places) < 2:  # noqa: PLR2004 - of one place nothing is a share
        return None
    return len({mutant.place for mutant in mutants if mutant.killed} & places) / len(places)


def _pass_rate(evidence: GateEvidence, rules: Rules) -> ChangeGate:
    ran = [test for test in evidence.tests if test.status in ("PASSED", *_LOST)]
    good = sum(test.status == "PASSED" for test in ran)
    share, least = (good / len(ran) if ran else 0.0), rules.changes.least_passed
    lost = _details(_failures(ran))
    return ChangeGate("tests pass", share >= least, f"{good} of {len(ran)}", f"at least {least:.0%}", lost)


def _critical(evidence: GateEvidence) -> ChangeGate:
    lost = [test for test in _failures(evidence.tests) if test.importance == "CRITICAL"]
    return ChangeGate("no critical failure", not lost, str(len(lost)), "none", _details(lost))


def _existing(evidence: GateEvidence) -> ChangeGate:
    """Hold what is there already to all of it: its cases, and whatever other tests have found."""
    ran = [test for test in evidence.tests if test.type in _EXISTING and test.status in ("PASSED", *_LOST)]
    lost = _failures(ran)
    measured = f"{len(ran) - len(lost)} of {len(ran)}"
    return ChangeGate("existing tests pass", not lost, measured, "all", _details(lost))


def _coverage(evidence: GateEvidence, rules: Rules) -> ChangeGate:
    share, least = coverage(evidence.mutants), rules.changes.least_coverage
    if share is None:
        return ChangeGate("coverage", passed=True, measured="not measured", limit=f"at least {least:.0%}")
    killed = {mutant.place for mutant in evidence.mutants if mutant.killed}
    bare = sorted({mutant.place for mutant in evidence.mutants} - killed)
    return ChangeGate(
        "coverage", share >= least, f"{share:.0%}", f"at least {least:.0%}", "; ".join(bare)[:2000]
    )


def _killed(evidence: GateEvidence, rules: Rules) -> ChangeGate:
    limits, tried = rules.changes, len(evidence.mutants)
    killed = sum(mutant.killed for mutant in evidence.mutants)
    enough = tried >= limits.least_mutants and killed >= limits.least_killed * tried
    alive = "; ".join(mutant.name for mutant in evidence.mutants if not mutant.killed)
    limit = f"at least {limits.least_killed:.0%} of at least {limits.least_mutants}"
    return ChangeGate("mutants are killed", enough, f"{killed} of {tried}", limit, alive[:2000])


def _replayed(evidence: GateEvidence) -> ChangeGate:
    runs = len(evidence.replay["runs"])
    return ChangeGate("replayed over past runs", runs > 0, str(runs), "at least 1")


def _confirmed(evidence: GateEvidence) -> ChangeGate:
    missed = evidence.replay["missed"]
    flags, seen = missed["flags"], _amounts(missed)
    return ChangeGate(
        "no confirmed finding hidden", not flags, f"{flags} flags, {seen}", "none", "; ".join(missed["rows"])
    )


def _unseen(evidence: GateEvidence, rules: Rules) -> ChangeGate:
    unseen, most = evidence.replay["unseen"], rules.feedback.most_unseen
    over = any(money.to_decimal(minor, currency) > most for currency, minor in unseen["minor"].items())
    measured = f"{unseen['flags']} flags, {_amounts(unseen)}"
    return ChangeGate(
        "little hidden that nobody reviewed", not over, measured, f"at most {Decimal(most):,.2f}"
    )


def _effect(evidence: GateEvidence) -> ChangeGate:
    """Refuse what changes nothing, but for a new test: it waits for what is not there yet."""
    hidden, shown = evidence.replay["hidden"]["flags"], evidence.replay["shown"]["flags"]
    good = evidence.kind == "test" or bool(hidden or shown)
    return ChangeGate("it does something", good, f"hides {hidden}, raises {shown}", "a flag that differs")


def _time(evidence: GateEvidence, rules: Rules) -> ChangeGate:
    slow = [test for test in _failures(evidence.tests) if test.type == "PERFORMANCE"]
    timed = sum(test.type == "PERFORMANCE" and test.status == "PASSED" for test in evidence.tests)
    limit = f"at most {rules.changes.most_times:g} times what it took"
    measured = f"{len(slow)} too slow" if slow else f"{timed} timed"
    return ChangeGate("time", not slow, measured, limit, _details(slow))


def _failures(tests: Sequence[CaseOutcome]) -> list[CaseOutcome]:
    return [test for test in tests if test.status in _LOST]


def _details(tests: Sequence[CaseOutcome]) -> str:
    return "; ".join(f"{test.name}: {test.detail}" for test in tests)[:2000]


def _amounts(total: Mapping[str, Any]) -> str:
    return ", ".join(money.to_display(minor, name) for name, minor in total["minor"].items()) or "nothing"
