"""A vendor's amounts, with those that a test found to stand out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from desk.charts.canvas import ALARM, CALM, svg
from tools import money
from tools.engine import Books

_AMOUNTS: Final = """
SELECT row_key, posted_on, amount_minor, currency FROM txn
WHERE coalesce(vendor_id, vendor_key) = $vendor AND kind = $kind AND amount_minor > 0
  AND posted_on IS NOT NULL
ORDER BY posted_on, row_key
"""


def vendor_amounts(books: Books, vendor: str, kind: str, outliers: Collection[str]) -> str:
    """Draw a vendor's amounts over time on a log scale; outliers are row keys.

    vendor: vendor_id, or vendor_key where there is no id. kind: card, invoice or payment.
    """
    rows = books.rows(_AMOUNTS, {"vendor": vendor, "kind": kind})
    odd = {row["row_key"] for row in rows} & set(outliers)

    def draw(axes: Axes) -> None:
        for wanted, colour, label in ((False, CALM, "usual"), (True, ALARM, "stands out")):
            shown = [row for row in rows if (row["row_key"] in odd) is wanted]
            amounts = [float(money.to_decimal(row["amount_minor"], row["currency"])) for row in shown]
            axes.scatter([row["posted_on"] for row in shown], amounts, s=14, color=colour, label=label)
        axes.set_yscale("log")
        for kept in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            kept(FuncFormatter(_labelled))
        axes.set(ylabel=rows[0]["currency"] if rows else "")
        axes.legend(frameon=False)

    return svg(draw, title=f"{len(rows):,} {kind} amounts of {vendor}, {len(odd)} stand out")


def _labelled(amount: float, _: int | None = None) -> str:
    """Write 1, 2 and 5 of each power of ten as people write money; the lines between stay bare."""
    return f"{amount:,.10g}" if f"{amount:e}"[0] in "125" and f"{amount:e}"[2:8] == "000000" else ""
