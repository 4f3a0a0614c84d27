"""The desk at 10,000 flags in 2,000 cases (how fast its pages are: `python -m benchmarks.pages`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.routing import Mount

from desk.web import decision_form
from desk.web.app import pages
from tests.web.conftest import Browser, browser
from tests.web.large import CROWD, CROWDED, FLAGS, PAGES, seed_large
from tools.approvals import requests
from tools.identity.people import Person
from tools.store import Store, case_flags, open_store
from tools.store.row_digests import sealed_tables

MOST_STATEMENTS, MOST_BYTES = 40, 400_000
VERIFYING = 2 * len(sealed_tables())  # a trail's page verifies it: each table's keys, and its rows


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the settings of a large desk."""
    return seed_large(tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def large(settings: dict[str, str]) -> Iterator[Browser]:
    """Give a browser before it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        with browser(Starlette(routes=[Mount("/desk", pages())])) as client:
            yield client


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give the store of a desk that has the large case, and few flags beside it."""
    opened = open_store(seed_large(tmp_path, CROWD + 100)["DATABASE_URL"])
    yield opened
    opened.close()


@pytest.mark.exhaustive
def test_no_page_grows_with_the_desk(large: Browser) -> None:
    """Each page asks the store a bounded number of things and shows a bounded number of rows."""
    counts, size = {}, {}
    for path in PAGES:
        with statements() as texts:
            answer = large.get(f"/desk/{path}")
        assert answer.status_code == 200, path
        counts[path], size[path] = len(texts), len(answer.content)
    most = {path: MOST_STATEMENTS + VERIFYING * path.endswith("/trail") for path in counts}
    assert {path: n for path, n in counts.items() if not 0 < n <= most[path]} == {}
    assert {path: n for path, n in size.items() if n > MOST_BYTES} == {}


def test_a_word_on_a_case_beyond_the_first_page_holds_for_all_its_flags(store: Store) -> None:
    """Who approves a case of more flags than a page shows approves every one of them."""
    (waiting,) = requests.waiting(store)
    form = FormData({"word": "approve", "subject": "others-high", "case": CROWDED})
    person = Person(user="omar", name="Omar", roles=("approver",))
    answer = decision_form.answer(store, decision_form.read(waiting.request_id, form), person)
    flag_ids = {flag.flag_id for flag in case_flags.flags_of(store, CROWDED, limit=FLAGS)}
    assert {decision["subject"] for decision in answer.answers} == flag_ids
    assert len(flag_ids) == CROWD


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather what any engine of this process is asked."""
    texts: list[str] = []

    def note(*arguments: object) -> None:
        texts.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield texts
    finally:
        event.remove(Engine, "before_cursor_execute", note)
