"""What comes in is read for what it is, and never taken for more."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from samples.generate import FOLDER
from tools.recovery.replies import answer_classifier, classify, inbox

RETURNED = yaml.safe_load(Path(__file__).with_name("returned_mails.yaml").read_text(encoding="utf-8"))
REFUSALS = yaml.safe_load(Path(__file__).with_name("refusals.yaml").read_text(encoding="utf-8"))
_EXAMPLES = Path(str(resources.files("tools.recovery.replies") / "answer_examples.yaml"))
ANSWERS = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
FRESH = yaml.safe_load(Path(__file__).with_name("fresh_answers.yaml").read_text(encoding="utf-8"))
SAMPLE = [classify.read(mail) for mail in inbox.mails(FOLDER / "recovery" / "replies.mbox")]


def test_the_samples_answers_are_read() -> None:
    """One of each kind, the day of return and the addresses that failed among it."""
    assert [reading.kind for reading in SAMPLE] == [
        "paid", "dispute", "question", "auto_reply", "bounce", "bounce", "complaint", "opt_out", "unsure",
    ]  # fmt: skip
    assert str(SAMPLE[3].not_before) == "2026-01-12"
    bounces = [(bounce.recipient, bounce.reason, bounce.hard) for mail in SAMPLE for bounce in mail.bounces]
    assert bounces == [
        ("accounts@redfern.example", "userunknown", True),
        ("accounts@sable.example", "mailboxfull", False),
    ]


@pytest.mark.parametrize("returned", RETURNED, ids=[mail["system"] for mail in RETURNED])
def test_whatever_mail_system_returns_a_letter_it_is_read(returned: dict[str, Any]) -> None:
    """Every address that failed is named, with the reason, and whether another letter could arrive."""
    reading = classify.read(returned["mail"].encode())
    bounces = [(bounce.recipient, bounce.reason) for bounce in reading.bounces]
    expected = [text.split(" ") for text in returned["failed"]]
    assert len(bounces) == len(expected)
    for (recipient, reason), (address, reasons) in zip(bounces, expected, strict=True):
        assert recipient == address
        assert reason in reasons.split("|")
    if "hard" in returned:
        assert [bounce.hard for bounce in reading.bounces] == returned["hard"]


def test_whatever_a_server_says_the_reason_is_read() -> None:
    """Each provider's words and codes have one meaning, and say whether another letter could arrive."""
    wrong = []
    for refusal in REFUSALS:
        (bounce,) = classify.read(_report(refusal["said"], refusal["status"]).encode()).bounces
        if bounce.reason not in refusal["reason"].split("|") or bounce.hard != refusal.get(
            "hard", bounce.hard
        ):
            wrong.append((refusal["system"], bounce.reason, bounce.hard))
    assert wrong == []


def _report(said: str, status: str) -> str:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.small.example\nSubject: Undelivered Mail\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.small.example\n\n"
        f"Final-Recipient: rfc822; neko@cat.example\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}\n\n--b--\n"
    )


def test_what_people_write_is_read_in_their_language() -> None:
    """Paid, promised, disputed, asked, wrong person, no mail, away; signatures and quotes do not count.

    Words of a payment that is denied, asked about, planned, undone or of others are not taken for it. None is
    taken for another kind, and a person reads one in fifteen at most.
    """
    wrong: list[tuple[str, str]] = []
    unsure: list[tuple[str, str]] = []
    for answer in ANSWERS:
        reading = classify.read(_mail(answer["text"], answer.get("subject", "Re: Invoice 4711")).encode())
        if reading.kind not in answer["kind"].split("|"):
            (unsure if reading.kind == "unsure" else wrong).append((answer["text"], reading.kind))
    assert wrong == []
    assert len(unsure) <= len(ANSWERS) / 15, unsure


def test_what_was_never_seen_is_mostly_read_and_never_taken_for_another_kind() -> None:
    """Four in five of 160 answers are read, others go to a person; none is taken for another kind."""
    kinds = []
    for row in FRESH:
        mail = _mail(row["text"], row.get("subject", "Re: Invoice 4711"), **row.get("headers", {}))
        kinds.append((classify.read(mail.encode()).kind, row["kind"]))
    assert len(FRESH) == 160
    assert [pair for pair in kinds if pair[0] != "unsure" and pair[0] not in pair[1].split("|")] == []
    assert sum(kind in expected.split("|") for kind, expected in kinds) >= 128


@pytest.mark.parametrize(
    "text",
    [
        "The wisteria is out <script>alert(1)</script>.",
        "Our choir sings Bach in Saint Mary's on Sunday evening.",
        "Der Flieder im Stadtpark blüht dieses Jahr besonders früh.",
        "Les hirondelles nichent sous le toit de la grange.",
    ],
)
def test_what_is_of_other_matters_is_left_to_a_person(text: str) -> None:
    """Few of its words stand in any answer to a claim: likeness by chance is none."""
    assert classify.read(_mail(text, "Re: Invoice 4711").encode()).kind == "unsure"


def test_the_shipped_weights_are_those_of_the_labelled_answers() -> None:
    """An answer added without `python -m tools.recovery.replies.answer_classifier` is noticed."""
    rows = answer_classifier.labelled()
    fitted, shipped = answer_classifier.fitted(rows), answer_classifier.classifier()
    assert set(shipped.columns) == set(fitted.columns)
    assert all(shipped.read(text).intent == fitted.read(text).intent for text, kind in rows if kind)


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        (
            "Remittance Advice 88",
            "Paid to your account:\n4711  1,240.00\nDo not reply to this e-mail.",
            "paid",
        ),
        ("Zahlungsavis", "Rechnung 4711  1.240,00 EUR\nBitte antworten Sie nicht auf diese E-Mail.", "paid"),
        (
            "Re: Invoice 4711",
            "You will receive a remittance advice. This is an automated message.",
            "auto_reply",
        ),
        (
            "Payment advice",
            "4711  1,240.00 was rejected by the bank. Do not reply to this e-mail.",
            "auto_reply",
        ),
    ],
)
def test_a_remittance_advice_is_no_automatic_answer(subject: str, text: str, kind: str) -> None:
    """What a payer's system writes of a payment that was made is read; of one to come or failed it is not."""
    assert classify.read(_mail(text, subject).encode()).kind == kind


def _mail(text: str, subject: str, **headers: str) -> str:
    more = "".join(f"{name}: {value}\n" for name, value in headers.items())
    return more + (
        f"From: Ada Finch <ada@finch.example>\nTo: us@small.example\nSubject: {subject}\n"
        "Date: Mon, 23 Mar 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Ich bin bis Montag, 13. April nicht im Büro.", "2026-04-13"),
        ("Je suis absente jusqu'au 1er mai.", "2026-05-01"),
        ("Estoy fuera de la oficina hasta el 12 de abril de 2026.", "2026-04-12"),
        ("Ik ben afwezig tot en met 12 april.", "2026-04-12"),
        ("Sono in ferie dal 30/03/2026 al 12/04/2026.", "2026-04-12"),
        ("I am out of the office from 6 April to 20 April 2026.", "2026-04-20"),
    ],
)
def test_the_day_of_return_is_read(words: str, day: str) -> None:
    """Whoever is away gets no letter before; of a range the end counts."""
    assert str(classify.read(_mail(words, "Re: Invoice 4711").encode()).not_before) == day


@pytest.mark.parametrize(
    "text",
    [
        "The mail server of our bank could not deliver your statement, please call us.",
        "We paid on Monday. Please stop.",
        "Undeliverable goods were returned to you last week.",
        "",
    ],
)
def test_what_a_person_writes_is_no_bounce(text: str) -> None:
    """Words of mail systems in a person's letter make no returned mail of it."""
    mail = f"From: Ada Finch <ada@alder.example>\nTo: us@small.example\nSubject: Re: Money\n\n{text}\n"
    assert classify.read(mail.encode()).kind != classify.BOUNCE


def test_a_quoted_letter_does_not_count() -> None:
    """What our own letter said is not what was answered."""
    text = "Could you send us a copy?\n\n> we have paid the invoice twice\n"
    mail = f"From: a@b.example\nSubject: Re: Money\n\n{text}"
    assert classify.read(mail.encode()).kind == "question"


def test_an_answer_in_html_is_read_as_it_is_shown() -> None:
    """What it quotes of our letter, under its own mark, says nothing; its entities are letters."""
    html = (
        "<p>Hi,<br>I&#8217;ve checked &mdash; we don&rsquo;t agree,"
        " the second payment relates to another order.</p>"
        '<div class="gmail_quote">On Fri, 20 Mar 2026 Small Co wrote:<blockquote>'
        "<div>We have paid it twice.</div><div>To which account did it go?</div></blockquote></div>"
    )
    plain = "Content-Type: text/plain\n\n \n"
    mail = (
        "From: a@b.example\nSubject: Re: Money\nContent-Type: multipart/alternative; boundary=b\n\n"
        f"--b\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    )
    reading = classify.read(mail.encode())
    assert reading.kind == "dispute"
    assert reading.text.endswith("relates to another order.")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Karen is no longer with Finch Ltd. Please write to ar@finch.example.", "wrong_person"),
        ("Dieses Postfach wird nicht mehr gelesen. Bitte an ar@finch.example.", "wrong_person"),
        ("I am away until 6 April 2026. Karen is no longer with us.", "auto_reply"),
        ("Thank you, we have received your message. This mailbox is not monitored.", "auto_reply"),
    ],
)
def test_an_automatic_answer_for_somebody_who_left_is_no_absence(words: str, kind: str) -> None:
    """Nobody comes back to that address: a person finds another, instead of the letter going there again."""
    head = "From: a@b.example\nSubject: Automatic reply\nAuto-Submitted: auto-replied\n"
    mail = f"{head}Date: Mon, 23 Mar 2026 10:00:00 +0000\n\n{words}\n"
    assert classify.read(mail.encode()).kind == kind


def test_an_inbox_is_left_as_it_is(tmp_path: Path) -> None:
    """Reading a folder of mails removes nothing from it."""
    (tmp_path / "one.eml").write_bytes(b"From: a@b.example\nSubject: x\n\nhello\n")
    assert len(list(inbox.mails(tmp_path))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["one.eml"]
