"""`tieout init postgresql://...`: propose a sources file from its tables and their first rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tools.core.digest import digest
from tools.core.errors import SourcesError
from tools.core.settings import Settings
from tools.ledger.guess import propose
from tools.ledger.guess.propose import SourcesProposal
from tools.ledger.readers.cell_batches import distinct
from tools.ledger.source import Source
from tools.ledger.warehouse.databases import connect
from tools.ledger.warehouse.location import location
from tools.ledger.warehouse.table_reader import Database, ListedTable

MOST_TABLES: Final = 200
SAMPLE: Final = 20_000  # rows of a table by which it is guessed
_PATH: Final = re.compile(r"^    path: (?P<file>\S+\.parquet)(?P<why>  #.*)?$")
_LAYOUT: Final = re.compile(
    r"^    (leave_out|fill_down|text_below|headings|delimiter|skip_lines|names|sheet|overlapping):"
)
_HEAD: Final = re.compile(r"tieout audit .*$")
_UNREAD: Final = "# !!! NOT READ"


def of_database(url: str, settings: Settings, base: Path) -> SourcesProposal:
    """Propose sources for the tables of a database; `base`: the folder that the sources file will lie in.

    Raises SourcesError for one that holds no table, UnreachableError when it is away.
    """
    place = location(url, "url")
    with TemporaryDirectory() as scratch, duckdb.connect() as connection:
        folder = Path(scratch) / (re.sub(r"\W+", " ", place.path.rpartition("/")[2]).strip() or "books")
        folder.mkdir()
        database = connect(place, base, None, connection)
        try:
            tables = {_file_of(table): table for table in database.tables()[:MOST_TABLES]}
            whole = [_sample(database, url, table, folder / file) for file, table in tables.items()]
        finally:
            database.close()
        if not tables:
            raise SourcesError("holds no table that may be read.", place=place.written)
        proposal = propose.propose(folder, settings)
    return _about_tables(proposal, url, tables, is_whole=all(whole))


def _file_of(table: ListedTable) -> str:
    """Name a table's sample like the table: its name says what it is."""
    return f"{re.sub(r'[^A-Za-z0-9]+', '_', table.name)}-{digest(table.name)[:6]}.parquet"


def _sample(database: Database, url: str, table: ListedTable, to: Path) -> bool:
    """Write the first rows of a table to a file that guesses are made from; say whether these are all."""
    reader = database.open(Source(kind="table", url=url, table=table.name))
    names = distinct(reader.names)
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(to, schema) as writer:
        rows = 0
        for batch in reader.batches(None):
            part = batch.slice(0, SAMPLE - rows)
            writer.write_batch(pa.RecordBatch.from_arrays(part.columns[: len(names)], schema=schema))
            rows += part.num_rows
            if rows >= SAMPLE:
                return False
    return True


def _about_tables(
    proposal: SourcesProposal, url: str, tables: Mapping[str, ListedTable], *, is_whole: bool
) -> SourcesProposal:
    """Give the proposal with tables in the place of the files that stood for them."""
    others = {
        tables[file].name: why for file, why in (proposal.aside | proposal.not_read).items() if file in tables
    }
    lines = [
        line for line in _lines(proposal.text, url, tables) if is_whole or not line.startswith("  as_of:")
    ]  # the newest of the first rows says nothing about the rest
    lines += (
        ["", "# Not used:", *(f"# - {name}: {why}" for name, why in sorted(others.items()))] if others else []
    )
    return replace(proposal, text="\n".join(lines) + "\n", aside=others, not_read={})


def _lines(text: str, url: str, tables: Mapping[str, ListedTable]) -> Iterator[str]:
    rows = iter(text.split("\n# Not used:", maxsplit=1)[0].rstrip().splitlines())
    for line in rows:
        if line.startswith(_UNREAD):
            # The other tables of a database are no books that somebody forgot.
            rest = takewhile(lambda line: line != "sources:", rows)
            for _ in rest:
                pass
            yield "sources:"
        elif match := _PATH.match(line):
            table = tables[match["file"]]
            many = (
                f"{table.rows:,} rows, says the catalogue" if table.rows is not None else "by its first rows"
            )
            yield f"    url: {url}"
            yield f"    table: {table.name}  # {many}"
        elif not _LAYOUT.match(line):
            words = line.replace("the files in this folder", f"the tables of {url}")
            words = words.replace("the folder's name", "the database's name")
            yield _HEAD.sub("tieout audit FILE", words) if words.startswith("#") else words
