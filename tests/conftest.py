"""What every test may ask for."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.surroundings import leave_behind
from tools.core.garbage import look_seldom

NO_DATA = "no --data folder given"

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of our own in it
ENOUGH = 4 << 30
LOOPBACK = "127.0.0.1,localhost"

# What is imported stays, and looking it through for garbage takes half as long again as importing it.
gc.disable()

pytest_plugins = ["tests.mariadb", "tests.postgres", "tests.waiting_desk"]


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
    further = [item for item in items if _is_further(item)]
    items[:] = [item for item in items if not _is_further(item)]
    config.hook.pytest_deselected(items=further)


def _is_further(item: pytest.Item) -> bool:
    marker, name = item.get_closest_marker("postgresql_for"), item.name.partition("[")[2]
    on_postgresql = marker is not None and name.startswith("postgresql")
    seldom = on_postgresql and not any(word in name for word in marker.args) if marker else False
    return seldom or item.get_closest_marker("exhaustive") is not None


def pytest_collection_finish() -> None:
    """Look for garbage from here on, in what tests make and not in what they import."""
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries that count what is left at the end count it
    look_seldom()  # as our own processes do
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests write in memory where there is room, so that no commit waits for a disk.

    Servers that tests start on this machine are asked without a proxy, whatever the environment names, and
    no desk of who runs the tests is touched.
    """
    leave_behind()
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        gc.enable()  # here nothing is collected and so nothing imported: the workers do
    # How fast an example is says nothing of what it shows.
    settings.register_profile("desk", deadline=None, max_examples=40)
    settings.register_profile("exhaustive", deadline=None, max_examples=200)
    settings.load_profile("exhaustive" if config.getoption("--exhaustive") else "desk")
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
