"""Which figures a sentence may mean: by its nouns, phrases, qualifiers and how it sums up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tools.front_desk import figures
from tools.front_desk.distinct_values import counted_dimension
from tools.front_desk.figures import Aggregate, Figure, Population
from tools.front_desk.foreign_names import foreign
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.summing_up import aggregate_of, as_aggregated

# Of nouns that are things to group by as well, another noun is what is asked for.
_GROUPS: Final = ("vendor", "employee")
_DEFAULT: Final[Mapping[str, Aggregate]] = {
    "spend": "sum", "revenue": "sum", "expense": "sum", "result": "sum", "cash flow": "sum",
    "bank balance": "sum", "account balance": "sum", "inflow": "sum", "outflow": "sum",
    "vendor": "distinct", "employee": "distinct",
    "journal": "distinct", "match rate": "average", "days to pay": "average", "review time": "average",
    "rejected row": "count",
}  # fmt: skip
# Where the books name both who prepared and who approved, each has a population of its own.
_BY_ROLE: Final = {"preparer": "prepared", "approver": "approved"}
_COUNTED_ONCE: Final = ("journal", "vendor", "employee")
_DEAR: Final = ("expensive", "costl", "teuer")
_BRIEF: Final = 4  # words of a sentence that names a thing and asks nothing of it
_NEAR: Final = 3  # words between "how many" and what is counted
_UNSURE: Final[Mapping[str, Sequence[str]]] = {"balance": ("bank_balance", "account_balance")}
# What people call a population's state, where its own word is another.
_SAME_QUALIFIER: Final[Mapping[tuple[str, str], str]] = {("flag", "open"): "waiting"}
_STATE_OF: Final[Mapping[str, str]] = {
    "open": "invoice", "overdue": "invoice", "due": "invoice", "waiting": "flag",
}  # fmt: skip
# What may be asked of a thing that is named and nothing else: "Norrland in 2025", "rent last month".
_OF_NAME: Final[Mapping[str, Sequence[str]]] = {
    "vendor": ("spend", "paid", "open_payables", "flag_count"),
    "category": ("spend", "paid", "bank_outflow", "bank_inflow"),
    "person": ("card_spend", "flag_count"), "account": ("account_balance", "net_postings"),
    "test": ("flag_count",),
}  # fmt: skip


def subjects(marks: SentenceMarks) -> list[Figure]:
    """Give the figures that a sentence may mean: one, several where it does not say, none."""
    nouns, phrases = marks.asked_nouns, marks.values("phrases")
    if marks.has("unsure"):
        return _unsure(marks)
    if marks.has("duration"):
        return _of_duration(nouns, phrases, aggregate_of(marks))
    return _of_words(marks, nouns, phrases)


def _unsure(marks: SentenceMarks) -> list[Figure]:
    names = _UNSURE[marks.values("unsure")[0]]
    of_account = any(name.kind == "account" for name in marks.names)
    return [figures.by_name(name) for name in names if not of_account or name == "account_balance"]


def _of_words(marks: SentenceMarks, nouns: list[str], phrases: list[str]) -> list[Figure]:
    if counted_dimension(marks) and (rows := _rows_counted(marks, nouns, phrases)):
        return rows
    if main := _counted_group(marks):
        return _of_group(marks, main, [noun for noun in nouns if noun != main], phrases)
    nouns = _without_groups(marks, nouns, phrases)
    if "exposure" in nouns:
        return of_noun(marks, "flag", "sum")
    if len(nouns) == 1:
        return _with_phrases(marks, of_noun(marks, nouns[0], aggregate_of(marks)), phrases)
    if nouns:
        return [
            figure
            for noun in nouns
            for figure in of_noun(marks, noun, aggregate_of(marks) or _DEFAULT.get(noun, "sum"))
        ]
    named = [_summed_up(marks, figures.by_name(name)) for name in phrases]
    return named or _of_no_noun(marks)


def _summed_up(marks: SentenceMarks, figure: Figure) -> Figure:
    """Give the figure that a phrase names in the state, and summed up as a sentence says."""
    return _qualified(marks, _extreme(marks, as_aggregated(marks, figure)))


def _extreme(marks: SentenceMarks, figure: Figure) -> Figure:
    """Take the row that takes longest for the mean of all: "which invoice took longest to pay"."""
    if figure.aggregate != "average" or marks.by or not marks.superlative:
        return figure
    return figures.sibling(figure, "smallest" if marks.has("bottom") else "largest") or figure


def _rows_counted(marks: SentenceMarks, nouns: list[str], phrases: list[str]) -> list[Figure]:
    """Give the figures whose rows bear what is counted: charges, of "how many people used a card"."""
    of_nouns = [f for noun in nouns if noun not in _GROUPS for f in of_noun(marks, noun, "count")]
    of_phrases = [as_aggregated(marks, figures.by_name(name)) for name in phrases]
    return list(dict.fromkeys([*of_nouns, *of_phrases]))


def _of_no_noun(marks: SentenceMarks) -> list[Figure]:
    """Give what is asked where nothing is named: of a state, or of what cost most."""
    if noun := _of_state(marks):
        return of_noun(marks, noun, aggregate_of(marks))
    return [figures.by_name("spend")] if marks.by and _is_dear(marks) else []


def _of_state(marks: SentenceMarks) -> str:
    """Give what a state is said of where nothing else is named: "how much is overdue"."""
    return next((_STATE_OF[word] for word in marks.values("qualifiers") if word in _STATE_OF), "")


def of_names(marks: SentenceMarks) -> list[Figure]:
    """Give what may be asked of a thing that a sentence names with a window or nothing else."""
    plain = len(marks.sentence.words) <= _BRIEF or marks.periods or marks.has("aggregates") or marks.by
    tied = [name for _, names in marks.ties for name in names]
    kinds = list(dict.fromkeys(name.kind for name in [*marks.names, *tied]))
    if not plain or (len(kinds) != 1 and (len(marks.ties) > 1 or (marks.names and marks.ties))):
        return []
    chosen = dict.fromkeys(figure for kind in kinds for figure in _OF_NAME.get(kind, ()))
    together = {*kinds} if marks.names else set()
    fitting = [figures.by_name(figure) for figure in chosen]
    fitting = [figure for figure in fitting if together <= {*figure.population.dimensions, "test"}]
    fitting = [figure for figure in fitting if not foreign(marks, figure)]
    if marks.has("compare") or "sum" in marks.values("aggregates"):
        fitting = [figure for figure in fitting if figure.unit == "money"] or fitting
    return [as_aggregated(marks, figure) for figure in fitting]


def _of_duration(nouns: list[str], phrases: list[str], aggregate: Aggregate | None) -> list[Figure]:
    """Give what "how long" asks: of a review, or of an invoice until it is paid."""
    about = {*nouns, *(figures.by_name(name).population.noun for name in phrases)}
    if about & {"review time", "flag"}:
        return [figures.by_name("review_hours")]
    if about & {"payment", "invoice", "days to pay"}:
        return [figures.by_name("longest_to_pay" if aggregate == "largest" else "days_to_pay")]
    return []


def _qualified(marks: SentenceMarks, figure: Figure) -> Figure:
    """Take the population that a qualifier says: what was paid, late."""
    stated = frozenset(marks.values("qualifiers"))
    alike = [
        item
        for item in figures.figures().values()
        if item.population.noun == figure.population.noun and item.aggregate == figure.aggregate
    ]
    # What is overdue is open, and says so no more.
    for qualifiers in (figure.population.qualifiers | stated, stated):
        if fitting := [item for item in alike if item.population.qualifiers == qualifiers and stated]:
            return fitting[0]
    return figure


def _counted_group(marks: SentenceMarks) -> str:
    """Give the vendors or employees that are counted: "how many vendors did we pay"."""
    counted = [place for place, value in marks.senses["aggregates"] if value == "count"]
    nouns = marks.senses["nouns"]
    # "invoices per vendor" counts invoices: nothing else stands between, and no "per".
    between = {place for place, noun in nouns if noun not in _GROUPS} | {at for at, _ in marks.senses["by"]}
    return next(
        (
            noun
            for place, noun in nouns
            for start in counted
            if noun in _GROUPS
            and place not in marks.described
            and 0 < place - start <= _NEAR
            and not between & {*range(start, place)}
        ),
        "",
    )


def _of_group(marks: SentenceMarks, main: str, nouns: list[str], phrases: list[str]) -> list[Figure]:
    """Give the figure that counts vendors: of all, or of those that were paid, have invoiced, ..."""
    if not nouns and not phrases:
        return of_noun(marks, main, "distinct")
    populations = {figures.by_name(name).population.name for name in phrases}
    populations |= {figure.population.name for noun in nouns for figure in of_noun(marks, noun, "count")}
    chosen = [figure for figure in figures.figures().values() if figure.population.name in populations]
    return [figure for figure in chosen if figure.aggregate == "distinct" and main == "vendor"]


def _without_groups(marks: SentenceMarks, nouns: list[str], phrases: list[str]) -> list[str]:
    """Leave out nouns that only say by what to group."""
    others = [noun for noun in nouns if noun not in _GROUPS]
    if others or phrases:
        return others
    asks_which = marks.superlative or marks.has("which") or "largest" in marks.values("aggregates")
    if nouns and asks_which and not marks.has("qualifiers"):
        return ["spend"] if _is_dear(marks) else ["spend", "payment"]
    return nouns


def _is_dear(marks: SentenceMarks) -> bool:
    """Say whether what cost most is asked for: "the most expensive category"."""
    return any(word.startswith(_DEAR) for word in marks.sentence.words)


def _with_phrases(marks: SentenceMarks, chosen: list[Figure], phrases: list[str]) -> list[Figure]:
    """Add what a phrase names, where it is about something else: "how many invoices were paid" is unsure."""
    about = {figure.population.noun for figure in chosen}
    others = [figure for name in phrases if (figure := figures.by_name(name)).population.noun not in about]
    return [*chosen, *(_summed_up(marks, figure) for figure in others)]


def of_noun(marks: SentenceMarks, noun: str, aggregate: Aggregate | None) -> list[Figure]:
    """Give the figures of a noun in the state that a sentence says, summed up as it says."""
    qualifiers = _qualifiers(marks, noun)
    populations = _populations(noun, qualifiers)
    if qualifiers == {"due"} and _lies_ahead(marks):
        left_to_pay = _populations(noun, qualifiers | {"open"})
        return [
            f for item in (populations, left_to_pay) for f in _of_populations(marks, noun, aggregate, item)
        ]
    return _of_populations(marks, noun, aggregate, populations)


def _of_populations(
    marks: SentenceMarks, noun: str, aggregate: Aggregate | None, populations: list[Population]
) -> list[Figure]:
    chosen = [figure for figure in figures.figures().values() if figure.population in populations]
    sum_up = aggregate or _DEFAULT.get(noun)
    split = marks.by and not marks.mean_over
    if sum_up is None and (split or marks.order or marks.has("compare")):
        sum_up = "count" if noun == "flag" or (noun == "posting" and not _of_account(marks)) else "sum"
    if sum_up is None and marks.lists:
        sum_up = "count"
    if sum_up == "smallest" and not any(figure.aggregate == sum_up for figure in chosen):
        sum_up = None  # the least row is listed
    if sum_up is None:
        return [figure for figure in chosen if figure.aggregate in ("sum", "count")]
    same = {"count": ("count", "distinct"), "sum": ("sum", "average"), "distinct": ("distinct", "count")}
    ways = same.get(sum_up, (sum_up,))
    if noun in _COUNTED_ONCE and sum_up == "count":
        ways = ways[::-1]  # a journal has several postings, and is one
    return sorted((f for f in chosen if f.aggregate in ways), key=lambda f: ways.index(f.aggregate))[:1]


def _lies_ahead(marks: SentenceMarks) -> bool:
    """Say whether a window ends after the books: of what falls due then, the open part may be meant."""
    return any(period.end is not None and period.end > marks.as_of for period in marks.periods)


def _of_account(marks: SentenceMarks) -> bool:
    """Say whether accounts are what is asked about: the net of all postings of the ledger is nothing."""
    return marks.by == "account" or any(name.kind == "account" for name in marks.names)


def _qualifiers(marks: SentenceMarks, noun: str) -> frozenset[str]:
    stated = {same_qualifier(noun, word) for word in marks.values("qualifiers")}
    stated -= {word for word in stated & set(marks.weekdays) if not _has_state(noun, word)}
    phrases = [figures.by_name(name).population for name in marks.values("phrases")]
    of_role = _BY_ROLE.get(" ".join(marks.values("roles")), "")
    if of_role and not stated and _has_state(noun, of_role):
        stated |= {of_role}
    return frozenset(stated.union(*(item.qualifiers for item in phrases if item.noun == noun)))


def _has_state(noun: str, word: str) -> bool:
    """Say whether there are figures of a noun in a state: else a day of the week narrows its rows."""
    return any(
        word in item.qualifiers and (item.noun == noun or noun in item.also)
        for item in figures.populations().values()
    )


def same_qualifier(noun: str, word: str) -> str:
    """Give a population's own word for a state: open flags are waiting ones."""
    return _SAME_QUALIFIER.get((noun, word), word)


def _populations(noun: str, qualifiers: frozenset[str]) -> list[Population]:
    return [
        item
        for item in figures.populations().values()
        if (item.noun == noun or noun in item.also) and item.qualifiers == qualifiers
    ]
