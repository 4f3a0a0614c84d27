"""Columns of documents beside the books: mails, calendar entries, texts."""

from __future__ import annotations

from typing import Final

EMAIL: Final = {
    "doc_id": "VARCHAR",
    "thread_id": "VARCHAR",
    "sent_at": "TIMESTAMP",
    "sender": "VARCHAR",
    "recipients": "VARCHAR",
    "subject": "VARCHAR",
    "body": "VARCHAR",
    "attachments": "VARCHAR",  # the text of what was attached, below its names
}

EVENT: Final = {
    "doc_id": "VARCHAR",
    "starts_at": "TIMESTAMP",
    "ends_at": "TIMESTAMP",
    "title": "VARCHAR",
    "person_id": "VARCHAR",
    "attendees": "VARCHAR",
    "location": "VARCHAR",
}

DOCUMENT: Final = {
    "doc_id": "VARCHAR",
    "title": "VARCHAR",
    "dated_on": "DATE",  # what the document says of itself, where it does
    "text": "VARCHAR",
    "file": "VARCHAR",
}
