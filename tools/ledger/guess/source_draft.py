"""One source as proposed, while it is being found out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tools.ledger.guess.balance_proof import BalanceProof
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.sources import TRANSACTIONS


@dataclass
class SourceDraft:
    """One source as proposed; `why` holds the reason for a key ("kind", "columns.amount", "sign")."""

    name: str
    kind: str
    path: str
    file: FileProfile
    columns: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    proof: BalanceProof | None = None
    is_of_one_currency: bool = False  # beside sources of the same file whose amounts stand in other columns

    @property
    def is_transactions(self) -> bool:
        """Whether its rows are postings."""
        return self.kind in TRANSACTIONS

    def column(self, name: str) -> FileColumn:
        """Give the file's column that is mapped to a canonical one."""
        return self.file.column(self.columns[name])

    def mapped(self, *names: str) -> list[FileColumn]:
        """Give the file's columns for those of these canonical ones that are mapped."""
        return [self.column(name) for name in names if name in self.columns]

    @property
    def decimal_mark(self) -> str:
        """The decimal mark of its amounts."""
        return str(self.options.get("decimal_mark", "."))

    def as_source(self) -> dict[str, Any]:
        """Give it as the sources file has it."""
        return {"kind": self.kind, "path": self.path, "columns": self.columns, **self.options}
