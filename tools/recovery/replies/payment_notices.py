"""Recognise a remittance advice: what a payer's system writes by itself when money has left.

It is machine-made as an automatic answer is ("do not reply to this e-mail"), and says that was paid.
"""

from __future__ import annotations

import re
from typing import Final

# Its title, on a line of its own or in the subject; or a sentence that says that the payment was made.
_TITLE: Final = re.compile(
    r"(?im)^[^a-z\n]{0,12}(?:(?:fwd?|wg|tr)\s*:\s*)?(?:your |our |bacs |ach |eft |sepa |ihr |unser )?"
    r"(?:remittance (?:advice|notice|details)|payment (?:advice|notification)|settlement advice"
    r"|zahlungsavis|zahlungsmitteilung|überweisungsavis|avis de (?:paiement|virement|règlement)"
    r"|aviso de (?:pago|transferencia)|avviso di (?:pagamento|bonifico)|betaal(?:advies|specificatie)"
    r"|betalingsspecificatie)\b(?![^\n]{0,40}\b(?:please|send|missing|need|request|bitte|fehlt)\b)"
)
_MADE: Final = re.compile(
    r"(?i)\b(?:following payments? (?:has|have) been made|(?:we|have) (?:today )?(?:made|transferred"
    r"|remitted) the following|folgende\w* (?:posten|beträge|rechnungen|zahlung\w*)[^.\n]{0,40}"
    r"(?:überwiesen|angewiesen|gezahlt)|(?:virement|paiement) suivant a été|se ha (?:realizado|emitido) el"
    r" siguiente pago|de volgende (?:betaling|facturen)[^.\n]{0,40}(?:betaald|overgemaakt))"
)
_AMOUNT: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}(?![\d.,])")
# A payment to come, or one that failed, is none.
_NOT_MADE: Final = re.compile(
    r"(?i)\b(?:will (?:receive|be (?:sent|paid|made|issued))|(?:was |were |been )?(?:rejected|cancelled"
    r"|canceled|returned|reversed|failed|declined|voided|stopped)|pro.?forma|wird (?:gezahlt|überwiesen"
    r"|ausgeführt)|storniert|zurückgewiesen|abgelehnt|fehlgeschlagen|rejetée?|annulée?|rechazad[oa]|anulad[oa]"
    r"|geweigerd|geannuleerd|on hold|pending)\b"
)


def is_remittance(subject: str, text: str) -> bool:
    """Say whether a mail says by its form that money has left: its title or sentence, and an amount."""
    named = _TITLE.search(subject) or _TITLE.search(text) or _MADE.search(text)
    return bool(named and _AMOUNT.search(text) and not _NOT_MADE.search(f"{subject}\n{text}"))
