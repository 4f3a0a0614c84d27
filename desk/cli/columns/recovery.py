"""The columns of recovery: claims, letters, replies, suppressed addresses, what happened."""

from __future__ import annotations

from typing import Final

from desk.cli.columns.shared import AMOUNT, CURRENCY
from desk.cli.rows import Listing
from desk.cli.table import TableColumn

CLAIMS: Final = Listing(
    "claims",
    (
        TableColumn("claim_id", "The claim: the same over runs.", kind="id", heading="Claim"),
        TableColumn("status", "One of the eleven states.", kind="word", heading="State"),
        TableColumn("tier", "high, medium or low: by expected value.", kind="word", heading="Tier"),
        TableColumn("party", "Who owes."),
        TableColumn("role", "vendor, customer or prospect."),
        TableColumn("kind", "double_payment, missed_credit, overdue_invoice ..."),
        AMOUNT,
        TableColumn("recovered", "Decimal text: what came back.", kind="money", heading="Back"),
        TableColumn("open", "Decimal text: what is open.", kind="money"),
        TableColumn(
            "expected", "Decimal text: what is open times its chance.", kind="money", heading="Expected"
        ),
        TableColumn("probability", "Chance of recovery, 0 to 1.", kind="share", heading="Chance"),
        CURRENCY,
        TableColumn("title", "What it is about.", below=True),
        TableColumn("basis", "Why it is owed, in law or contract."),
        TableColumn("risk", "MEDIUM, HIGH or CRITICAL: how many have to approve."),
        TableColumn("arisen_on", "Day of the earliest open item."),
        TableColumn("level", "Letters sent.", kind="number"),
        TableColumn("hold", "Why no letter goes out: dispute, question, promise ..."),
        TableColumn("not_before", "No letter before this day."),
        TableColumn("approved_by", "Who approved it."),
        TableColumn("outcome", "How it ended."),
        TableColumn("note", "Why."),
        TableColumn("opened_at", "When it was made, UTC."),
        TableColumn("closed_at", "When it ended, UTC."),
        TableColumn("run_id", "The run that made it."),
    ),
    "No claims. 'tieout recover' makes them of flags that people approved.",
)

CONTACTS: Final = Listing(
    "contacts",
    (
        TableColumn("source", "Where it is from.", heading="From"),
        TableColumn("kind", "email or phone.", heading="Kind"),
        TableColumn("value", "The address or number.", heading="Address", flex=1),
        TableColumn("name", "Whose it is.", heading="Name", flex=1),
        TableColumn("status", "valid, ambiguous or hard_bounce.", kind="word", heading="State"),
        TableColumn("confidence", "How sure, 0 to 1.", kind="share", heading="Sure"),
        TableColumn("answer", "Of a source without a contact: why it gave none.", below=True),
        TableColumn("position", "What the person is there."),
        TableColumn("legal_basis", "Why it may be kept."),
        TableColumn("fetched_at", "When it was learned, UTC."),
        TableColumn("expires_at", "Until when it may be kept, UTC; empty for good."),
    ),
    "No contacts yet: they are looked for when claims are approved.",
)

LETTERS: Final = Listing(
    "letters",
    (
        TableColumn("letter_id", "The letter.", kind="id", heading="Letter"),
        TableColumn(
            "status", "draft, approved, rejected, queued, sent or cancelled.", kind="word", heading="State"
        ),
        TableColumn("claim_id", "The claim that it is about."),
        TableColumn("level", "1 for the first letter.", kind="number", heading="Level"),
        TableColumn("recipient", "Where it goes.", heading="To", flex=1),
        TableColumn("subject", "Its subject.", below=True),
        AMOUNT,
        CURRENCY,
        TableColumn("body", "Its text."),
        TableColumn("language", "ISO 639."),
        TableColumn("message_id", "Message-ID: the same however often it is tried."),
        TableColumn("in_reply_to", "The letter that it follows."),
        TableColumn("approved_by", "Who approved it."),
        TableColumn("edited_by", "Who changed its text."),
        TableColumn("note", "Why it waits, or was cancelled.", below=True),
        TableColumn("doubled", "Tries that may have been accepted before their process died.", kind="number"),
        TableColumn("drafted_at", "When, UTC."),
        TableColumn("approved_at", "When, UTC."),
        TableColumn("sent_at", "When, UTC.", kind="time", heading="Sent"),
        TableColumn("run_id", "The run that drafted it."),
    ),
    "No letters.",
)

SUPPRESSIONS: Final = Listing(
    "suppress",
    (
        TableColumn("address", "The address, or @domain; empty once erased.", heading="Address", flex=1),
        TableColumn(
            "reason",
            "opt_out, complaint, hard_bounce, soft_bounces or by_hand.",
            kind="code",
            heading="Reason",
        ),
        TableColumn("by", "Who put it there.", heading="By"),
        TableColumn("at", "When, UTC.", kind="time", heading="Since"),
        TableColumn("note", "Why.", below=True),
        TableColumn("digest", "SHA-256 of the address in lower case: stays when it is erased."),
    ),
    "No address is suppressed.",
)

REPLIES: Final = Listing(
    "replies",
    (
        TableColumn("reply_id", "SHA-256 of the mail as it came.", kind="digest", heading="Reply"),
        TableColumn("received_at", "When, UTC.", kind="time", heading="Received"),
        TableColumn(
            "kind", "paid, agree, dispute, question, bounce, complaint ...", kind="code", heading="Kind"
        ),
        TableColumn("reason", "Of a bounce: userunknown ...; else what to know of it.", below=True),
        TableColumn("hard", "yes, no, or empty where it is no bounce."),
        TableColumn("code", "Enhanced status code (RFC 3463)."),
        TableColumn("status", "applied, unsure, settled or ignored.", kind="word", heading="State"),
        TableColumn("claim_id", "The claim that it is about.", kind="id", heading="Claim"),
        TableColumn("letter_id", "The letter that it answers."),
        TableColumn("sender", "From.", heading="From", flex=1),
        TableColumn("subject", "Its subject.", below=True),
        TableColumn("text", "What it says, without what it quotes."),
        TableColumn("sentiment", "positive, neutral or negative."),
        TableColumn("confidence", "How sure the reading is, 0 to 1.", kind="share", heading="Sure"),
        TableColumn("decided_by", "Who settled it, where the desk was unsure."),
    ),
    "No replies.",
)

STUCK_CLAIMS: Final = Listing(
    "stuck",
    (
        TableColumn("number", "How many.", kind="number", heading="Count"),
        TableColumn("message", "What does not go on.", heading="What", flex=1),
        TableColumn(
            "kind",
            "claim_new, claim_waiting, letter_unsent, claim_unwritten or no_letters_today.",
            kind="code",
        ),
    ),
    "Nothing is stuck.",
)

ACTIVITY: Final = Listing(
    "activity",
    (
        TableColumn("at", "When, UTC.", kind="time", heading="When"),
        TableColumn("kind", "What happened.", kind="code", heading="What"),
        TableColumn("party", "Who owes.", heading="Party", flex=1),
        TableColumn("contact", "Whom it was written to, or who wrote.", heading="Contact", flex=1),
        TableColumn("claim_id", "The claim.", kind="id", heading="Claim"),
        TableColumn("amount", "Decimal text.", kind="money"),
        CURRENCY,
        TableColumn("by", "Who did it.", heading="By"),
        TableColumn("details", "What belongs to it."),
    ),
    "Nothing happened yet.",
)
