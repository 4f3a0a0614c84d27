"""Whose words an answer has: its writer's, ours that it quotes, or a colleague's that it passes on."""

from __future__ import annotations

import pytest

from tools.recovery.replies import answers, classify
from tools.recovery.replies.answer_text import latest

OURS = "> our books show that invoice RX-7718 was paid twice.\n> please return it."
ABOVE = [
    "El jue, 12 nov 2026 a las 8:40, Halvard (<pay@halvard.example>) escribió:",
    "Le jeu. 12 nov. 2026 à 08:40, Halvard Payables <pay@halvard.example> a\nécrit :",
    "Am Do., 12. Nov. 2026 um 08:40 Uhr schrieb Halvard Payables <\npay@halvard.example>:",
    "Op do 12 nov 2026 om 08:40 schreef Halvard Payables <pay@halvard.example>:",
    "On Nov 12, 2026, at 8:40 AM, Halvard Payables <pay@halvard.example>\nwrote:",
]
HEADS = [
    "From: {}\nSent: Monday, November 16, 2026 4:10 PM\nTo: Ann <ann@small.example>\nSubject: RE: x\n",
    "Von: {}\nGesendet: Montag, 16. November 2026 11:02\nAn: Ann <ann@small.example>\nBetreff: AW: x\n",
    "De : {}\nEnvoyé : lundi 16 novembre 2026 11:02\nÀ : Ann <ann@small.example>\nObjet : RE: x\n",
    "De: {}\nEnviado el: lunes, 16 de noviembre de 2026 8:40\nPara: Ann <ann@small.example>\nAsunto: x\n",
    "From: {}\nSubject: Re: x\nDate: 16 November 2026 at 15:20:11 CET\nTo: Ann <ann@small.example>\n",
]


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("first", [True, False])
def test_the_line_above_what_is_quoted_is_nobodys_word(above: str, *, first: bool) -> None:
    """Wrapped or not, with the address in brackets, and the new words above or below."""
    parts = ["It went out on Friday.", f"{above}\n{OURS}"]
    assert latest("\n\n".join(parts if first else parts[::-1])) == "It went out on Friday."


@pytest.mark.parametrize("head", HEADS)
def test_a_head_of_a_mail_program_ends_the_new_words(head: str) -> None:
    """Also where the library does not know the language's wording."""
    text = f"It went out on Friday.\n\n{head.format('Halvard <pay@halvard.example>')}\nplease pay"
    assert latest(text) == "It went out on Friday."


def _mail(text: str) -> bytes:
    head = "From: Ann <ann@small.example>\nSubject: Re: Credit note 5520 not taken\nDate: Tue, 17 Nov 2026"
    return f"{head} 09:12:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode()


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    ("writer", "kind"),
    [
        ("Bo Lind <bo@small.example>", "paid"),
        ("Bo Lind", "paid"),  # Outlook, within one house
        ("Bo Lind <bo@elsewhere.example>", "unsure"),
        ("Halvard <pay@halvard.example>", "unsure"),
    ],
)
def test_what_a_colleague_says_counts_where_it_is_only_passed_on(head: str, writer: str, kind: str) -> None:
    """Of somebody in the sender's own house; who else's words they are, a person reads."""
    words = "We transferred this back to them on 10 November, reference 7781."
    reading = classify.read(_mail(f"FYI, see below.\n\n{head.format(writer)}\n{words}"))
    assert reading.kind == kind


def test_what_is_said_above_a_colleagues_words_goes_first() -> None:
    """A note that says more than a few words is the answer."""
    own = "Bo is mistaken here. I have looked at it again today, give me until next week to sort this out."
    head = HEADS[0].format("Bo Lind <bo@small.example>")
    assert classify.read(_mail(f"{own}\n\n{head}\nWe transferred this on 10 November.")).kind != "paid"


@pytest.mark.parametrize("prefix", ["Re:", "AW:", "RE: RE:", "Antw:", "RV:", "Fwd:"])
def test_the_subject_of_our_own_letter_is_no_answer(prefix: str) -> None:
    """What our subject names is our word; a wish to leave counts wherever it stands."""
    subject = f"{prefix} Credit note 5520 not taken, transferred on 3 March"
    assert answers.read(f"{subject}\nI don't accept this, we owe you nothing.").kind == "dispute"
    assert answers.read(f"{prefix} please unsubscribe me\nThanks.").kind == "opt_out"


def test_a_subject_in_raw_utf_8_is_read() -> None:
    """As some mail programs send it, without encoded words (RFC 6532)."""
    raw = _mail("À bientôt").replace(
        b"Re: Credit note 5520 not taken", "Réponse automatique : absente".encode()
    )
    assert (classify.read(raw).kind, classify.read(raw).subject[:7]) == ("auto_reply", "Réponse")


@pytest.mark.parametrize(
    "text",
    [
        "Happy to refund. First please pay 60120 to our new account, details attached.",
        "Our account at Nordbank is blocked. Please send all amounts to our subsidiary's account.",
        "Wir haben die Bank gewechselt, bitte zahlen Sie künftig auf das neue Konto.",
        "Nous avons changé de banque, veuillez régler sur le nouveau RIB ci-joint.",
        "Hemos cambiado de cuenta, les rogamos que paguen a la nueva cuenta bancaria.",
        "You are right, we will refund it. Kindly update our beneficiary details before your next payment.",
    ],
)
def test_whoever_names_another_account_to_pay_to_is_read_by_a_person(text: str) -> None:
    """Payment diversion: whatever else is granted or asked, and the reason stands beside the mail."""
    reading = classify.read(_mail(text))
    assert reading.kind == "unsure"
    assert "another account" in reading.remark


def test_a_question_for_our_own_bank_details_is_one() -> None:
    """Who wants to pay asks where to."""
    assert classify.read(_mail("Could you send us your new bank details for the refund?")).kind == "question"
