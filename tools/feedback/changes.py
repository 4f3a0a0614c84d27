"""A change to what was learned: pure, and its own undoing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tools.core.digest import digest
from tools.rules.learned import Learned, Suppression, Threshold
from tools.rules.model import Rules

Kind = Literal["suppress", "loosen", "tighten"]


@dataclass(frozen=True)
class Change:
    """What to put in place of what stands for a vendor and test, or for a test.

    entry: the new suppression or threshold; None takes away what stands. before: what stood.
    """

    kind: Kind
    test: str
    vendor: str
    entry: Suppression | Threshold | None
    before: Suppression | Threshold | None

    def applied(self, learned: Learned) -> Learned:
        """Give what is learned with this change in it; again, it changes nothing."""
        return _put(learned, self.kind, self.vendor, self.test, self.entry)

    def undone(self, learned: Learned) -> Learned:
        """Give what is learned as it was without this change; other changes stay."""
        return _put(learned, self.kind, self.vendor, self.test, self.before)

    def stands_in(self, learned: Learned) -> bool:
        """Say whether this change is what stands now."""
        return change_in_force(learned, self.kind, self.vendor, self.test) == self.entry

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {
            "kind": self.kind,
            "test": self.test,
            "vendor": self.vendor,
            "entry": self.entry.model_dump(mode="json") if self.entry else None,
            "before": self.before.model_dump(mode="json") if self.before else None,
        }


def from_dict(values: Mapping[str, Any]) -> Change:
    """Read a change as it was written."""
    model = Suppression if values["kind"] == "suppress" else Threshold
    entry, before = (
        model.model_validate(values[name]) if values[name] else None for name in ("entry", "before")
    )
    return Change(values["kind"], values["test"], values["vendor"], entry, before)


def change_in_force(learned: Learned, kind: Kind, vendor: str, test: str) -> Suppression | Threshold | None:
    """Give what stands for a vendor and test (suppress), or for a test."""
    if kind != "suppress":
        return learned.threshold(test)
    return next(
        (suppression for suppression in learned.suppressions if _same(suppression, vendor, test)), None
    )


def with_learned(rules: Rules, learned: Learned) -> Rules:
    """Give rules with other learned parts."""
    return rules.model_copy(update={"learned": learned})


def lasting(learned: Learned) -> Learned:
    """Give what was learned made to hold on the days of past runs, too."""
    always = {"expires": date.max}
    return Learned(
        suppressions=[suppression.model_copy(update=always) for suppression in learned.suppressions],
        thresholds=[threshold.model_copy(update=always) for threshold in learned.thresholds],
    )


def base_digest(rules: Rules) -> str:
    """Digest of the rules without what was learned: a replay speaks for these alone."""
    return digest(rules.model_dump(mode="json", exclude={"learned"}))


def _put(
    learned: Learned, kind: Kind, vendor: str, test: str, entry: Suppression | Threshold | None
) -> Learned:
    if kind == "suppress":
        remaining = [
            suppression for suppression in learned.suppressions if not _same(suppression, vendor, test)
        ]
        new = [entry] if isinstance(entry, Suppression) else []
        return learned.model_copy(update={"suppressions": [*remaining, *new]})
    others = [threshold for threshold in learned.thresholds if threshold.test != test]
    moved = [entry] if isinstance(entry, Threshold) else []
    return learned.model_copy(update={"thresholds": [*others, *moved]})


def _same(suppression: Suppression, vendor: str, test: str) -> bool:
    return (suppression.vendor.casefold(), suppression.test) == (vendor.casefold(), test)
