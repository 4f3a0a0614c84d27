"""The words of the trade, in one place: what banks and ledgers write that is nobody's name.

English, with the abbreviations that statements use. Nothing here knows a particular book; what a book adds
of its own (its bank's prefixes, its ledger's stock phrases) is learned from the rows.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# The same legal form in other letters.
FORM_OF: Final = MappingProxyType(
    {"COMPANY": "CO", "CORPORATION": "CORP", "INCORPORATED": "INC", "LIMITED": "LTD", "PLLC": "LLC"}
)

# What a bank or a card network puts before and after a name.
CHANNEL: Final = frozenset(
    "ACH AMZN ATM AUTO AUTOPAY BACS BANKCARD BGC BILLPAY BRANCH CARD CCD CHECK CHECKCARD CHEQUE CHK CHQ CK "
    "COUNTER CREDIT CRN CSH DD DEBIT DEP DEPOSIT DIRECT EBILL EFT ELECTRONIC EPAYMENT FASTER FEDWIRE FP IMPS "
    "INCOMING INV INVOICE LOCKBOX MERCHANT MKTP MKTPL MOBILE NEFT NO ONLINE OUTGOING PAY PAYMENT PAYPAL "
    "PMT PMTS POS PP PPD PURCHASE PYMT RECEIVED RECURRING REF REFERENCE REMIT REMOTE RTGS RTP SENT SEPA "
    "SETTLEMENT SO SQ SQSP STANDING STRIPE SUMUP SWIFT TFR TRANS TRANSACTION TRANSFER TRF TRX TST TXN VIA "
    "VISA WEB WIRE WRE WITHDRAWAL XFER ZELLE".split()
)

CALENDAR: Final = frozenset(
    "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER "
    "JAN FEB MAR APR JUN JUL AUG SEP SEPT OCT NOV DEC".split()
)

FILLER: Final = frozenset("A AN AND AT BY DE FOR FROM IN OF ON OR OUT THE TO WITH".split())

NOBODY: Final = CHANNEL | CALENDAR | FILLER

# Words of an entry that takes another one back.
UNDOING: Final = frozenset(
    "BOUNCED CANCEL CANCELED CANCELLATION CANCELLED CHARGEBACK CORRECTION DISHONORED DISHONOURED NSF REFUND "
    "RETURN RETURNED REVERSAL REVERSE REVERSED REVERSING REV STOP STOPPED UNDO UNPAID VOID VOIDED WRITEBACK "
    "RECLASS RECLASSIFICATION STORNO CONTRA".split()
)

# Words of a bank that takes a payment back: it did not go through.
RETURNED: Final = frozenset(
    "BOUNCED CHARGEBACK DISHONORED DISHONOURED NSF RETURN RETURNED REVERSAL REVERSED UNPAID".split()
)

# Words of an entry that takes the place of one that was undone: it settles on its own, it undoes nothing.
REPLACING: Final = frozenset("CORRECTED REISSUE REISSUED REPLACE REPLACEMENT REPLACES RESUBMITTED".split())

FEES: Final = frozenset("CHARGE CHARGES COMMISSION FEE FEES MAINTENANCE OVERDRAFT SURCHARGE ANALYSIS".split())
INTEREST: Final = frozenset("DIVIDEND INT INTEREST".split())
