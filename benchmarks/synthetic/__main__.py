"""Write a synthetic snapshot: `python -m benchmarks.synthetic ROWS FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.synthetic import write


def main() -> None:
    """Read the command line and write the snapshot."""
    parser = argparse.ArgumentParser(description="Write a synthetic snapshot for speed and stress.")
    parser.add_argument("rows", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", choices=("books", "pair"), default="books")
    parser.add_argument("--blank", type=float, default=0.0, help="share of references left out")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    rows = write(
        arguments.folder, arguments.rows, shape=arguments.shape, blank=arguments.blank, seed=arguments.seed
    )
    print(f"{rows:,} transactions in {arguments.folder}")


main()
