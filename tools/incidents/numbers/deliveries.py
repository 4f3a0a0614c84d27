"""Whether a feed came as it always does: read twice, its sign turned, cut off, or in another unit.

Each is told from a change in what happened by what only a delivery does: rows that are alike in all that is
read, the sign of all rows at once, no row at all since a day, small and large amounts larger by one factor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from duckdb import ColumnExpression, ConstantExpression

from tools.core.sql_files import sql
from tools.incidents.numbers import metrics
from tools.incidents.numbers.headings import by_heading
from tools.incidents.numbers.reading import NumberReading, queried
from tools.incidents.numbers.windows import moment

LEAST: Final = 8  # rows of a feed in a window, from which its delivery is judged
DOUBLED: Final = 0.2  # of a feed's rows: so many more are copies than before
TURNED: Final = 0.3  # of a feed's rows: so many more, or fewer, have a sign than before
SCALED: Final = 1.5  # by how much all amounts of a feed are larger, or smaller
ALIKE: Final = 1.2  # by how much quartiles of amounts may differ from one factor
EVERYWHERE: Final = 1.5  # by how much the average amounts of two headings may grow apart where a unit changed
OUTLASTS: Final = 2.0  # times the longest pause before: a feed that is silent so long has ended
MOST_ROWS: Final = 200_000  # that copies are looked for among; of more, a part of all contents
_HERE: Final = "tools.incidents.numbers"


class Delivery(NamedTuple):
    """What came of a feed in a window. copies: rows that are alike another one, and what they add up to."""

    row_count: int = 0
    value: float = 0.0
    negatives: int = 0
    turnover: float = 0.0
    gap: float = 0.0
    last_at: float = 0.0
    quartiles: Sequence[float] = (0.0, 0.0, 0.0)
    copies: float = 0.0
    copied: float = 0.0

    def share(self, part: float) -> float:
        """Give a number of rows as a share of all."""
        return part / max(self.row_count, 1)


class Feed(NamedTuple):
    """A feed before and now."""

    name: str
    before: Delivery
    now: Delivery


def changes(reading: NumberReading, question: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Say of each feed what its delivery did that it did not before."""
    for feed in _feeds(reading):
        if feed.before.row_count >= LEAST:
            for change in (_doubled, _sign_changes, _scaled, _cut):
                yield from change(feed, reading)
    if question.get("run_id"):
        yield from _foreign(reading, question)


def _feeds(reading: NumberReading) -> list[Feed]:
    rows = reading.rows.filter(ColumnExpression("period") < ConstantExpression(reading.windows.against.stop))
    parts: dict[tuple[str, str], Delivery] = {}
    for feed, role, *figures in queried(rows, sql(_HERE, "deliveries")).fetchall():
        parts[feed, role] = Delivery(*figures)
    part = 1 + sum(each.row_count for each in parts.values()) // MOST_ROWS
    chosen = rows.filter((ColumnExpression("content") % ConstantExpression(part)) == ConstantExpression(0))
    for feed, role, copies, value in queried(chosen, sql(_HERE, "alike")).fetchall():
        parts[feed, role] = parts[feed, role]._replace(copies=copies * part, copied=value * part)
    names = sorted({feed for feed, _ in parts})
    nothing = Delivery()
    return [
        Feed(name, parts.get((name, "against"), nothing), parts.get((name, "now"), nothing)) for name in names
    ]


def _doubled(feed: Feed, reading: NumberReading) -> Iterator[dict[str, Any]]:
    now, before = feed.now.share(feed.now.copies), feed.before.share(feed.before.copies)
    if feed.now.row_count < LEAST or now - before < DOUBLED:
        return
    more = feed.now.copied - before * feed.now.value
    yield _change(
        "doubled", feed, reading,
        f"{feed.now.copies:.0f} of {feed.now.row_count} rows of {feed.name} are copies of others "
        f"({reading.worded(feed.now.copied)}), {before:.0%} were before",
        (feed.now.copies, before * feed.now.row_count, more),
    )  # fmt: skip


def _sign_changes(feed: Feed, reading: NumberReading) -> Iterator[dict[str, Any]]:
    now, before = feed.now.share(feed.now.negatives), feed.before.share(feed.before.negatives)
    if feed.now.row_count < LEAST or abs(now - before) < TURNED:
        return
    more = feed.now.value - feed.now.turnover * feed.before.value / max(feed.before.turnover, 1e-9)
    yield _change(
        "turned", feed, reading,
        f"{now:.0%} of the rows of {feed.name} are negative, {before:.0%} were before",
        (feed.now.negatives, before * feed.now.row_count, more),
    )  # fmt: skip


def _scaled(feed: Feed, reading: NumberReading) -> Iterator[dict[str, Any]]:
    if feed.now.row_count < LEAST or not all(feed.before.quartiles) or not all(feed.now.quartiles):
        return
    factors = [now / before for now, before in zip(feed.now.quartiles, feed.before.quartiles, strict=True)]
    middle = factors[1]
    apart = max(ALIKE, max(middle, 1 / middle) ** 0.25)  # the larger the factor, the less it matters
    alike = max(factors) <= apart * middle and min(factors) >= middle / apart
    if not alike or 1 / SCALED < middle < SCALED or not _everywhere(feed, reading, max(EVERYWHERE, apart**2)):
        return
    yield _change(
        "scaled", feed, reading,
        f"small and large amounts of {feed.name} are {middle:.3g} times what they were: "
        f"{reading.worded(feed.now.quartiles[1])} in the middle, "
        f"{reading.worded(feed.before.quartiles[1])} before",
        (feed.now.quartiles[1], feed.before.quartiles[1], feed.now.value * (1 - 1 / middle)),
    )  # fmt: skip


def _everywhere(feed: Feed, reading: NumberReading, apart: float) -> bool:
    """Say whether the amounts of all headings grew alike: a unit is of a whole feed.

    Averages of few rows may be further apart, by the error that amounts as uneven as they mostly are have.
    """
    own = reading.rows.filter(ColumnExpression("feed") == ConstantExpression(feed.name))
    for sums in by_heading(replace(reading, rows=own)).values():
        great = [each for each in sums if min(each.rows_before, each.rows_now) >= LEAST and each.before]
        if not great:
            continue
        factors = [each.now / each.rows_now * each.rows_before / each.before for each in great]
        few = max(1 / each.rows_before + 1 / each.rows_now for each in great)
        if min(factors) <= 0 or max(factors) > apart * math.exp(few**0.5) * min(factors):
            return False
    return True


def _cut(feed: Feed, reading: NumberReading) -> Iterator[dict[str, Any]]:
    window = reading.windows.all[0]
    last_at = feed.now.last_at if feed.now.row_count else window.begin
    silent, length = window.end - last_at, window.length
    expected = feed.before.row_count * reading.windows.scale * silent / length
    day = 86400.0 if reading.windows.are_days else 0.0
    if expected < LEAST or silent - day <= OUTLASTS * max(feed.before.gap, feed.now.gap):
        return
    since = f"{moment(last_at):%Y-%m-%d}" if reading.windows.are_days else f"{last_at:g}"
    missing = feed.before.value * reading.windows.scale * silent / length
    yield _change(
        "cut", feed, reading,
        f"{feed.name} has no row after {since}, where {expected:.0f} more were to be expected by the end "
        f"of the window ({reading.worded(missing)})",
        (0.0, expected, -missing),
    )  # fmt: skip


def _foreign(reading: NumberReading, question: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Say which feeds' rows are in another currency now: a sum in one currency does not have them."""
    text, metric = sql(_HERE, "currencies"), metrics.by_name(str(question["metric"]))
    windows = reading.windows.all
    parameters = {
        "kinds": list(metric.kinds),
        "currency": reading.unit,
        "roles": [window.role for window in windows],
        "begins": [window.begin for window in windows],
        "ends": [window.end for window in windows],
    }
    if len(reading.unit) != 3:  # noqa: PLR2004 - a currency's code
        return
    for source, currency, count, before, value in reading.connection.sql(text, params=parameters).fetchall():
        expected = before * reading.windows.scale
        if count < LEAST or count < 2 * expected:
            continue
        feed = Feed(source, Delivery(), Delivery(count))
        yield _change(
            "currency", feed, reading,
            f"{count} rows of {source} are in {currency}, {before} were before: "
            f"what is summed in {reading.unit} leaves them out",
            (count, expected, -abs(float(value))),
        )  # fmt: skip


def _change(
    kind: str, feed: Feed, reading: NumberReading, text: str, figures: tuple[float, float, float]
) -> dict[str, Any]:
    """Give a change; figures: the value, what was expected, and by how much it moved the number."""
    value, expected, moved = figures
    return {
        "what": f"delivery of {feed.name}",
        "text": f"{text}.",
        "node": feed.name,
        "value": float(value),
        "expected": round(float(expected), 3),
        "deviation": round(abs(value - expected) / max(expected, 1.0) ** 0.5, 3),
        "unit": reading.unit if kind == "scaled" else "rows",
        "scope": feed.name,
        "details": {"kind": kind, "source": feed.name, "moved": round(moved, 2)},
    }
