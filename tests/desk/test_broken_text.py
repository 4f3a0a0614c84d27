"""Text that is no Unicode, out of a shell or a client, breaks nothing that is written of it later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desk.seeded import RUN, copy_desk, seed_desk
from tests.desk.shell import tieout
from tools.store import flags, trail

NOTE = "seen \udcff \ud800 here"  # a byte that is no UTF-8, as a shell hands it on; half a character


@pytest.mark.parametrize(
    "listing", [["trail", RUN, "--json"], ["trail", RUN, "--export"], ["flags", "--json"]]
)
def test_what_is_written_is_unicode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: list[str]
) -> None:
    """A note of such text, and an entry of the trail with it, leave as U+FFFD; the trail is whole."""
    (tmp_path / "seed").mkdir()
    store = copy_desk(seed_desk(tmp_path / "seed"), tmp_path / "desk", monkeypatch)
    flag = flags.find(store, case_id="c1")[0]
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/desk/tieout.db",
        "TIEOUT_USERS": f"{tmp_path}/desk/users.yaml",
        "TIEOUT_TOKEN": "riley-token",
    }
    noted = ["review", flag.flag_id, "--as", "confirmed", "--note", NOTE]
    assert tieout(*noted, cwd=tmp_path, **settings).returncode == 0
    trail.append(store, RUN, "dana", "told", details={NOTE: [NOTE, {"note": NOTE}]})
    completed = tieout(*listing, cwd=tmp_path, **settings)
    assert completed.returncode == 0
    lines = completed.stdout.splitlines() if "--export" in listing else [completed.stdout]
    for line in lines:
        json.dumps(json.loads(line), ensure_ascii=False).encode()  # a lone surrogate would not go
    assert "seen \ufffd \ufffd here" in completed.stdout or "seen \\ufffd \\ufffd here" in completed.stdout
    assert tieout("verify", cwd=tmp_path, **settings).returncode == 0
