"""A run reads its window, the history before it, and what is carried forward; the rest is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from tests.ledger.conftest import Reader
from tools.core import clock
from tools.ledger import Window

CARD = {
    "kind": "card",
    "path": "card.csv",
    "columns": {"txn_id": "id", "posted_on": "date", "amount": "amount"},
}
ROWS = [
    "old,2024-01-01,1",
    "history,2025-01-20,2",
    "start,2025-02-01,3",
    "end,2025-02-28,4",
    "later,2025-03-01,5",
    "undated,,6",
]


class Fixed:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Tell the same time again."""
        return datetime(2025, 2, 28, 12, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        """Do not wait."""


def test_scopes(tmp_path: Path, books: Reader) -> None:
    """Window, history and open items; a row without a date is in every window, an old one in none."""
    (tmp_path / "card.csv").write_text("\n".join(["id,date,amount", *ROWS]))
    with books({"card": CARD}) as snapshot:
        (old,) = snapshot.rows("SELECT row_key FROM txn WHERE txn_id = 'old'")
    window = Window({"card": date(2025, 2, 1)}, date(2025, 2, 28), 30, frozenset([old["row_key"]]))
    with books({"card": CARD}, window) as snapshot:
        scopes = {row["txn_id"]: row["scope"] for row in snapshot.rows("SELECT txn_id, scope FROM txn")}
        (total,) = snapshot.rows("SELECT rows, outside, sum_minor FROM control_total")
    assert scopes == {
        "old": "open",
        "history": "history",
        "start": "window",
        "end": "window",
        "undated": "window",
    }
    assert total == {"rows": 6, "outside": 1, "sum_minor": 2100}


def test_what_is_dated_after_today_is_in_todays_window(tmp_path: Path, books: Reader) -> None:
    """A future date has to be seen by the test that finds it; before a day in the past it is not read."""
    (tmp_path / "card.csv").write_text("\n".join(["id,date,amount", *ROWS]))
    with clock.using(Fixed()), books({"card": CARD}, Window({}, date(2025, 2, 28))) as snapshot:
        assert snapshot.rows("SELECT scope FROM txn WHERE txn_id = 'later'") == [{"scope": "window"}]


def test_the_calendar_covers_whole_years_around_the_books(tmp_path: Path, books: Reader) -> None:
    """Business days count on over the years; holidays are the country's and the entity's own."""
    (tmp_path / "card.csv").write_text("id,date,amount\na,2025-05-05,1\nb,9999-12-31,2\n")
    entity = {
        "name": "x",
        "country": "US",
        "fiscal_year_end": "06-30",
        "holidays": ["2025-12-24"],
        "business_days": ["mon", "tue", "wed", "thu"],
    }
    with (
        clock.using(Fixed()),
        books({"card": CARD}, Window({}, date(2025, 2, 28)), entity=entity) as snapshot,
    ):
        days = {row["day"]: row for row in snapshot.rows("SELECT * FROM calendar")}
    assert min(days) == date(2024, 1, 1)
    assert max(days) == date(2036, 12, 31)
    assert days[date(2025, 7, 4)]["holiday_name"] == "Independence Day"
    assert days[date(2025, 12, 24)]["is_holiday"]
    assert not days[date(2025, 5, 9)]["is_business_day"]
    assert days[date(2025, 5, 31)]["is_period_end"]
    assert [days[date(2025, 6, day)]["fiscal_year"] for day in (29, 30)] == [2025, 2025]
    assert days[date(2025, 7, 1)]["fiscal_year"] == 2026
    assert (
        days[date(2025, 1, 2)]["business_day_number"] - days[date(2024, 12, 31)]["business_day_number"] == 1
    )


def test_what_arrives_late_is_audited_once(tmp_path: Path, books: Reader) -> None:
    """A row of a day that was audited without it is in the next window, and then in none again."""
    (tmp_path / "card.csv").write_text("\n".join(["id,date,amount", *ROWS[:4]]))
    with books({"card": CARD}, Window({}, date(2025, 2, 28))) as snapshot:
        first = snapshot.folder.rename(tmp_path / "first")
    (tmp_path / "card.csv").write_text(
        "\n".join(["id,date,amount", *ROWS, "late,2024-06-01,7", "before,2023-01-01,8"])
    )
    window = Window({"card": date(2025, 2, 22)}, date(2025, 3, 31), 180, frozenset(), (first,))
    with books({"card": CARD}, window) as snapshot:
        scopes = {row["txn_id"]: row["scope"] for row in snapshot.rows("SELECT txn_id, scope FROM txn")}
        second = snapshot.folder.rename(tmp_path / "second")
    assert scopes == {
        "history": "history",
        "start": "history",
        "end": "history",
        "later": "window",
        "undated": "window",
        "late": "window",
    }
    window = Window({"card": date(2025, 3, 25)}, date(2025, 4, 30), 180, frozenset(), (first, second))
    with books({"card": CARD}, window) as snapshot:
        assert snapshot.rows("SELECT txn_id FROM txn WHERE scope = 'window'") == []


def test_another_mapping_does_not_make_the_past_late(tmp_path: Path, books: Reader) -> None:
    """With another column mapped every key is new; only the window itself is audited again."""
    (tmp_path / "card.csv").write_text("\n".join(["id,date,amount", *ROWS[:4]]))
    with books({"card": CARD}, Window({}, date(2025, 2, 28))) as snapshot:
        first = snapshot.folder.rename(tmp_path / "first")
    remapped = {
        **CARD,
        "columns": {"txn_id": "id", "posted_on": "date", "amount": "amount", "reference": "id"},
    }
    window = Window({"card": date(2025, 2, 22)}, date(2025, 3, 31), 180, frozenset(), (first,))
    with books({"card": remapped}, window) as snapshot:
        assert snapshot.rows("SELECT txn_id FROM txn WHERE scope = 'window'") == [{"txn_id": "end"}]
