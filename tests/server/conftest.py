"""One server for all tests that leave it running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.graph.small import settings_of, write_books
from tests.server.jwts import settings_of_jwts
from tests.server.served import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve small books; JWTs of a test's own issuer are taken, too."""
    folder = tmp_path_factory.mktemp("served")
    write_books(folder)
    many = {"TIEOUT_SIGN_IN_TRIES": "1000"}  # attacks try more tokens that are nobody's than people do
    settings = settings_of(folder) | settings_of_jwts(folder) | many
    with serving(folder, settings, workers=1) as server:
        yield server
