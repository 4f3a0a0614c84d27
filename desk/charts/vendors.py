"""A vendor's amounts, with those that a test found to stand out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from statistics import median
from typing import Final

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import FuncFormatter

from desk.charts.canvas import ALARM, CALM, INK, svg
from tools.books.engine import Books
from tools.core import money

_AMOUNTS: Final = """
SELECT row_key, posted_on, amount_minor, currency, vendor_name FROM txn
WHERE coalesce(vendor_id, vendor_key) = $vendor AND kind = $kind AND amount_minor > 0
  AND posted_on IS NOT NULL
ORDER BY posted_on, row_key
"""


def vendor_amounts(books: Books, vendor: str, kind: str, outliers: Collection[str]) -> str:
    """Draw a vendor's amounts over time on a log scale; outliers are row keys.

    vendor: vendor_id, or vendor_key where there is no id. kind: card, invoice or payment. Of several
    currencies, the one of the outliers is drawn, else the one of most rows.
    """
    every = books.rows(_AMOUNTS, {"vendor": vendor, "kind": kind})
    rows_shown = [row for row in every if row["row_key"] in outliers] or every
    currency, _ = Counter(row["currency"] for row in rows_shown).most_common(1)[0] if rows_shown else ("", 0)
    rows = [row for row in every if row["currency"] == currency]
    name = next((row["vendor_name"] for row in rows if row["vendor_name"]), vendor)
    odd = {row["row_key"] for row in rows} & set(outliers)

    def draw(axes: Axes) -> None:
        for is_outlier, colour, label in ((False, CALM, "usual"), (True, ALARM, "stands out")):
            shown = [row for row in rows if (row["row_key"] in odd) is is_outlier]
            amounts = [float(money.to_decimal(row["amount_minor"], row["currency"])) for row in shown]
            if shown:
                days = [row["posted_on"] for row in shown]
                axes.scatter(days, amounts, s=18 + 14 * is_outlier, color=colour, label=label)
        if rows:
            usual = float(money.to_decimal(round(median(r["amount_minor"] for r in rows)), currency))
            axes.axhline(usual, color=INK, linewidth=0.8, linestyle=":", label="median")
            axes.xaxis.set_major_locator(dates := AutoDateLocator(maxticks=7))  # type: ignore[no-untyped-call]
            axes.xaxis.set_major_formatter(ConciseDateFormatter(dates))  # type: ignore[no-untyped-call]
        axes.set_yscale("log")
        for set_formatter in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            set_formatter(FuncFormatter(_labelled))
        axes.set(ylabel=currency)
        if rows:
            axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, -0.12), ncols=3)

    stand = "1 stands out" if len(odd) == 1 else f"{len(odd)} stand out"
    return svg(draw, title=f"{len(rows):,} {kind} amounts of {name}, {stand}")


def _labelled(amount: float, _: int | None = None) -> str:
    """Write 1, 2 and 5 of each power of ten as people write money; the lines between stay bare."""
    return f"{amount:,.10g}" if f"{amount:e}"[0] in "125" and f"{amount:e}"[2:8] == "000000" else ""
