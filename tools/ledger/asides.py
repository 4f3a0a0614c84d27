"""Lines of a table that are no postings: the header once more, page ends, balances, totals, notes.

Each class is told by what the line itself says, in words of `asides` in guess/vocabulary.yaml, so that next
month's file is read the same way. The same patterns serve Python (proposing) and SQL (reading).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple

from tools.ledger.cells import CODES
from tools.ledger.guess.vocabulary import vocabulary, words

Aside = Literal["header", "page", "balance", "total", "note", "empty", "detail"]
CLASSES: Final[tuple[Aside, ...]] = ("header", "page", "balance", "total", "note", "empty", "detail")
_DATED: Final = "_dated"
_END: Final = r"(?:[ :.,;(*/-].{0,60})?"
_BEFORE: Final = r"(?:[^\s\d]{1,20}[\s._-]+){0,3}"  # words before the one that says what a line is
_OF: Final = "of|von|de|di|van|z|av|af|sur|/"
# What may follow a balance's words on a dated line with an amount: numbers, days and what joins them. Other
# words make it somebody's name: NEW BALANCE BOSTON.
_JOINING: Final = (
    "as|of|at|on|date|from|to|am|vom|zum|per|au|du|le|al|el|del|de|em|do|da|dia|op|van|z|na|dnia|k|ke|den|pr|the"
    "|account|konto|compte|cuenta|conto|rekening|statement|month|day|period|eur|usd|gbp"
)
_DATED_END: Final = (
    rf"(?:[\s\W_]+(?:{_JOINING}|[^\W\d_]{{3,10}}[ .']{{0,3}}[0-9]+(?:st|nd|rd|th)?|[0-9][0-9\W]*))*[\s\W_]*"
)
_LONE_NUMBER: Final = "[^a-z]*[0-9][^a-z]*"
_RULER: Final = r"[\s*=_+-]{5,}"
_DECIMAL: Final = r"\W{0,3}[0-9][0-9., '" + "\u00a0\u2019" + r"]*[.,][0-9]{1,3}\W{0,2}|0"
_NUMBER: Final = r"\W{0,3}[0-9][0-9., '" + "\u00a0\u2019" + r"]*\W{0,2}"
_GROUP: Final = r"\S.{0,80} \([0-9]{1,6}\)"
_RULED: Final = r"[*=_+-]{3,}"  # of a row that is nothing but rules
_STARS: Final = r"\*{1,5}"  # the level of a sum, in a cell of its own
_MONEY: Final = frozenset("amount debit credit balance gross net withdrawal deposit total".split())
_DELIMITERS: Final = r'[;,|\t"]'


@cache
def pattern(name: str) -> str:
    """Give the regular expression of a class (balance, total, page), for a whole cell as `plain` gives it.

    balance_dated: a balance's words on a line that has a day and an amount.

    sum_word: a total's word behind up to three others, which says so only where a line has no day.
    """
    words = "|".join(map(_spaced, vocabulary().asides[name.removesuffix(_DATED)]))
    if name == "page":
        number = rf"(?:{words})\W{{0,3}}\d{{1,5}}(?:\W{{0,2}}(?:{_OF})\W{{0,2}}\d{{1,5}})?"
        return rf"[\s*=-]*{number}[\s*=-]*|{_RULER}"
    before = _BEFORE if name == "sum_word" else ""
    return rf"[\s#*=-]*{before}(?:{words}){_DATED_END if name.endswith(_DATED) else _END}"


def _spaced(words: str) -> str:
    """Give the pattern of words whose blanks may be left away: not those between letters (S A L D O)."""
    spelled = all(len(word) == 1 for word in words.split())
    return re.escape(words).replace(r"\ ", r"[\s._-]+" if spelled else r"[\s._-]*")


def plain(cell: str) -> str:
    """Write a cell in small letters without accents, as SQL's strip_accents does."""
    apart = unicodedata.normalize("NFKD", cell.strip().casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def classified(
    cells: Sequence[str], names: Sequence[str], *, has_day: bool, has_amount: bool
) -> Aside | None:
    """Say what a line is, if it is no posting."""
    filled = [(name, plain(cell)) for name, cell in zip(names, cells, strict=True) if cell.strip()]
    if not filled:
        return None
    if len(filled) > 1 and all(cell == plain(_bare(name)) for name, cell in filled):
        return "header"
    texts = [cell for _, cell in filled]
    few = 2
    is_ruled = all(re.fullmatch(_RULED, text) for text in texts)
    if is_ruled or (len(filled) <= few and any(_is("page", text) for text in texts)):
        return "page"
    if any(_is("balance_dated" if has_day and has_amount else "balance", text) for text in texts):
        return "balance"
    is_named = not (has_day and has_amount) and any(_is("total", text) for text in texts)
    is_money = all(_is_of_money(name) for name, _ in filled)
    if is_named or (not has_day and len(texts) > 1 and (is_money or _sums_up(texts))):
        return "total"
    return None if len(texts) > 1 or has_day else _alone(texts[0], is_amount=has_amount)


def _sums_up(texts: Sequence[str]) -> bool:
    """Whether a line without a day is nothing but sums, has a total's word, or names a group of lines."""
    named = any(_is("sum_word", text) for text in texts)
    return _is_sum(texts) or named or _is_group(texts) or _is_starred(texts)


def _is_starred(texts: Sequence[str]) -> bool:
    """Whether a line has an amount and, in a cell of their own, the stars of its level."""
    return all(any(re.fullmatch(form, text) for text in texts) for form in (_STARS, _DECIMAL))


@cache
def _is_of_money(name: str) -> bool:
    """Whether a column's name says that amounts stand in it, and nothing else."""
    return bool(_MONEY & set(words(name)))


def _is_sum(texts: Sequence[str]) -> bool:
    """Whether a line says nothing but amounts and their currency, as a report's sums do."""
    sums = [text for text in texts if re.fullmatch(_DECIMAL, text)]
    rest = [text for text in texts if text not in sums]
    return bool(sums) and all(re.fullmatch(_beside_sums(), text) for text in rest)


def _is_group(texts: Sequence[str]) -> bool:
    """Whether a line names a group and how many lines it has, and else has its sums alone: Rent (2)."""
    rest = [text for text in texts if not re.fullmatch(_NUMBER, text)]
    return len(texts) > len(rest) == 1 and re.fullmatch(_GROUP, rest[0]) is not None


@cache
def _beside_sums() -> str:
    """Give the pattern of what stands beside a sum: a currency, the stars of its level."""
    return rf"\*+( .*)?|{'|'.join(sorted(CODES)).lower()}"


def _alone(text: str, *, is_amount: bool) -> Aside | None:
    """Say what a line of one cell is: a number is a sum or balance under its column, words are a heading."""
    if re.fullmatch(_LONE_NUMBER, text):
        return "total"
    return "note" if not is_amount and any(c.isalpha() for c in text) else None


def expression(
    classes: Sequence[str],
    cells: Mapping[str, str],
    *,
    day: str,
    dates: Sequence[str],
    amounts: Sequence[str],
    bind: Mapping[str, str],
) -> str:
    """Write SQL that gives a line's class, or NULL: the same as `classified`.

    cells: column of the file -> of the batch. day: NULL where there is none or it cannot be read. dates,
    amounts: cells, NULL where they are blank.
    bind: pattern's class and each column's plain name -> placeholder.
    """
    line = _Line(
        texts=_texts(cells),
        same=_same(cells, bind),
        no_day=f"{day} IS NULL",
        no_amount=" AND ".join(f"{amount} IS NULL" for amount in amounts) or "FALSE",
        undated=" AND ".join(f"{cell} IS NULL" for cell in dates) or "FALSE",
        beside_money=" AND ".join(
            f"{_small(cell)} IS NULL" for name, cell in cells.items() if not _is_of_money(_bare(name))
        )
        or "FALSE",
    )
    tests, ragged = _tests(line, bind), _ragged_tests(line, bind)
    cases = [f"WHEN problem IS NULL AND {tests[name]} THEN '{name}'" for name in CLASSES if name in classes]
    cases += [
        f"WHEN problem IS NOT NULL AND {test} THEN '{name}'"
        for name, test in ragged.items()
        if name in classes
    ]
    return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"


class _Line(NamedTuple):
    """A line in SQL: its filled cells in small letters without accents, and what of it is blank."""

    texts: str
    same: str
    no_day: str
    no_amount: str
    undated: str
    beside_money: str


def _small(cell: str) -> str:
    return f"nullif(lower(strip_accents(trim({cell}))), '')"


def _texts(cells: Mapping[str, str]) -> str:
    return f"list_filter([{', '.join(map(_small, cells.values()))}], lambda x: x IS NOT NULL)"


def _same(cells: Mapping[str, str], bind: Mapping[str, str]) -> str:
    """Write the SQL of: each filled cell says its column's name."""
    return " AND ".join(
        f"coalesce({_small(cell)} = {bind['=' + name]}, TRUE)" for name, cell in cells.items()
    )


def _tests(line: _Line, bind: Mapping[str, str]) -> dict[str, str]:
    """Write the SQL of each class for a line that was read."""
    texts, empty = line.texts, f"({line.no_amount})"
    alone = f"len({texts}) = 1 AND {line.no_day} AND {empty}"
    text = f"array_to_string({texts}, '')"
    dated = _says(line, bind["balance_dated"])
    unlike_posting = f"({line.no_day} OR {empty})"
    named = f"{unlike_posting} AND {_says(line, bind['total'])}"
    return {
        "header": f"len({texts}) > 1 AND {line.same}",
        "page": f"({_is_ruled(line, bind)} OR len({texts}) <= 2 AND {_says(line, bind['page'])})",
        "balance": f"({dated} OR {unlike_posting} AND {_says(line, bind['balance'])})",
        "total": f"(({named}) OR {_is_total(line, bind)})",
        "note": f"{alone} AND regexp_matches({text}, '[a-z]')",
        "empty": f"{line.undated} AND {empty}",
        "detail": f"len({texts}) > 0 AND {empty}",
    }


def _says(line: _Line, pattern: str) -> str:
    return f"len(list_filter({line.texts}, lambda x: regexp_full_match(x, {pattern}))) > 0"


def _is_ruled(line: _Line, bind: Mapping[str, str]) -> str:
    """Write the SQL of: each filled cell is a rule."""
    others = f"list_filter({line.texts}, lambda x: NOT regexp_full_match(x, {bind['ruled']}))"
    return f"(len({line.texts}) > 0 AND len({others}) = 0)"


def _is_total(line: _Line, bind: Mapping[str, str]) -> str:
    """Write the SQL of: a line without a day is a lone number, has a total's word, or sums alone."""
    texts, several = line.texts, f"len({line.texts}) > 1 AND {line.undated}"
    lone = f"len({texts}) = 1 AND {line.no_day} AND ({line.no_amount})"
    number = f"regexp_full_match(array_to_string({texts}, ''), '{_LONE_NUMBER}')"
    others = f"list_filter({texts}, lambda x: NOT regexp_full_match(x, {bind['beside']}))"
    sums = f"{_says(line, bind['decimal'])} AND len({others}) = 0"
    names = f"list_filter({texts}, lambda x: NOT regexp_full_match(x, {bind['number']}))"
    group = f"len({texts}) > len({names}) AND len({names}) = 1 AND {line.no_day}"
    named = f"regexp_full_match(array_to_string({names}, ''), {bind['group']})"
    starred = f"{_says(line, bind['stars'])} AND {_says(line, bind['decimal'])}"
    unnamed = f"({line.beside_money})"
    summed = f"{several} AND ({_says(line, bind['sum_word'])} OR ({sums}) OR ({starred}) OR {unnamed})"
    return f"(({lone} AND {number}) OR ({group} AND {named}) OR ({summed}))"


def _ragged_tests(line: _Line, bind: Mapping[str, str]) -> dict[str, str]:
    """Write the SQL of the classes that a line with too many or too few cells can have, by its text."""
    loose = f"trim(regexp_replace(lower(strip_accents(coalesce(raw, ''))), '{_DELIMITERS}+', ' ', 'g'))"
    by_words = {name: f"regexp_full_match({loose}, {bind[name]})" for name in ("page", "balance", "total")}
    by_words["total"] = f"({by_words['total']} OR {_is_total(line, bind)})"
    return by_words | {
        "note": f"regexp_full_match(raw, '{_DELIMITERS}*(?:[^;,|\\t\"0-9]|, )+{_DELIMITERS}*')"
    }


def bound(names: Sequence[str]) -> dict[str, str]:
    """Give what `expression` binds: patterns by class, and the plain names of columns."""
    patterns = {name: pattern(name) for name in ("page", "balance", "balance_dated", "total", "sum_word")}
    patterns |= {"number": _NUMBER, "stars": _STARS, "ruled": _RULED}
    patterns |= {"decimal": _DECIMAL, "beside": f"{_DECIMAL}|{_beside_sums()}", "group": _GROUP}
    return patterns | {f"={name}": plain(_bare(name)) for name in names}


def _bare(name: str) -> str:
    """Give a column's name as the file has it: without the number of a repeated one."""
    return re.sub(r" \(\d+\)$", "", name)


def _is(name: str, text: str) -> bool:
    return re.fullmatch(pattern(name), text) is not None
