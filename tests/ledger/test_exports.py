"""`tieout init` on files as other systems write them: every posting read, nothing else taken for one."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.ledger.conftest import SETTINGS
from tools.books.engine import Books
from tools.core.errors import SourcesError
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.guess.propose import propose, write
from tools.ledger.validate import check_files

ROWS = 40
DAYS = [date(2026, 3, 2) + timedelta(days=n) for n in range(ROWS)]
CENTS = [1_000_00 + 37 * n for n in range(ROWS)]
AMOUNTS = [f"{cents // 100}.{cents % 100:02}" for cents in CENTS]
TOTAL = f"{sum(CENTS) // 100}.{sum(CENTS) % 100:02}"
SERIAL = [(day - date(1899, 12, 30)).days for day in DAYS]


def audited(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Propose, check as an audit does, read; give the proposal, the postings in order, what was rejected."""
    write(propose(folder, SETTINGS), folder / "sources.yaml")
    sources = declared.load(folder / "sources.yaml")
    check_files(sources)
    read(sources, Window({}, date(2030, 1, 1)), SETTINGS, folder / "snapshot")
    with Books.open(folder / "snapshot", SETTINGS) as books:
        rows = books.rows("SELECT source, posted_on, amount_minor FROM txn ORDER BY source, line")
        rejected = books.rows("SELECT * FROM rejected")
    value: dict[str, Any] = yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))
    return value["sources"], rows, rejected


def days_and_cents(rows: list[dict[str, Any]]) -> list[tuple[date, int]]:
    """Give the day and amount of each posting."""
    return [(row["posted_on"], row["amount_minor"]) for row in rows]


WHOLE = list(zip(DAYS, CENTS, strict=True))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("%a %m/%d/%Y", "%a %m/%d/%Y"),
        pytest.param("%A, %B %d, %Y", "%a, %B %d, %Y", marks=pytest.mark.exhaustive),
        pytest.param("%d %b %y", "%d %b %y", marks=pytest.mark.exhaustive),
        pytest.param("%d.%m.%Y (%a)", "%d.%m.%Y (%a)", marks=pytest.mark.exhaustive),
        ("%b %d, %Y, %I:%M %p", "%b %d, %Y, %I:%M %p"),
    ],
)
def test_dates_with_weekdays_and_words(tmp_path: Path, form: str, expected: str) -> None:
    """A weekday before or behind a date, months in words, short years: the format is told and read."""
    lines = ["Payment Date|Payee|Invoice No|Amount"]
    lines += [f"{d.strftime(form)}|Acme|N{n}|{a}" for n, (d, a) in enumerate(zip(DAYS, AMOUNTS, strict=True))]
    (tmp_path / "payments.txt").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert (sources["payment"]["date_format"], days_and_cents(rows), rejected) == (expected, WHOLE, [])


def test_weekdays_of_another_language(tmp_path: Path) -> None:
    """A weekday is taken off in whatever language it is written."""
    names = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    lines = ["Rechnungsdatum;Lieferant;Rechnungsnummer;Betrag"]
    lines += [
        f"{names[day.weekday()]}., {day:%d.%m.%Y};Acme;N{n};{amount.replace('.', ',')}"
        for n, (day, amount) in enumerate(zip(DAYS, AMOUNTS, strict=True))
    ]
    (tmp_path / "Rechnungen.csv").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert (sources["invoice"]["date_format"], days_and_cents(rows), rejected) == ("%a., %d.%m.%Y", WHOLE, [])


def test_serial_days_of_two_sheets(tmp_path: Path) -> None:
    """Numbers under a date's name are days as Excel counts them; each sheet with postings is a source."""
    book = openpyxl.Workbook()
    book.active.append(["Prepared by finance"])
    paid, billed = book.create_sheet("AP payments"), book.create_sheet("Invoices")
    paid.append(["Payment Date", "Check No", "Vendor", "Invoice No", "Amount"])
    billed.append(["Invoice Date", "Invoice No", "Vendor", "Due Date", "Amount"])
    for n, (day, amount) in enumerate(zip(SERIAL, AMOUNTS, strict=True)):
        paid.append([day + 0.5, 1000 + n, "Acme", f"N{n}", float(amount)])
        billed.append([day, f"N{n}", "Acme", day + 30, float(amount)])
    paid.append([None, None, None, "Total", float(TOTAL)])
    book.save(tmp_path / "finance.xlsx")
    sources, rows, rejected = audited(tmp_path)
    assert {
        name: (source["kind"], source["sheet"], source["date_format"]) for name, source in sources.items()
    } == {
        "payment": ("payment", "AP payments", "excel"),
        "invoice": ("invoice", "Invoices", "excel"),
    }
    assert rejected == []
    for name in ("payment", "invoice"):
        assert days_and_cents([row for row in rows if row["source"] == name]) == WHOLE


def test_dates_written_as_text_in_a_sheet(tmp_path: Path) -> None:
    """A workbook whose dates are texts is read in their format, and its real dates as they are."""
    book = openpyxl.Workbook()
    book.active.append(["Payment Date", "Vendor", "Invoice No", "Amount"])
    for n, (day, amount) in enumerate(zip(DAYS, AMOUNTS, strict=True)):
        book.active.append([f"{day:%m/%d/%Y}" if n else day, "Acme", f"N{n}", float(amount)])
    book.save(tmp_path / "payments.xlsx")
    _, rows, rejected = audited(tmp_path)
    assert (days_and_cents(rows), rejected) == (WHOLE, [])


def test_a_report_with_totals_headings_and_pages(tmp_path: Path) -> None:
    """Totals, headings and repeated headers are left out by name; a vendor called Total stays."""
    head = "Date,Vendor,Amount,Invoice No"
    lines = ["Harbour Craft", "Payments by account", "", head, "Checking,,,"]
    for n, (day, amount) in enumerate(zip(DAYS, AMOUNTS, strict=True)):
        lines.append(f'{day:%m/%d/%Y},{"Total Wine" if n % 3 else "Acme"},"{float(amount):,.2f}",N{n}')
        if n == ROWS // 2:
            lines += ["", head]
    lines += [f",Total for Checking,{TOTAL},", f"Grand Total,,{TOTAL},", f",Rulaj total,{TOTAL},"]
    (tmp_path / "payments.csv").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert sources["payment"]["leave_out"] == ["header", "total", "note"]
    assert (days_and_cents(rows), rejected) == (WHOLE, [])


def test_sums_without_words_and_lines_about_the_whole(tmp_path: Path) -> None:
    """A sum that no word names, and a line with neither day nor amount, are no postings."""
    lines = ["report,settlement,deposited,currency,type,sku,date,amount", "R1,S1,2026-05-01,USD,,,,"]
    lines += [f"R1,,,USD,Order,K{n},{day},{AMOUNTS[n]}" for n, day in enumerate(DAYS)]
    lines += [f",,,USD,,,,{TOTAL}", f"*,,,USD,,,,{TOTAL}"]
    (tmp_path / "settlement.csv").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert sources["bank"]["leave_out"] == ["total", "empty"]
    assert (days_and_cents(rows), rejected) == (WHOLE, [])


def test_a_separator_too_many_behind_every_row(tmp_path: Path) -> None:
    """Rows that end with a separator which the header has not are rows all the same."""
    lines = ["Details,Posting Date,Description,Amount,Type,Balance"]
    lines += [
        f"DEBIT,{day:%m/%d/%Y},ACH {n},-{amount},ACH_DEBIT,{100_000 - n},"
        for n, (day, amount) in enumerate(zip(DAYS, AMOUNTS, strict=True))
    ]
    (tmp_path / "Chase1234_Activity.CSV").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert (sources["bank"]["kind"], rejected) == ("bank", [])
    assert days_and_cents(rows) == [(day, -cents) for day, cents in WHOLE]


def test_debits_that_carry_their_minus(tmp_path: Path) -> None:
    """Money out is negative where its column writes the minus already, with blanks that group thousands."""
    lines = ["Date opération;Libellé;Débit euros;Crédit euros"]
    for n, (day, amount) in enumerate(zip(DAYS, AMOUNTS, strict=True)):
        text = f"{float(amount):,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
        lines.append(f"{day:%d/%m/%Y};VIR {n};" + (f"-{text};" if n % 2 else f";{text}"))
    (tmp_path / "releve.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    sources, rows, rejected = audited(tmp_path)
    assert (sources["bank"]["sides"], rejected) == ("signed", [])
    assert days_and_cents(rows) == [(day, -cents if n % 2 else cents) for n, (day, cents) in enumerate(WHOLE)]


def test_a_side_that_holds_nothing_yet_is_mapped(tmp_path: Path) -> None:
    """A month without deposits does not lose the deposits of the next."""
    lines = ["Date,Description,Paid out,Paid in,Balance"]
    lines += [f"{day},DD {n},{AMOUNTS[n]},,{9000 - n}" for n, day in enumerate(DAYS)]
    (tmp_path / "bank.csv").write_text("\n".join(lines))
    sources, _, _ = audited(tmp_path)
    assert sources["bank"]["columns"]["credit"] == "Paid in"


def test_points_that_group_thousands(tmp_path: Path) -> None:
    """Whole euros with points before every three digits are thousands, not three decimals."""
    lines = ["Rechnungsdatum;Lieferant;Rechnungsnummer;Betrag"]
    lines += [f"{day:%d.%m.%Y};Acme;N{n};{n + 1}.250" for n, day in enumerate(DAYS)]
    (tmp_path / "Rechnungen.csv").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert (sources["invoice"]["decimal_mark"], rejected) == (",", [])
    assert days_and_cents(rows) == [(day, (n + 1) * 1000_00 + 250_00) for n, day in enumerate(DAYS)]


def test_a_currency_in_words(tmp_path: Path) -> None:
    """A column that says "Euro" names no code: the currency is said once for the source."""
    lines = ["Date,Document Number,Vendor,Amount,Currency,Due Date"]
    lines += [f"{day},INV{n},Acme,{AMOUNTS[n]},Euro,{day}" for n, day in enumerate(DAYS)]
    (tmp_path / "bills.csv").write_text("\n".join(lines))
    sources, rows, _ = audited(tmp_path)
    assert (sources["invoice"]["currency"], "currency" in sources["invoice"]["columns"]) == ("EUR", False)
    assert days_and_cents(rows) == WHOLE


def test_two_accounts_that_show_the_same_lines_are_a_pair(tmp_path: Path) -> None:
    """A processor's payouts and the bank that they arrive at have to agree."""
    lines = ["id,Amount,Created (UTC),Currency,Arrival Date (UTC),Status,Description"]
    lines += [f"po_{n},{AMOUNTS[n]},{d} 00:00,eur,{d} 00:00,paid,PAYOUT" for n, d in enumerate(DAYS)]
    (tmp_path / "payouts.csv").write_text("\n".join(lines))
    lines, balance = ["Date,Description,Paid out,Paid in,Balance"], 0
    for n, day in enumerate(DAYS):
        balance += CENTS[n]
        lines.append(f"{day + timedelta(days=1):%d %b %y},PAYOUT {n},,{AMOUNTS[n]},{balance / 100:.2f}")
        balance -= 500
        lines.append(f"{day + timedelta(days=1):%d %b %y},FEE,5.00,,{balance / 100:.2f}")
    (tmp_path / "bank.csv").write_text("\n".join(lines))
    write(propose(tmp_path, SETTINGS), tmp_path / "sources.yaml")
    sources = declared.load(tmp_path / "sources.yaml")
    assert [(pair.left, pair.right, pair.mode) for pair in sources.pairs] == [("payouts", "bank", "full")]


def test_a_file_without_a_header_loses_no_row(tmp_path: Path) -> None:
    """Where the first line is a row, columns are named by what they hold, and that row is read, too."""
    lines = [f'"{day:%m/%d/%Y}","-{AMOUNTS[n]}","*","","ACH DEBIT {n}"' for n, day in enumerate(DAYS)]
    (tmp_path / "Checking1.csv").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert sources["bank"]["names"] == ["Date", "Amount", "Column 3", "Column 4", "Description"]
    assert (days_and_cents(rows), rejected) == ([(day, -cents) for day, cents in WHOLE], [])


@pytest.mark.parametrize("form", ["%m%d%y", "%d%m%Y", "%y%m%d"])
def test_days_written_as_bare_digits(tmp_path: Path, form: str) -> None:
    """Six or eight digits are a day where the column's name says so; other numbers of six digits are none."""
    lines = ["CHK DATE\tCHECK NO\tVENDOR NAME\tGROSS AMT"]
    lines += [f"{day.strftime(form)}\t{10_126 + n:06}\tACME\t{AMOUNTS[n]}" for n, day in enumerate(DAYS)]
    (tmp_path / "ap_checks.txt").write_text("\n".join(lines))
    sources, rows, rejected = audited(tmp_path)
    assert (sources["payment"]["date_format"], days_and_cents(rows), rejected) == (form, WHOLE, [])


def test_a_staff_list_with_names_in_two_columns_is_one(tmp_path: Path) -> None:
    """Employees are told by their numbers where no column holds their whole names; they are no calendar."""
    lines = ["Employee ID,Last Name,First Name,Job Title,Email,Hire Date"]
    lines += [f"E{n},Doe,Pat,Clerk,p{n}@example.com,{day:%m/%d/%Y}" for n, day in enumerate(DAYS)]
    (tmp_path / "Employee Roster.csv").write_text("\n".join(lines))
    assert propose(tmp_path, SETTINGS).sources == {"employee": "employee"}


def test_a_folder_of_folders_says_where_the_tables_are(tmp_path: Path) -> None:
    """Tables that lie deeper, and workbooks of another age, are named with what to do."""
    (tmp_path / "2026" / "q3").mkdir(parents=True)
    (tmp_path / "2026" / "q3" / "bank.csv").write_text("date,amount\n2026-07-01,1.00\n")
    with pytest.raises(SourcesError, match=r"q3: name one of these folders"):
        propose(tmp_path, SETTINGS)
    year = tmp_path / "2026"
    (year / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (year / "q3" / "bank.csv").unlink()
    with pytest.raises(SourcesError, match=r"old.xls: .* save it as .xlsx or as CSV"):
        propose(year, SETTINGS)


def test_a_payment_processors_lines_are_no_mails(tmp_path: Path) -> None:
    """Addresses of both sides do not make mails of lines with amounts."""
    lines = [
        "Date,Name,Type,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Balance"
    ]
    for n, day in enumerate(DAYS):
        money = f"USD,-{AMOUNTS[n]},0.00,-{AMOUNTS[n]}"
        lines.append(f"{day:%d/%m/%Y},Acme,Payment,{money},a@example.com,b@example.com,9X{n:05},{5000 - n}")
    (tmp_path / "Download.CSV").write_text("\n".join(lines))
    assert propose(tmp_path, SETTINGS).sources == {"bank": "bank"}


@pytest.mark.parametrize(
    ("titles", "days", "expected"),
    [
        ("Period: 12/15/2025 through 01/14/2026", "12/22 01/02 01/13", "2025-12-22 2026-01-02 2026-01-13"),
        ("Zeitraum 01.03.2026 - 31.03.2026", "02.03. 16.03. 31.03.", "2026-03-02 2026-03-16 2026-03-31"),
        ("Statement date 5 March 2026", "5 Feb|9 Feb|3 Mar", "2026-02-05 2026-02-09 2026-03-03"),
    ],
)
def test_days_without_a_year_are_of_the_period(tmp_path: Path, titles: str, days: str, expected: str) -> None:
    """The lines before the header say up to which day: each is its latest one up to then."""
    written = days.split("|") if "|" in days else days.split()
    rows = [f"{day};Rent {n};-1.00;{9 - n}.00" for n, day in enumerate(written)]
    text = "\n".join([titles, "", "Date;Text;Amount;Balance", *rows, ""])
    (tmp_path / "bank.csv").write_text(text, encoding="utf-8")
    _, read_rows, rejected = audited(tmp_path)
    assert [str(row["posted_on"]) for row in read_rows] == expected.split()
    assert not rejected


def test_a_year_that_nothing_says_is_asked_about(tmp_path: Path) -> None:
    """A year taken from the file's name is a guess, and marked."""
    text = "Date;Text;Amount\n02.03.;Rent;-1,00\n16.03.;Shop;-2,50\n"
    (tmp_path / "bank 2025-04.csv").write_text(text, encoding="utf-8")
    proposal = propose(tmp_path, SETTINGS)
    assert any("date_format" in line and "until 2025-04-30" in line for line in proposal.checks)


LISTED = """\
ACME TOOLING              GENERAL LEDGER DETAIL              PAGE 1

ACCOUNT  DATE        REFERENCE  DESCRIPTION                DEBIT      CREDIT
-------  ----------  ---------  --------------------  ----------  ----------
10100    01/15/2026  CR-1       DEPOSIT LAKESIDE AND    4,500.00
                                SONS
40000    01/15/2026  CR-1       DEPOSIT LAKESIDE                    4,500.00
ACME TOOLING              GENERAL LEDGER DETAIL              PAGE 2

ACCOUNT  DATE        REFERENCE  DESCRIPTION                DEBIT      CREDIT
-------  ----------  ---------  --------------------  ----------  ----------
61200    01/19/2026  CK-2       OFFICE RENT             1,250.00
10100    01/19/2026  CK-2       OFFICE RENT                         1,250.00
                                                      ----------  ----------
TOTALS                                                  5,750.00    5,750.00
"""


@pytest.mark.parametrize("rule", ["-", ""])
def test_a_printed_list_is_read_by_position(tmp_path: Path, rule: str) -> None:
    """Columns under a rule, or apart by blanks; page heads and totals are none, a text goes on below."""
    lines = [line for line in LISTED.splitlines() if rule or set(line) - set("- ")]
    (tmp_path / "gldetail.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert [row["amount_minor"] for row in rows] == [450_000, -450_000, 125_000, -125_000]
    assert not rejected
    with Books.open(tmp_path / "snapshot", SETTINGS) as books:
        texts = books.rows("SELECT description, account FROM txn ORDER BY line")
    assert (texts[0]["description"], texts[0]["account"]) == ("DEPOSIT LAKESIDE AND SONS", "10100")


def test_cells_padded_with_blanks_are_no_printed_list(tmp_path: Path) -> None:
    """Commas between names say that cells are delimited, however far apart they stand."""
    lines = ["  Date     ,Narration        ,Debit Amount ,Credit Amount ,Closing Balance"]
    lines += [' 13/02/25  ,UPI-CHAI STALL   ,   500.00    ,     0.00     ,"25,00,000.00"']
    lines += [' 17/02/25  ,RTGS CR-DECCAN   ,     0.00    ,   100.00     ,"25,00,100.00"']
    (tmp_path / "bank.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert [row["amount_minor"] for row in rows] == [-500_00, 100_00]
    assert not rejected


@pytest.mark.parametrize(
    "text",
    [
        (
            "日付,借方勘定科目,借方金額,貸方勘定科目,貸方金額,摘要\n2026/03/02,旅費,1320,現金,1320,品川\n"
            "2026/03/05,普通預金,11000,売掛金,11000,入金\n2026/03/09,地代,500,,,三月\n2026/03/09,,,現金,500,三月\n"
        ),
        (
            "Datum;Soll;Haben;Betrag CHF;Text\n02.03.2026;6000;1020;13.20;Reise\n"
            "05.03.2026;1020;1100;110.00;Zahlung\n09.03.2026;6500;1000;5.00;Miete\n"
        ),
    ],
)
def test_a_line_that_books_both_sides_is_two_postings(tmp_path: Path, text: str) -> None:
    """Each account has its own: debits positive, credits negative, together nothing."""
    (tmp_path / "journal.csv").write_text(text, encoding="utf-8")
    value, rows, rejected = audited(tmp_path)
    assert len(rows) == 2 * 3
    assert sum(row["amount_minor"] for row in rows) == 0
    assert not rejected
    assert next(iter(value.values()))["kind"] == "ledger"


def test_a_member_of_an_archive_is_checked_and_read(tmp_path: Path) -> None:
    """What lies in an archive is looked at before a run, as any file is, and read."""
    text = "Date,Description,Amount,Balance\n2026-03-02,Rent,-10.00,90.00\n2026-03-03,Sale,5.00,95.00\n"
    with zipfile.ZipFile(tmp_path / "march.zip", "w") as archive:
        archive.writestr("bank/march.csv", text)
    _, rows, rejected = audited(tmp_path)
    assert days_and_cents(rows) == [(date(2026, 3, 2), -10_00), (date(2026, 3, 3), 5_00)]
    assert not rejected


def named(folder: Path) -> list[tuple[str | None, str | None, str | None]]:
    """Give the other party, the text and the account of each posting that was read."""
    with Books.open(folder / "snapshot", SETTINGS) as books:
        rows = books.rows("SELECT vendor_name, description, account FROM txn ORDER BY line")
    return [(row["vendor_name"], row["description"], row["account"]) for row in rows]


def test_parties_of_several_columns_are_read_and_their_accounts_are_not_ours(tmp_path: Path) -> None:
    """A payer, a payee and a merchant, one a line, are the other party; the account beside them is theirs."""
    lines = ["Date,Amount,Currency,Balance,Detail,Payer Name,Payee Name,Payee Account Number,Merchant"]
    lines += ["2026-03-02,-10.00,EUR,90.00,out,,Delta Print,RO49AAAA1B31007593840000,"]
    lines += ["2026-03-03,40.00,EUR,130.00,in,Orchard Labs,,,", "2026-03-04,-5.00,EUR,125.00,card,,,,Zoom"]
    (tmp_path / "statement.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    audited(tmp_path)
    assert named(tmp_path) == [
        ("Delta Print", "out", None), ("Orchard Labs", "in", None), ("Zoom", "card", None),
    ]  # fmt: skip


def test_a_name_in_parts_is_one_party(tmp_path: Path) -> None:
    """A customer's first and last name belong together; a company has one alone."""
    lines = ["id,date,amount,description,customers.given_name,customers.family_name,customers.company_name"]
    lines += ["P1,2026-03-02,48.00,March,Amy,Lund,", "P2,2026-03-03,120.00,Team,,,Cedar Climbing Ltd"]
    lines += ["P3,2026-03-04,-48.00,Refund,Amy,Lund,"]
    (tmp_path / "payments.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    audited(tmp_path)
    assert [name for name, _, _ in named(tmp_path)] == ["Amy Lund", "Cedar Climbing Ltd", "Amy Lund"]


def test_who_of_us_paid_is_no_party(tmp_path: Path) -> None:
    """A payer on lines whose money goes out, as the balance proves, is one of us."""
    lines = ["Date,Text,Payer,Amount,Balance,Payee BIC"]
    lines += ["2026-03-02,Figma,Ana Lopes,-10.00,90.00,BPALPTPL", "2026-03-03,From Kestrel,,40.00,130.00,"]
    lines += [
        "2026-03-04,Bolt,Rui Matos,-5.00,125.00,CGDIPTPL",
        "2026-03-05,Zalando,Ana Lopes,-25.00,100.00,",
    ]
    (tmp_path / "bank.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    audited(tmp_path)
    assert [name for name, _, _ in named(tmp_path)] == [None] * 4


@pytest.mark.parametrize("header", ["Details,,", "Ref1,Ref2,Ref3"])
def test_a_text_over_several_columns_is_read_whole(tmp_path: Path, header: str) -> None:
    """Columns without a name behind the description, or alike but for a number, belong to it."""
    lines = [f"Date,Amount,Balance,{header}"]
    lines += ["2026-03-02,-10.00,90.00,TRANSFER,To Delta Print,for paper", "2026-03-03,4.00,94.00,CARD,Zoom,"]
    (tmp_path / "bank.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, rows, rejected = audited(tmp_path)
    assert [text for _, text, _ in named(tmp_path)] == ["TRANSFER To Delta Print for paper", "CARD Zoom"]
    assert (len(rows), rejected) == (2, [])


def test_labelled_lines_are_told_in_any_encoding(tmp_path: Path) -> None:
    """A label with a no-break space of Latin-1 behind it is a label."""
    text = "".join(
        f"Date:\xa0{day:%d/%m/%Y}\nDescription:\xa0CAF\xc9\nAmount:\xa0-{n}.00\nBalance:\xa0{90 - n}.00\n\n"
        for n, day in zip((10, 4), DAYS, strict=False)
    )
    (tmp_path / "statement.txt").write_bytes(text.encode("latin-1"))
    _, rows, rejected = audited(tmp_path)
    assert (days_and_cents(rows), rejected) == ([(DAYS[0], -10_00), (DAYS[1], -4_00)], [])


def test_payer_or_payee_in_one_column_is_the_other_party(tmp_path: Path) -> None:
    """A column that is called both is whoever of the two is not us."""
    lines = ["Data;Nadawca/Odbiorca;Tytu\u0142;Kwota;Saldo"]
    lines += ["02.03.2026;Delta Druk;faktura 7;-10,00;90,00", "03.03.2026;Sklep Nowak;S/12;40,00;130,00"]
    lines += ["04.03.2026;Orlen;paliwo;-5,00;125,00"]
    (tmp_path / "wyciag.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    audited(tmp_path)
    assert [name for name, _, _ in named(tmp_path)] == ["Delta Druk", "Sklep Nowak", "Orlen"]


def test_net_and_tax_are_read_with_what_they_make(tmp_path: Path) -> None:
    """They are parts of the amount; a cell that says a word instead of a tax leaves its row as it is."""
    lines = ["Rechnungsnr;Rechnungsdatum;Lieferant;Netto;USt;Brutto"]
    lines += [f"R{n};{n:02}.03.2026;Nord Druck;{n}00,00;{n * 19},00;{n * 119},00" for n in range(1, 29)]
    lines += ["R29;29.03.2026;Nord Druck;900,00;steuerfrei;900,00"]
    (tmp_path / "rechnungen.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources, _, rejected = audited(tmp_path)
    assert (sources["invoice"]["columns"]["tax"], rejected) == ("USt", [])
    with Books.open(tmp_path / "snapshot", SETTINGS) as books:
        rows = books.rows("SELECT net_minor, tax_minor, amount_minor FROM txn ORDER BY line")
    assert tuple(rows[0].values()) == (100_00, 19_00, 119_00)
    assert tuple(rows[-1].values()) == (900_00, None, 900_00)


def test_a_document_of_numbers_is_named_as_unread(tmp_path: Path) -> None:
    """Apple's Numbers packs its tables in a form of its own: said, and no archive to read from."""
    with zipfile.ZipFile(tmp_path / "Expenses.numbers", "w") as archive:
        archive.writestr("Index/Document.iwa", b"\0\x9f\4")
    with pytest.raises(SourcesError, match="Numbers"):
        propose(tmp_path, SETTINGS)
