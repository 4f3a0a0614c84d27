"""An opened file's rows, or a database's, as canonical rows in the scratch folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tools.books import engine
from tools.ledger import files
from tools.ledger.canonical import FileQuery
from tools.ledger.readers import both_sides
from tools.ledger.readers import open_file as opening
from tools.ledger.readers.carried_cells import HEADING
from tools.ledger.readers.table_rows import table_query
from tools.ledger.sources import Sources
from tools.ledger.staged import save


def save_rows(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    name: str,
    label: str,
    opened: opening.OpenFile,
    *,
    to: Path,
) -> None:
    """Read what is opened, and write its rows as the source says they are. Raises SourcesError."""
    source = sources.sources[name]
    if opened.names:
        files.check_columns(name, source, label, opened.names)
    names = [*(opened.names or files.source_columns(source))]
    width = len(names)
    if source.headings:
        names.append(HEADING)
    names += both_sides.added_columns(source.both_sides)
    columns = {column: f"c{i}" for i, column in enumerate(names)}
    if source.kind == "table":
        sql, values = table_query(source, columns, source_name=name, file=label)
    else:
        query = FileQuery(source, sources.entity, columns, typed=opened.typed)
        sql, values = query.sql(source=name, file=label), query.values
    # In a table that is tested as it is, a blank too many is a finding.
    opening.attach(connection, opened, source, width, trim=source.kind != "table")
    save(connection, sql, to, engine.bound(sql, values))
    connection.execute("DROP VIEW IF EXISTS batch")
