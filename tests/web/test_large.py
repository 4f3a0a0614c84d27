"""The desk at 10,000 flags in 2,000 cases: every page within 200 ms of the Server's time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from desk.web.app import pages
from tests.desk.seeded import RUN, seed_folder, seed_store, users_file
from tests.web.conftest import Browser, browser
from tools.store import Store, approvals, cases, flags

FLAGS, CASES, MOST_MS = 10_000, 2_000, 200
SEVERITIES = ("CRITICAL", "WARNING", "INFO")
TESTS = ("duplicate_payment", "near_copy", "round_amount", "split_under_limit")
PAGES = (
    "cases", "cases?show=decide", "cases?show=review", "cases?vendor=vendor+12", "cases?text=T99",
    "cases?test=near_copy&severity=WARNING", "cases?after=500000~C-0100", "cases/C-0007", "approvals", "runs",
    f"runs/{RUN}", f"runs/{RUN}/live", f"runs/{RUN}/trail", "health",
)  # fmt: skip


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser before a large desk."""
    folder = tmp_path_factory.mktemp("large")
    users_file(folder)
    seed_folder(folder / RUN)
    url = f"sqlite:///{folder}/tieout.db"
    store = seed_store(url)
    raised = flags.propose(store, RUN, [_flag(number) for number in range(FLAGS)]).new
    _ask(store, raised)
    cases.save(store, RUN, [_case(number) for number in range(CASES)])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _settings(folder, url).items():
            patch.setenv(name, value)
        with browser(Starlette(routes=[Mount("/desk", pages())])) as client:
            yield client
    store.close()


def test_every_page_is_fast(large: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    """The quickest of five answers, in processor time: what other processes take is not the desk's."""
    took = {path: min(_milliseconds(large, path) for _ in range(5)) for path in PAGES}
    with capsys.disabled():
        print(f"\n{FLAGS:,} flags, {CASES:,} cases, ms a page:")  # noqa: T201 - the figures that are asked for
        print(*(f"{number:7.0f}  /desk/{path}" for path, number in took.items()), sep="\n")  # noqa: T201
    assert {path: number for path, number in took.items() if number > MOST_MS} == {}


def _milliseconds(large: Browser, path: str) -> float:
    started = time.process_time()
    answer = large.get(f"/desk/{path}")
    assert answer.status_code == 200, path
    return (time.process_time() - started) * 1000


def _settings(folder: Path, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "CHECKPOINT_URL": f"sqlite:///{folder}/checkpoints.db",
        "WORKSPACE_URL": str(folder),
        "TIEOUT_USERS": str(folder / "users.yaml"),
    }


def _flag(number: int) -> dict[str, object]:
    test = TESTS[number % 4]
    return {
        "row_key": f"card:{number}", "txn_id": f"T{number}", "source": "card", "amount_minor": 100 + number,
        "currency": "USD", "severity": SEVERITIES[number % 3], "risk": "HIGH", "score": 60,
        "vendor": f"Vendor {number % 700}", "posted_on": "2025-03-04", "case_id": f"C-{number % CASES:04}",
        "file": "card.csv", "line": number, "lead_test": test,
        "explanation": f"The payment T{number} repeats another. " * 6,
        "tests": [{"test": test, "score": 90, "observed": "2", "threshold": "1"}],
        "documents": [{"found": False, "kind": "receipt"}],
        "components": {"severity": [{"what": "no match", "because": "no partner", "points": 40}]},
    }  # fmt: skip


def _ask(store: Store, raised: list[str]) -> None:
    """Ask about all of them: the first cases each for itself, the rest together."""
    held: dict[str, list[str]] = {}
    for number, flag_id in enumerate(raised):
        case = number % CASES
        held.setdefault(f"C-{case:04}" if case < 25 else "others-high", []).append(flag_id)
    subjects = [
        {
            "subject": name, "title": name, "risk": "HIGH", "severity": "WARNING", "quorum": 1,
            "flags": len(ids), "exposure": "1.00", "currency": "USD", "description": name,
        }
        for name, ids in held.items()
    ]  # fmt: skip
    approvals.close(store, f"{RUN}-flags-1", "decided")
    payload = {"reasons": ["10,000 flags"], "subjects": subjects, "flags": held}
    approvals.request(store, RUN, "flags", attempt=2, payload=payload, needs=dict.fromkeys(held, 1))


def _case(number: int) -> dict[str, object]:
    return {
        "case_id": f"C-{number:04}", "title": f"duplicate: Vendor {number % 700}, 5 rows",
        "family": "duplicate",
        "exposure_minor": number * 7919 % 1_000_000, "currency": "USD", "severity": SEVERITIES[number % 3],
        "flags": 5,
    }  # fmt: skip
