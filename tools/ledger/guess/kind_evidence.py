"""What speaks for a kind of source: words of the file's name, of its titles and columns; what cells say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from tools.ledger.asides import plain
from tools.ledger.guess.balance_proof import BalanceProof
from tools.ledger.guess.bank_accounts import holds_bank_accounts
from tools.ledger.guess.column_map import paired_sides
from tools.ledger.guess.directions import sides
from tools.ledger.guess.file_column import IBAN, FileColumn
from tools.ledger.guess.flow_names import flows
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.proofs import Proofs
from tools.ledger.guess.tax_proof import is_of_wages
from tools.ledger.guess.vocabulary import Words, vocabulary, words
from tools.ledger.sources import TRANSACTIONS

_FILED: Final = 4.0  # what a file's name weighs
_LOOSE: Final = frozenset(("statement", "account"))  # words of file names that cards and ledgers bear, too
_LOOSELY: Final = 2.0
_TITLED: Final[Mapping[str, frozenset[str]]] = {
    "bank": frozenset(("iban", "bic", "balance", "bank")), "card": frozenset(("card",))
}  # fmt: skip
_COLUMNS: Final = 6.0  # what all words of columns weigh at most
_IDLE: Final = 1.0  # what the name of a balance weighs that does not run with the lines
_RUNNING: Final = 4  # lines that it would show on
_BALANCED: Final = 5.0  # what a running balance weighs
_BOTH_WAYS: Final = 2.0
_HEADED: Final = 8.0  # what accounts as headings weigh
_TRAFFIC: Final = 2.5  # what the words of payment traffic weigh
_OFTEN: Final = 0.3  # share of lines that have them
_NOMINAL: Final = 10.0  # what a nominal account in the titles weighs
_JOURNAL: Final = 8.0  # what entries that balance weigh
_CHARGED: Final = 4.5  # what lines that nearly all say card weigh
_NEARLY_ALL: Final = 0.8
_BILLED: Final = 4.0  # what net, tax and gross weigh
_DUE: Final = -5.0  # what days on which lines are due weigh against a bank
_DECIDED: Final = -2.5  # who of us prepared or approved a line weighs so much against a bank
_BY_US: Final = frozenset(("approved", "prepared"))
_SETTLED: Final = 1.5  # what a card's paid bill weighs
_VOUCHERS: Final = frozenset(("document", "journal", "split", "entry", "nominal"))
_PROCESSED: Final = frozenset(("payout", "psp", "interchange", "acquirer", "chargeback"))
_TAKEN: Final = frozenset(
    ("refunded", "captured", "collected")
)  # say so beside what it costs: a shop refunds orders, too
_COSTLY: Final = frozenset(("fee", "net", "settlement"))
_BELOW: Final = re.compile(r"\W*[-\u2212(]|.*-$")  # an amount below nought
_OF_CARDS: Final = frozenset(("card", "cardholder", "last4"))
NEVER: Final = -20.0  # outweighs all words: not this kind
_LOOSE_LEDGER: Final = -3.0  # a ledger's words without its two sides or its journal: how lines are coded
_FEW_SIGNS: Final = 0.1
_FEW: Final = 12  # accounts of ourselves
_APART: Final = 0.5
_LONG: Final = 6  # letters of a word that may go on: lastschrift, lastschrifteinzug


def score(file: FileProfile, kind: str, mapped: Mapping[str, str], proofs: Proofs) -> tuple[float, list[str]]:
    """Weigh what speaks for a kind; give the weight and the reasons, in words."""
    filed = [word for word in file_words(file) if word in vocabulary().filed[kind]]
    weights = _word_weights(file, kind, mapped)
    if "balance" in weights and proofs.balance is None and _is_idle(file):
        weights["balance"] = _IDLE
    titled = _TITLED.get(kind, frozenset()) & {word for line in file.titles for word in words(line)}
    values, reasons = _of_values(file, kind, mapped, proofs.balance)
    total = min(sum(weights.values()), _COLUMNS) + values
    total += (_LOOSELY if set(filed) <= _LOOSE else _FILED) if filed else 0.0
    total += _LOOSELY if titled else 0.0
    because = [f"its name says {', '.join(dict.fromkeys(filed))}"] if filed else []
    because += [f"its titles say {', '.join(sorted(titled))}"] if titled else []
    for weight, reason in _proven(file, kind, proofs):
        total += weight
        because.append(reason)
    if weights:
        because.append(f"it has {', '.join(sorted(weights, key=lambda w: -weights[w])[:4])}")
    return total, because + reasons


def _is_idle(file: FileProfile) -> bool:
    """Whether a column called a balance has one for each of several lines, none of which it runs with."""
    balances = [column for column in file.columns if "balance" in column.words and column.is_amount]
    return len(file.lines) >= _RUNNING and any(c.filled > _NEARLY_ALL for c in balances)


def _proven(file: FileProfile, kind: str, proofs: Proofs) -> Iterator[tuple[float, str]]:
    """Give what proofs and titles say beyond doubt for a kind."""
    if kind == "ledger" and _is_of_an_account(file):
        yield _NOMINAL, "its titles name an account of the ledger"
    if kind == "ledger" and file.both_sides:
        yield _JOURNAL, "each line has the account of its debit and of its credit"
    if kind == "ledger" and proofs.journal:
        yield _JOURNAL, proofs.journal.why
    of_wages = proofs.tax is not None and is_of_wages(file, proofs.tax)
    if kind == "invoice" and proofs.tax and not of_wages:
        yield _BILLED, "its net and tax give the gross"
    if kind == "payment" and of_wages:
        yield _BILLED, "what employees are paid and what is withheld give the gross"


def _is_of_an_account(file: FileProfile) -> bool:
    """Whether the lines before the header say that a ledger's account follows."""
    cells = [words(cell) for line in file.titles for cell in re.split(r"[,;\t|]", line)]
    return any("nominal" in cell or {"ledger", "account"} <= set(cell) for cell in cells)


def file_words(file: FileProfile) -> Words:
    """Give the words of a file's name."""
    return words(file.paths[0].stem)


def goes_both_ways(file: FileProfile) -> bool:
    """Whether a column says of each line on which side it is, and both sides occur."""
    return any(sides(column) is not None for column in file.columns)


def has_both_signs(column: FileColumn) -> bool:
    """Whether amounts come and go: of the fewer, one in ten at least."""
    if not column.is_amount or not is_money(column):
        return False
    below = sum(n for value, n in column.values.items() if _BELOW.match(value))
    total = sum(column.values.values())
    return min(below, total - below) >= _FEW_SIGNS * total


def is_statement(file: FileProfile, proof: BalanceProof | None) -> bool:
    """Whether lines are dated and money comes and goes on them: postings, no list of people or of rates."""
    dated = any(column.is_day and column.filled > _APART for column in file.columns)
    both = goes_both_ways(file) or any(map(has_both_signs, file.columns)) or bool(paired_sides(file))
    return dated and (proof is not None or both)


def _of_values(
    file: FileProfile, kind: str, mapped: Mapping[str, str], proof: BalanceProof | None
) -> tuple[float, list[str]]:
    """Weigh what the values say: a running balance is a bank's, accounts as headings are a ledger's."""
    if file.headings and not file.heads_parties:
        return (_HEADED, ["its postings stand under the accounts' names"]) if kind == "ledger" else (0.0, [])
    if kind == "bank":
        return _of_a_bank(file, proof)
    if kind == "card" and not _takes_money(file) and (weighed := _of_a_card(file, mapped, proof)):
        return weighed
    if (kind in ("card", "payment", "ledger", "invoice") and _takes_money(file)) or (
        kind == "payment" and _comes_and_goes(file, mapped)
    ):
        return NEVER, []
    return (_LOOSE_LEDGER if kind == "ledger" and not _is_structured(file, mapped) else 0.0), []


def _of_a_card(
    file: FileProfile, mapped: Mapping[str, str], proof: BalanceProof | None
) -> tuple[float, list[str]] | None:
    if proof is None and _is_typed_card(file):
        return _CHARGED, ["a column says of nearly all lines that a card was used"]
    if _is_paid_down(file, mapped):
        return _CHARGED, ["the lines that pay the card's bill are below nought, the others above"]
    if _share(file, vocabulary().card_traffic):
        return _SETTLED, ["its lines say that the card's bill was paid"]
    return None


def _is_structured(file: FileProfile, mapped: Mapping[str, str]) -> bool:
    """Whether a ledger is called one, or has its journal, its vouchers or both sides of its accounts."""
    if "journal_id" in mapped or set(vocabulary().filed["ledger"]) & set(file_words(file)):
        return True
    column_words = {word for column in file.columns if column.values for word in column.words}
    if "account" in mapped and holds_bank_accounts(file.column(mapped["account"])):
        return False
    if {"assignment", "document"} <= column_words:
        return True  # a list of line items
    has_vouchers, has_sides = bool(_VOUCHERS & column_words), {"debit", "credit"} <= mapped.keys()
    return has_vouchers and has_sides if "account" not in mapped else has_vouchers or has_sides


def _is_typed_card(file: FileProfile) -> bool:
    """Whether a column of few values says on nearly all lines that a card was used."""
    for column in file.columns:
        says = sum(n for value, n in column.values.items() if "card" in words(value))
        if column.is_text and len(column.values) <= _FEW and says >= _NEARLY_ALL * file.rows:
            return True
    return False


def _is_paid_down(file: FileProfile, mapped: Mapping[str, str]) -> bool:
    """Whether what pays a bill is negative and nearly all else positive: no bank's account counts so."""
    says = _saying(vocabulary().card_paid)
    at = file.names.index(mapped["amount"]) if "amount" in mapped else None
    signs: dict[bool, list[bool]] = {True: [], False: []}
    for line in file.lines if at is not None else ():
        pays = any(says.search(plain(cell)) for cell in line if cell)
        signs[pays].append(bool(_BELOW.match(line[at or 0])))
    paid, rest = signs[True], signs[False]
    return bool(paid and rest) and all(paid) and rest.count(False) >= _NEARLY_ALL * len(rest)


def _takes_money(file: FileProfile) -> bool:
    """Whether a payment processor wrote the file: customers' payments, captured, refunded and paid out."""
    named = {word for column in file.columns for word in column.words}
    return bool(_PROCESSED & named or (_TAKEN & named and _COSTLY & named))


def _comes_and_goes(file: FileProfile, mapped: Mapping[str, str]) -> bool:
    return "amount" in mapped and has_both_signs(file.column(mapped["amount"]))


def _of_a_bank(file: FileProfile, proof: BalanceProof | None) -> tuple[float, list[str]]:
    weight, reasons = 1.0 if any(map(_names_bank_accounts, file.columns)) else 0.0, list[str]()
    if proof:
        weight += _BALANCED
        reasons.append("it has a running balance")
    if _takes_money(file):
        weight += _BOTH_WAYS
        reasons.append("a payment processor's columns")
    if proof is None and any(column.is_day and "due" in column.words for column in file.columns):
        weight += _DUE
    if proof is None and any(column.is_text and _BY_US & set(column.words) for column in file.columns):
        weight += _DECIDED
    if flows(file):
        weight += _BOTH_WAYS
        reasons.append("columns of money in and money out")
    if goes_both_ways(file) and not _is_typed_card(file):
        weight += _BOTH_WAYS
        reasons.append("a column says of each line whether money comes or goes")
    if _share(file, vocabulary().bank_traffic) >= _OFTEN:
        weight += _TRAFFIC
        reasons.append("its lines say how banks move money")
    return weight, reasons


def _share(file: FileProfile, phrases: Sequence[str]) -> float:
    """Give the share of lines that say one of the phrases, in the column that says most."""
    says = _saying(tuple(phrases))
    texts = [column for column in file.columns if column.values and column.is_text]
    counts = [
        sum(n for value, n in list(column.values.items())[:500] if says.search(plain(value)))
        for column in texts
    ]
    return max(counts, default=0) / max(file.rows, 1)


@cache
def _saying(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longer = "|".join(
        re.escape(plain(phrase)) + (r"\w*" if len(phrase) >= _LONG else "") for phrase in phrases
    )
    return re.compile(rf"(?<![^\W_])(?:{longer.replace(chr(92) + ' ', '[ -]+')})(?![^\W_])")


def _names_bank_accounts(column: FileColumn) -> bool:
    """Whether a column holds one account's IBAN, or few; or is called so and holds a bank's numbers."""
    values = [value.replace(" ", "") for value in column.values]
    if 0 < len(values) <= _FEW and all(map(IBAN.fullmatch, values)):
        return True
    return "account" in column.words and holds_bank_accounts(column)


def _word_weights(file: FileProfile, kind: str, mapped: Mapping[str, str]) -> dict[str, float]:
    """Weigh the words of column names that tell the kind; of a supporting kind, the columns that it maps.

    The day on which something went to the ledger stands in every subledger, too; a receipt has a number or a
    day of its own, where other books say whether there is one. What no line fills says nothing.
    """
    if kind not in TRANSACTIONS:
        return dict.fromkeys(mapped.values(), 1.0)
    telling = [c for c in file.columns if _says_something(c) and (kind != "ledger" or not _is_of_banks(c))]
    if kind == "card":  # a bank names the card on those of its lines that were paid by it
        telling = [c for c in telling if c.filled > _APART or not _OF_CARDS & set(c.words)]
    if kind == "receipt":
        telling = [column for column in telling if column.distinct >= _APART or column.is_date]
    column_words = {word for column in telling for word in column.words}
    return {word: weight for word, weight in vocabulary().column_words[kind].items() if word in column_words}


def _says_something(column: FileColumn) -> bool:
    """Whether a column has values, and not nought alone."""
    return any(re.search(r"[^\W0]", value) for value in column.values)


def _is_of_banks(column: FileColumn) -> bool:
    """Whether a column's name says nothing of a ledger: a day, or a bank's account and no ledger's."""
    return column.is_day or ("account" in column.words and holds_bank_accounts(column))
