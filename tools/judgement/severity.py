"""How grave a suspect is: points, a band, floors, then the rules; every step kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.core import money
from tools.core.severity_levels import RISKS, SEVERITIES, Risk, Severity
from tools.judgement.materiality import MaterialityEstimate
from tools.rules.model import Approval
from tools.rules.severity import TRIVIAL, Floor, SeverityRules

# Steps by which people, not the rules' own weights, said how grave a thing is.
_PEOPLE = ("a person", "suppressed", "suppressed vendor")


@dataclass(frozen=True)
class SeverityStep:
    """One step of the sum: points added, or the severity from here on; and why."""

    what: str
    because: str
    points: int | None = None
    severity: str | None = None  # "" means: no flag

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {
            "what": self.what,
            "because": self.because,
            **({"points": self.points} if self.points is not None else {}),
            **({"severity": self.severity} if self.severity is not None else {}),
        }


@dataclass(frozen=True)
class SeverityVerdict:
    """A suspect's score, severity (None: no flag), role that it goes to, and the steps that led there."""

    score: int
    severity: Severity | None
    role: str | None
    steps: tuple[SeverityStep, ...]


def verdict(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    approvals: Sequence[Mapping[str, Any]],
    declared: Iterable[str],
    rules: SeverityRules,
    *,
    strong_over: int,
    currency: str,
    materiality: MaterialityEstimate | None = None,
) -> SeverityVerdict:
    """Judge one suspect.

    row: of suspect. tests: its findings. approvals: evidence of kind approval. declared: evidence
    sources that exist, for what is absent scores only where it was declared. strong_over: the score
    from which a finding has a floor. currency: the entity's, in which exposure_base is. materiality: of which
    floors are multiples.
    """
    steps = points(row, tests, approvals, declared, rules)
    score = min(100, sum(step.points or 0 for step in steps))
    level = band(score, rules)
    steps.append(SeverityStep("band", f"{score} points", severity=level or ""))
    for step in _floors(
        row, tests, rules, strong_over=strong_over, currency=currency, materiality=materiality
    ):
        if _rank(step.severity) > _rank(level):
            level = _level(step.severity)
            steps.append(step)
    level, after = _adjusted(row, level, rules)
    steps += after
    role = _senior(row, level, rules, currency)
    if role:
        steps.append(SeverityStep("senior role", f"CRITICAL above the limit goes to the {role}"))
    return SeverityVerdict(score, level, role, tuple(steps))


def overridden(judged: SeverityVerdict, severity: str | None) -> SeverityVerdict:
    """Put the severity that a person set at approval in place of what the rules say."""
    if severity is None or judged.severity is None:
        return judged
    step = SeverityStep("a person", f"severity set to {severity} at approval", severity=severity)
    return replace(judged, severity=_level(severity), steps=(*judged.steps, step))


def points(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    approvals: Sequence[Mapping[str, Any]],
    declared: Iterable[str],
    rules: SeverityRules,
) -> list[SeverityStep]:
    """Give the steps that add points."""
    weights, steps = rules.weights, []
    if row["unmatched"] or row["statement"]:
        steps.append(
            SeverityStep("no match", row["break_reason"] or _names(tests, "reconciliation"), weights.no_match)
        )
    if row["anomaly_score"] > 0:
        because = _names(tests, None if row["weak_only"] else "anomaly")
        steps.append(SeverityStep("anomaly", f"{because}: {row['anomaly_score']}", weights.anomaly))
    if missing := _no_approval(row, approvals, set(declared), rules):
        steps.append(SeverityStep("no approval", missing, weights.no_approval))
    if row["no_receipt"]:
        steps.append(SeverityStep("no receipt", "its category asks for one", weights.no_receipt))
    if row["incomplete"]:
        steps.append(SeverityStep("incomplete or bad record", _names(tests, "quality"), weights.incomplete))
    return steps


def band(score: int, rules: SeverityRules) -> Severity | None:
    """Give the severity of a sum of points; None is below the lowest band."""
    bands = rules.bands
    if score >= bands.critical:
        return "CRITICAL"
    if score >= bands.warning:
        return "WARNING"
    return "INFO" if score >= bands.info else None


def risk(judged: SeverityVerdict, exposure: int, materiality: int | None, rules: Approval) -> Risk | None:
    """Give the risk of a flag, None where there is no flag; exposure and materiality are minor units.

    Exposure over materiality raises it by one. What is above clearly trivial (ISA 450, A2) is HIGH at least,
    so that no rule settles it; where a person said how grave it is, or suppressed it, that stands.
    """
    if judged.severity is None:
        return None
    base: Risk = {"INFO": rules.info, "WARNING": rules.warning, "CRITICAL": rules.critical}[judged.severity]
    if materiality is None:
        return base
    level = RISKS.index(base) + (exposure > materiality)
    by_people = any(step.what in _PEOPLE for step in judged.steps)
    if exposure > TRIVIAL * materiality and not by_people:
        level = max(level, RISKS.index("HIGH"))
    return RISKS[min(level, len(RISKS) - 1)]


def _no_approval(
    row: Mapping[str, Any],
    approvals: Sequence[Mapping[str, Any]],
    declared: set[str],
    rules: SeverityRules,
) -> str:
    """Say which approval is missing, or "" when one was found or none can be expected."""
    searched = [f"approved_by:{row['kind']}"] + ["email"] * (row["kind"] in rules.approval_kinds)
    searched = [name for name in searched if name in declared]
    incoming = row["kind"] in {"bank", "ledger"} and (row["amount_minor"] or 0) > 0
    if not searched or incoming or row["statement"]:
        return ""
    if any(approval["may_approve"] is not False for approval in approvals):
        return ""
    if approvals:
        return "; ".join(f"{a['approver']} said yes but {a['why'].split('; ')[-1]}" for a in approvals)
    places = ["the approver column" if name != "email" else "e-mail" for name in searched]
    return f"none in {' or '.join(places)}"


def _floors(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    rules: SeverityRules,
    *,
    strong_over: int,
    currency: str,
    materiality: MaterialityEstimate | None,
) -> list[SeverityStep]:
    steps = []
    for test in tests:
        if test["score"] <= strong_over:
            continue
        for floor in _of(test, row, rules):
            over, said = _over(floor, currency, materiality)
            if row["exposure_base"] >= over:
                because = f"{test['test']}: at least this from {said}"
                steps.append(SeverityStep("floor", because, severity=floor.severity))
    return steps


def _of(test: Mapping[str, Any], row: Mapping[str, Any], rules: SeverityRules) -> list[Floor]:
    """Give a test's floors: its own, those of money that left and that nothing explains, its family's.

    What is later than the other book is not shown there yet: that explains nothing, and accuses nobody. More
    that left the bank than the books have (an altered cheque) is money that nothing explains, too. A receipt
    that the books have and the bank lacks, or has less of, is money that may have gone before it got there.
    """
    amount = row["amount_minor"] or 0
    left = amount < 0 if row["kind"] in {"bank", "ledger"} else amount > 0
    untold = test["family"] == "break" and row["break_reason"] != "later_period"
    differs = test["test"] == "amount_mismatch" and row["unmatched"]
    over = _over_the_books(row) if differs else 0
    if left and (untold or over > 0):
        side = "money_out"
    elif amount > 0 and ((untold and row["kind"] == "ledger") or over < 0):
        side = "money_in"
    else:
        side = test["family"]
    family = rules.floors.get(side, rules.floors.get(test["family"], []))
    return rules.floors.get(test["test"], family)


def _over_the_books(row: Mapping[str, Any]) -> int:
    """Give by how much a bank line is more than the entry nearest to it; 0 where there is none."""
    near = json.loads(row.get("nearest_row") or "{}").get("amount_minor")
    return abs(row["amount_minor"] or 0) - abs(near) if row["kind"] == "bank" and near is not None else 0


def _over(floor: Floor, currency: str, materiality: MaterialityEstimate | None) -> tuple[int, str]:
    """Give the exposure from which a floor stands, and how it came about."""
    fixed = money.to_minor(floor.over, currency)
    if floor.times and materiality is not None:
        over = max(fixed, round(floor.times * materiality.overall))
        whole, least = (money.to_display(amount, currency) for amount in (materiality.overall, over))
        return over, f"{least}, {floor.times:g} times materiality ({whole}, {materiality.basis})"
    over = max(fixed, money.to_minor(floor.without, currency)) if floor.times else fixed
    return over, money.to_display(over, currency)


def _adjusted(
    row: Mapping[str, Any], level: Severity | None, rules: SeverityRules
) -> tuple[Severity | None, list[SeverityStep]]:
    steps = []
    vendor = {str(row[name]).casefold() for name in ("vendor_name", "vendor_key", "vendor_id") if row[name]}
    if level == "WARNING" and vendor & {name.casefold() for name in rules.suppressed_vendors}:
        level = "INFO"
        steps.append(SeverityStep("suppressed vendor", "the rules file names it", severity=level))
    if level and row["recurring"] and row["family"] not in rules.recurrence_no_excuse:
        level = SEVERITIES[SEVERITIES.index(level) - 1] if level != "INFO" else None
        within = f"{rules.recurring_within:.0%}"
        steps.append(
            SeverityStep("recurring", f"on its rhythm, within {within} of usual", severity=level or "")
        )
    return level, steps


def _senior(
    row: Mapping[str, Any], level: Severity | None, rules: SeverityRules, currency: str
) -> str | None:
    over = rules.senior_over_by_kind.get(row["kind"], rules.senior_over)
    above = level == "CRITICAL" and row["exposure_base"] > money.to_minor(over, currency)
    return rules.senior_role if above else None


def _names(tests: Sequence[Mapping[str, Any]], check: str | None) -> str:
    names = [test["test"] for test in tests if check in (None, test["check"])]
    return ", ".join(dict.fromkeys(names)) or "unmatched"


def _rank(severity: str | None) -> int:
    return [level == severity for level in SEVERITIES].index(True) if severity else -1


def _level(severity: str | None) -> Severity | None:
    return next((level for level in SEVERITIES if level == severity), None)
