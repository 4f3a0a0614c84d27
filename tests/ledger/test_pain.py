"""pain.001: payments as a bank is told to make them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.ledger.test_exports import audited, days_and_cents, named
from tools.core.errors import SourcesError
from tools.ledger.readers.pain import Pain

SPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001"
DAYS: Final = {"03": "2026-03-16", "09": "<Dt>2026-03-16</Dt>", "11": "<DtTm>2026-03-16T08:00:00Z</DtTm>"}
PAYMENTS: Final = [("12.50", "EUR", "Ash GmbH"), ("7", "EUR", "Elm & Söhne"), ("100.05", "USD", "Fir Inc")]


def payment(number: int, amount: str, currency: str, name: str) -> str:
    """Write one payment."""
    money = f'<InstdAmt Ccy="{currency}">{amount}</InstdAmt>'
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>I{number}</InstrId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId>"
        f"<Amt>{money}</Amt><Cdtr><Nm>{name.replace('&', '&amp;')}</Nm></Cdtr>"
        f"<CdtrAcct><Id><IBAN>DE0{number}</IBAN></Id></CdtrAcct><RmtInf><Ustrd>bill</Ustrd><Strd><RfrdDocInf>"
        f"<Nb>N{number}</Nb></RfrdDocInf></Strd></RmtInf></CdtTrfTxInf>"
    )


def order(version: str = "03", total: str = "119.55", day: str | None = None) -> str:
    """Write a file of two batches: two payments, and one."""
    written = [payment(n, *each) for n, each in enumerate(PAYMENTS)]
    head = (
        f"<GrpHdr><MsgId>M</MsgId><NbOfTxs>3</NbOfTxs><CtrlSum>{total}</CtrlSum>"
        "<InitgPty><Nm>Us</Nm></InitgPty></GrpHdr>"
    )
    batches = [
        f"<PmtInf><PmtInfId>P{n}</PmtInfId><NbOfTxs>{len(part)}</NbOfTxs>"
        f"<ReqdExctnDt>{DAYS[version] if day is None else day}</ReqdExctnDt><Dbtr><Nm>Us</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>DE99</IBAN></Id></DbtrAcct>{''.join(part)}</PmtInf>"
        for n, part in enumerate((written[:2], written[2:]))
    ]
    body = f"<CstmrCdtTrfInitn>{head}{''.join(batches)}</CstmrCdtTrfInitn>"
    return f'<?xml version="1.0"?><Document xmlns="{SPACE}.{version}">{body}</Document>'


@pytest.mark.parametrize("version", DAYS)
def test_orders_are_payments(tmp_path: Path, version: str) -> None:
    """Each has its day, amount, currency and payee, whichever version says the day how; all counts tie."""
    (tmp_path / "run.xml").write_text(order(version), encoding="utf-8")
    sources, rows, rejected = audited(tmp_path)
    assert [source["kind"] for source in sources.values()] == ["payment"]
    assert [(str(day), cents) for day, cents in days_and_cents(rows)] == [
        ("2026-03-16", 1250), ("2026-03-16", 700), ("2026-03-16", 10005),
    ]  # fmt: skip
    assert [party for party, _, _ in named(tmp_path)] == [name for _, _, name in PAYMENTS]
    assert not rejected
    reader = Pain(tmp_path / "run.xml")
    assert [row.cells[0] for row in reader.rows()] == ["I0", "I1", "I2"]
    assert len(reader.proofs) == 4
    assert all(proof.ties for proof in reader.proofs)


def test_a_prefix_and_an_older_message_are_read(tmp_path: Path) -> None:
    """Names are told without their namespace, and the message's by either of its names."""
    text = order().replace("CstmrCdtTrfInitn", "pain.001.001.02")
    text = (
        text.replace("<", "<p:").replace("<p:/", "</p:").replace("<p:?", "<?").replace("xmlns=", "xmlns:p=")
    )
    (tmp_path / "run.xml").write_text(text, encoding="utf-8")
    assert [row["amount_minor"] for row in audited(tmp_path)[1]] == [1250, 700, 10005]


def test_what_is_charged_for_a_foreign_amount_is_the_payment(tmp_path: Path) -> None:
    """An equivalent amount is in the account's money, and is what the account is charged."""
    charged = '<EqvtAmt><Amt Ccy="EUR">90.00</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt>'
    text = order().replace('<InstdAmt Ccy="USD">100.05</InstdAmt>', charged)
    (tmp_path / "run.xml").write_text(text, encoding="utf-8")
    reader = Pain(tmp_path / "run.xml")
    assert [list(row.cells[2:4]) for row in reader.rows()][2] == ["90.00", "EUR"]


def test_a_sum_that_is_not_the_payments_does_not_tie(tmp_path: Path) -> None:
    """A payment that was added or changed behind the header shows."""
    path = tmp_path / "run.xml"
    path.write_text(order(total="119.56"), encoding="utf-8")
    reader = Pain(path)
    assert len(list(reader.rows())) == 3
    assert [proof.subject for proof in reader.proofs if not proof.ties] == ["sum of payments"]


def test_what_cannot_be_read_is_rejected(tmp_path: Path) -> None:
    """A payment without amount or day, and a file that breaks off, say so; the others are read."""
    path = tmp_path / "run.xml"
    path.write_text(order().replace("12.50", "12,50"), encoding="utf-8")
    assert [row.problem for row in Pain(path).rows()] == ["'12,50' is no amount", None, None]
    path.write_text(order(day=""), encoding="utf-8")
    assert {row.problem for row in Pain(path).rows()} == {"its batch has no day of execution"}
    path.write_text(order().partition("<Cdtr><Nm>Fir")[0], encoding="utf-8")
    *whole, last = Pain(path).rows()
    assert len(whole) == 2
    assert "breaks off" in str(last.problem)


@pytest.mark.parametrize("entity", ['<!ENTITY a "b">', '<!ENTITY a SYSTEM "file:///etc/hostname">'])
def test_entities_are_refused(tmp_path: Path, entity: str) -> None:
    """No order needs a document type; one that has it may be made to grow, or to read other files."""
    path = tmp_path / "run.xml"
    text = order().replace('<?xml version="1.0"?>', f'<?xml version="1.0"?><!DOCTYPE d [{entity}]>')
    path.write_text(text.replace("Ash GmbH", "&a;"), encoding="utf-8")
    with pytest.raises(SourcesError, match="document type"):
        Pain(path)
