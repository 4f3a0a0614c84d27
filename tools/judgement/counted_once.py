"""Which suspects are one event seen in several books, so that its money is counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tools.core import formatting

Row = Mapping[str, Any]
COLUMNS: Final = (
    "row_key source kind exposure_base amount_minor currency journal_id lead_test break_reason nearest_key"
).split()


def counted_with(rows: Sequence[Row], matches: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give row_key -> row with which its money is counted, of all suspects but one of each event.

    rows: of suspect. matches: of one row against one, and rows that are each other's nearest. A payment
    and the bank line or ledger leg that it was matched with are one event, of which the greatest exposure
    counts; so are the two sides of a journal that one test named, of which the greater side counts.
    Of rows that fit each other equally well only as many count as one side has more than the other, and one
    at least.
    """
    by_key = {row["row_key"]: row for row in rows}
    counted: dict[str, str] = {}
    for component in _components(by_key, matches):
        first, *others = sorted(component, key=lambda row: (-(row["exposure_base"] or 0), row["row_key"]))
        counted |= {row["row_key"]: first["row_key"] for row in others}
    for sides in _journals(rows):
        greater, lesser = sorted(sides, key=_side)
        first = min(greater, key=lambda row: str(row["row_key"]))
        counted |= {row["row_key"]: first["row_key"] for row in lesser}
    for group in _ambiguous(rows, by_key):
        counted |= _but_surplus(group)
    return counted


def _components(by_key: Mapping[str, Row], matches: Iterable[tuple[str, str]]) -> Iterable[list[Row]]:
    """Join suspects that were matched one against one."""
    joined: dict[str, set[str]] = {}
    for left, right in matches:
        if left in by_key and right in by_key:
            whole = joined.get(left, {left}) | joined.get(right, {right})
            joined |= dict.fromkeys(whole, whole)
    distinct = {min(keys): keys for keys in joined.values()}
    return ([by_key[key] for key in keys] for keys in distinct.values())


def _ambiguous(rows: Sequence[Row], by_key: Mapping[str, Row]) -> Iterable[list[Row]]:
    """Give the rows of one sum of which each could be any of several of the other side's."""
    fitting = [row for row in rows if row["break_reason"] == "ambiguous" and row["nearest_key"]]
    sums: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in fitting:
        sums[abs(row["amount_minor"] or 0), str(row["currency"])].append(row)
    for alike in sums.values():
        keys = {row["row_key"] for row in alike}
        links = [(row["row_key"], row["nearest_key"]) for row in alike if row["nearest_key"] in keys]
        yield from _components(by_key, links)


def _but_surplus(group: Sequence[Row]) -> dict[str, str]:
    """Give row_key -> row with which it counts: all but the surplus of the side that has more rows."""
    sides: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(group, key=lambda row: row["row_key"]):
        sides[row["source"]].append(row)
    more, *fewer = sorted(sides.values(), key=lambda side: (-len(side), side[0]["source"]))
    surplus = max(1, len(more) - sum(map(len, fewer)))
    rest = [*more[surplus:], *(row for side in fewer for row in side)]
    return {row["row_key"]: more[0]["row_key"] for row in rest}


def _journals(rows: Sequence[Row]) -> Iterable[tuple[list[Row], list[Row]]]:
    """Give debits and credits of each journal that one test named on both sides."""
    legs: dict[tuple[str, str, str], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in rows:
        if row["kind"] == "ledger" and row["journal_id"] and row["amount_minor"]:
            key = (row["source"], row["journal_id"], row["lead_test"])
            legs[key][row["amount_minor"] < 0].append(row)
    return [sides for sides in legs.values() if all(sides)]


def _side(rows: Sequence[Row]) -> tuple[int, str]:
    return -sum(row["exposure_base"] or 0 for row in rows), min(str(row["row_key"]) for row in rows)


def settled(flags: Sequence[Row], counted: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Take the exposure off flags whose money counts with another flag, and say so; their severity stands.

    counted: row_key -> row with which it is counted. Where that one is no flag, the money stays.
    """
    by_key = {flag["row_key"]: flag for flag in flags}
    result = []
    for flag in flags:
        first = by_key.get(counted.get(flag["row_key"]) or "")
        if first is None:
            result.append({**flag})
            continue
        name = formatting.row_name({**first, "vendor_name": first["vendor"]})
        head, *rest = flag["explanation"].splitlines()
        note = f"Its money is counted once, with {name[0].lower()}{name[1:]}."
        explanation = "\n".join([head, note, *rest])
        result.append({**flag, "exposure_minor": 0, "exposure_base": 0, "explanation": explanation})
    return result
