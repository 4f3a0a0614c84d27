"""Changes like a change: its numbers elsewhere, its vendor another, its query with other operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import ValidationError

from tools.checks.house_tests import house_tests
from tools.core.errors import RulesError
from tools.feedback import changes
from tools.front_desk.changes import query_mutants
from tools.front_desk.changes.trial import Trial
from tools.rules.learned import Suppression, Threshold
from tools.rules.model import Rules

MOST: Final = 30
_SECTIONS: Final = ("tests", "severity", "suspects")


@dataclass(frozen=True)
class Mutant:
    """One of them. place: what of the change it alters."""

    name: str
    place: str
    rules: Rules


def mutants(trial: Trial) -> list[Mutant]:
    """Give mutants of a change, each place of it in turn, so that a bound leaves none out."""
    candidates = [*_undone(trial), *_of_learned(trial), *_of_settings(trial), *_of_queries(trial)]
    by_place: dict[str, list[Mutant]] = {}
    for mutant in candidates:
        if mutant.rules != trial.after:
            by_place.setdefault(mutant.place, []).append(mutant)
    turns = max((len(group) for group in by_place.values()), default=0)
    return [group[i] for i in range(turns) for group in by_place.values() if i < len(group)][:MOST]


def _undone(trial: Trial) -> Iterator[Mutant]:
    yield Mutant("without the change", "all", trial.before)


def _of_learned(trial: Trial) -> Iterator[Mutant]:
    before, after = trial.before.learned, trial.after.learned
    for entry in after.suppressions:
        if entry not in before.suppressions:
            yield from _exchanged(trial, "suppressions", entry, _suppressions(trial, entry))
    for threshold in after.thresholds:
        if threshold not in before.thresholds:
            yield from _exchanged(trial, "thresholds", threshold, _thresholds(threshold))


def _exchanged(
    trial: Trial,
    kind: Literal["suppressions", "thresholds"],
    entry: Suppression | Threshold,
    variants: Iterator[tuple[str, str, Suppression | Threshold]],
) -> Iterator[Mutant]:
    """Give mutants with a variant of an entry of what was learned in its place."""
    learned = trial.after.learned
    rest = [each for each in getattr(learned, kind) if each is not entry]
    for name, place, variant in variants:
        rules = changes.with_learned(trial.after, learned.model_copy(update={kind: [*rest, variant]}))
        yield Mutant(name, place, rules)


def _suppressions(trial: Trial, entry: Suppression) -> Iterator[tuple[str, str, Suppression]]:
    for times in ("0", "0.1", "0.5", "10", "100"):
        most = (entry.most * Decimal(times)).quantize(Decimal("0.01"))
        yield f"up to {most:,.2f}", "amount", entry.model_copy(update={"most": most})
    for day in (date.min, _as_of(trial) - timedelta(days=1)):
        yield f"until {day}", "day", entry.model_copy(update={"expires": day})
    for vendor in _vendors(trial, entry.vendor):
        yield f"for {vendor}", "vendor", entry.model_copy(update={"vendor": vendor})
    for test in _tests(trial, entry.test):
        yield f"of {test}", "test", entry.model_copy(update={"test": test})


def _thresholds(entry: Threshold) -> Iterator[tuple[str, str, Threshold]]:
    for name, value in entry.parameters.items():
        for near in _near(value):
            parameters = {**entry.parameters, name: near}
            yield f"{name} = {near}", name, entry.model_copy(update={"parameters": parameters})
    for times in ("0", "0.01", "0.1", "10"):
        yield f"up to {times} times", "amount", entry.model_copy(update={"most": entry.most * Decimal(times)})
    yield "expired", "day", entry.model_copy(update={"expires": date.min})


def _of_settings(trial: Trial) -> Iterator[Mutant]:
    before, after = (
        rules.model_dump(mode="json", include=set(_SECTIONS)) for rules in (trial.before, trial.after)
    )
    for path, value in _leaves(after):
        if _at(before, path) == value:
            continue
        for near in _near(value):
            changed = _mutated(trial, path, near)
            if changed is not None:
                yield Mutant(f"{'.'.join(path)} = {near}", ".".join(path), changed)
        if path[0] == "tests":
            off = _mutated(trial, ("tests", path[1], "enabled"), near=False)
            if off is not None:
                yield Mutant(f"{path[1]} switched off", ".".join(path), off)


def _of_queries(trial: Trial) -> Iterator[Mutant]:
    for name, text in trial.after.house_tests.items():
        if trial.before.house_tests.get(name) == text:
            continue
        for words, place, mutated in query_mutants.of_test(text):
            rules = trial.after.model_copy(update={"house_tests": {**trial.after.house_tests, name: mutated}})
            try:
                house_tests(rules)
            except RulesError:
                continue  # it was never alive
            yield Mutant(f"{name}: {words}", place, rules)


def _near(value: object) -> list[Any]:
    """Give other values of a parameter, of its own type, the nearest first."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        whole = (1, -1, 2, -2, 5, -5, value, -value, -2 * value, 9 * value, -(value // 2), value // 2)
        return [number for step in dict.fromkeys(whole) if (number := value + step) != value]
    if isinstance(value, float):
        times = (1.1, 0.9, 1.5, 0.5, 2.0, 0.75, 0.0, 3.0, 10.0, 0.1, 1.25)
        return [near for factor in times if (near := round(value * factor, 6)) != value]
    return [f"{value}x", ""] if isinstance(value, str) else []


def _leaves(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _at(values: object, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any YAML
    for name in path:
        values = values.get(name) if isinstance(values, Mapping) else None
    return values


def _mutated(trial: Trial, path: tuple[str, ...], near: object) -> Rules | None:
    values = trial.after.model_dump(mode="json")
    below = values
    for name in path[:-1]:
        below = below.setdefault(name, {})
    below[path[-1]] = near
    try:
        return Rules.model_validate(values)
    except ValidationError:
        return None  # the rules file itself refuses it


def _vendors(trial: Trial, vendor: str) -> list[str]:
    """Name other vendors of the past run, those with most rows first."""
    names = trial.recorded.vendors() if trial.recorded else []
    return [name for name in names if name.casefold() != vendor.casefold()][:4]


def _tests(trial: Trial, test: str) -> list[str]:
    names = trial.recorded.found_by() if trial.recorded else []
    return [name for name in names if name != test][:3]


def _as_of(trial: Trial) -> date:
    return trial.recorded.as_of() if trial.recorded else date.max
