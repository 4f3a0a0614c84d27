"""What kind of book an export is, and which column is which: an entry for each kind of mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from tools.ledger.guess.looked_at import look, whole
from tools.ledger.guess.profile import profiles
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.source_drafts import draft_sources
from tools.ledger.guess.source_kind import guess
from tools.ledger.readers.mt940 import Mt940


class Export(NamedTuple):
    """A file as somebody has it, and what is right of it."""

    name: str
    text: str
    kind: str
    columns: dict[str, str | None]
    options: dict[str, Any]


def drafted(folder: Path, export: Export) -> SourceDraft:
    """Draft the one source of an export."""
    path = folder / export.name
    path.write_text(export.text, encoding="utf-8")
    with duckdb.connect() as connection:
        (bare,) = profiles(connection, path)
    profile = whole(bare)
    kind = guess(profile)
    assert kind is not None
    (draft,) = draft_sources([(profile, kind)], folder)
    return draft


EXPORTS = {
    "units that were sold are no balance, whatever the word means in Romanian": Export(
        "sales by day.csv",
        "Sold Date,Order No,Customer,Units Sold,Amount,Currency\n"
        "2024-01-03,1001,Ann Lee,2,50.00,USD\n"
        "2024-01-05,1002,Bob Ray,1,25.00,USD\n"
        "2024-01-09,1003,Ann Lee,5,125.00,USD\n",
        "payment",
        {"amount": "Amount", "vendor_name": "Customer", "balance": None},
        {},
    ),
    "a category is no card's where lines speak of transfers": Export(
        "umsatz.csv",
        "Buchungstag;Umsatzart;Buchungstext;Betrag;Währung;Kategorie\n"
        "29.06.2023;Lastschrift;Laden Ost;-49,98;EUR;Ausgaben\n"
        "27.06.2023;Gutschrift;Kunde West;1.785,00;EUR;Einnahmen\n"
        "15.06.2023;Überweisung;Notar Nord;-402,10;EUR;Ausgaben\n",
        "bank",
        {"amount": "Betrag", "currency": "Währung", "description": "Buchungstext"},
        {"decimal_mark": ","},
    ),
    "a card says that its bill was paid": Export(
        "statement.csv",
        "Trans. Date,Post Date,Description,Amount,Category\n"
        "01/28/2024,01/28/2024,Tool Shed,132.10,Home\n"
        "01/20/2024,01/20/2024,Internet Payment - Thank You,-400.00,Payments\n"
        "01/10/2024,01/11/2024,Bread Bar,14.20,Food\n",
        "card",
        {"amount": "Amount"},
        {},
    ),
    "rates and foreign amounts make no list of rates": Export(
        "konto.csv",
        "Datum,Empfänger,Verwendungszweck,Betrag (EUR),Betrag (Fremdwährung),Fremdwährung,Wechselkurs\n"
        "2019-05-02,Laden,Einkauf,-14.32,-14.32,EUR,1.0\n2019-05-04,Max Kunde,Rechnung 5,500.0,,,\n"
        "2019-05-07,Host,Server,-6.23,-7.0,USD,1.1236\n",
        "bank",
        {"amount": "Betrag (EUR)", "vendor_name": "Empfänger"},
        {"currency": "EUR"},
    ),
    "the way of lines that no balance proves comes from a column that says it of all": Export(
        "rekening.csv",
        "Datum;Naam;Code;Af Bij;Bedrag (EUR);Saldo\n20240131;Winkel;BA;Af;23,45;1976,55\n"
        "20240129;Klant;OV;Bij;1000,00;2000,00\n20240115;Belasting;GT;Af;500,00;1000,00\n",
        "bank",
        {"amount": "Bedrag (EUR)", "balance": "Saldo"},
        {"negate_where": {"Af Bij": ["Af"]}},
    ),
    "numbers of lines are no balance": Export(
        "rekening.csv",
        "Boekingsdatum;Uittrekselnummer;Transactienummer;Naam tegenpartij;Bedrag;Devies\n"
        "31/01/2024;00001;004;ENGIE;-110,00;EUR\n26/01/2024;00001;003;MAES;1.210,25;EUR\n"
        "05/01/2024;00001;002;DELHAIZE;-31,02;EUR\n",
        "bank",
        {"amount": "Bedrag", "vendor_name": "Naam tegenpartij"},
        {},
    ),
    "debit and credit win over a net that has no sign": Export(
        "nominal.csv",
        "No,Type,Nominal,Date,Details,Net,Debit,Credit\n101,PI,5000,2024-01-03,Paper,100.00,100.00,\n"
        "102,SI,4000,2024-01-05,Design,1000.00,,1000.00\n103,BP,7504,2024-01-09,Phone,50.00,50.00,\n",
        "ledger",
        {"debit": "Debit", "credit": "Credit"},
        {},
    ),
    "a debit is no running balance": Export(
        "transactions.csv",
        "Account,Date,Journal,Description,Debit,Credit,Gross\nBank,2024-01-04,J1,Books,0.00,54.99,54.99\n"
        "Bank,2024-01-18,J2,Client,600.00,0.00,600.00\nSales,2024-01-11,J3,Client,0.00,500.00,600.00\n",
        "ledger",
        {"debit": "Debit", "credit": "Credit"},
        {},
    ),
    "numbers of accounts name nobody": Export(
        "bunq.csv",
        "Date,Amount,Account,Counterparty,Name,Description\n"
        "2024-04-01,-15.00,NL01BUNQ0000000001,NL02ABNA0000000001,Music,Premium\n"
        "2024-04-03,250.00,NL01BUNQ0000000001,NL03ABNA0000000002,Klant,Invoice\n"
        "2024-04-09,-7.00,NL01BUNQ0000000001,NL03ABNA0000000003,Winkel,Order\n",
        "bank",
        {"vendor_name": "Name"},
        {},
    ),
    "a bank's states stand in the column of days, too": Export(
        "umsaetze.csv",
        "Buchungstag;Vorgang;Buchungstext;Umsatz in EUR\noffen;Karte;Laden;-12,00\n"
        "30.06.2023;Lastschrift;Werk;-88,00\n27.06.2023;Gutschrift;Gerda;714,00\n"
        "20.06.2023;Lastschrift;Hans;-5,40\n",
        "bank",
        {"amount": "Umsatz in EUR", "description": "Buchungstext"},
        {"where_not": {"Buchungstag": ["offen"]}, "currency": "EUR"},
    ),
    "the first line of a file without a header may be of the account": Export(
        "compte.csv",
        "Compte;Dépôt;****1234;31/01/2024;1 234,56\n31/01/2024;PRLV;ABO;PRLV EDF;-85,20\n"
        "29/01/2024;VIR;RECU;VIR CLIENT UN;1 500,00\n12/01/2024;CARTE;CB;CARTE GARE;-47,00\n",
        "bank",
        {"posted_on": "Date", "amount": "Amount", "description": "Description"},
        {"skip_lines": 1},
    ),
    "a balance with the other decimal mark costs no line": Export(
        "operations.csv",
        "date;label;amount;accountbalance\n2024-01-30;PRLV SEPA MAIF;-32,10;1967.90\n"
        "2024-01-22;VIR SEPA CLIENT;1 000,00;1967.90\n2024-01-09;CARTE LIVRES;-59,99;1967.90\n",
        "bank",
        {"amount": "amount"},
        {"decimal_mark": ","},
    ),
    "a card's lines say which of them are credits, where half are": Export(
        "Chase4321_Activity.CSV",
        "Transaction Date,Post Date,Description,Category,Type,Amount\n"
        "02/24/2025,02/25/2025,PAPER HOUSE,Office,Sale,-45.00\n"
        "02/20/2025,02/20/2025,Payment Thank You-Mobile,,Payment,600.00\n"
        "02/13/2025,02/14/2025,RYOKAN,Travel,Sale,-1250.80\n"
        "02/03/2025,02/03/2025,PAPER HOUSE,Office,Return,12.35\n",
        "card",
        {"amount": "Amount", "vendor_name": "Description"},
        {"sign": "negate"},
    ),
    "an expense costs its tax, too": Export(
        "Expense.csv",
        "Expense Date,Expense Account,Vendor,Expense Amount,Tax Amount,Total\n"
        '2025-02-03,Office,Paper House,"1,000.00",180.00,"1,180.00"\n'
        "2025-02-14,Travel,City Cabs,450.00,0.00,450.00\n",
        "card",
        {"amount": "Total"},
        {},
    ),
    "net and tax that give the gross are bills, with what they cost, in any language": Export(
        "inkoop.csv",
        "Factuur;Datum;Leverancier;Bedrag excl. BTW;BTW;Bedrag incl. BTW;Vervaldatum;Openstaand\n"
        "88;02-04-2024;Kantoor;150,00;31,50;181,50;02-05-2024;181,50\n"
        "A9;15-04-2024;Water;80,00;7,20;87,20;19-04-2024;0,00\n",
        "invoice",
        {"amount": "Bedrag incl. BTW", "posted_on": "Datum", "due_on": "Vervaldatum"},
        {"decimal_mark": ",", "currency": "EUR"},
    ),
    "a tax written in letters of both sizes is one": Export(
        "eingang.csv",
        "Beleg;Datum;Kreditor;Netto;MwSt;Endbetrag;Offen\n"
        "R1;03.01.2024;Druck;80,00;15,20;95,20;95,20\nR2;18.01.2024;Bau;500,00;95,00;595,00;0,00\n",
        "invoice",
        {"amount": "Endbetrag", "posted_on": "Datum", "vendor_name": "Kreditor"},
        {"decimal_mark": ","},
    ),
    "two taxes are one": Export(
        "register.csv",
        "Voucher Date,Supplier,Invoice No.,Taxable Value,CGST,SGST,Invoice Value\n"
        "01-04-2024,Tools,DT/1,2000.00,180.00,180.00,2360.00\n"
        "19-04-2024,Paper,88,100.00,0.00,0.00,100.00\n",
        "invoice",
        {"amount": "Invoice Value", "invoice_no": "Invoice No."},
        {},
    ),
    "days on which lines are due are no bank's, though credits come back": Export(
        "items.txt",
        "Customer;Document No;Doc..Date;Net due dt;Amt in loc.cur.;Text\n"
        "12;1800;03.01.2024;02.02.2024;1.190,00;Rechnung Ost\n"
        "44;1801;18.01.2024;07.02.2024;58,91;Rechnung West\n"
        "12;1600;25.01.2024;25.01.2024;119,00-;Gutschrift Ost\n",
        "invoice",
        {"amount": "Amt in loc.cur.", "due_on": "Net due dt"},
        {},
    ),
    "a total has its fees in it": Export(
        "settlement.csv",
        "date/time,settlement id,type,description,product sales,selling fees,other,total\n"
        '"Feb 3, 2025 12:01:02 AM PST",18,Order,Mug,25.00,-3.75,0,21.25\n'
        '"Feb 9, 2025 3:21:02 PM PST",18,Order,Jug,50.00,-7.50,0,42.50\n'
        '"Feb 17, 2025 1:02:03 AM PST",18,Transfer,To account,0,0,-63.75,-63.75\n',
        "bank",
        {"amount": "total", "fee": None},
        {"date_format": "%b %d, %Y %I:%M:%S %p %a"},
    ),
    "of two pairs of sides the net one moves the account": Export(
        "settlement_detail.csv",
        "Merchant Account,Psp Reference,Creation Date,Type,Gross Currency,Gross Debit (GC),Gross Credit (GC),"
        "Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC)\n"
        "Shop,881001,2025-02-03 10:00:00,Settled,EUR,,100.00,1,EUR,,98.20,1.80\n"
        "Shop,881009,2025-02-07 10:00:00,Refunded,EUR,30.00,,1,EUR,30.00,,0.00\n"
        "Shop,,2025-02-10 07:00:00,MerchantPayout,EUR,,,1,EUR,68.20,,\n",
        "bank",
        {"debit": "Net Debit (NC)", "credit": "Net Credit (NC)"},
        {},
    ),
    "a balance in credit is no overdraft": Export(
        "statement.csv",
        '"Transaction Date","Narration","Debit","Credit","Running Balance"\n'
        '"03-Feb-2025","RENT","1,200.00","","2600.00 CR"\n"20-Feb-2025","CLIENT","","2,500.00","5100.00 CR"\n'
        '"25-Feb-2025","PAPER","84.45","","5015.55 CR"\n',
        "bank",
        {"debit": "Debit", "credit": "Credit"},
        {"sign": None},
    ),
    "one name on all lines is our own": Export(
        "HARBOUR.csv",
        "Date,Type,Description,Value,Balance,Account Name\n03 Feb 2025,D/D,COUNCIL,-100.00,900.00,HARBOUR\n"
        "14 Feb 2025,BAC,OAK CLIENT,600.00,1500.00,HARBOUR\n25 Feb 2025,POS,PAPER,-45.00,1455.00,HARBOUR\n",
        "bank",
        {"vendor_name": None, "description": "Description"},
        {},
    ),
    "vendors as headings over their bills": Export(
        "Transaction List by Vendor.csv",
        "Vendor,Date,Transaction Type,Num,Memo,Amount\nBirch,,,,,\n,02/03/2025,Bill,B-1,Flyer,910.00\n"
        ",02/18/2025,Bill,B-2,Logo,35.40\nPaper House,,,,,\n,02/11/2025,Bill,7,Paper,88.10\n",
        "payment",
        {"vendor_name": "heading"},
        {"headings": "Vendor"},
    ),
    "a type of what a bank did is no category of spending": Export(
        "01-0123-0123456-00.csv",
        "Type,Details,Particulars,Code,Reference,Amount,Date\n"
        "Visa Purchase,4835-****-****-0311  Df,Grocer,Ponsonby,260301,-84.20,02/03/2026\n"
        "Visa Purchase,4835-****-****-0311  Df,Fuel Stop,Quay St,260303,-95.00,14/03/2026\n"
        "Direct Credit,Kauri Builders Ltd,Inv 3301,,,1150.00,15/03/2026\n"
        "Eft-Pos,4835********,0311,Hardware Barn,2603211200,-45.10,21/03/2026\n",
        "bank",
        {"description": "Details + Particulars + Code"},
        {"currency": "NZD"},
    ),
    "a first line that goes the other way than all that the balance proves": Export(
        "mutasi.csv",
        "Tgl,Uraian,Tipe,Nominal,Saldo\n01/03/26,DARI LANGIT,K,4000.00,9000.00\n"
        "07/03/26,KE PLN,D,350.00,8650.00\n31/03/26,BIAYA ADM,D,11.00,8639.00\n",
        "bank",
        {"amount": "Nominal"},
        {"negate_where": {"Tipe": ["D"]}, "sign": "as_is"},
    ),
    "a column called void says which invoices are none": Export(
        "kundfakturor.csv",
        "Fakturanr;Fakturadatum;Kund;Netto;Moms;Totalt;Makulerad\n1;2026-03-02;Bygg;80,00;20,00;100,00;Nej\n"
        "2;2026-03-20;Kaffe AB;100,00;12,00;112,00;Ja\n",
        "invoice",
        {"amount": "Totalt"},
        {"where_not": {"Makulerad": ["Ja"]}},
    ),
    "a balance in thousands shows that three decimals are decimals": Export(
        "bank kw.csv",
        "Date,Details,Debit,Credit,Balance\n02/03/2026,SULTAN CENTER,12.750,,987.250\n"
        "16/03/2026,AL NOOR,,450.000,1437.250\n31/03/2026,CHARGES,1.500,,1435.750\n",
        "bank",
        {"debit": "Debit", "credit": "Credit"},
        {"decimal_mark": None},
    ),
    "how far a payout has come is no direction": Export(
        "payouts.csv",
        "Payout Date,Status,Charges,Fees,Total,Currency\n2026-03-02,paid,420.00,-12.48,407.52,EUR\n"
        "2026-03-03,paid,155.90,-4.82,151.08,EUR\n2026-03-06,in_transit,50.00,-1.75,48.25,EUR\n",
        "bank",
        {"amount": "Total"},
        {"where_not": {"Status": ["in_transit"]}, "negate_where": None},
    ),
    "items of an order are no orders": Export(
        "orders.csv",
        "Name,Paid at,Currency,Total,Billing Name,Lineitem price\n#1,2026-03-01,EUR,55.00,Ana Ruiz,30.00\n"
        "#1,2026-03-01,,,,10.00\n#2,2026-03-02,EUR,35.00,Bo Lind,30.00\n",
        "payment",
        {"amount": "Total"},
        {"leave_out": ["detail"]},
    ),
    "the side that a first line lacks": Export(
        "cash.csv",
        "Date,Paid to,Out,In,Balance\n1/3/26,,,200.00,200.00\n13/3/26,Shop,4.20,,195.80\n"
        "17/3/26,Taxi,23.00,,172.80\n31/3/26,Post,13.60,,159.20\n",
        "bank",
        {"debit": "Out", "credit": "In"},
        {},
    ),
    "parts of a line are no postings": Export(
        "transactions.csv",
        "Buchungsdatum;Belastung;Gutschrift;Einzelbetrag;Saldo;Beschreibung\n2025-02-25;-45.00;;;1455.00;Los\n"
        "2025-02-20;;600.00;;1500.00;Firn AG\n2025-02-20;;;400.00;;Firn A\n2025-02-20;;;200.00;;Firn B\n",
        "bank",
        {"debit": "Belastung", "credit": "Gutschrift"},
        {"leave_out": ["detail"]},
    ),
    "texts that are numbered": Export(
        "transactions.csv",
        "Buchungsdatum;Belastung;Gutschrift;Saldo;Beschreibung1;Beschreibung2;Beschreibung3\n"
        '2024-01-30;-59.50;;1840.50;"MARKT;BERN";Zahlung Debitkarte;Transaktions-Nr. 9930030LK01\n'
        "2024-01-20;;1500.00;1900.00;KELLER BAU AG;Gutschrift;Zahlungsgrund: RG 77\n"
        "2024-01-08;-600.00;;400.00;IMMO VERWALTUNG;Dauerauftrag;Miete\n",
        "bank",
        {"vendor_name": "Beschreibung1", "description": "Beschreibung1 + Beschreibung2 + Beschreibung3"},
        {},
    ),
    "a total's word behind others, and money named in its own script": Export(
        "내역.csv",
        "거래일자,적요,출금(원),입금(원),잔액(원)\n2024-01-03,체크,12500,0,987500\n2024-01-10,이체,0,2000000,2987500\n"
        "2024-01-25,자동이체,85300,0,2902200\n,월 합계,97800,2000000,\n",
        "bank",
        {"debit": "출금(원)", "credit": "입금(원)", "balance": "잔액(원)"},
        {"currency": "KRW"},
    ),
    "accounts of banks make no ledger, and money in and out is called so": Export(
        "transaksjoner.csv",
        "Dato;Beskrivelse;Rentedato;Inn;Ut;Til konto;Fra konto\n"
        "02.01.2024;Rema Oslo;02.01.2024;;-345,50;;1234.56.78901\n"
        "15.01.2024;Arbeid AS;15.01.2024;32000,00;;1234.56.78901;\n"
        "29.01.2024;Husleie;29.01.2024;;-12500,00;9876.54.32109;1234.56.78901\n",
        "bank",
        {"debit": "Ut", "credit": "Inn"},
        {"sides": "signed"},
    ),
    "entries that balance are a ledger's, without a word that says so": Export(
        "posteringer.csv",
        "Dato;Bilagsnr.;Tekst;Konto;Kontonavn;Beløb\n25-01-2024;7;Husleje;3410;Lokale;8.000,00\n"
        "25-01-2024;7;Husleje;5820;Bank;-8.000,00\n26-01-2024;8;Salg;1010;Salg;-4.000,00\n"
        "26-01-2024;8;Salg;5600;Debitorer;4.000,00\n",
        "ledger",
        {"amount": "Beløb", "account": "Konto"},
        {},
    ),
    "a nominal account in the titles is our own ledger's, whatever the file is called": Export(
        "bank activity.csv",
        "N/C:,1200,Name:,Bank Current Account\nNo,Type,Date,Refn,Details,Amount,Debit,Credit\n"
        "11,BR,03/01/2024,FPI,Client,500.00,500.00,\n12,BP,28/01/2024,DD,Phone,45.60,,45.60\n",
        "ledger",
        {"debit": "Debit", "credit": "Credit"},
        {},
    ),
    "a ledger's running balance rises by its debits": Export(
        "general ledger.csv",
        "Date,Journal No,GL Account,Details,Debit,Credit,Running Balance\n"
        "2024-01-03,J1,1200 Bank,Client A,500.00,,1500.00\n2024-01-05,J2,1200 Bank,Rent,,320.00,1180.00\n"
        "2024-01-09,J3,1200 Bank,Client B,75.50,,1255.50\n2024-01-12,J4,1200 Bank,Phone,,41.20,1214.30\n",
        "ledger",
        {"debit": "Debit", "credit": "Credit", "balance": "Running Balance"},
        {},
    ),
    "a column of names and descriptions has names": Export(
        "afschriften.csv",
        "Datum;Naam / Omschrijving;Rekening;Af Bij;Bedrag (EUR);Mededelingen\n"
        "20240103;Papierhuis;NL91ABNA0417164300;Af;12,50;Factuur 12\n"
        "20240105;Jansen BV;NL91ABNA0417164300;Bij;80,00;Factuur 77\n"
        "20240108;Stroom NV;NL91ABNA0417164300;Af;41,10;Maand januari\n",
        "bank",
        {"vendor_name": "Naam / Omschrijving", "amount": "Bedrag (EUR)"},
        {},
    ),
    "letters tell a journal's sides apart beside each other": Export(
        "denik.csv",
        "Datum;Doklad;Text;MD účet;D účet;Částka\n03.01.2024;FP1;Nájem;518100;221100;12 000,00\n"
        "05.01.2024;FV1;Prodej;311100;602100;30 500,00\n09.01.2024;FP2;Telefon;518200;221100;950,00\n",
        "ledger",
        {"amount": "side amount", "account": "side account"},
        {"both_sides": {"side account": ["MD účet", "D účet"], "side amount": ["Částka", "Částka"]}},
    ),
    "a card's own money is in the one currency of all lines": Export(
        "card.csv",
        "Date,Merchant,Original Amount,Original Currency,Billing Amount,Billing Currency\n"
        "2024-01-03,Cafe Roma,12.00,EUR,13.10,USD\n2024-01-05,Tesco,8.00,GBP,10.20,USD\n"
        "2024-01-08,Deli,7.00,USD,7.00,USD\n",
        "card",
        {"amount": "Billing Amount", "currency": "Billing Currency"},
        {},
    ),
    "a dated total of the lines above it": Export(
        "payments.csv",
        "Date,Payee,Amount\n2024-01-03,Oak Ltd,50.00\n2024-01-05,Elm Ltd,70.00\n2024-01-31,Total,120.00\n",
        "payment",
        {"amount": "Amount", "vendor_name": "Payee"},
        {"where_not": {"Payee": ["Total"]}},
    ),
    "a day in three columns": Export(
        "meisai.csv",
        '"操作日(年)","操作日(月)","操作日(日)","摘要","お支払金額","お預り金額","残高"\n'
        '"2024","1","5","クライアント","","150000","250000"\n"2024","1","25","デンキ","8400","","241600"\n',
        "bank",
        {"posted_on": "操作日(年) + 操作日(月) + 操作日(日)"},
        {"date_format": "%Y %m %d", "currency": "JPY"},
    ),
    "a text in two columns": Export(
        "csv1.csv",
        "Account Number,Transaction Date,Description 1,Description 2,CAD$\n"
        "01-1,1/30/2024,MISC PAYMENT,ROGERS,-85.60\n01-1,1/25/2024,e-Transfer,CLIENT F,900.00\n",
        "bank",
        {"description": "Description 1 + Description 2"},
        {"joined": {"Description 1 + Description 2": ["Description 1", "Description 2"]}},
    ),
    "our own name is never the other party, whoever collects": Export(
        "umsaetze.csv",
        "Buchungsdatum;Betrag;Auftraggebername;Empfängername;Zahlungsgrund\n"
        "03.01.2024;-49,90;Telekom;Firma GmbH;Rechnung\n16.01.2024;900,00;Huber;Firma GmbH;RE 5\n"
        "22.01.2024;-150,00;Firma GmbH;Moser;Regal\n",
        "bank",
        {"payer": "Auftraggebername", "payee": "Empfängername"},
        {"ourselves": ["Firma GmbH"]},
    ),
    "days that could be read both ways are near the other days of their lines": Export(
        "recon.csv",
        "entity_id,amount,currency,settled_at,created_at,description\n"
        "p1,1000.00,INR,05/01/2024,03/01/2024 10:11:12,Order 1\n"
        "p2,-500.00,INR,05/01/2024,04/01/2024 12:11:12,Order 2\n",
        "bank",
        {},
        {"date_format": "%d/%m/%Y"},
    ),
    "what stands where the header would, without a word": Export(
        "38-9000.csv",
        "38-9000-0000000-00,Free Up,,,\n05 Jan 2024,EFTPOS MARKET,,-120.00,880.00\n"
        "17 Jan 2024,CREDIT CLIENT,,500.00,1380.00\n30 Jan 2024,LANDLORD,,-380.00,1000.00\n",
        "bank",
        {"amount": "Amount", "posted_on": "Date"},
        {"skip_lines": 1},
    ),
    "a line that books both sides is two postings": Export(
        "仕訳.csv",
        '"取引日","借方勘定科目","借方金額","貸方勘定科目","貸方金額","摘要"\n'
        '"2024/01/05","地代家賃","110000","普通預金","110000","家賃"\n'
        '"2024/01/19","普通預金","330000","売掛金","330000","入金"\n',
        "ledger",
        {"amount": "side amount", "account": "side account", "debit": None, "credit": None},
        {"negate_where": {"side": ["credit"]}},
    ),
    "headers in other scripts": Export(
        "明細.csv",
        "取引日,お引出し,お預入れ,お取り扱い内容,残高\n2024/1/31,12000,,デンキ,488000\n"
        "2024/1/25,,300000,クライアント,500000\n2024/1/10,50000,,カード,200000\n",
        "bank",
        {"posted_on": "取引日", "debit": "お引出し", "credit": "お預入れ", "description": "お取り扱い内容"},
        {"currency": "JPY"},
    ),
}


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_kind_and_columns(tmp_path: Path, export: Export) -> None:
    """Each is taken for what it is, with the columns that carry its day, amount and party."""
    draft = drafted(tmp_path, export)
    columns = {name: draft.columns.get(name) for name in export.columns}
    options = {name: draft.options.get(name) for name in export.options}
    assert (draft.kind, columns, options) == (export.kind, export.columns, export.options)


def test_one_side_alone_is_asked_about(tmp_path: Path) -> None:
    """Where one of debit and credit has no column, a CHECK says so: nothing becomes zero in silence."""
    text = "Datum;Tekst;Gutschrift\n01.02.2024;Kunde;5,00\n02.02.2024;Laden;\n03.02.2024;Werk;7,50\n"
    draft = drafted(tmp_path, Export("konto.csv", text, "bank", {}, {}))
    assert "CHECK" in draft.why["columns.credit"]


def test_a_file_of_lines_that_nothing_reads_is_named_unread(tmp_path: Path) -> None:
    """A file whose every line is rejected is no empty one: how many lines and why is said."""
    (tmp_path / "bank.csv").write_text("Date,Text,Amount\n01/02/24,Shop,1,2,3.00\n02/02/24,Rent,4,5,6.00\n")
    looked, aside, not_read = look(tmp_path)
    assert (looked, aside) == ([], {})
    assert not_read == {"bank.csv": "none of its 2 lines is a posting: 2 cannot be read"}


@pytest.mark.parametrize(
    ("text", "party", "currency"),
    [
        (":86:/CNTP/NL32INGB0000012345/INGBNL2A/Web Winkel///REMI/USTD//Order 5/", "Web Winkel", "EUR"),
        (":86:166?20RE 7?32Kunde Blau", "Kunde Blau", "EUR"),
    ],
)
def test_interim_reports_of_mt942(tmp_path: Path, text: str, party: str, currency: str) -> None:
    """An interim report has no balance: its sums say the currency; the party is where its bank puts it."""
    path = tmp_path / "interim.sta"
    lines = [":20:X", ":25:10000000/123", ":28C:1/1", ":34F:EURD0,00"]
    lines += [":61:2401150115D20,00NTRFNONREF", text]
    path.write_text("\n".join([*lines, ":90D:1EUR20,00", "-", ""]))
    (row,) = Mt940(path).rows()
    cells = dict(zip(Mt940.names, row.cells, strict=True))
    assert (cells["vendor_name"], cells["currency"], cells["amount"]) == (party, currency, "-20.00")


def test_a_kind_that_another_nearly_is_gets_a_check(tmp_path: Path) -> None:
    """Where no balance, no entries and no taxes prove the kind and another is near, its line is a CHECK."""
    text = "Date,Payment,Invoice,Amount,Name\n01/25/2024,P1,I1,5.00,Oak\n01/26/2024,P2,I2,7.00,Elm\n"
    draft = drafted(tmp_path, Export("list.csv", text, "payment", {}, {}))
    near = drafted(tmp_path, Export("list.csv", text.replace("Payment,", "Due,"), "invoice", {}, {}))
    assert ("CHECK" in draft.why["kind"], draft.kind) == (False, "payment")
    assert near.kind == "invoice"
