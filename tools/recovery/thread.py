"""A claim's letters and answers as one thread, in the order of time, as a mail program shows it.

entries(store, dossier) -> list[dict]     direction ("out", "in"), at, sender, to, subject, text, quoted ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.recovery.replies import apply, mail_view
from tools.store import Store


def entries(store: Store, dossier: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give every letter and mail of a claim (as `claims.dossier` has it), the oldest first."""
    mails = [_letter(row) for row in dossier["letters"]]
    mails += [reply_entry(store, row) for row in dossier["replies"]]
    return sorted(mails, key=lambda mail: str(mail["at"]))


def _letter(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "direction": "out",
        "at": row["sent_at"] or row["drafted_at"],
        "sender": row["headers"].get("From", ""),
        "to": row["recipient"],
        "subject": row["subject"],
        "text": row["body"],
        "quoted": "",
        "attachments": (),
        "written": "",
        "status": row["status"],
        "kind": "letter",
        "letter": row,
    }


def reply_entry(store: Store, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give one mail that came in, with what it quotes apart, from the mail as it came."""
    shown = mail_view.view(apply.raw(store, str(row["reply_id"])))
    return {
        "direction": "in",
        "at": row["received_at"],
        "sender": row["sender"],
        "to": shown.to,
        "subject": row["subject"],
        "text": shown.text,
        "quoted": shown.quoted,
        "attachments": shown.attachments,
        "written": shown.written,
        "status": row["status"],
        "kind": row["kind"],
        "reply": row,
    }
