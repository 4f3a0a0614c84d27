"""Measure the search for evidence: `python -m benchmarks.evidence`.

Prints seconds of the clock and of the processor for a pile of made mails and a list of suspects, and how
both grow with the suspects; more than twice the time for twice the suspects would be worse than linear.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tools.books import document_tables, tables
from tools.books.arrow_rows import write
from tools.books.engine import Books
from tools.books.judgement_tables import SUSPECT
from tools.books.manifest import Manifest
from tools.books.manifest import write as write_manifest
from tools.core.settings import Settings
from tools.evidence.search import search
from tools.rules.model import Rules

START: Final = date(2025, 1, 1)
WORDS: Final = [f"word{n}" for n in range(20_000)]
ROUND: Final = 0.1  # share of amounts that are round, and so alike


def pile(folder: Path, documents: int, suspects: int, seed: int = 7) -> Path:
    """Make a snapshot of mails, and suspects that some of them speak of; give the suspects' file."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    vendors = [f"Vendor{n} {chance.choice(WORDS).title()}" for n in range(2_000)]
    rows = [_suspect(chance, n, vendors) for n in range(suspects)]
    mails = [_mail(chance, n, rows) for n in range(documents)]
    columns = {name: pa.array([mail.get(name) for mail in mails]) for name in document_tables.EMAIL}
    pq.write_table(pa.table(columns), folder / "email.parquet")
    people = [
        {"person_id": f"E{n}", "person_name": f"Person{n} Name{n}", "email": f"p{n}@desk.example"}
        for n in range(200)
    ]
    write(people, tables.EMPLOYEE, folder / "employee.parquet")
    write_manifest(
        folder,
        Manifest(entity="Made Ltd", currency="USD", as_of="2025-12-31", window_from=None,
                 window_to="2025-12-31", tables={}, present={"email": ["doc_id"]}, sources={"mail": "email"}),
    )  # fmt: skip
    write(rows, SUSPECT, folder.parent / "suspect.parquet")
    return folder.parent / "suspect.parquet"


def measure(documents: int, suspects: int) -> dict[str, Any]:
    """Search once, and say how long it took."""
    with tempfile.TemporaryDirectory(prefix="tieout-evidence-") as work:
        listed = pile(Path(work) / "snapshot", documents, suspects)
        with Books.open(Path(work) / "snapshot", Settings()) as books:
            wall, processor = time.perf_counter(), time.process_time()
            searched = search(books, listed, Rules(), out=Path(work))
            return {
                "documents": documents,
                "suspects": suspects,
                "hits": searched.hits,
                "seconds": round(time.perf_counter() - wall, 2),
                "cpu_seconds": round(time.process_time() - processor, 2),
            }


def main() -> None:
    """Read the command line, print a line for each size."""
    parser = argparse.ArgumentParser(description="Measure the search for evidence.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--suspects", type=int, nargs="+", default=[1_000, 10_000])
    arguments = parser.parse_args()
    for count in arguments.suspects:
        figures = measure(arguments.documents, count)
        print(", ".join(f"{name} {value:,}" for name, value in figures.items()))


def _suspect(chance: random.Random, number: int, vendors: list[str]) -> dict[str, Any]:
    day = START + timedelta(days=chance.randrange(365))
    vendor = vendors[int(len(vendors) ** chance.random()) - 1]  # Zipf: the largest has a tenth
    amount = round(chance.lognormvariate(11, 2)) + 100
    if chance.random() < ROUND:
        amount = max(1, amount // 10_000) * 10_000
    return {
        "row_key": f"pay:{number:06d}", "txn_id": f"PAY-{number:06d}", "source": "pay", "kind": "payment",
        "posted_on": day, "posted_day": (day - date(1970, 1, 1)).days,
        "amount_minor": amount, "currency": "USD",
        "vendor_name": vendor, "vendor_key": vendor.upper(), "person_id": f"E{number % 200}",
        "person_name": f"Person{number % 200} Name{number % 200}", "invoice_no": f"INV-{number * 7:06d}",
        "exposure_minor": amount, "exposure_base": amount, "lead_test": "made", "tests": "[]",
    }  # fmt: skip


def _mail(chance: random.Random, number: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    words = chance.choices(WORDS, k=chance.randrange(40, 160))
    about = chance.choice(rows)
    if number % 5 == 0:
        words += [about["vendor_name"], f"{about['amount_minor'] / 100:,.2f}"]
    if number % 50 == 0:
        words += [str(about["invoice_no"]), "Approved."]
    sent = datetime(2025, 1, 1) + timedelta(minutes=chance.randrange(365 * 1440))  # noqa: DTZ001 - local time
    return {
        "doc_id": f"m{number}", "thread_id": f"t{number // 3}", "sent_at": sent,
        "sender": f"p{number % 200}@desk.example", "recipients": "all@desk.example",
        "subject": words[0], "body": " ".join(words),
    }  # fmt: skip


if __name__ == "__main__":
    main()
