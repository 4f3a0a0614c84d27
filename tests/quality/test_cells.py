"""Bad cells of any table are found without being told what a good one is."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.scorers.dirty_cells import PUBLISHED, found_cells, rows, wrong_cells
from tests.variations import first_of

FIRST = "Harbour Summit Cedar Granite Willow Falcon Beacon Juniper Copper Meadow".split()
SECOND = "Works Foods Tools Paper Glass Freight Optics Textiles Seeds Press".split()
HEADER = ["order", "customer", "name", "region", "day", "price"]


def _orders(seed: int, size: int = 300) -> list[list[str]]:
    """Make orders of a few customers: the customer decides name and region."""
    chance = random.Random(seed)
    customers = [
        [f"C{i:03d}", f"{first} {second}", "north" if i % 3 else "south"]
        for i, (first, second) in enumerate(zip(FIRST, SECOND, strict=True))
    ]
    return [
        [f"O{i:05d}", *chance.choice(customers), f"2025-{1 + i % 9:02d}-{1 + i % 28:02d}", _price(chance)]
        for i in range(size)
    ]


def _price(chance: random.Random) -> str:
    return f"{chance.randrange(5, 90)}.50"


def _clock(chance: random.Random) -> str:
    return f"{chance.randrange(24):02d}:{chance.randrange(60):02d}"


ERRORS: dict[str, Callable[[str], str]] = {
    "name": lambda cell: cell.replace("o", "0", 1) if "o" in cell else cell[:-1] + "xx",
    "region": lambda cell: "south" if cell == "north" else "north",
    "day": lambda cell: f"{cell[5:7]}/{cell[8:]}/{cell[:4]}",
    "price": lambda cell: f"{cell} USD",
    "customer": lambda _: "N/A",
}


@pytest.mark.parametrize("seed", first_of(range(3)))
def test_planted_errors_are_found_and_little_else(tmp_path: Path, seed: int) -> None:
    """Typos, wrong values, dates and prices written otherwise are found wherever they are put."""
    clean = [HEADER, *_orders(seed)]
    dirty, chance = [list(row) for row in clean], random.Random(seed)
    for name, spoil in ERRORS.items():
        for at in chance.sample(range(1, len(dirty)), 6):
            column = HEADER.index(name)
            dirty[at][column] = spoil(dirty[at][column])
    true = wrong_cells(dirty, clean)
    cells = set().union(*found_cells(_csv_file(tmp_path / "dirty.csv", dirty), tmp_path / "a")[0].values())
    assert len(cells & true) >= 0.9 * len(true), sorted(true - cells)
    assert len(cells - true) <= 0.05 * len(cells), sorted(cells - true)


def test_a_clean_table_is_quiet(tmp_path: Path) -> None:
    """Where nothing is wrong, nothing is named."""
    false_alarms, _ = found_cells(_csv_file(tmp_path / "clean.csv", [HEADER, *_orders(1)]), tmp_path / "run")
    assert set().union(*false_alarms.values()) == set()


def test_reports_of_several_sources_are_held_against_each_other(tmp_path: Path) -> None:
    """What a source left out, wrote otherwise or has wrong is named; where sources agree nothing is."""
    chance = random.Random(4)
    clean, dirty = (
        [["tuple", "source", "parcel", "sent", "came"]],
        [["tuple", "source", "parcel", "sent", "came"]],
    )
    for parcel in range(40):
        departure, arrival = _clock(chance), _clock(chance)
        for source in range(9):
            report = [f"{parcel * 9 + source}", f"S{source}", f"P{parcel:03d}", departure, arrival]
            clean.append(report)
            dirty.append(list(report))
            spoiled = chance.random()
            if spoiled < 0.05:
                dirty[-1][3] = ""
            elif spoiled < 0.1:
                dirty[-1][4] = f"{arrival} local"
    true = wrong_cells(dirty, clean)
    cells = set().union(*found_cells(_csv_file(tmp_path / "dirty.csv", dirty), tmp_path / "a")[0].values())
    false_alarms, _ = found_cells(_csv_file(tmp_path / "clean.csv", clean), tmp_path / "b")
    assert cells == true
    assert set().union(*false_alarms.values()) == set()


def test_a_place_name_in_two_states_is_no_conflict(tmp_path: Path) -> None:
    """Towns of one name in several states, with zip codes of their own, are no errors; an odd state is."""
    chance = random.Random(6)
    towns = [(f"{30000 + 7 * i}", f"{FIRST[i // 4 % 10]} {SECOND[i % 10]}", f"ST{i % 5}") for i in range(160)]
    table = [[f"R{i:05d}", *towns[int(160 * chance.random() ** 2)]] for i in range(1500)]
    header = ["number", "zip", "town", "state"]
    false_alarms, _ = found_cells(_csv_file(tmp_path / "clean.csv", [header, *table]), tmp_path / "a")
    assert set().union(*false_alarms.values()) == set()
    at = next(i for i, row in enumerate(table) if sum(row[1] == peer[1] for peer in table) > 20)
    table[at][3] = "ST1" if table[at][3] != "ST1" else "ST2"
    findings, _ = found_cells(_csv_file(tmp_path / "dirty.csv", [header, *table]), tmp_path / "b")
    assert set().union(*findings.values()) == {(at, 3)}


@pytest.mark.parametrize("seed", first_of(range(3)))
def test_honest_tables_are_all_but_quiet(tmp_path: Path, seed: int) -> None:
    """Short years, optional cells, shops with prices of their own, measures and free text are no errors."""
    chance = random.Random(seed)
    towns = [(f"{10000 + 31 * i}", f"{FIRST[i % 10]} {SECOND[i // 10 % 10]}") for i in range(60)]
    header = ["article", "source", "price", "colour", "since", "zip", "town", "fax", "score", "pages", "note"]
    table = []
    for article in range(120):
        price, colour = chance.uniform(5, 900), chance.choice(["red", "blue", "green", "white"])
        for source in range(6):
            place = towns[int(60 * chance.random() ** 2)]
            table.append(
                [
                    f"A{article:04d}",
                    f"shop {source}",
                    f"{price * chance.uniform(0.9, 1.1):.2f}",
                    colour,
                    f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(0, 24):02d}",
                    *place,
                    f"555-{chance.randrange(10**4):04d}" if chance.random() < 0.7 else "",
                    str(round(chance.gauss(50, 12), chance.choice([1, 2, 3]))),
                    chance.choice(
                        [f"{article}-{article + source}", f"S{source}", f"e{article * 7}", "ii-iv"]
                    ),
                    " ".join(chance.choice(FIRST + SECOND).lower() for _ in range(8)),
                ]
            )
    findings, _ = found_cells(_csv_file(tmp_path / "clean.csv", [header, *table]), tmp_path / "run")
    cells = set().union(*findings.values())
    assert len(cells) <= 0.001 * len(table) * len(header), sorted(cells)


@pytest.mark.parametrize("seed", first_of(range(3)))
def test_what_no_bell_holds_is_named_and_a_long_tail_is_not(tmp_path: Path, seed: int) -> None:
    """Slips of many sizes leave no gap behind them; the far ends of honest columns are left alone."""
    chance = random.Random(seed)
    clean = [["reading", "weight", "spent", "hours"]]
    clean += [
        [
            f"R{i:04d}",
            f"{chance.gauss(50, 3):.2f}",
            f"{chance.lognormvariate(4, 1.2):.2f}",
            str(chance.choice([40, 40, 40, 38, 20, chance.randint(1, 70)])),
        ]
        for i in range(900)
    ]
    dirty = [list(row) for row in clean]
    for at in range(1, 10):
        dirty[at][1] = f"{float(dirty[at][1]) + 3 * (8 + at % 4):.2f}"
    findings, _ = found_cells(_csv_file(tmp_path / "dirty.csv", dirty), tmp_path / "a")
    false_alarms, _ = found_cells(_csv_file(tmp_path / "clean.csv", clean), tmp_path / "b")
    assert findings["outlying_cell"] == wrong_cells(dirty, clean)
    assert set().union(*false_alarms.values()) == set()


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_tables(data: Path, tmp_path: Path, name: str) -> None:
    """Far better than the best single check that was published, and quiet on the clean table."""
    folder = data / "dirty_cells" / name
    true = wrong_cells(rows(folder / "dirty.csv"), rows(folder / "clean.csv"))
    cells = set().union(*found_cells(folder / "dirty.csv", tmp_path)[0].values())
    assert 2 * len(cells & true) / (len(cells) + len(true)) >= max(PUBLISHED[name] + 0.15, 0.9)


def _csv_file(path: Path, table: list[list[str]]) -> Path:
    path.write_text("\n".join(",".join(row) for row in table) + "\n", encoding="utf-8")
    return path
