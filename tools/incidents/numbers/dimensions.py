"""Observer: how far the number moved, and by which elements of its dimensions."""

from __future__ import annotations

from typing import Any, Final

from tools.incidents.numbers import deviation, mix
from tools.incidents.numbers.cell_scores import STANDS_OUT
from tools.incidents.numbers.elements import Element, Movement, search
from tools.incidents.numbers.mix import MixShift
from tools.incidents.numbers.reading import NumberReading, read
from tools.incidents.numbers.windows import moment
from tools.incidents.subject import IncidentBench
from tools.investigation.disproof import HALF
from tools.investigation.observation import Observation

MOST: Final = 5
NAME: Final = "dimensions"


def look(bench: IncidentBench) -> list[Observation]:
    """Take the number apart. Gives the movement of all, then the elements that explain it best."""
    question = bench.subject.question
    with read(question, bench.settings) as reading:
        movement = search(reading.measure, MOST)
        whole = _whole(reading, movement, question)
        parts = [
            _element(reading, movement, element, number, question)
            for number, element in enumerate(movement.elements, 2)
        ]
        shifted = mix.shift(reading.measure)
        return [whole, *parts, *([_mix(reading, shifted, whole, question)] if shifted else [])]


def _whole(reading: NumberReading, movement: Movement, question: dict[str, Any] | Any) -> Observation:  # noqa: ANN401 - JSON
    measure, count = reading.measure, len(reading.windows.all)
    series = deviation.by_period(measure, (), count)
    compared = float(measure.expected.sum())
    expected = measure.rate_before if measure.is_rate else compared
    now, chance = series[0], _chance(reading, (), compared)
    earlier = _expected_by_all(reading, movement)
    before = deviation.undisturbed(now, series[1:], chance)
    return Observation(
        "D1",
        NAME,
        reading.name,
        f"{_title_of(reading)} is {reading.worded(now)} in {question['window']}, where "
        f"{reading.worded(expected)} was to be expected by {question['against']}{earlier}.",
        node=reading.name,
        value=now,
        expected=expected,
        deviation=round(deviation.z(now, before, chance), 3),
        unit=reading.unit,
        first_seen=_since(reading),
        scope=str(question["window"]),
        query={"engine": "number", "parameters": dict(question)},
        series=_series(reading, series),
        details={
            "control_deviation": deviation.in_control(before, chance),
            "windows": len(before),
            "is_broad": movement.is_broad,
        },
    )


def _baseline(reading: NumberReading, question: Any) -> str:  # noqa: ANN401 - JSON
    """Name what elements are held against: more than was asked for, where there are windows before that."""
    measure = reading.measure
    if not measure.has_windows_before:
        return str(question["against"])
    return f"all {measure.earlier_windows} windows before"


def _held_against(
    reading: NumberReading,
    element: Element,
    now: float,
    expected: float,
    question: Any,  # noqa: ANN401 - JSON
) -> str:
    """Word an element beside what was to be expected, or that it is new: no row of it came before."""
    baseline, mask = _baseline(reading, question), reading.measure.where(element.parts)
    if not (reading.measure.period[mask] > 0).any():
        return f"{element.name}, which is new: {reading.worded(now)}, and no row of it in {baseline}"
    usual = f"{reading.worded(expected)} was to be expected by {baseline}"
    return f"{element.name}: {reading.worded(now)}, where {usual}"


def _expected_by_all(reading: NumberReading, movement: Movement) -> str:
    """Say what was to be expected by all windows before, where elements are held against those."""
    measure = reading.measure
    if not measure.has_windows_before:
        return ""
    pooled = measure.pooled
    expected = pooled.rate_before if measure.is_rate else movement.expected
    return f", and {reading.worded(expected)} by all {measure.earlier_windows} windows before"


def _title_of(reading: NumberReading) -> str:
    if reading.title == reading.name:
        return reading.name
    return f"{reading.title[:1].upper()}{reading.title[1:]} ({reading.name})"


def _mix(reading: NumberReading, shifted: MixShift, whole: Observation, question: Any) -> Observation:  # noqa: ANN401 - JSON
    heading = f"{shifted.dimension}={shifted.heading or '(empty)'}"
    return Observation(
        "X1",
        NAME,
        f"mix of {shifted.dimension}",
        f"{heading} is {shifted.part_now:.0%} of all that {reading.name} is of, {shifted.part_before:.0%} in "
        f"{question['against']}: at the rates of then, the mix of {shifted.dimension} alone explains "
        f"{shifted.share:.0%} of the movement.",
        node=f"mix of {shifted.dimension}",
        value=shifted.part_now,
        expected=shifted.part_before,
        deviation=round(shifted.z, 3),
        first_seen=whole.first_seen,
        scope=shifted.dimension,
        query={"engine": "number", "parameters": dict(question)},
        details={
            "kind": "mix",
            "source": f"mix of {shifted.dimension}",
            "heading": heading,
            "moved": shifted.share,
        },
    )


def _element(
    reading: NumberReading,
    movement: Movement,
    element: Element,
    number: int,
    question: dict[str, Any] | Any,  # noqa: ANN401 - JSON
) -> Observation:
    measure, count = reading.measure, len(reading.windows.all)
    parts = [list(part) for part in element.parts]
    series = deviation.by_period(measure, element.parts, count)
    expected = element.expected
    now = element.now
    if measure.is_rate:
        mask = measure.where(element.parts)
        weight = float(measure.now_weight[mask].sum()) or 1.0
        now, expected = element.now / weight, element.expected / weight
    chance = _chance(reading, element.parts, element.expected)
    before = deviation.undisturbed(now, series[1:], chance)
    return Observation(
        f"D{number}",
        NAME,
        f"{reading.name} of {element.name}",
        f"{_held_against(reading, element, now, expected, question)}; {_part_of(movement, element)}.",
        node=element.name,
        value=now,
        expected=expected,
        deviation=round(deviation.z(now, before, chance), 3),
        unit=reading.unit,
        first_seen=_since(reading),
        scope=element.name,
        query={"engine": "number", "parameters": {**question, "element": parts}},
        series=_series(reading, series),
        details={
            "parts": parts,
            "of_sum": not measure.is_rate,
            "share": round(element.share, 4),
            "lift": round(element.lift, 4),
            "score": round(element.score, 4),
            "apart": round(element.z, 2),
            "is_hidden": movement.is_usual and abs(element.z) >= STANDS_OUT,
            "together": round(
                element.share + sum(part.share for part in movement.companions[element.name]), 4
            ),
            "control_deviation": deviation.in_control(before, chance),
            "is_broad": movement.is_broad,
        },
    )


def _part_of(movement: Movement, element: Element) -> str:
    """Word how much of the movement an element is, and which others moved beside it."""
    if element.share <= 0:
        return "the others moved the other way, which hides it"
    direction = "more" if movement.now > movement.expected else "less"
    share = f"that is {element.share:.0%} of all that is {direction}"
    companions = movement.companions[element.name]
    if not companions or element.share >= HALF:
        return share
    names = ", ".join(f"{part.name} ({part.share:.0%})" for part in companions[:MOST])
    return f"{share}, beside {names}"


def _chance(reading: NumberReading, parts: tuple[tuple[str, str], ...], expected: float) -> float:
    chance = deviation.noise(reading.measure, parts, expected)
    if not reading.measure.is_rate:
        return chance
    mask = reading.measure.where(parts)
    return chance / max(float(reading.measure.now_weight[mask].sum()), 1.0)


def _since(reading: NumberReading) -> str:
    begin = reading.windows.all[0].begin
    return moment(begin).isoformat() if reading.windows.are_days or begin > 1e8 else ""  # noqa: PLR2004 - seconds since 1970, not a counter


def _series(reading: NumberReading, series: list[float]) -> list[list[Any]]:
    order = sorted(range(len(series)), key=lambda period: reading.windows.all[period].begin)
    return [[reading.windows.label(period), series[period]] for period in order]
