"""Look at what was sent, in a process of its own: propose its sources file, and show what it would book.

python -m desk.uploads.look FOLDER

A stranger's file that takes a reader down takes this process down, and not the Server.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from desk.uploads.answers import with_entity
from desk.uploads.folder import UploadFolder
from tools.books.engine import Books
from tools.core import settings
from tools.core.bounded_paths import Folders
from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.ledger import Window, files, read
from tools.ledger import sources as sources_file
from tools.ledger.guess import propose
from tools.ledger.readers import open_file
from tools.ledger.sources import Source, Sources

SHOWN: Final = 5  # rows of a source
_ROWS: Final = """
    SELECT source, CAST(posted_on AS VARCHAR) AS day, amount_minor, currency, vendor_name AS party,
           coalesce(description, reference, txn_id) AS text, file, line
    FROM txn WHERE source = $source ORDER BY file, line LIMIT $most
"""
_COUNTS: Final = """
    SELECT source, sum(rows) AS rows, sum(rejected) AS rejected, sum(filtered) AS filtered
    FROM control_total GROUP BY source
"""
_REJECTED: Final = """
    SELECT source, reason, count(*) AS rows, min(file) AS file, min(line) AS line
    FROM rejected GROUP BY source, reason ORDER BY rows DESC, reason
"""


def look(folder: UploadFolder, limits: Settings) -> dict[str, Any]:
    """Propose a sources file where there is none, and give what it reads: for each source rows and counts.

    Raises SourcesError for files that nothing reads.
    """
    if not folder.sources.is_file():
        proposal = propose.propose(folder.files, limits)
        text = with_entity(proposal.text, str(folder.read("owner.json")["entity"]))
        folder.sources.write_text(text, encoding="utf-8")
        folder.write("aside.json", {"aside": proposal.aside, "not_read": proposal.not_read})
    sources = sources_file.load(folder.sources, Folders((folder.files,), ()))
    _name_the_rest(folder, sources)
    with TemporaryDirectory(dir=folder.path) as scratch:
        snapshot = Path(scratch) / "snapshot"
        read(sources, Window({}, sources.entity.as_of or clock().now().date()), limits, snapshot)
        with Books.open(snapshot, limits) as books:
            return _preview(books, sources)


def _name_the_rest(folder: UploadFolder, sources: Sources) -> None:
    """Say of every file that was sent, and is no source's, that nothing of it is used."""
    listed = folder.read("aside.json")
    named = {label.partition(",")[0].partition("/")[0] for part in listed.values() for label in part}
    for name, source in sources.sources.items():
        paths = files.find(name, source, sources.base, sources.within)
        named |= {path.relative_to(folder.files).parts[0] for path in paths}
    rest = {name: "it is no table and no bank statement" for name in folder.names() if name not in named}
    folder.write("aside.json", {**listed, "aside": listed["aside"] | rest})


def _preview(books: Books, sources: Sources) -> dict[str, Any]:
    counts = {row.pop("source"): {k: int(v or 0) for k, v in row.items()} for row in books.rows(_COUNTS)}
    rejected = books.rows(_REJECTED)
    return {
        "sources": [
            {
                "name": name,
                "kind": source.kind,
                "file": source.path,
                "rows": counts.get(name, {}),
                "first": books.rows(_ROWS, {"source": name, "most": SHOWN}),
                "rejected": [row for row in rejected if row["source"] == name][:SHOWN],
                "columns": _columns(books, sources, name, source),
            }
            for name, source in sources.sources.items()
        ]
    }


def _columns(books: Books, sources: Sources, name: str, source: Source) -> list[str]:
    """Name the columns of a source's first file, to choose from."""
    path = files.find(name, source, sources.base, sources.within)[0]
    if source.is_document(path):
        return []
    return list(open_file.open_part(books.connection, source, path).names)


def main() -> None:
    """Look at the folder that is named, and write what came of it beside its files."""
    folder = UploadFolder(Path(sys.argv[1]))
    try:
        folder.write("preview.json", look(folder, settings.load()))
    except TieoutError as error:
        folder.write("problem.json", {"why": str(error).replace(str(folder.files), "").replace("//", "/")})


if __name__ == "__main__":
    main()
