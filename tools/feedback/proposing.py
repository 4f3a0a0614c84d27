"""From reviews to proposed changes: each with its counts, its bound and its replay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.core import money
from tools.core.digest import digest
from tools.feedback import changes, replay, thresholds, wilson
from tools.feedback.case import ChangeCase, ReviewGroup
from tools.feedback.changes import Change
from tools.feedback.defences import refusals
from tools.feedback.replay import Past, Replayed
from tools.feedback.reviews import ReviewedFlag
from tools.rules.learned import Learned, Suppression, Threshold
from tools.rules.model import Rules


@dataclass(frozen=True)
class TestedProposal:
    """A change, why, what it would have done, and the reasons for which it may not be applied."""

    proposal_id: str
    case: ChangeCase
    refusals: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        change, group, rules = self.case.change, self.case.group, self.case.rules
        low, high = wilson.bounds(group.false, group.n, rules.feedback.z)
        return {
            "proposal_id": self.proposal_id,
            "kind": change.kind,
            "test": change.test,
            "vendor": change.vendor,
            "change": change.as_dict(),
            "n": group.n,
            "false_positives": group.false,
            "confirmed": sum(flag.verdict == "confirmed" for flag in group.flags),
            "disputed": sum(flag.disputed for flag in group.flags),
            "rate": round(group.rate, 4),
            "wilson_low": round(low, 4),
            "wilson_high": round(high, 4),
            "limit": group.limit,
            "reviewers": group.reviewers(),
            "replay": self.case.replayed.as_dict(),
            "refusals": list(self.refusals),
            "barred": list(group.barred()),
            "risk": "MEDIUM",
            "rules_digest": changes.base_digest(rules),
            "flags": [flag.flag_id for flag in group.flags][: replay.MOST_NAMED],
        }


def groups(reviewed: Iterable[ReviewedFlag], rules: Rules) -> list[ReviewGroup]:
    """Give what the reviews speak for: vendors and tests that are nearly always false, thresholds to move."""
    limits = rules.feedback
    heard = [flag for flag in reviewed if flag.verdict is not None]
    by_vendor: dict[tuple[str, str], list[ReviewedFlag]] = defaultdict(list)
    by_test: dict[str, list[ReviewedFlag]] = defaultdict(list)
    for flag in heard:
        by_test[flag.test].append(flag)
        if flag.vendor and flag.severity == "WARNING":
            by_vendor[flag.vendor.casefold(), flag.test].append(flag)
    result = [
        ReviewGroup("suppress", test, flags[0].vendor, flags, limits.suppress_over)
        for (_, test), flags in sorted(by_vendor.items())
    ]
    for test, flags in sorted(by_test.items()):
        if thresholds.tunable(test):
            result.append(ReviewGroup("loosen", test, "", flags, limits.loosen_over))
            result.append(ReviewGroup("tighten", test, "", flags, limits.tighten_under))
    return [group for group in result if group.n >= limits.least_n and _speaks(group)]


def change_of(group: ReviewGroup, rules: Rules, day: date, currency: str) -> Change | None:
    """Give the change that a group speaks for; None where a threshold has nowhere to go.

    day: of the books, from which its expiry counts. It reaches no further than what was reviewed.
    """
    limits = rules.feedback
    expires = day + timedelta(days=limits.expiry_days)
    before = changes.change_in_force(rules.learned, group.kind, group.vendor, group.test)
    most = min(limits.most, _largest(group, currency))
    if group.kind == "suppress":
        entry = Suppression(vendor=group.vendor, test=group.test, most=most, expires=expires)
        return Change("suppress", group.test, group.vendor, entry, before)
    tunable = thresholds.tunable(group.test)
    stands = isinstance(before, Threshold) and before.holds(day)
    if tunable is None or (group.kind == "tighten" and not stands):
        return None
    parameters = thresholds.moved(tunable, rules, 1 if group.kind == "loosen" else -1, day)
    if parameters is None:
        return None
    if thresholds.is_own(tunable, rules, parameters):
        return Change(group.kind, group.test, "", None, before)
    if group.kind == "tighten" and isinstance(before, Threshold):
        most, expires = before.most, before.expires
    moved = Threshold(test=group.test, parameters=parameters, most=most, expires=expires)
    return Change(group.kind, group.test, "", moved, before)


def replayed(change: Change, rules: Rules, past: Past, day: date) -> Replayed:
    """Replay a change over past runs, as if each were of the day on which it would come into force."""
    changed = changes.with_learned(rules, _in_force(change.applied(rules.learned), day))
    base = changes.with_learned(rules, _in_force(rules.learned, day))
    tunable = None if change.kind == "suppress" else thresholds.tunable(change.test)
    return replay.replay(past, base, changed, [(tunable.check, tunable.test)] if tunable else ())


def proposal_id_of(round_id: str, change: Change) -> str:
    """Give the id of a proposal: a replay of the round proposes the same."""
    return "p" + digest([round_id, change.kind, change.vendor.casefold(), change.test])[:11]


def _speaks(group: ReviewGroup) -> bool:
    return group.rate < group.limit if group.kind == "tighten" else group.rate > group.limit


def _largest(group: ReviewGroup, currency: str) -> Decimal:
    exposures = [flag.exposure for flag in group.flags if flag.verdict == "false_positive"]
    return money.to_decimal(max(exposures, default=0), currency)


def _in_force(learned: Learned, day: date) -> Learned:
    """Give what holds on a day, made to hold on the days of past runs, too."""
    return changes.lasting(
        Learned(
            suppressions=[entry for entry in learned.suppressions if entry.holds(day)],
            thresholds=[entry for entry in learned.thresholds if entry.holds(day)],
        )
    )


def propose(
    round_id: str,
    reviewed: Sequence[ReviewedFlag],
    rules: Rules,
    past: Past,
    *,
    day: date,
    currency: str,
) -> list[TestedProposal]:
    """Propose every change that the reviews speak for, each with its replay and what speaks against it."""
    proposals = []
    for group in groups(reviewed, rules):
        change = change_of(group, rules, day, currency)
        if change is None:
            continue
        replay = replayed(change, rules, past, day)
        if group.kind == "tighten" and not replay.regained.flags:
            continue  # nothing was missed
        case = ChangeCase(change, group, replay, rules, past)
        proposals.append(TestedProposal(proposal_id_of(round_id, change), case, tuple(refusals(case))))
    return proposals
