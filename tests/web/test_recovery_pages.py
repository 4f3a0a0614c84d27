"""A claim's thread, the answers that wait for a person, and letters whole: as a mail program shows them."""

from __future__ import annotations

import io
from typing import Any

import pypdf
from sqlalchemy import select

from tests.clocks import TurnedClock
from tests.recovery import debts
from tests.web.conftest import Browser
from tools.core import clock
from tools.recovery import scout, states
from tools.recovery.replies import apply, mail_view
from tools.store import Store, runs
from tools.store.models import Letter, RecoveryClaim, Reply
from tools.store.writes import insert_new

ANSWER = b"""\
From: Bo <bo@party.example>
To: us@small.example
Date: Tue, 3 Mar 2026 13:00:00 +0100
Subject: Re: Money
In-Reply-To: <L-1@small.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8

The wisteria is out <script>alert(1)</script>.

On Mon, 2 Mar 2026 at 12:00, Small Books wrote:
> you owe us
> a hundred

--c
Content-Type: text/html; charset=utf-8

<p>The wisteria is out, in colour.</p>

--c--
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="garden plan.pdf"

x
--b--
"""
RETURNED = b"""\
From: MAILER-DAEMON@mx.party.example
To: us@small.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.party.example

Final-Recipient: rfc822; bo@party.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <bo@party.example>: User unknown (in reply to RCPT TO command)

--b
Content-Type: message/rfc822

Message-ID: <L-1@small.example>
Subject: Money

100.00
--b--
"""


def test_a_mail_is_shown_without_what_it_quotes() -> None:
    """Of alternatives the plain one, once; quotes apart; attachments by name, the returned mail, too."""
    shown = mail_view.view(ANSWER)
    assert shown.text == "The wisteria is out <script>alert(1)</script>."
    assert shown.quoted.splitlines() == [
        "On Mon, 2 Mar 2026 at 12:00, Small Books wrote:", "> you owe us", "> a hundred"
    ]  # fmt: skip
    assert shown.attachments == ("garden plan.pdf",)
    assert mail_view.view(RETURNED).attachments == ("the mail that was returned",)
    assert mail_view.view(b"\xff\xfe no mail at all").to == ""


def test_the_thread_reads_like_a_mail_programs(visitor: Browser, store: Store) -> None:
    """Letter, answer, bounce in the order of time; the mail as it came to save; a letter whole and as PDF."""
    claim_id = _claim_with_letter(store)
    with clock.using(TurnedClock(debts.NOON)):
        for raw in (ANSWER, RETURNED):
            assert apply.receive(store, raw, debts.RULES) is not None
    visitor.sign_in("dana")
    text = visitor.get(f"/desk/claims/{claim_id}").text
    marks = ("To bo@party.example", "From bo@party.example", "garden plan.pdf", "What it quotes", "came back")
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "for good" in text
    assert "(5.1.1)" in text
    assert "<script>alert" not in text
    assert "the last line of a long letter" in text
    with store.read() as session:
        reply_id = next(r.reply_id for r in session.scalars(select(Reply)) if r.kind == "unsure")
    saved = visitor.get(f"/desk/replies/{reply_id}.eml")
    assert saved.content == ANSWER
    assert saved.headers["Content-Disposition"].startswith("attachment")
    printed = visitor.get("/desk/letters/L-1.pdf")
    pages = pypdf.PdfReader(io.BytesIO(printed.content)).pages
    assert "the last line of a long letter" in "".join(page.extract_text() for page in pages)
    assert visitor.get("/desk/letters/L-2.pdf").status_code == 404


def test_a_person_says_what_an_unsure_mail_is(visitor: Browser, store: Store) -> None:
    """It waits on a page of its own with its words; what a person chooses is acted on; then it is gone."""
    claim_id = _claim_with_letter(store)
    with clock.using(TurnedClock(debts.NOON)):
        received = apply.receive(store, ANSWER, debts.RULES)
    assert received is not None
    visitor.sign_in("dana")
    assert "The wisteria is out" in visitor.get("/desk/replies").text
    place = f"/desk/replies/{received.reply_id}/settle"
    assert visitor.send_form(place, kind="nonsense", back="/desk/replies") >= 400
    assert visitor.send_form(place, kind="dispute", back="/desk/replies") == 303
    assert "No answer waits" in visitor.get("/desk/replies").text
    with store.read() as session:
        assert session.get_one(RecoveryClaim, claim_id).hold == "dispute"


def test_who_names_another_account_is_shown_with_what_to_do(visitor: Browser, store: Store) -> None:
    """A mail that may divert payments waits, and beside it stands how to make sure."""
    _claim_with_letter(store)
    words = b"Please pay to our new bank account from now on."
    with clock.using(TurnedClock(debts.NOON)):
        apply.receive(store, ANSWER.replace(b"The wisteria is out", words), debts.RULES)
    visitor.sign_in("dana")
    assert "ask by a number that you know" in visitor.get("/desk/replies").text


def _claim_with_letter(store: Store) -> str:
    runs.start(store, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    draft = debts.claim(1)
    with clock.using(TurnedClock(debts.NOON)):
        scout.keep(store, "r1", [draft], debts.RULES)
        with store.begin() as session:
            claim = session.get_one(RecoveryClaim, draft.claim_id)
            for state in ("enriched", "scored", "approved", "contacted"):
                states.move(session, claim, state, by="dana")
            session.flush()
            insert_new(session, Letter, [_letter(claim.claim_id)])
    return draft.claim_id


def _letter(claim_id: str) -> dict[str, Any]:
    body = "100.00\n" + "and so on and so on\n" * 200 + "the last line of a long letter\n"
    return {
        "letter_id": "L-1", "claim_id": claim_id, "run_id": "r1", "level": 1, "attempt": 1, "language": "en",
        "recipient": "bo@party.example", "subject": "Money", "body": body, "template_body": body,
        "amount_minor": 10_000, "currency": "USD", "status": "sent", "message_id": "<L-1@small.example>",
        "in_reply_to": "", "headers": {"From": "us@small.example"}, "approved_by": "dana", "edited_by": "",
        "note": "", "doubled": 0, "drafted_at": debts.NOON, "approved_at": debts.NOON, "sent_at": debts.NOON,
    }  # fmt: skip
