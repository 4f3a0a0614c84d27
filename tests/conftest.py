"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the folder with third-party data that carries its truth."""
    parser.addoption("--data", default=None, help="folder with labelled third-party data")


@pytest.fixture(scope="session")
def data(request: pytest.FixtureRequest) -> Path:
    """Give the folder of third-party data; without one, the test is skipped."""
    given = request.config.getoption("--data")
    if given is None:
        pytest.skip("no --data folder given")
    return Path(given).resolve()
