"""The trail's page says what was changed past the desk."""

from __future__ import annotations

from sqlalchemy import text

from tests.desk.seeded import RUN
from tests.web.conftest import Browser
from tools.store import Store

AMOUNT = text("UPDATE flag SET amount_minor = 1 WHERE severity = 'CRITICAL'")


def test_what_was_changed_past_the_desk_is_on_the_page(store: Store, visitor: Browser) -> None:
    """Whole, it says so; then it names the table, the row by its day and amount, and what was recorded."""
    page = f"/desk/runs/{RUN}/trail"
    assert "every row of the run is as the trail recorded it" in visitor.get(page).text
    with store.begin() as session:
        session.execute(AMOUNT)
    page_text = visitor.get(page).text
    assert "1 thing is not as the desk wrote it" in page_text
    assert "amount is 0.01 USD, the trail recorded 12,400.50 USD" in page_text
    assert "(2025-03-04, =Pine [red]" in page_text
