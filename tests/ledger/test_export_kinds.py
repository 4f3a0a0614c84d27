"""Kinds of trouble in files as banks, shops and payroll write them: what is booked to the cent, or asked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.ledger.conftest import SETTINGS
from tests.ledger.test_exports import audited, days_and_cents
from tools.core.errors import SourcesError
from tools.ledger.guess.propose import propose

# What it is -> the file's name, text and encoding, the kind, the amounts in cents.
KINDS: Final[dict[str, tuple[str, str, str, str, list[int]]]] = {
    "a fee beside money in and out leaves the account with them, or alone": (
        "statement.csv",
        """\
Date,Text,In,Out,Fee,Balance
2026-03-02,Kiosk,,-40.00,,60.00
2026-03-04,Cash,,-20.00,-1.50,38.50
2026-03-09,Dube,90.00,,,128.50
2026-03-11,Monthly fee,,,-2.00,126.50
""",
        "utf-8",
        "bank",
        [-4000, -2150, 9000, -200],
    ),
    "a column called net has the fees in it, also where two amounts have currencies": (
        "balance.csv",
        """\
id,Type,Amount,Fee,Net,Currency,Created,Presentment Amount,Presentment Currency
t1,charge,100.00,3.20,96.80,cad,2026-03-02,100.00,cad
t2,charge,50.00,1.75,48.25,cad,2026-03-05,37.10,usd
t3,refund,-50.00,0.00,-50.00,cad,2026-03-09,-37.10,usd
""",
        "utf-8",
        "bank",
        [9680, 4825, -5000],
    ),
    "what a till has collected less its fees is paid out, and is no bill": (
        "transactions.csv",
        """\
Date,Gross Sales,Net Sales,Tax,Total Collected,Fees,Net Total,Transaction ID,Event Type
03/20/26,$10.00,$10.00,$0.80,$10.80,($0.28),$10.52,tx1,Payment
03/21/26,$980.00,$980.00,$78.40,"$1,058.40",($27.52),"$1,030.88",tx2,Payment
03/22/26,($10.00),($10.00),($0.80),($10.80),$0.00,($10.80),tx3,Refund
""",
        "utf-8",
        "bank",
        [1052, 103088, -1080],
    ),
    "a state of the card or of the payout is none of the line": (
        "wallet.csv",
        """\
Date,Description,Amount,Balance,State,Card state
2026-03-02,Rent,-30.00,70.00,Completed,Blocked
2026-03-03,Sale,50.00,120.00,Completed,Active
2026-03-05,Hotel,-9.00,,Pending,Active
2026-03-06,Kiosk,-5.00,115.00,Completed,Expired
""",
        "utf-8",
        "bank",
        [-3000, 5000, -500],
    ),
    "a shop that is called like a balance is paid": (
        "card.csv",
        """\
Date,Merchant,Category,Amount,Card
2026-03-02,NEW BALANCE BOSTON,Shoes,80.00,1122
2026-03-05,Cafe,Food,4.50,1122
2026-03-09,Saldo Moda Milano,Clothes,31.00,1122
""",
        "utf-8",
        "card",
        [8000, 450, 3100],
    ),
    "tax and what is withheld give what is paid": (
        "facturas.csv",
        """\
Fecha;Proveedor;Factura;Base imponible;IVA;Retención;Total
02/03/2026;Ana Gil;A-1;1.000,00;210,00;150,00;1.060,00
05/03/2026;Papelera SA;77;200,00;42,00;0,00;242,00
19/03/2026;Luis Rey;B-9;400,00;84,00;60,00;424,00
""",
        "utf-8",
        "invoice",
        [106000, 24200, 42400],
    ),
    "wages are paid net": (
        "payroll.csv",
        """\
Pay date,Employee,Gross wages,Taxes,Deductions,Net pay
03/13/2026,Ann Lee,2000.00,400.00,50.00,1550.00
03/13/2026,Bo Ray,1500.00,280.00,0.00,1220.00
03/13/2026,Cy Orr,1800.00,350.00,20.00,1430.00
""",
        "utf-8",
        "payment",
        [155000, 122000, 143000],
    ),
    "days without a year have months in words": (
        "movimientos.csv",
        """\
Periodo,DEL 01/03/2026 AL 31/03/2026,,,
DIA,DESCRIPCION,CARGOS,ABONOS,SALDO
02/MAR,Renta,80.00,,20.00
11/MAR,Cliente Lago,,55.00,75.00
19/MAR,Luz,15.00,,60.00
""",
        "utf-8",
        "bank",
        [-8000, 5500, -1500],
    ),
    "texts stand between apostrophes, below records of other widths": (
        "62500011122.csv",
        """\
3,'Statement Date','From','To'
3,'31 March 2026','28 February 2026','31 March 2026'
4,'Opening Balance','Closing Balance'
4,100.00,90.00
5,'Number','Date','Description1','Description2','Amount','Balance'
5,1,'02 Mar','POS Purchase','Kiosk',-40.00,60.00
5,2,'11 Mar','Credit','Dube Ltd',55.00,115.00
5,3,'19 Mar','Fee','',-25.00,90.00
""",
        "utf-8",
        "bank",
        [-4000, 5500, -2500],
    ),
    "a text in Hebrew is no Cyrillic": (
        "osh.csv",
        """\
תאריך,פרטים,חובה,זכות,יתרה
02/03/2026,שכירות,48.00,,72.00
11/03/2026,לקוח,,156.00,228.00
17/03/2026,חשמל,6.00,,222.00
""",
        "cp1255",
        "bank",
        [-4800, 15600, -600],
    ),
    "names of columns for both genders name payer and payee": (
        "umsaetze.csv",
        """\
Buchungsdatum;Status;Zahlungspflichtige*r;Zahlungsempfänger*in;Zweck;Betrag (€)
04.03.26;Vorgemerkt;ISSUER;Kiosk;Karte;-3,00 €
03.03.26;Gebucht;Wir GmbH;Strom AG;Abschlag;-40,00 €
02.03.26;Gebucht;Reh GbR;Wir GmbH;RE 7;90,00 €
""",
        "utf-8",
        "bank",
        [-4000, 9000],
    ),
    "sums of a group that say how many lines it has are totals": (
        "journal items.csv",
        """\
Date,Entry,Account,Partner,Label,Debit,Credit
4100 Cleaning (1),,,,,72.00,0.00
2026-03-02,B/7,4100 Cleaning,Brite Co,March,72.00,0.00
2000 Creditors (1),,,,,0.00,72.00
2026-03-02,B/7,2000 Creditors,Brite Co,,0.00,72.00
""",
        "utf-8",
        "ledger",
        [7200, -7200],
    ),
    "what is paid out has the tip in it and the fee off it": (
        "sales.csv",
        """\
Date,Sale,Payment method,Item,Amount,Gratuity,Fee,Payout
2026-03-02 10:11,S1,POS,Lunch,30.00,3.00,0.60,32.40
2026-03-03 12:40,S2,POS,Dinner,52.00,0.00,0.95,51.05
2026-03-05 19:02,S3,POS,Dinner,61.00,6.00,1.20,65.80
""",
        "utf-8",
        "bank",
        [3240, 5105, 6580],
    ),
    "a bill that is paid below nought makes a card of what is spent above it": (
        "extrato.csv",
        """\
date,title,amount
2026-03-09,Mercado Bom,62.10
2026-03-07,Pagamento recebido,-500.00
2026-03-04,Farmacia Luz,18.45
2026-03-01,Livraria Sol,33.00
""",
        "utf-8",
        "card",
        [6210, -50000, 1845, 3300],
    ),
    "a bank that names the card on some of its lines is a bank": (
        "transactions.csv",
        """\
Date,Counterparty,Amount,Status,Account,Last Four Digits,Cardholder Email
2026-03-09,Payroll Co,-840.00,Sent,Ops,,
2026-03-07,Cloud Inc,-61.20,Sent,Ops,4411,eve@firm.example
2026-03-04,Client Ltd,1500.00,Sent,Ops,,
2026-03-03,Landlord,-700.00,Sent,Ops,,
""",
        "utf-8",
        "bank",
        [-84000, -6120, 150000, -70000],
    ),
    "two amounts of which each line has one are both read, without a header": (
        "list.csv",
        """\
02 Mar 26,CAFE RIO,,4.20
05 Mar 26,THE PAPER MILL,,18.00
09 Mar 26,TRANSFER FROM ANNA,200.00,
12 Mar 26,CITY PARKING,,6.50
""",
        "utf-8",
        "bank",
        [-420, -1800, 20000, -650],
    ),
    "a header whose lines leave most cells blank": (
        "orders.csv",
        """\
id,order date,payee,total,freight,discount
P1,2026-03-02,"Nuts, bolts and Co",42.10,2.00,0
P2,2026-03-03,Rope & Son,17.00,0,1.00
P3,2026-03-05,Sail Co,8.00,1.00,0
P4,pending,,,,
P5,pending,,,,
""",
        "utf-8",
        "payment",
        [4210, 1700, 800],
    ),
}

# Where the currency stands -> titles, header and lines, what is taken.
CURRENCIES: Final = {
    "a code in a company's name is none": (
        "Name,KEDAI SDN BHD\nCurrency,MYR\n\n",
        "Description",
        "Kedai",
        "MYR",
    ),
    "a code in brackets": ("Account 77 ( SGD )\n\n", "Description", "Kopi", "SGD"),
    "a code beside an amount": ("Balance 1.00 NZD\n\n", "Description", "Dairy", "NZD"),
    "a column of countries": ("", "Country", "UNITED KINGDOM", "GBP"),
    "a country in its own language": ("", "Land/Country", "Österreich", "EUR"),
}

# Who entered a posting and who approved it, as ledgers of other languages call them.
PEOPLE: Final = (
    ("Wprowadził", "Zatwierdził"), ("Erfasst von", "Freigegeben von"), ("Saisi par", "Validé par"),
    ("Creado por", "Aprobado por"), ("Inserito da", "Approvato da"), ("Ingevoerd door", "Goedgekeurd door"),
    ("Lançado por", "Aprovado por"), ("Registrerad av", "Godkänd av"), ("Oprettet af", "Godkendt af"),
    ("Vytvořil", "Schválil"),
)  # fmt: skip


@pytest.mark.parametrize("where", CURRENCIES)
def test_what_names_the_currency(tmp_path: Path, where: str) -> None:
    """Words for currency and codes that stand apart win over a name's words; a country is a CHECK."""
    titles, header, cell, code = CURRENCIES[where]
    lines = "".join(f"2026-03-0{day},{cell},{day}.50\n" for day in (2, 3, 5))
    (tmp_path / "bank.csv").write_text(f"{titles}Date,{header},Amount\n{lines}", encoding="utf-8")
    audited(tmp_path)
    currency = next(
        line
        for line in (tmp_path / "sources.yaml").read_text(encoding="utf-8").splitlines()
        if line.startswith("  currency:")
    )
    assert (currency.split()[1], "CHECK" in currency) == (code, False)
    assert ("names a country" in (tmp_path / "sources.yaml").read_text(encoding="utf-8")) == (not titles)


@pytest.mark.parametrize("people", PEOPLE)
def test_who_entered_and_who_approved_in_many_languages(tmp_path: Path, people: tuple[str, str]) -> None:
    """Both are mapped: duties that one person does alone are seen in any language's ledger."""
    (tmp_path / "ledger.csv").write_text(
        f"Date;Document;Account;Description;Debit;Credit;{people[0]};{people[1]}\n"
        "2026-03-02;7;4100;Rent;50.00;;eva;jon\n2026-03-02;7;2000;Rent;;50.00;eva;jon\n"
        "2026-03-09;8;4100;Oil;20.00;;eva;eva\n2026-03-09;8;2000;Oil;;20.00;eva;eva\n",
        encoding="utf-8",
    )
    (source,) = audited(tmp_path)[0].values()
    assert (source["columns"].get("created_by"), source["columns"].get("approved_by")) == people


def test_orders_to_a_bank_are_named_for_what_they_are(tmp_path: Path) -> None:
    """A pain.008 file is no statement: it is refused with what it holds and what to take in its place."""
    (tmp_path / "orders.xml").write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.02"><CstmrDrctDbtInitn/></Document>',
        encoding="utf-8",
    )
    with pytest.raises(SourcesError, match=r"direct debits that were ordered.*camt\.053"):
        propose(tmp_path, SETTINGS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_booked_of_a_kind_of_file(tmp_path: Path, kind: str) -> None:
    """Every posting has its amount and way; nothing else is booked, and nothing rejected."""
    name, text, encoding, of_kind, cents = KINDS[kind]
    (tmp_path / name).write_text(text, encoding=encoding)
    sources, rows, rejected = audited(tmp_path)
    assert [source["kind"] for source in sources.values()] == [of_kind]
    assert ([amount for _, amount in days_and_cents(rows)], rejected) == (cents, [])


def test_an_amount_among_others_that_nothing_proves_is_asked_about(tmp_path: Path) -> None:
    """Two columns of money that differ, with neither a balance nor taxes: the one taken is a CHECK."""
    (tmp_path / "payments.csv").write_text(
        "Date,Payee,Amount,Settled value\n2026-03-02,Fir Ltd,10.00,9.10\n2026-03-03,Oak Ltd,25.00,22.75\n"
        "2026-03-05,Ash Ltd,8.00,8.00\n",
        encoding="utf-8",
    )
    checks = propose(tmp_path, SETTINGS).checks
    assert any(line.startswith("amount:") and "Settled value" in line for line in checks), checks
