"""Names that a figure's rows never bear: a payment's category is its method, so that "rent paid" is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tools.front_desk.figures import Figure, Population, figures
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.names import LedgerName

_EARNED: Final = ("revenue", "result")  # of which a person's own would be read as what they earn


def foreign(marks: SentenceMarks, figure: Figure) -> str:
    """Say which name of a sentence no row of a figure's population has, or "" where each may be there."""
    earner = next((name for name in marks.names if name.kind == "person"), None)
    if earner and figure.population.noun in _EARNED and not marks.has("roles"):
        return (
            f"the ledger has who prepared a posting, not who earned it: write 'prepared by {earner.label}'."
        )
    if earner and figure.population.person == "approver" and not _is_doer(marks, earner):
        why = "the books say who approved a payment, not which of us it went to"
        return f"{why}: write 'approved by {earner.label}'."
    named = [*marks.names, *marks.left_out]
    name = next((name for name in named if not _is_answerable(name, figure)), None)
    if name is None:
        return ""
    able = ", ".join(fitting(name)) or "no figure"
    why = f"no {figure.population.noun} of these books has the {name.kind} {name.label}"
    return f"{why}; {able} can be narrowed to it."


def _is_doer(marks: SentenceMarks, name: LedgerName) -> bool:
    """Say whether somebody is who did it: "payments by Owen", not "payments to Owen"."""
    if marks.has("roles"):
        return True
    places = [place for place, (_, names) in marks.placed.items() if name in names]
    return any(marks.sentence.words[place - 1] in ("by", "von", "durch") for place in places if place)


def _is_answerable(name: LedgerName, figure: Figure) -> bool:
    return name.kind == "vendor" or may_have(figure.population, name)  # of a vendor, none is an answer


def may_have(population: Population, name: LedgerName) -> bool:
    """Say whether rows of a population may bear a name, by the kinds of books in which it occurs."""
    if name.kind == "source" and population.table == "trial_balance":
        return False
    return not name.books or not population.needs or bool(name.books & set(population.needs))


def fitting(
    name: LedgerName, sums: Iterable[str] = ("spend", "card_spend", "paid", "bank_outflow", "bank_inflow")
) -> list[str]:
    """Name the sums that can be narrowed to a name."""
    chosen = [figures()[figure] for figure in sums]
    return [
        figure.name
        for figure in chosen
        if name.kind in figure.population.dimensions and may_have(figure.population, name)
    ]
