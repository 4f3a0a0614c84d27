"""`tieout init` proposes a file that runs: kinds, columns, formats, signs and pairs from names and values."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ledger.conftest import SETTINGS
from tools.core.errors import SourcesError, UsageError
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.guess.propose import propose, write


def proposed(folder: Path, *, is_read: bool = False) -> dict[str, Any]:
    """Propose, and check that the file loads and, where no other test does for such files, is read."""
    proposal = propose(folder, SETTINGS)
    write(proposal, folder / "sources.yaml")
    sources = declared.load(folder / "sources.yaml")
    if is_read:
        read(sources, Window({}, date(2030, 1, 1)), SETTINGS, folder / "snapshot")
    value: dict[str, Any] = yaml.safe_load(proposal.text)
    return value


def days(count: int, start: date = date(2025, 1, 1)) -> list[date]:
    """Give days in a row."""
    return [start + timedelta(days=n) for n in range(count)]


def card_books(folder: Path, *, blank: int = 0, lost: int = 0) -> None:
    """Write charges, their receipts and the bank that pays each month.

    blank: of so many charges one has no amount. lost: of so many receipts one is missing.
    """
    charges = [
        (f"E{n:03}", day, 1000 + 37 * n, ("Travel", "Software")[n % 2]) for n, day in enumerate(days(180))
    ]
    lines = ["expense_id,expense_date,merchant,category,amount,card_last4"]
    for n, (i, day, cents, cat) in enumerate(charges):
        amount = "" if blank and n % blank == 1 else f"{cents / 100:.2f}"
        lines.append(f"{i},{day},Shop {n % 7},{cat},{amount},1842")
    (folder / "expenses.csv").write_text("\n".join(lines))
    travel = [(i, day, cents) for i, day, cents, cat in charges if cat == "Travel"]
    documented = [charge for n, charge in enumerate(travel) if not lost or n % lost]
    lines = ["receipt_id,receipt_date,vendor,amount,expense_id"]
    lines += [f"R{i},{day},Shop,{cents / 100:.2f},{i}" for i, day, cents in documented]
    (folder / "receipts.csv").write_text("\n".join(lines))
    lines, balance = ["date,description,amount,balance"], 9_000_000
    for month in range(1, 7):
        end = date(2025, month, 28) + timedelta(days=4)
        end -= timedelta(days=end.day)
        paid = sum(cents for _, day, cents, _ in charges if day.month == month)
        balance -= paid
        lines.append(f"{end},AUTOPAY,{-paid / 100:.2f},{balance / 100:.2f}")
    (folder / "bank.csv").write_text("\n".join(lines))


@pytest.mark.parametrize(
    "dirt", [{}, pytest.param({"blank": 67}, marks=pytest.mark.exhaustive), {"blank": 60, "lost": 7}]
)
def test_card_bank_and_receipts(tmp_path: Path, dirt: dict[str, int]) -> None:
    """Card payments that equal the charges of their month make a statement pair, receipts a document pair.

    Also where amounts are missing, a whole day's among them, and one receipt in seven.
    """
    card_books(tmp_path, **dirt)
    value = proposed(tmp_path, is_read=True)
    assert {name: source["kind"] for name, source in value["sources"].items()} == {
        "bank": "bank",
        "card": "card",
        "receipt": "receipt",
    }
    assert value["sources"]["receipt"]["columns"]["linked_id"] == "expense_id"
    pairs = {pair["name"]: pair for pair in value["pairs"]}
    assert pairs["card_to_bank"]["right_where"] == {"description": ["AUTOPAY"]}
    assert pairs["card_to_receipt"]["required_for"] == {"category": ["Travel"]}


def test_what_no_posting_can_do_without_is_required_however_often_it_is_missing(tmp_path: Path) -> None:
    """Date, amount and merchant of a charge are required with a third of them blank; a reference is not."""
    lines = ["expense_id,expense_date,merchant,reference,category,amount,card_last4"]
    for n, day in enumerate(days(90)):
        name, amount = ("" if n % 3 == 0 else f"Shop {n % 7}"), ("" if n % 4 == 0 else f"{n + 10}.25")
        lines.append(f"E{n:03},{'' if n % 5 == 0 else day},{name},{'' if n % 3 else n},Travel,{amount},1842")
    (tmp_path / "card_expenses.csv").write_text("\n".join(lines))
    source = proposed(tmp_path)["sources"]["card"]
    assert sorted(source["required"]) == ["amount", "posted_on", "txn_id", "vendor_name"]


def test_european_statement(tmp_path: Path) -> None:
    """Semicolons, decimal commas, dotted dates and two amount columns are told from the values."""
    lines = ["Buchungsdatum;Verwendungszweck;Soll;Haben;Saldo".replace("Buchungsdatum", "Value Date")]
    balance = 1_000_000
    for n, day in enumerate(days(60)):
        out = n % 3 != 0
        balance += -12_345 if out else 50_000
        sides = ("123,45;" if out else ";500,00") + f";{balance // 100:,}".replace(",", ".")
        lines.append(f"{day:%d.%m.%Y};text {n};{sides},{balance % 100:02}")
    (tmp_path / "bank_statement.csv").write_text("\n".join(lines), encoding="cp1252")
    source = proposed(tmp_path, is_read=True)["sources"]["bank"]
    assert (source["date_format"], source["decimal_mark"]) == ("%d.%m.%Y", ",")
    assert (source["columns"]["debit"], source["columns"]["credit"]) == ("Soll", "Haben")


def test_months_of_one_make_are_one_source(tmp_path: Path) -> None:
    """Files with the same columns and their own days become one source; two accounts stay two."""
    head = "line_id,date,description,amount,balance\n"
    for month in (1, 2):
        rows = [
            f"{month}{n},{day},x,-1.00,{100 - n}.00" for n, day in enumerate(days(28, date(2025, month, 1)))
        ]
        (tmp_path / f"checking_2025_{month:02}.csv").write_text(head + "\n".join(rows))
    (tmp_path / "savings.csv").write_text(
        head + "\n".join(f"s{n},{day},x,2.00,{n * 2}.00" for n, day in enumerate(days(59)))
    )
    paths = {name: source["path"] for name, source in proposed(tmp_path, is_read=True)["sources"].items()}
    assert paths == {"checking_2025": "checking_2025_*.csv", "savings": "savings.csv"}


def test_preamble_sides_and_dates_as_in_the_file_beside_it(tmp_path: Path) -> None:
    """Lines before the header are skipped; D and C make signs; 01/02 is read as the other file has it."""
    head = "Account 4711;;\nfrom 01/01/2025;;\n\n"
    rows = [f"{day:%m/%d/%Y};{n + 1}.00;{'DC'[n % 3 == 0]};x" for n, day in enumerate(days(12))]
    (tmp_path / "bank statement.csv").write_text(head + "\n".join(["Date;Amount;D/C;Text", *rows]))
    lines = [f"{day:%m/%d/%Y},{n + 1}.00,Shop" for n, day in enumerate(days(40))]
    (tmp_path / "card.csv").write_text("\n".join(["date,amount,merchant", *lines]))
    sources = proposed(tmp_path, is_read=True)["sources"]
    assert sources["bank"]["skip_lines"] == 3
    assert sources["bank"]["negate_where"] == {"D/C": ["D"]}
    assert sources["bank"]["date_format"] == sources["card"]["date_format"] == "%m/%d/%Y"


@pytest.mark.parametrize(
    "header",
    [
        "VENDOR_ID,GL_DATE,INVOICE_NUM,INVOICE_AMOUNT",
        "Vendor #,Pay Date,Inv #,Paid Amt",
        "Vendor,Posting Date,Invoice,Amount in LC",
        "Leverantör,Datum,Fakturanr,Belopp",
        "Supplier No.,PmtDate,Bill No.,Gross",
        "supplier,date paid,invoice ref,disbursement",
    ],
)
def test_payments_under_other_names(tmp_path: Path, header: str) -> None:
    """Vendor, day, invoice number and amount are known as payments, whatever the system calls them."""
    rows = [f"{2000 + n % 7},{day},{n * 37:05d}J,{n}.10" for n, day in enumerate(days(40))]
    (tmp_path / "extract.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    (source,) = proposed(tmp_path, is_read=header.startswith("Vendor #"))["sources"].values()
    vendor, day, invoice, amount = header.split(",")
    assert source["kind"] == "payment"
    assert source["columns"] == {
        "posted_on": day,
        "amount": amount,
        "vendor_id": vendor,
        "invoice_no": invoice,
    }


def test_a_bank_file_of_two_accounts_is_held_against_both_of_the_ledger(tmp_path: Path) -> None:
    """Two accounts in one bank file: each is kept in an account of the ledger, beside others."""
    bank, ledger = ["id,date,description,amount,account"], ["id,date,description,amount,account"]
    for at, day in enumerate(days(60)):
        bank_account, ledger_account = (("OPER", "1010"), ("SAVE", "1020"))[at % 2]
        amount = (-1) ** at * (11_707 + 1_313 * at)
        bank.append(f"B{at},{day},TRANSFER {at},{amount / 100:.2f},{bank_account}")
        ledger.append(f"G{at}a,{day},transfer {at},{amount / 100:.2f},{ledger_account}")
        ledger.append(f"G{at}b,{day},transfer {at},{-amount / 100:.2f},6{at % 5}00")
    (tmp_path / "bank.csv").write_text("\n".join(bank))
    (tmp_path / "gl.csv").write_text("\n".join(ledger))
    (pair,) = proposed(tmp_path)["pairs"]
    assert pair["right_where"] == {"account": ["1010", "1020"]}


def test_a_cash_book_is_held_against_its_bank_whatever_stands_on_the_other_side(tmp_path: Path) -> None:
    """A ledger of the bank's own lines names the account on the other side: none of them is left out."""
    bank, ledger = ["id,date,description,amount,balance"], ["id,date,description,debit,credit,account"]
    balance = 900_000
    for at, day in enumerate(days(60)):
        amount = (1 if at % 3 == 0 else -1) * (11_707 + 1_313 * at)
        balance += amount
        debit, credit = (f"{amount / 100:.2f}", "") if amount > 0 else ("", f"{-amount / 100:.2f}")
        bank.append(f"B{at},{day},TRANSFER {at},{amount / 100:.2f},{balance / 100:.2f}")
        ledger.append(f"G{at},{day},transfer {at},{debit},{credit},{'10000' if amount > 0 else '70000'}")
    (tmp_path / "bank.csv").write_text("\n".join(bank))
    (tmp_path / "gl.csv").write_text("\n".join(ledger))
    (pair,) = proposed(tmp_path)["pairs"]
    assert (pair["name"], pair.get("right_where")) == ("bank_to_ledger", None)


def test_names_of_other_systems_and_languages(tmp_path: Path) -> None:
    """Column names out of a German bank and an American check book are understood."""
    (tmp_path / "Kontoauszug.csv").write_text(
        "Buchungstag;Empfänger;Verwendungszweck;Betrag;Währung;Saldo\n"
        + "\n".join(f"{day:%d.%m.%Y};A;B;-1,50;EUR;{1000 - n},00" for n, day in enumerate(days(40))),
        encoding="cp1252",
    )
    (tmp_path / "Checkbook.csv").write_text(
        "Fiscal Year,Vendor,Check Date,Check Number,Check Amount\n"
        + "\n".join(f'2025,V{n % 5},{day:%m/%d/%Y},{n},"$1,{n:03}.10"' for n, day in enumerate(days(40)))
    )
    sources = proposed(tmp_path)["sources"]
    assert sources["bank"]["columns"] == {
        "posted_on": "Buchungstag",
        "amount": "Betrag",
        "currency": "Währung",
        "vendor_name": "Empfänger",
        "description": "Verwendungszweck",
        "balance": "Saldo",
    }
    assert sources["payment"]["columns"]["reference"] == "Check Number"  # what the bank names, too


def test_payments_are_held_against_the_bills_that_they_name_and_not_against_sales(tmp_path: Path) -> None:
    """Invoices to customers stand beside the vendors' bills: no payment names one, so they are no pair."""
    bills, paid, sold = ["Bill #,Vendor Invoice #,Bill Date,Due Date,Vendor,Total"], [], []
    for n, day in enumerate(days(30)):
        bills.append(
            f"B{n + 600},INV-{n * 37},{day},{day + timedelta(days=30)},Vendor {n % 4},{n * 31 + 7}.25"
        )
        paid.append(f"P{n},{day + timedelta(days=30)},Vendor {n % 4},INV-{n * 37},{n * 31 + 7}.25,Ann")
        sold.append(f"TH{n + 9000},{day},Customer {n % 5},{n * 53 + 900}.75")
    (tmp_path / "ap_bills.csv").write_text("\n".join(bills))
    (tmp_path / "ap_payments.csv").write_text(
        "\n".join(["Payment #,Date,Payee,Vendor Invoice #,Amount,Prepared By", *paid])
    )
    (tmp_path / "customer_invoices.csv").write_text(
        "\n".join(["Invoice #,Invoice Date,Customer,Total", *sold])
    )
    proposal = proposed(tmp_path)
    assert [pair["name"] for pair in proposal["pairs"]] == ["payment_to_ap_bills"]
    assert proposal["sources"]["ap_bills"]["columns"]["txn_id"] == "Bill #"
    assert proposal["sources"]["ap_bills"]["columns"]["invoice_no"] == "Vendor Invoice #"


def test_masters_and_payments_of_a_brazilian_house(tmp_path: Path) -> None:
    """When an employee left and a vendor's bank changed is read; payments by PIX are no bank's."""
    (tmp_path / "funcionarios.csv").write_text(
        "Matrícula;Nome;Admissão;Demissão;Conta Salário\n"
        + "\n".join(
            f"{n};Ana {n};01/02/2020;{'16/05/2025' if n == 3 else ''};341/99{n:02}/1-{n}" for n in range(9)
        ),
        encoding="utf-8",
    )
    (tmp_path / "fornecedores.csv").write_text(
        "Fornecedor;CNPJ;Conta Bancária;Alteração Bancária\n"
        + "\n".join(f"Casa {n} Ltda;12.345.678/0001-{n:02};033/77{n:02}/2-{n};03/12/2025" for n in range(9)),
        encoding="utf-8",
    )
    (tmp_path / "pagamentos.csv").write_text(
        "Id Pagamento;Data Pagamento;Fornecedor;Nº Documento;Forma;Valor Pago;Conta Destino;Preparado por\n"
        + "\n".join(
            f"PG{n};{day:%d/%m/%Y};Casa {n % 9} Ltda;{n * 17};{('PIX', 'Boleto', 'TED')[n % 3]};"
            f"1.{n:03},10;033/77{n % 9:02}/2-1;eva"
            for n, day in enumerate(days(40))
        ),
        encoding="utf-8",
    )
    sources = proposed(tmp_path)["sources"]
    assert sources["employee"]["columns"]["left_on"] == "Demissão"
    assert sources["employee"]["columns"]["person_id"] == "Matrícula"
    assert sources["vendor"]["columns"]["bank_changed_on"] == "Alteração Bancária"
    assert sources["payment"]["columns"]["bank_account"] == "Conta Destino"
    assert sources["payment"]["columns"]["created_by"] == "Preparado por"


def test_answers_to_an_exercise_are_not_read(tmp_path: Path) -> None:
    """A file whose name says that it holds the truth is left aside, with that reason."""
    (tmp_path / "payments.csv").write_text("payment_id,date,payee,amount\n1,2025-01-01,A,1.00\n")
    (tmp_path / "truth_payments.csv").write_text("payment_id,date,payee,amount\n1,2025-01-01,A,1.00\n")
    assert propose(tmp_path, SETTINGS).aside == {"truth_payments.csv": "its name says that it is no book"}


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A sources file that is there stays as it is."""
    (tmp_path / "card.csv").write_text("expense_id,date,amount,merchant\n1,2025-01-01,1.00,x\n")
    (tmp_path / "sources.yaml").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        write(propose(tmp_path, SETTINGS), tmp_path / "sources.yaml")
    assert (tmp_path / "sources.yaml").read_text() == "mine"


def test_a_folder_without_tables_says_so(tmp_path: Path) -> None:
    """The error names what is in the folder instead."""
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    with pytest.raises(
        SourcesError, match=r"scan.pdf: a day and a total on 0 of 1 papers; most often: is no PDF"
    ):
        propose(tmp_path, SETTINGS)


@pytest.mark.parametrize(
    ("folder", "pairs"),
    [
        ("ria_clean", {"card_to_bank": "statement", "card_to_receipt": "documents"}),
        ("cash_application_n300", {"payment_to_invoice": "full"}),
        pytest.param("ap_payments_2010", {}, marks=pytest.mark.exhaustive),
        pytest.param("bank_to_gl_n1000", {"bank_to_ledger": "full"}, marks=pytest.mark.exhaustive),
    ],
)
def test_third_party_books(data: Path, tmp_path: Path, folder: str, pairs: dict[str, str]) -> None:
    """Books that nobody here wrote yield a file that runs as it is."""
    for path in (data / folder).iterdir():
        (tmp_path / path.name).symlink_to(path)
    value = proposed(tmp_path, is_read=True)
    assert {pair["name"]: pair["mode"] for pair in value["pairs"]} == pairs


def test_a_column_of_currencies_is_one_whatever_its_name(tmp_path: Path) -> None:
    """The entity's currency is the one that the rows have most, though no header says currency."""
    lines = ["payment_id,paid_on,supplier,amount,zahlwg"]
    lines += [
        f"P{n:03},{day},Supplier {n % 9},{10 + n}.25,{'CHF' if n % 5 else 'EUR'}"
        for n, day in enumerate(days(60))
    ]
    (tmp_path / "payments.csv").write_text("\n".join(lines))
    value = proposed(tmp_path)
    assert value["sources"]["payment"]["columns"]["currency"] == "zahlwg"
    assert value["entity"]["currency"] == "CHF"


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    """A file without rows is not left out in silence."""
    (tmp_path / "payments.csv").write_text("payment_id,paid_on,supplier,amount\nP1,2025-01-02,Acme,5.00\n")
    (tmp_path / "invoices.csv").write_text("invoice_no,invoice_date,supplier,amount\n")
    assert propose(tmp_path, SETTINGS).aside == {"invoices.csv": "it holds no rows"}


def test_debits_with_a_currency_sign_say_the_currency(tmp_path: Path) -> None:
    """A card export in dollars among books in euro keeps its dollars, and every row is read."""
    lines = ["Transaction Date,Description,Category,Card Member,Debit,Credit"]
    lines += [
        f"{day:%m/%d/%Y},Shop {n % 7},Office,J Smith,{'' if n % 9 == 0 else f'{10 + n}.25'},"
        f"{'$1250.00' if n % 9 == 0 else ''}"
        for n, day in enumerate(days(60))
    ]
    (tmp_path / "amex.csv").write_text("\n".join(lines))
    lines = ["Buchungstag;Empf\u00e4nger;Verwendungszweck;Betrag;W\u00e4hrung;Saldo"]
    lines += [
        f"{day:%d.%m.%Y};M\u00fcller GmbH;RE {n};-{10 + n},50;EUR;{9000 - n},00"
        for n, day in enumerate(days(60))
    ]
    (tmp_path / "kontoauszug.csv").write_text("\n".join(lines))
    value = proposed(tmp_path, is_read=True)
    assert (value["sources"]["card"]["currency"], value["entity"]["currency"]) == ("USD", "EUR")


def test_german_invoices_are_invoices(tmp_path: Path) -> None:
    """Compound words of German headers and file names are understood."""
    lines = ["Rechnungsnr;Rechnungsdatum;F\u00e4lligkeit;Lieferant;Netto;USt;Brutto"]
    lines += [
        f"2025-{n:03};{day:%d.%m.%Y};{day + timedelta(days=30):%d.%m.%Y};M\u00fcller GmbH;"
        f"1.00{n % 10},00;1,90;1.01{n % 10},90"
        for n, day in enumerate(days(40))
    ]
    (tmp_path / "Eingangsrechnungen.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    (source,) = proposed(tmp_path)["sources"].values()
    assert (source["kind"], source["decimal_mark"]) == ("invoice", ",")
    assert {
        name: source["columns"][name]
        for name in ("invoice_no", "posted_on", "due_on", "vendor_name", "amount")
    } == {
        "invoice_no": "Rechnungsnr",
        "posted_on": "Rechnungsdatum",
        "due_on": "F\u00e4lligkeit",
        "vendor_name": "Lieferant",
        "amount": "Brutto",
    }


def test_a_bank_whose_text_names_the_invoices_is_their_pair(tmp_path: Path) -> None:
    """Not one amount agrees: a transfer for two, instalments, a fee; the numbers say so."""
    (tmp_path / "invoices.csv").write_text(
        "invoice_no,invoice_date,due_date,vendor,amount\n"
        "RE-7001,2025-02-03,2025-03-05,Kontor Nord,100.00\nRE-7002,2025-02-03,2025-03-05,Kontor Nord,120.00\n"
        "RE-7003,2025-02-04,2025-03-05,Talbach,900.00\nRE-7004,2025-02-05,2025-03-05,Alp Maschinen,1200.00\n"
    )
    (tmp_path / "bank.csv").write_text(
        "Date,Description,Amount,Balance\n2025-02-10,KONTOR NORD RE 7001 + RE 7002,-220.00,9780.00\n"
        "2025-02-11,TALBACH RE7003 TEIL 1,-400.00,9380.00\n2025-02-18,TALBACH RE7003 TEIL 2,-500.00,8880.00\n"
        "2025-02-19,ALP MASCHINEN RE-7004,-1185.00,7695.00\n2025-02-20,RENT,-700.00,6995.00\n"
    )
    (pair,) = proposed(tmp_path, is_read=True)["pairs"]
    assert (pair["left"], pair["right"], pair["mode"], pair.get("sign")) == ("invoice", "bank", "full", None)


def test_a_bank_and_invoices_that_have_nothing_in_common_are_no_pair(tmp_path: Path) -> None:
    """Other companies' files in one folder: words, days and sizes alike, and no number of the other."""
    (tmp_path / "invoices.csv").write_text(
        "invoice_no,invoice_date,due_date,vendor,amount\n"
        + "".join(
            f"RE-70{n:02},2025-02-{n:02},2025-03-05,Firma {chr(64 + n)}orn,{100 + 31 * n}.00\n"
            for n in range(1, 20)
        )
    )
    balance, lines = 9_000, ["Date,Description,Amount,Balance"]
    for n in range(1, 20):
        balance -= 90 + 37 * n
        lines.append(
            f"2025-02-{n:02},Card payment {3000 + n} {chr(84 - n % 9)}elm,-{90 + 37 * n}.00,{balance}.00"
        )
    (tmp_path / "bank.csv").write_text("\n".join(lines) + "\n")
    assert proposed(tmp_path)["pairs"] == []


def test_a_bank_file_with_a_column_for_each_currency_is_several_accounts(tmp_path: Path) -> None:
    """Lines of a CAD and of a USD account in one file are two sources, each held against its own payments."""
    bank, paid = ["Transaction Date,Cheque Number,Description 1,CAD$,USD$"], []
    for n, day in enumerate(days(60)):
        amount = f"{n * 31 + 7}.25"
        cells = f",-{amount}" if n % 3 else f"-{amount},"
        bank.append(f"{day:%m/%d/%Y},,EFT Payment P{n},{cells}")
        paid.append(f"P{n},{day},Vendor {n % 4},{amount},{'USD' if n % 3 else 'CAD'}")
    (tmp_path / "bank_export.csv").write_text("\n".join(bank))
    (tmp_path / "payments.csv").write_text("\n".join(["Payment #,Date,Payee,Amount,Currency", *paid]))
    (tmp_path / "approval_limits.csv").write_text(
        "Employee,Approval Limit,Currency\nAnn,1000.00,CAD\nBea,5000.00,CAD\n"
    )
    proposal = proposed(tmp_path, is_read=True)
    found = {
        name: source["columns"]["amount"]
        for name, source in proposal["sources"].items()
        if source["kind"] == "bank"
    }
    assert found == {"bank_export_cad": "CAD$", "bank_export_usd": "USD$"}
    assert [(pair["right"], pair["left_where"]) for pair in proposal["pairs"]] == [
        ("bank_export_cad", {"currency": ["CAD"]}),
        ("bank_export_usd", {"currency": ["USD"]}),
    ]
    assert proposal["sources"]["authority"]["columns"]["person_id"] == "Employee"
