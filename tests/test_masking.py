"""What must not leave is replaced, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.models.masking import Mask, plain, tokens

NAMES = [("PERSON", "Dana Ortiz"), ("PERSON", "Dana"), ("VENDOR", "Acme Widgets"), ("VENDOR", "Acme")]
SECRETS = [
    ("write to dana.ortiz+x@desk.example.com please", "dana.ortiz"),
    ("card 4012 8888 8888 1881 was used", "8888"),
    ("card 4012-8888-8888-1881", "4012"),
    ("PAN4012888888881881", "4012888888881881"),
    ("account 12345678", "12345678"),
    ("IBAN DE89 3704 0044 0532 0130 00", "3704"),
    ("IBAN GB82WEST12345698765432", "WEST"),
    ("ssn 123-45-6789", "6789"),
    ("ein 12-3456789", "3456789"),
    ("call +1 (415) 555-0132", "0132"),
    ("card ending in 1881", "1881"),
    ("xxxx 1881", "1881"),
    ("Dana Ortiz said so", "Dana"),
    ("ask DANA ORTIZ", "ORTIZ"),
    ("paid to acme widgets", "acme"),
    ("Acme's invoice", "Acme"),
    ("Thanks, Roberta", "Roberta"),
    ("Dear Kim Lee,", "Kim"),
    ("Dana_Ortiz", "Ortiz"),
    ("danaortiz1990 on the portal", "ortiz"),
    ("DANA, ORTIZ", "ORTIZ"),
    ("D\u00e1na Ort\u00edz", "Ort"),
    ("dana (at) desk (dot) example", "desk"),
    ("dana at desk dot example", "desk"),
    ("see https://acme.example/login?u=7", "login"),
    ("portal.acmewidgets.com", "acmewidgets"),
    ("card 4012.8888.8888.1881", "8888"),
    ("card 4012\u20138888\u20138888\u20131881", "8888"),
    ("card 4012_8888_8888_1881", "8888"),
    ("card 4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1", "8 8 8"),
    ("last four: 1881", "1881"),
    ("\u2022\u2022\u2022\u2022 1881", "1881"),
    ("iban de89 3704 0044 0532 0130 00", "3704"),
    ("IBAN DE89-3704-0044-0532-0130-00", "3704"),
    ("VAT DE123456789", "123456789"),
    ("USt-ID ATU12345678", "12345678"),
    ("ACCT00123456", "123456"),
    ("ssn 123 45 6789", "6789"),
    ("ssn 123.45.6789", "6789"),
]
DISGUISED = [
    (
        "\uff14\uff10\uff11\uff12 \uff18\uff18\uff18\uff18 \uff18\uff18\uff18\uff18 \uff11\uff18\uff18\uff11",
        "8888",
    ),
    ("4012\u200b8888\u200b8888\u200b1881", "8888"),
    ("4012\u00a08888\u00a08888\u00a01881", "8888"),
    ("Da\u200dna Or\u00adtiz", "rtiz"),
    ("\uff24\uff41\uff4e\uff41 Ortiz", "Dana"),
]
UNMASKED = [
    "03.04.2025 and 3/4/2025",
    "1.234.567,89 EUR",
    "version 1.2.3 of the report",
    "12,345.50 USD on 2025-03-04",
    "1234567.89 USD",
    "row T1 of 50,000.00 USD, posted on 2025-03-04 10:00:00",
    "INV-0077",
    "z 7.25, against 3.5",
    "147 rows of the period",
    "difference 1,234,567,890.12 USD",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_hidden_and_comes_back(text: str, secret: str) -> None:
    """Addresses, accounts, cards, tax numbers, phones and names."""
    mask = Mask(NAMES)
    hidden = mask.hide(text)
    assert secret.casefold() not in hidden.casefold()
    assert mask.show(hidden) == text


@pytest.mark.parametrize(("text", "secret"), DISGUISED)
def test_a_disguised_secret_is_hidden_too(text: str, secret: str) -> None:
    """Full-width digits, characters that cannot be seen, spaces that do not break."""
    hidden = plain(Mask(NAMES).hide(text))
    assert secret.casefold() not in hidden.casefold()


@pytest.mark.parametrize("text", UNMASKED)
def test_amounts_days_and_numbers_of_documents_stay(text: str) -> None:
    """What the model has to reason with is not hidden."""
    assert Mask(NAMES).hide(text) == text


LETTERS = [
    ("Please ask Maria Gonzalez about the Purchase Order", ["Maria", "Gonzalez"]),
    ("it was agreed with Tom and Jean-Luc van der Berg", ["Tom", "Jean-Luc", "Berg"]),
    ("Mr. O'Neill called", ["Neill"]),
    ("signed: J\u00fcrgen M\u00fcller", ["rgen", "ller"]),
    ("Please April Jones, Bill Gray", ["April", "Jones", "Gray"]),
    ("Please Maria, see to it", ["Maria"]),
    ("cc: Wei Chen; from Priya", ["Wei", "Chen", "Priya"]),
]


@pytest.mark.parametrize(("text", "secrets"), LETTERS)
def test_names_that_the_books_do_not_know_are_hidden_in_letters(text: str, secrets: list[str]) -> None:
    """What reads like a name, in what somebody wrote."""
    mask = Mask()
    hidden = mask.hide(text, letter=True)
    assert [secret for secret in secrets if secret in hidden] == []
    assert mask.show(hidden) == text


@pytest.mark.parametrize(
    "text", ["Best Regards", "the Purchase Order of March", "See Invoice INV-77 from Monday", "PAID IN FULL"]
)
def test_ordinary_words_of_a_letter_stay(text: str) -> None:
    """Sentences begin with capitals, too."""
    assert Mask().hide(text, letter=True) == text


def test_the_same_text_gets_the_same_token() -> None:
    """So that a model can see that two facts speak of one person."""
    mask = Mask(NAMES)
    assert tokens(mask.hide("Dana Ortiz")) == tokens(mask.hide("it was DANA ORTIZ"))


def test_a_written_token_is_no_token() -> None:
    """Who writes [PERSON_1] into a memo does not get the name of person 1."""
    mask = Mask(NAMES)
    mask.hide("Dana Ortiz")
    assert mask.show(mask.hide("[PERSON_1]")) == "(PERSON_1)"


def test_a_conversation_goes_on_with_its_tokens() -> None:
    """In another process, too: what was hidden before gets its token again."""
    mask = Mask(NAMES)
    masked = mask.hide("Dana Ortiz paid Acme Widgets")
    later = Mask(NAMES, mask.tokens)
    assert later.hide("Acme Widgets and Dana Ortiz") == " and ".join(reversed(masked.split(" paid ")))
    assert later.show(masked) == "Dana Ortiz paid Acme Widgets"


def test_an_unknown_token_stays_as_it_is() -> None:
    """Nothing is invented for it."""
    assert Mask().show("[PERSON_7]") == "[PERSON_7]"


@given(st.text(max_size=200))
def test_hiding_and_showing_gives_the_text_back(text: str) -> None:
    """Whatever the text, in plain characters, unless it held tokens itself."""
    mask = Mask(NAMES)
    assert tokens(plain(text)) or mask.show(mask.hide(text)) == plain(text)


@given(
    st.text("abc @.019-", max_size=60),
    st.sampled_from(["dana@desk.example", "4012 8888 8888 1881", "Dana Ortiz"]),
)
def test_a_secret_is_hidden_wherever_it_stands(around: str, secret: str) -> None:
    """Between other words it is found just the same."""
    hidden = Mask(NAMES).hide(f"{around} ; {secret} ; {around}")
    assert secret not in hidden
