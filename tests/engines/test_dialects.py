"""A query's text in another engine's dialect means there what it means here."""

from __future__ import annotations

from tools.checks.engines.carried import carried

NAMED_WINDOW = "SELECT sum(n) OVER w - n AS rest FROM t WINDOW w AS (PARTITION BY k)"


def test_no_hyphen_follows_the_name_of_a_window_on_spark() -> None:
    """Spark reads "OVER w - n" as a window called w-n, and refuses it."""
    assert "(SUM(n) OVER w) - n" in carried(NAMED_WINDOW, "spark")
    assert "(SUM(n) OVER w) - n" in carried(NAMED_WINDOW, "databricks")
    assert "SUM(n) OVER w - n" in carried(NAMED_WINDOW, "postgres")
