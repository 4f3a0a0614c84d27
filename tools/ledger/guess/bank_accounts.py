"""Whether a column holds accounts of banks: IBANs, long numbers, masked ones; a ledger's are short."""

from __future__ import annotations

import re
from typing import Final

from tools.ledger.guess.file_column import IBAN, FileColumn

_BANK_ACCOUNT: Final = re.compile(rf"{IBAN.pattern}|[^\W\d_]{{0,12}}[\dXx*\u2022]{{8,}}")


def holds_bank_accounts(column: FileColumn) -> bool:
    """Whether most values are accounts of banks (IBANs, long numbers, masked ones), no ledger's."""
    values = [re.sub(r"[\s'.,/-]", "", value) for value in list(column.values)[:200]]
    return bool(values) and sum(bool(_BANK_ACCOUNT.fullmatch(value)) for value in values) > len(values) / 2
