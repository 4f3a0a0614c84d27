"""Print what is applied and refused for each kind of reviewer, and the money that is missed because of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.reviewers.simulated import SCENES, audited_once, simulate


def main() -> None:
    """Print a line for each kind of reviewer."""
    with tempfile.TemporaryDirectory() as folder:
        books = audited_once(Path(folder) / "books")
        for name, scene in SCENES.items():
            print(f"{name}: {simulate(books, Path(folder) / name.replace(' ', '_'), scene)}")


if __name__ == "__main__":
    main()
