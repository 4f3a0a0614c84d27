"""Measure the review desk's pages at 10,000 flags: `python -m benchmarks.pages`.

Prints milliseconds of the processor for each page, the quickest of a few answers; to stay under 200.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from desk.web.app import pages
from tests.web.large import CASES, FLAGS, PAGES, seed_large

SITE: Final = "http://127.0.0.1:2024"
TO_BEAT: Final = 200.0  # milliseconds a page


def measure(path: str, client: TestClient, repeats: int) -> float:
    """Give the milliseconds of one page."""
    took = []
    for _ in range(repeats):
        started = time.process_time()
        answer = client.get(f"/desk/{path}")
        took.append((time.process_time() - started) * 1000)
        answer.raise_for_status()
    return min(took)


def main() -> None:
    """Read the command line, print a line for each page."""
    parser = argparse.ArgumentParser(description="Measure the review desk's pages.")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tieout-pages-") as folder:
        os.environ |= seed_large(Path(folder))
        site = Starlette(routes=[Mount("/desk", pages())])
        print(f"{FLAGS:,} flags, {CASES:,} cases: milliseconds of the processor, to stay under {TO_BEAT:.0f}")
        with TestClient(site, base_url=SITE, client=("127.0.0.1", 50_000)) as client:
            for path in PAGES:
                print(f"{measure(path, client, arguments.repeats):7.0f}  /desk/{path}")


if __name__ == "__main__":
    main()
