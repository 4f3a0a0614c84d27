"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

NO_DATA = "no --data folder given"

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of our own in it
ENOUGH = 4 << 30
LOOPBACK = "127.0.0.1,localhost"

pytest_plugins = ["tests.mariadb", "tests.postgres"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the folder with third-party data that carries its truth."""
    parser.addoption("--data", default=None, help="folder with labelled third-party data")
    parser.addoption(
        "--forbid-skips", action="store_true", help="fail when a test skips for any other reason"
    )
    parser.addoption(
        "--exhaustive", action="store_true", help="run every variation of a test, not its telling ones"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the variations that cost minutes and seldom tell more than those that are run."""
    if config.getoption("--exhaustive"):
        return
    further = [item for item in items if item.get_closest_marker("exhaustive")]
    items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=further)


def pytest_configure() -> None:
    """Keep what tests write in memory where there is room, so that no commit waits for a disk.

    Servers that tests start on this machine are asked without a proxy, whatever the environment names.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    settings.register_profile("desk", deadline=None)  # how fast an example is says nothing of what it shows
    settings.load_profile("desk")
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), LOOPBACK)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure under --forbid-skips, other than for the data path."""
    report = yield
    forbidden = bool(item.config.getoption("--forbid-skips"))
    if (
        forbidden
        and report.skipped
        and not hasattr(report, "wasxfail")
        and NO_DATA not in str(report.longrepr)
    ):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def data(request: pytest.FixtureRequest) -> Path:
    """Give the folder of third-party data; without one, the test is skipped."""
    folder = request.config.getoption("--data")
    if folder is None:
        pytest.skip(NO_DATA)
    return Path(folder).resolve()
