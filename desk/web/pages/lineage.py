"""Where a posting came from, and what became of it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.core.errors import TieoutError
from tools.operations import lineage

LONGEST = 300
FIELDS = (
    ("txn_id", "Id"), ("posted_on", "Posted"), ("amount", "Amount"), ("currency", "Currency"),
    ("vendor_name", "Vendor"), ("person_name", "Person"), ("reference", "Reference"),
    ("invoice_no", "Invoice"), ("description", "Description"), ("account", "Account"),
    ("created_by", "Prepared by"), ("approved_by", "Approved by"),
)  # fmt: skip


def show(request: Request) -> Response:
    """Show the lineage of what is named: a flag, a row key, an id of a source."""
    name = request.query_params.get("name", "").strip()[:LONGEST]
    lineage, error, remedy = _lineage(name)
    return page(
        request,
        "lineage.html",
        {
            "section": "lineage",
            "name": name,
            "found": lineage,
            "error": error,
            "remedy": remedy,
            "fields": FIELDS,
        },
        status=404 if error else 200,
    )


def _lineage(name: str) -> tuple[dict[str, Any] | None, str, str]:
    if not name:
        return None, "", ""
    desk = open_desk()
    try:
        return lineage.of(desk.store, name, desk.settings), "", ""
    except TieoutError as error:
        return None, error.message, error.remedy
