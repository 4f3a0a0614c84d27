"""The words of a request: what, how much, why, and what happens on each answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tools.core import money
from tools.core.severity_levels import RISKS
from tools.store.models import Flag

GATE_CHOICES = (
    "approve: the run goes on. retry: the checks that did not finish run again. reject: the run stops, and"
    " its books are audited by a later one."
)
_MOST_WORDS = 600


def subject(
    name: str, group: Sequence[Flag], quorum: Mapping[str, int], titles: Mapping[str, str]
) -> dict[str, Any]:
    """Describe a case, or what is left of the others together, as a subject to decide on."""
    risk, at_risk = risk_of(group), _at_risk(group)
    gravest = max(
        group, key=lambda flag: (RISKS.index(flag.risk), flag.score, flag.exposure_minor, flag.flag_id)
    )
    title = titles.get(name, f"{len(group)} further flags of risk {risk}")
    why, answers = gravest.explanation[:_MOST_WORDS], choices(group, quorum[risk])
    what = f"{title}: {_flags(group)}, {_worded(at_risk)} at risk ({gravest.severity})."
    return {
        "subject": name,
        "page": f"cases/{name}" if name in titles else "",
        "title": title,
        "risk": risk,
        "severity": gravest.severity,
        "quorum": quorum[risk],
        "flags": len(group),
        "risks": dict(sorted(Counter(flag.risk for flag in group).items())),
        "exposure": next(iter(at_risk.values())) if len(at_risk) == 1 else _worded(at_risk),
        "currency": next(iter(at_risk)) if len(at_risk) == 1 else "",
        "why": why,
        "choices": answers,
        "description": f"{what}\n{why}\n{answers}",
    }


def choices(group: Sequence[Flag], quorum: int) -> str:
    """Say what happens on each answer."""
    what = _flags(group)
    agree = f" once {quorum} different people agree" if quorum > 1 else ""
    return (
        f"approve: {what} stand{'s' * (len(group) == 1)}{agree}. reject: dismissed{agree}, kept on record as"
        f" rejected. edit: another severity{agree}, judged and asked again. skip: left undecided in this"
        f" run{agree}. Nothing happens without an answer."
    )


def item(flag: Flag, need: int) -> dict[str, Any]:
    """Describe one flag of a case, in short: it can be decided by itself, under its id."""
    return {
        "flag_id": flag.flag_id,
        "severity": flag.severity,
        "risk": flag.risk,
        "quorum": need,
        "vendor": flag.vendor,
        "posted_on": flag.posted_on.isoformat() if flag.posted_on else None,
        "exposure": money.to_text(flag.exposure_minor, flag.currency),
        "currency": flag.currency,
        "why": flag.explanation.partition("\n")[0],
    }


def risk_of(group: Sequence[Flag]) -> str:
    """Give the gravest risk of some flags."""
    return max((flag.risk for flag in group), key=RISKS.index)


def flag_count(count: int, risk: str) -> str:
    """Say how many flags have a risk."""
    return f"{count} flag{'s' * (count != 1)} of risk {risk}"


def reasons_from(counts: Mapping[str, int]) -> list[str]:
    """Put counts of flags by risk into words."""
    return [flag_count(count, risk) for risk, count in sorted(counts.items()) if count]


def _flags(group: Sequence[Flag]) -> str:
    return f"{len(group)} flag{'s' * (len(group) != 1)}"


def _at_risk(group: Sequence[Flag]) -> dict[str, str]:
    """Give the exposure by currency, as decimal text: different currencies are never added."""
    sums: dict[str, int] = defaultdict(int)
    for flag in group:
        sums[flag.currency] += flag.exposure_minor
    return {currency: money.to_text(total, currency) for currency, total in sorted(sums.items())}


def _worded(at_risk: Mapping[str, str]) -> str:
    return ", ".join(f"{amount} {currency}" for currency, amount in at_risk.items())
