"""What a file's own numbers prove, looked for once: a balance, taxes that add up, entries that balance."""

from __future__ import annotations

from dataclasses import dataclass

from tools.ledger.guess.balance_proof import BalanceProof, marks, proven
from tools.ledger.guess.journal_proof import JournalProof, journal_proven
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.tax_proof import TaxProof, tax_proven


@dataclass(frozen=True)
class Proofs:
    """Each proof, None where there is none."""

    balance: BalanceProof | None
    tax: TaxProof | None
    journal: JournalProof | None

    @property
    def are_none(self) -> bool:
        """Whether nothing is proven."""
        return self.balance is None and self.tax is None and self.journal is None


def proofs_of(file: FileProfile) -> Proofs:
    """Look for all of them; for a balance with each decimal mark that the numbers allow."""
    balances = [proof for mark in marks(file.columns) if (proof := proven(file, mark))]
    balance = max(balances, key=lambda proof: proof.lines, default=None)
    return Proofs(balance, tax_proven(file), journal_proven(file))
