"""Cases of a suppression at its edges: amount, day, vendor, test, severity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tools.core import money
from tools.front_desk.changes.outcomes import Importance
from tools.front_desk.changes.trial import Trial
from tools.judgement import suppressions, test_families
from tools.judgement.severity import SeverityVerdict
from tools.rules.learned import Suppression

_CURRENCY: Final = "USD"
Check = Callable[[Trial, Suppression], str]


def up_to_its_amount(trial: Trial, entry: Suppression) -> str:
    """Reach the amount itself, and nothing above it."""
    most = money.to_minor(entry.most, _CURRENCY)
    at, over = (_reached(trial, entry, exposure=most + more) for more in (0, 1))
    return "" if (at, over) == ("holds", "too large") else f"at the amount {at}, a cent above {over}"


def until_its_day(trial: Trial, entry: Suppression) -> str:
    """Hold on the last day, and not the day after."""
    if entry.expires == date.max:
        return "it never ends"
    on, after = (_reached(trial, entry, day=entry.expires + timedelta(days=more)) for more in (0, 1))
    return "" if (on, after) == ("holds", "expired") else f"on the day {on}, the day after {after}"


def no_look_alike(trial: Trial, entry: Suppression) -> str:
    """Reach no vendor whose name is nearly the same, and none without a name."""
    look_alikes = (f"{entry.vendor} II", entry.vendor[:-1], entry.vendor[1:], "%", "*", "")
    near = [
        name for name in look_alikes
        if name.casefold() != entry.vendor.casefold() and _reached(trial, entry, vendor=name)
    ]  # fmt: skip
    return f"it reaches {near[0]!r}" if near else ""


def no_other_test(trial: Trial, entry: Suppression) -> str:
    """Reach no row that another strong test makes a suspect as well."""
    state = _reached(trial, entry, tests=[(entry.test, 99), ("another_test", 99)])
    return f"beside another test it {state}" if state else ""


def critical_stays(trial: Trial, entry: Suppression) -> str:
    """Leave what is CRITICAL as it is."""
    judged = SeverityVerdict(score=99, severity="CRITICAL", role=None, steps=())
    after = suppressions.suppressed(
        judged, _row(1, entry.vendor), [{"test": entry.test, "score": 99}],
        trial.after.learned.suppressions, day=entry.expires, strong_over=70, currency=_CURRENCY,
    )  # fmt: skip
    return "" if after.severity == "CRITICAL" else f"CRITICAL becomes {after.severity}"


def its_family_may_be(trial: Trial, entry: Suppression) -> str:
    """Refuse families of tests that are never suppressed."""
    families = {test_families.family_of(check, entry.test).name for check in test_families.ANY}
    never = sorted(families & set(trial.after.feedback.never))
    return f"tests of {never[0]} are never suppressed" if never else ""


def a_bounded_amount(trial: Trial, entry: Suppression) -> str:
    """Refuse an amount above what any suppression may reach."""
    most = trial.after.feedback.most
    return "" if Decimal(entry.most) <= most else f"{entry.most:,.2f} is above {most:,.2f}"


CHECKS: Final[tuple[tuple[str, Importance, Check], ...]] = (
    ("up to its amount", "CRITICAL", up_to_its_amount),
    ("until its day", "CRITICAL", until_its_day),
    ("no look-alike", "CRITICAL", no_look_alike),
    ("no other test", "CRITICAL", no_other_test),
    ("CRITICAL stays", "CRITICAL", critical_stays),
    ("its family may be", "CRITICAL", its_family_may_be),
    ("a bounded amount", "CRITICAL", a_bounded_amount),
)


def _row(exposure: int, vendor: str) -> dict[str, object]:
    return {"vendor_name": vendor, "vendor_key": vendor.upper(), "vendor_id": None, "exposure_base": exposure}


def _reached(
    trial: Trial,
    entry: Suppression,
    *,
    exposure: int = 1,
    day: date | None = None,
    vendor: str | None = None,
    tests: list[tuple[str, int]] | None = None,
) -> str:
    scores = [{"test": name, "score": score} for name, score in tests or [(entry.test, 99)]]
    row = _row(exposure, entry.vendor if vendor is None else vendor)
    reach = suppressions.reach(
        row,
        scores,
        trial.after.learned.suppressions,
        day=day or entry.expires,
        strong_over=70,
        currency=_CURRENCY,
    )
    return reach[0] if reach else ""
