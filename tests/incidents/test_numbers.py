"""A number that moved: the element that moved it is named first, on rows that are made for it."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tools.core import settings as desk_settings
from tools.core.errors import UsageError
from tools.incidents.numbers import deviation, dimensions, mix, parsed, windows
from tools.incidents.numbers.elements import Movement, search
from tools.incidents.numbers.measure import Dimension, MeasuredNumber
from tools.incidents.numbers.reading import read
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation.observation import FARTHEST, Observation
from tools.store import open_store

SHOPS, GOODS, PAYERS = ("north", "south", "east"), ("tea", "salt", "rope"), ("card", "cash")


def rows_of(seed: int, *, moved: dict[str, str], factor: int, days: int = 40) -> list[dict[str, Any]]:
    """Make a shop's sales: from day 30 on, those that `moved` describes are `factor` times as many."""
    chance, rows = random.Random(seed), []
    for day in range(days):
        for _ in range(40):
            row: dict[str, Any] = {
                "day": f"2025-{1 + day // 28:02}-{1 + day % 28:02}",
                "shop": chance.choice(SHOPS),
                "good": chance.choice(GOODS),
                "payer": chance.choice(PAYERS),
                "value": chance.randint(50, 150),
            }
            hit = day >= 30 and all(row[name] == value for name, value in moved.items())
            row["value"] *= factor if hit else 1
            rows.append(row)
    return rows


def sales(folder: Path, rows: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    """Write a file, and ask what moved between its days 18 to 27 and 30 to 39."""
    path = folder / "sales.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return {
        "file": str(path), "metric": "value", "time": "day", "by": ["shop", "good", "payer"],
        "window": "2025-02-03..2025-02-12", "against": "2025-01-19..2025-01-28", **more,
    }  # fmt: skip


def moved_by(folder: Path, rows: list[dict[str, Any]], **more: object) -> Movement:
    """Give what moved between a file's days 18 to 27 and 30 to 39."""
    with read(sales(folder, rows, **more), desk_settings.load()) as reading:
        return search(reading.measure)


# The same draws each time: in one of thirty books chance gives one payer most of the rise, and names it, too.
@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(0, 10_000),
    st.fixed_dictionaries({"shop": st.sampled_from(SHOPS)}, optional={"good": st.sampled_from(GOODS)}),
    st.sampled_from([4, 6]),
)
def test_the_element_that_moved_is_named_first(
    tmp_path_factory: pytest.TempPathFactory, seed: int, moved: dict[str, str], factor: int
) -> None:
    """Whichever shop, or shop's good, sells more: it is the first element, and explains most of it."""
    movement = moved_by(tmp_path_factory.mktemp("n"), rows_of(seed, moved=moved, factor=factor))
    assert set(movement.elements[0].parts) == set(moved.items())
    assert movement.elements[0].share > 0.7


def test_a_fall_is_explained_like_a_rise(tmp_path: Path) -> None:
    """What vanished is the element, where the sum fell."""
    rows = [
        row
        for row in rows_of(3, moved={}, factor=1)
        if not (row["shop"] == "east" and row["day"] >= "2025-02-03")
    ]
    assert moved_by(tmp_path, rows).elements[0].parts == (("shop", "east"),)


def test_a_rate_is_taken_apart_by_what_it_is_divided_by(tmp_path: Path) -> None:
    """A rate moves with its values, not with how many rows there are."""
    rows = [{**row, "sold": 100} for row in rows_of(5, moved={"good": "rope"}, factor=5)]
    movement = moved_by(tmp_path, rows, metric="value/sold")
    assert movement.elements[0].parts == (("good", "rope"),)


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The message names the file, the column, and those that there are."""
    with pytest.raises(UsageError, match=r"sales.csv: has no column 'colour'\. It has: day, shop"):
        moved_by(tmp_path, rows_of(1, moved={}, factor=1, days=2), by=["colour"])


@pytest.mark.parametrize(
    ("window", "against", "why"),
    [
        ("2025-13", "2025-01", "'2025-13' is no window"),
        ("2025-02", "2025-03", "does not end before the window begins"),
        ("2025-02-09..2025-02-01", "2025-01", "ends before it begins"),
        ("1700000000", "2025-01", "is of another kind"),
    ],
)
def test_what_is_no_window_is_refused(window: str, against: str, why: str) -> None:
    """In words, with how to write it."""
    with pytest.raises(UsageError, match=why):
        windows.of(window, against)


def test_months_have_months_before_them_as_controls() -> None:
    """A month is held against a month as a whole, and earlier months say how much it moves anyway."""
    at = windows.of("2025-03", "2025-02")
    assert [at.label(period) for period in range(3)] == ["2025-03-01", "2025-02-01", "2025-01-01"]
    assert at.scale == 1.0


@pytest.mark.parametrize("length", [1, 10, 31])
def test_windows_that_the_rows_do_not_fill_are_no_control(length: int) -> None:
    """Rows that begin with the second window before: what is before them was no quiet time."""
    first = datetime(2025, 6, 1, tzinfo=UTC)
    begins = [first - timedelta(days=length * number) for number in range(3)]
    texts = [f"{begin:%Y-%m-%d}..{begin + timedelta(days=length - 1):%Y-%m-%d}" for begin in begins[:2]]
    at = windows.of(*texts).since(begins[2].timestamp())
    assert len(at.all) - 1 == 2


def rate_of(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]) -> MeasuredNumber:
    """Give a rate by shops: errors and calls of each, before and now, each a hundred rows alike."""
    rows = [
        (place, failed / 100, calls / 100, period)
        for period, shops in ((1, before), (0, now))
        for place, (failed, calls) in enumerate(shops.values())
        for _ in range(100)
    ]
    codes, value, weight, period = (np.array(column) for column in zip(*rows, strict=True))
    shops = Dimension("shop", codes, tuple(before))
    is_now = period == 0
    return MeasuredNumber(
        (shops,), value * ~is_now, weight * ~is_now, value * is_now, weight * is_now, is_rate=True, scale=1.0,
        value=value, weight=weight, period=period,
    )  # fmt: skip


def test_elements_are_held_against_all_windows_before(tmp_path: Path) -> None:
    """As if those were one window, however few rows the window has that was asked for."""
    rows = [
        row
        for row in rows_of(5, moved={"shop": "south"}, factor=4)
        if row["day"] < "2025-01-19" or row["day"] >= "2025-02-03"
    ]
    question = sales(tmp_path, rows)
    with read(question, desk_settings.load()) as reading:
        measure = reading.measure
        assert float(measure.expected.sum()) == 0
        lengths = len(reading.windows.all) - 1
        before = float(measure.value[measure.period > 0].sum())
        assert float(measure.pooled.expected.sum()) == pytest.approx(before / lengths)
        assert search(measure).elements[0].parts == (("shop", "south"),)


def seen(folder: Path, rows: list[dict[str, Any]]) -> list[Observation]:
    """Give what is seen of the movement and its elements."""
    now = datetime(2025, 2, 13, tzinfo=UTC)
    subject = Subject("INC-1", "number", "", "HIGH", now, (), sales(folder, rows))
    store = open_store(f"sqlite:///{folder}/desk.db")
    return dimensions.look(IncidentBench(subject, desk_settings.load(), store, folder))


def test_sentences_name_what_they_rest_on(tmp_path: Path) -> None:
    """The whole is held against what was asked for, elements against all windows before."""
    whole, south, *_ = seen(tmp_path, rows_of(5, moved={"shop": "south"}, factor=4))
    assert "to be expected by 2025-01-19..2025-01-28, and" in whole.text
    assert whole.text.endswith(" by all 2 windows before.")
    assert "to be expected by all 2 windows before; that is" in south.text


def test_what_no_row_was_of_before_is_new(tmp_path: Path) -> None:
    """It deviates by what its rows are beside rows of usual size, and not without end."""
    rows = rows_of(6, moved={}, factor=1)
    late = [row for row in rows if row["day"] >= "2025-02-03"]
    _, west, *_ = seen(tmp_path, rows + [{**row, "shop": "west"} for row in late])
    assert west.text.startswith("shop=west, which is new: ")
    assert "and no row of it in all 2 windows before; that is" in west.text
    assert 50 < west.deviation < FARTHEST


def test_a_mix_that_moved_a_rate_is_told_from_rates_that_moved() -> None:
    """Where each part's rate stayed, and one of a high rate grew, the mix explains all; else none of it."""
    before = {"north": (10, 1000), "south": (200, 1000)}
    shifted = mix.shift(rate_of(before, {"north": (5, 500), "south": (400, 2000)}))
    assert shifted is not None
    assert (shifted.dimension, shifted.heading, round(shifted.share, 3)) == ("shop", "south", 1.0)
    assert mix.shift(rate_of(before, {"north": (10, 1000), "south": (400, 1000)})) is None


def test_a_change_that_had_begun_is_not_what_it_is_held_against() -> None:
    """The newest windows before that show the change already say nothing of what is usual."""
    assert list(deviation.undisturbed(100, [90, 11, 10, 12], 1.0)) == [11, 10, 12]
    assert list(deviation.undisturbed(100, [11, 90, 10, 12], 1.0)) == [11, 90, 10, 12]
    assert list(deviation.undisturbed(12, [90, 11, 10, 12], 1.0)) == [90, 11, 10, 12]


def test_two_that_share_a_movement_explain_it_together(tmp_path: Path) -> None:
    """Neither shop has half of what is more; each is named beside the other."""
    rows = rows_of(7, moved={}, factor=1)
    for row in rows:
        if row["shop"] in ("north", "south") and row["good"] == "tea" and row["day"] >= "2025-02-03":
            row["value"] *= 4
    movement = moved_by(tmp_path, rows)
    named = {element.name: element for element in movement.elements}
    first = named["shop=north and good=tea"]
    (beside,) = movement.companions[first.name]
    assert beside.name == "shop=south and good=tea"
    assert first.share + beside.share > 0.8


def test_what_the_others_hide_is_named(tmp_path: Path) -> None:
    """One good sells a third, all others a little more: the whole looks usual, the good does not."""
    rows = rows_of(9, moved={}, factor=1)
    for row in rows:
        if row["day"] >= "2025-02-03":
            row["value"] = row["value"] // 3 if row["good"] == "salt" else row["value"] * 1.34
    movement = moved_by(tmp_path, rows)
    assert movement.is_usual
    assert movement.elements[0].name == "good=salt"


def test_control_windows_are_held_by_the_scale_of_now() -> None:
    """Of three others alone, two that are close by chance would make any third a giant."""
    before = [0.0389, 0.0287, 0.0382, 0.0052]
    now = deviation.z(0.143, before, 0.001)
    control = deviation.in_control(before, 0.001)
    assert control is not None
    assert control < now / 2


def test_a_text_is_parsed_once_for_those_who_read_it_at_once(tmp_path: Path) -> None:
    """Observers share one table; a file written anew is read anew, and what nobody holds is let go."""
    path = tmp_path / "sales.csv"
    path.write_text("shop,value\neast,1\n", encoding="utf-8")
    with duckdb.connect() as connection:
        first = parsed.table(connection.read_csv(str(path)), path, ["value"])
        assert parsed.table(connection.read_csv(str(path)), path, ["value"]) is first
        path.write_text("shop,value\neast,1\nwest,2\n", encoding="utf-8")
        assert parsed.table(connection.read_csv(str(path)), path, ["value"]).num_rows == 2
