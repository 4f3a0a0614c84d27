"""A claim on a terminal: what is owed and why, its items, its thread, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.text import Text

from desk.cli.screen import out, style_of
from desk.cli.table import TableColumn, laid_out, money
from desk.views.safe_text import visible
from tools.recovery.states import LIVE

_ITEMS: Final = (
    TableColumn("role", "", heading="What"),
    TableColumn("document", "", heading="Document", flex=1),
    TableColumn("dated_on", "", heading="Day"),
    TableColumn("note", "", heading="Row"),
    TableColumn("file", "", heading="File", flex=1),
    TableColumn("line", "", kind="number", heading="Line"),
    TableColumn("amount", "", kind="money", heading="Amount"),
    TableColumn("currency", ""),
)
_CONTACTS: Final = (
    TableColumn("kind", "", heading="Contact"),
    TableColumn("value", "", heading="Address", flex=1),
    TableColumn("name", "", heading="Name", flex=1),
    TableColumn("source", "", heading="From"),
    TableColumn("status", "", kind="word", heading="State"),
)
_LETTERS: Final = (
    TableColumn("letter_id", "", kind="id", heading="Letter"),
    TableColumn("status", "", kind="word", heading="State"),
    TableColumn("recipient", "", heading="To", flex=1),
    TableColumn("sent_at", "", kind="time", heading="Sent"),
    TableColumn("note", "", below=True),
)
_REPLIES: Final = (
    TableColumn("received_at", "", kind="time", heading="Reply"),
    TableColumn("kind", "", kind="word", heading="Kind"),
    TableColumn("sender", "", heading="From", flex=1),
    TableColumn("status", "", kind="word", heading="State"),
    TableColumn("text", "", below=True),
)
_EVENTS: Final = (
    TableColumn("at", "", kind="time", heading="When"),
    TableColumn("kind", "", kind="code", heading="What"),
    TableColumn("by", "", heading="By", flex=1),
    TableColumn("about", "", below=True),
)
_TABLES: Final = (
    ("items", _ITEMS),
    ("contacts", _CONTACTS),
    ("letters", _LETTERS),
    ("replies", _REPLIES),
    ("events", _EVENTS),
)


def show(dossier: Mapping[str, Any]) -> None:
    """Print a claim."""
    status = str(dossier["status"])
    heading = Text.assemble(
        (f"Claim {dossier['claim_id']}", "head"),
        "  ",
        visible(dossier["party"]),
        "  ",
        (status, style_of(status)),
    )
    out().print(heading, soft_wrap=True)
    out().print(visible(dossier["title"]), soft_wrap=True)
    out().print(visible(dossier["basis"]), style="quiet", soft_wrap=True)
    for line in _lines(dossier):
        out().print(visible(line), soft_wrap=True)
    shown = {
        **dossier,
        "events": [{**event, "about": _about(event["details"])} for event in dossier["events"]],
    }
    for name, columns in _TABLES:
        if rows := shown[name]:
            out().print()
            out().print(laid_out(columns, rows, out().width), soft_wrap=True)


def _about(details: Mapping[str, Any]) -> str:
    """Say of money how much came and where it stands in the books, of an answer what it was read to be."""
    if "amount" in details and "currency" in details:
        place = f", {details['file']} line {details['line']}" if details.get("file") else ""
        text = f": {details['description']}" if details.get("description") else ""
        return f"{money(details['amount'])} {details['currency']}{place}{text}"
    names = [str(details[name]) for name in ("sender", "kind", "reason", "note") if details.get(name)]
    names = [name.replace("_", " ") if name == details.get("kind") else name for name in names]
    return ", ".join(names)


def _lines(dossier: Mapping[str, Any]) -> list[str]:
    currency = dossier["currency"]
    amounts = {name: money(dossier[name]) for name in ("amount", "recovered", "open")}
    lines = [f"{amounts['amount']} {currency} owed, {amounts['recovered']} back, {amounts['open']} open."]
    if dossier["probability"] is not None:
        lines.append(
            f"Tier {dossier['tier']}: expected {money(dossier['expected'])} {currency},"
            f" chance {dossier['probability']:.0%}"
            f" ({dossier['features'].get('age', '')}; outcomes of kind and age:"
            f" {dossier['features'].get('outcomes_of_kind_and_age', '0')})."
        )
    if expected := dossier["features"].get("expected_payment"):
        lines.append(
            f"Payment expected by {expected}: usually {dossier['features']['usual_days_late']} days late"
            f" ({dossier['features']['settled_invoices_of_customer']} settled invoices)."
        )
    lines += [f"On hold: {dossier['hold']}."] if dossier["hold"] and dossier["status"] in LIVE else []
    lines += [f"No letter before {dossier['not_before']}."] if dossier["not_before"] else []
    return lines
