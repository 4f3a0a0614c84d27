"""In which currency a source counts: by a column, a header, cells, titles, or the country of its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from tools.ledger.cells import CODES, SIGNS
from tools.ledger.guess.file_column import IBAN, FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.vocabulary import letters, vocabulary, words

_MOST_ROWS: Final = 0.9  # share of cells that are codes
_USUAL: Final = {"£": "GBP", "¥": "JPY"}  # of signs that several currencies have
_MONEY: Final = frozenset(("amount", "debit", "credit"))
_FILLED: Final = 0.95
_SURE_SIGNS: Final = {
    sign: codes for sign, codes in SIGNS.items() if " " not in codes and (len(sign) > 1 or not sign.isascii())
} | _USUAL
_SPACED: Final = r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4})+(?: [A-Z0-9]{1,4})?"
_ACCOUNTS: Final = {
    "GBP": re.compile(r"\d{2}-\d{2}-\d{2} ?\d{8}|'?\d{6}-\d{8}|'\d{2}-\d{2}-\d{2}"),
    "NZD": re.compile(r"\d{2}-\d{4}-\d{7}-\d{2,3}"),
}
# Of scripts that one country writes.
_SCRIPTS: Final = {
    "JPY": re.compile("[\u3041-\u30ff]"),
    "KRW": re.compile("[\uac00-\ud7a3]"),
    "THB": re.compile("[\u0e01-\u0e5b]"),
    "ILS": re.compile("[\u05d0-\u05ea]"),
    "GEL": re.compile("[\u10d0-\u10fa]"),
    "AMD": re.compile("[\u0531-\u0586]"),
}
_GROUPS: Final = {
    "INR": re.compile(r"(^|\D)\d{1,2}(,\d{2})+,\d{3}(\D|$)"),
    "CHF": re.compile(r"\d['\u2019]\d{3}(\D|$)"),
}


def set_currency(draft: SourceDraft) -> None:
    """Take the column that holds currencies, or the one that an amount's column names or its values carry."""
    _unset_names(draft)
    _prefer_header(draft)
    if "currency" in draft.columns | draft.options or not _MONEY & set(draft.columns):
        return
    coded = next((column for column in draft.file.columns if _holds_currencies(column)), None)
    if coded and coded.name not in draft.columns.values() and not vocabulary().foreign & set(coded.words):
        draft.columns["currency"] = coded.name
        draft.why["columns.currency"] = f"its values are currencies: {', '.join(sorted(coded.values)[:3])}"
        return
    columns = draft.mapped(*sorted(_MONEY), "balance")
    code, why = _in_header(columns)
    if not code:
        code, why = _in_cells(columns)
    if not code:
        code, why = _in_words(draft.file)
    if not code and coded and len(coded.values) == 1:
        code, why = next(iter(coded.values)).upper(), f"CHECK: {coded.name} says nothing else"
    if code:
        draft.options["currency"], draft.why["currency"] = code, why


def _prefer_header(draft: SourceDraft) -> None:
    """Take the currency that the amount's column names over a column of others: those of the purchases."""
    code, why = _in_header(draft.mapped("amount"))
    if code and "currency" in draft.columns and draft.column("currency").values.keys() - {code}:
        other = draft.columns.pop("currency")
        draft.options["currency"], draft.why["currency"] = code, f"{why}; {other} says others"


def _in_header(columns: Sequence[FileColumn]) -> tuple[str, str]:
    """Give the currency that an amount's column names: Betrag (€), Bedrag (EUR), Umsatz in CHF."""
    for column in columns:
        codes = [word.upper() for word in words(column.name) if word.upper() in CODES]
        codes += [
            vocabulary().currencies[word] for word in words(column.name) if word in vocabulary().currencies
        ]
        signs = [sign for sign in _SURE_SIGNS if sign in column.name]
        if codes or signs:
            return (codes[0] if codes else _SURE_SIGNS[signs[0]]), f"the column's name says it: {column.name}"
    return "", ""


def _in_cells(columns: Sequence[FileColumn]) -> tuple[str, str]:
    """Give the currency that amounts carry, as a sign or as a code."""
    values = [value for column in columns for value in list(column.values)[:200]]
    codes = Counter(code for value in values for code in re.findall(r"[A-Z]{3}", value) if code in CODES)
    if codes:
        code = codes.most_common(1)[0][0]
        return code, f"amounts carry {code}"
    signs = [sign for sign in _SURE_SIGNS if any(sign in value for value in values)]
    return (_SURE_SIGNS[max(signs, key=len)], f"amounts carry {max(signs, key=len)}") if signs else ("", "")


def _in_words(file: FileProfile) -> tuple[str, str]:
    """Give the currency of the country that IBANs and words of the file speak of: a guess."""
    names = [*file.names, *(part for parts in file.both_sides.values() for part in parts)]
    stem = file.paths[0].stem
    texts = [*names, *(value for column in file.columns for value in list(column.values)[:100])]
    texts += [stem, *stem.split(), *(word for line in file.titles for word in re.split(r"[\s;,\"']+", line))]
    texts += [re.sub(r"\s", "", part) for line in file.titles for part in re.findall(_SPACED, line)]
    joined = " ".join((*names, *file.titles)).casefold()
    ways = (
        _of_ibans(texts),
        _of_titles(file),
        _of_hints(texts, joined),
        _of_script(joined),
        _of_country(file),
        _of_accounts(texts),
    )
    return next((way for way in ways if way[0]), _of_groups(file))


def _of_ibans(texts: Sequence[str]) -> tuple[str, str]:
    ibans = Counter(
        vocabulary().iban_currencies[text[:2]]
        for text in (text.replace(" ", "") for text in texts)
        if IBAN.fullmatch(text) and text[:2] in vocabulary().iban_currencies
    )
    if not ibans:
        return "", ""
    code = ibans.most_common(1)[0][0]
    return code, f"CHECK: its IBANs are of a country that counts in {code}"


def _of_titles(file: FileProfile) -> tuple[str, str]:
    """Give the code that the titles name: after the word for currency, apart, in running text as a guess."""
    coded = [
        (line, code) for line in file.titles for code in re.findall(r"\b[A-Z]{3}\b", line) if code in CODES
    ]
    ways = (
        [code for line, code in coded if "currency" in words(line)],
        [
            *(code for line, code in coded if _stands_apart(code, line)),
            *(_SURE_SIGNS[sign] for line in file.titles for sign in _SURE_SIGNS if sign in line),
        ],
    )
    for named in ways:
        if named:
            code = Counter(named).most_common(1)[0][0]
            return code, f"the lines before the header say {code}"
    running = Counter(code for _, code in coded).most_common(1)
    return (running[0][0], f"CHECK: a title has {running[0][0]} among its words") if running else ("", "")


def _stands_apart(code: str, line: str) -> bool:
    """Whether a code has a cell, brackets or the side of an amount for itself: none of a name (SDN BHD)."""
    apart = rf"(?:^|[;,\t|:()\[\]\"'/=-])\s*{code}\s*(?:$|[;,\t|:()\[\]\"'/=-])"
    return bool(re.search(rf"{apart}|\d\s*{code}\b|\b{code}\s*-?\d", line))


def _of_hints(texts: Sequence[str], joined: str) -> tuple[str, str]:
    words_ = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold())}
    for code, hints in vocabulary().currency_hints.items():
        hint = next((h for h in hints if h in words_ or (_is_phrase(h) and h in joined)), None)
        if hint:
            return code, f"CHECK: {hint.upper()} is of a country that counts in {code}"
    return "", ""


def _of_script(joined: str) -> tuple[str, str]:
    code = next((code for code, script in _SCRIPTS.items() if script.search(joined)), "")
    return (
        code,
        f"CHECK: its columns are named in the script of a country that counts in {code}" if code else "",
    )


def _of_country(file: FileProfile) -> tuple[str, str]:
    """Give the currency of the country that nearly all cells of a column of countries name."""
    for column in file.columns:
        named = Counter[str]()
        for value, lines in column.values.items() if "country" in column.words else ():
            named[vocabulary().countries.get(letters(value), "")] += lines
        code, lines = named.most_common(1)[0] if named else ("", 0)
        if code and lines >= _MOST_ROWS * named.total():
            return code, f"CHECK: {column.name} names a country that counts in {code}"
    return "", ""


def _of_accounts(texts: Sequence[str]) -> tuple[str, str]:
    for code, shape in _ACCOUNTS.items():
        account = next((text for text in texts if shape.fullmatch(text)), None)
        if account:
            return code, f"CHECK: {account} is an account where {code} is counted"
    return "", ""


def _of_groups(file: FileProfile) -> tuple[str, str]:
    numbers = [value for column in file.columns if column.is_amount for value in list(column.values)[:200]]
    for code, shape in _GROUPS.items():
        if any(shape.search(value) for value in numbers):
            return code, f"CHECK: amounts are grouped as where {code} is counted"
    return "", ""


def _is_phrase(hint: str) -> bool:
    """Whether a hint is looked for anywhere: words apart, and scripts that write none apart."""
    return " " in hint or not hint.isascii()


def _unset_names(draft: SourceDraft) -> None:
    """Take no column for the currency that names none by its code: "US Dollar" is said once for all rows."""
    if "currency" not in draft.columns:
        return
    column = draft.column("currency")
    codes = sum(n for value, n in column.values.items() if value.upper() in CODES)
    if codes and column.filled < _FILLED:
        draft.why["columns.currency"] = f"{column.filled:.0%} of its cells are filled"
    if codes >= (1 - _MOST_ROWS) * sum(column.values.values()):
        return
    del draft.columns["currency"]
    named = {code for value in column.values if (code := vocabulary().currencies.get(" ".join(words(value))))}
    if len(named) == 1:
        draft.options["currency"] = named.pop()
        draft.why["currency"] = f"{column.name} is {next(iter(column.values))}"


def set_dollars(drafts: Sequence[SourceDraft]) -> None:
    """Among books of another currency, take a bare $ for that of the United States.

    Where other files name a dollar, or none names any currency, the entity's own is what it stands for.
    """
    named = {value for draft in drafts for column in draft.mapped("currency") for value in column.values}
    named |= {str(draft.options["currency"]) for draft in drafts if "currency" in draft.options}
    if not named or named & set(SIGNS["$"].split()):
        return
    for draft in drafts:
        if "currency" not in draft.columns | draft.options and any(
            "$" in value for column in draft.mapped(*_MONEY) for value in column.values
        ):
            draft.options["currency"] = "USD"
            draft.why["currency"] = "CHECK: amounts carry $, and the other files are in another currency"


def _holds_currencies(column: FileColumn) -> bool:
    codes = [value for value in column.values if value.upper() in CODES]
    return len(codes) > 0 and column.filled >= _FILLED and len(codes) == len(column.values)
