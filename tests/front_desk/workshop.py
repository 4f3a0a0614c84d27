"""The books of a small workshop, its year to September, whose answers can be counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SOURCES: Final = """\
entity: {name: Drechslerei Lindqvist, currency: EUR, country: DE, timezone: Europe/Berlin,
  fiscal_year_end: "09-30", as_of: 2026-05-20, business_days: [mon, tue, wed, thu, fri]}
sources:
  invoices: {kind: invoice, path: invoices.csv, required: [txn_id, posted_on, amount, invoice_no],
    columns: {txn_id: id, invoice_no: no, posted_on: day, due_on: due, vendor_name: vendor,
      category: category, amount: amount, currency: currency, created_by: clerk}}
  payments: {kind: payment, path: payments.csv, required: [txn_id, posted_on, amount, vendor_name],
    columns: {txn_id: id, invoice_no: no, posted_on: day, vendor_name: vendor, amount: amount,
      currency: currency, approved_by: approver}}
  cards: {kind: card, path: cards.csv, required: [txn_id, posted_on, amount, vendor_name, person_name],
    columns: {txn_id: id, posted_on: day, vendor_name: merchant, category: category, amount: amount,
      person_name: holder}}
"""
# One vendor is spelt in two ways, and one invoices in another money.
INVOICES: Final = """\
id,no,day,due,vendor,category,amount,currency,clerk
1,H-1,2026-01-05,2026-02-04,Holzhandel Brandt GmbH,Wood,1000.00,EUR,Maja Falk
2,H-2,2026-02-02,2026-03-04,HOLZHANDEL BRANDT GMBH,Wood,1500.00,EUR,Maja Falk
3,H-3,2026-03-02,2026-04-01,Holzhandel Brandt GmbH,Wood,700.00,EUR,Ole Rasch
4,L-1,2026-01-12,2026-02-11,Lackwerk Sommer,Paint,2000.00,EUR,Maja Falk
5,L-2,2026-02-09,2026-03-11,Lackwerk Sommer,Paint,2100.00,EUR,Ole Rasch
6,L-3,2026-04-13,2026-05-13,Lackwerk Sommer,Paint,500.00,EUR,Ole Rasch
7,T-1,2026-03-16,2026-04-15,Tokyo Tools KK,Tools,900000,JPY,Maja Falk
8,S-1,2026-05-04,2026-06-03,Spedition Uhl,Freight,300.00,EUR,Nele Brink
"""
PAYMENTS: Final = """\
id,no,day,vendor,amount,currency,approver
P1,H-1,2026-02-04,Holzhandel Brandt GmbH,1000.00,EUR,Rita Voss
P2,H-2,2026-03-14,Holzhandel Brandt GmbH,1500.00,EUR,Rita Voss
P3,L-1,2026-02-11,Lackwerk Sommer,2000.00,EUR,Jon Adler
"""
CARDS: Final = """\
id,day,merchant,category,amount,holder
C1,2026-01-03,Cafe Kranz,Meals,40.00,Nele Brink
C2,2026-01-10,Tank & Rast,Fuel,60.00,Nele Brink
C3,2026-02-14,Cafe Kranz,Meals,50.00,Ole Rasch
C4,2026-02-16,Tank & Rast,Fuel,90.00,Ole Rasch
C5,2026-03-18,Tank & Rast,Fuel,30.00,Nele Brink
C6,2026-03-20,Werkzeug Pohl,Tools,500.00,Maja Falk
C7,2026-04-25,Cafe Kranz,Meals,80.00,Nele Brink
"""


def write_workshop(folder: Path) -> Path:
    """Write the books into a folder; give it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"sources.yaml": SOURCES, "invoices.csv": INVOICES, "payments.csv": PAYMENTS, "cards.csv": CARDS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
