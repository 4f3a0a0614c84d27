"""The store and its anchor as files: replaced, emptied, cut back, forged. Verifying finds each."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.store.conftest import KEY, start
from tests.store.filled_desk import fill_desk
from tools.core.errors import SettingsError
from tools.store import (
    Store,
    connect,
    flags,
    runs,
    trail,
    upgrade,
    verify_trail,
    windows,
)
from tools.store.verify_trail import DESK, SEALS, canonical, entry_hash, key_id, signature

DATABASE, ANCHOR = "tieout.db", "tieout.anchor"
FORGED_LINK = "UPDATE trail SET details = ?, prev_hash = ?, hash = ? WHERE run_id = ? AND seq = ?"

CUT = "DELETE FROM trail WHERE run_id = ? AND seq > ?"
HEAD = "UPDATE trail_head SET seq = ?, hash = ?, signature = ? WHERE run_id = ?"


@dataclass(frozen=True)
class Desk:
    """A desk's folder, and what its store was before the last runs."""

    folder: Path
    older: Path

    @property
    def anchor(self) -> Path:
        """Give the anchor's path."""
        return self.folder / ANCHOR

    def run(self, *statements: str | tuple[str, tuple[object, ...]]) -> None:
        """Write past the desk, with a connection of one's own and no trigger in the way."""
        with closing(sqlite3.connect(self.folder / DATABASE, isolation_level=None)) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                raw.execute(*((statement,) if isinstance(statement, str) else statement))

    def lines(self) -> list[str]:
        """Give the anchor's lines."""
        return self.anchor.read_text().splitlines()

    def write(self, lines: list[str]) -> None:
        """Replace the anchor's lines."""
        self.anchor.write_text("".join(f"{line}\n" for line in lines))

    def open(self) -> Store:
        """Open the store as the desk does."""
        store = connect(f"sqlite:///{self.folder / DATABASE}")
        upgrade(store)
        return store

    def problems(self) -> list[str]:
        """Give what verifying finds; a store that does not open any more says why."""
        try:
            store = self.open()
        except SettingsError as error:
            return [str(error)]
        lines = [str(problem) for problem in trail.verify(store)]
        store.close()
        return lines


@pytest.fixture(scope="module")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Make a desk that worked, closed its store, and worked again."""
    desk = Desk(tmp_path_factory.mktemp("worked"), tmp_path_factory.mktemp("older"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIEOUT_TRAIL_KEY", KEY)
        store = desk.open()
        fill_desk(store)
        store.close()
        shutil.copy(desk.folder / DATABASE, desk.older)
        store = desk.open()
        windows.take(
            store, start(store, "r9", entity="G"), "G", ["card"], runs.get(store, "r1").started_at.date()
        )
        store.close()
    return desk


@pytest.fixture(autouse=True)
def _beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIEOUT_TRAIL_ANCHOR")


@pytest.fixture
def desk(desk_template: Desk, tmp_path: Path) -> Desk:
    """Give a desk of one's own."""
    shutil.copytree(desk_template.folder, tmp_path / "desk")
    return Desk(tmp_path / "desk", desk_template.older)


def work_on(desk: Desk) -> None:
    """Go on working, as the desk does that noticed nothing."""
    store = desk.open()
    start(store, "r10", entity="H")
    store.close()


def older_copy(desk: Desk) -> None:
    """Put the store of before in place of today's."""
    shutil.copy(desk.older / DATABASE, desk.folder / DATABASE)


def older_copy_and_more(desk: Desk) -> None:
    """Do the same, and let the desk go on from there."""
    older_copy(desk)
    work_on(desk)
    work_on(desk)


def new_store(desk: Desk) -> None:
    """Begin with nothing."""
    (desk.folder / DATABASE).unlink()
    work_on(desk)


def all_emptied(desk: Desk) -> None:
    """Empty every table but the version's."""
    with closing(sqlite3.connect(desk.folder / DATABASE)) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    emptied = [f'DELETE FROM "{name}"' for name in names if name != "alembic_version"]  # noqa: S608 - our tables
    desk.run(*emptied)


def all_emptied_and_more(desk: Desk) -> None:
    """Do the same, and let the desk go on from there."""
    all_emptied(desk)
    work_on(desk)


def trail_emptied(run_id: str) -> Callable[[Desk], None]:
    """Empty one trail."""

    def attack(desk: Desk) -> None:
        desk.run((CUT, (run_id, 0)), ("DELETE FROM trail_head WHERE run_id = ?", (run_id,)))

    attack.__name__ = f"trail_{run_id}_emptied"
    return attack


def trails_emptied(desk: Desk) -> None:
    """Empty all trails and leave the tables."""
    desk.run("DELETE FROM trail", "DELETE FROM trail_head")


def trails_emptied_and_more(desk: Desk) -> None:
    """Do the same, and let the desk begin new ones."""
    trails_emptied(desk)
    work_on(desk)


def trails_emptied_and_version_set_back(desk: Desk) -> None:
    """Do the same, so that the desk takes the rows over as those of a store that had no seals."""
    desk.run("DELETE FROM trail", "DELETE FROM trail_head", "UPDATE alembic_version SET version_num = '0060'")


def flag_changed_and_version_set_back(desk: Desk) -> None:
    """Change a row, then have the desk migrate, which seals anew."""
    desk.run("UPDATE flag SET severity = 'INFO'", "UPDATE alembic_version SET version_num = '0060'")


def flag_changed_and_written_again(desk: Desk) -> None:
    """Change a row, then have the desk itself write it."""
    desk.run("UPDATE flag SET amount_minor = 1")
    store = desk.open()
    flags.review(store, flags.find(store)[0].flag_id, "false_positive", by="kim")
    store.close()


def flag_deleted_and_raised_again(desk: Desk) -> None:
    """Delete flags with their history, then have the desk raise them anew."""
    desk.run("DELETE FROM flag_event", "DELETE FROM flag")
    store = desk.open()
    row = {"row_key": "card:1-0", "source": "card", "amount_minor": 1, "currency": "USD", "severity": "INFO"}
    flags.propose(store, "r2", [row])
    store.close()


def table_dropped(desk: Desk) -> None:
    """Take a table away."""
    desk.run("DROP TABLE flag_event")


def column_dropped(desk: Desk) -> None:
    """Take a column away."""
    desk.run("ALTER TABLE flag DROP COLUMN review_note")


def no_number(desk: Desk) -> None:
    """Write what is no number."""
    desk.run("UPDATE flag SET amount_minor = 'much', currency = 'ZZZ'")


def no_date(desk: Desk) -> None:
    """Write what is no date."""
    desk.run("UPDATE flag SET posted_on = 'some day'", "UPDATE watermark SET posted_to = 'some day'")


def no_time(desk: Desk) -> None:
    """Write what is no time, into a key."""
    desk.run("UPDATE alert SET raised_at = 'some day'")


def no_json(desk: Desk) -> None:
    """Write what is no JSON."""
    desk.run("UPDATE flag SET tests = '[', components = 'x'")


def blob(desk: Desk) -> None:
    """Write bytes."""
    desk.run("UPDATE flag SET explanation = X'FF00'")


def anchor_removed(desk: Desk) -> None:
    """Take the anchor away."""
    desk.anchor.unlink()


def anchor_removed_and_more(desk: Desk) -> None:
    """Take the anchor away, and let the desk begin another in its place."""
    work_on(desk)
    desk.anchor.unlink()
    work_on(desk)


def anchor_emptied(desk: Desk) -> None:
    """Leave nothing in it."""
    desk.write([])


def anchor_cut_short(desk: Desk) -> None:
    """Leave half of it."""
    desk.write(desk.lines()[: len(desk.lines()) // 2])


def anchor_cut_by_two(desk: Desk) -> None:
    """Take the last two lines."""
    desk.write(desk.lines()[:-2])


def anchor_cut_at_the_front(desk: Desk) -> None:
    """Take the first lines."""
    desk.write(desk.lines()[3:])


def anchor_line_left_out(desk: Desk) -> None:
    """Take one line from the middle."""
    desk.write([*desk.lines()[:4], *desk.lines()[5:]])


def anchor_lines_swapped(desk: Desk) -> None:
    """Put two lines in another order."""
    lines = desk.lines()
    desk.write([*lines[:4], lines[5], lines[4], *lines[6:]])


def anchor_line_changed(desk: Desk) -> None:
    """Let a line name another hash."""
    lines = desk.lines()
    line = {**json.loads(lines[-1]), "hash": "f" * 64}
    desk.write([*lines[:-1], canonical(line)])


def anchor_line_forged(desk: Desk) -> None:
    """Add a line signed with a guess."""
    line = {**json.loads(desk.lines()[-1]), "seq": 999}
    desk.write([*desk.lines(), canonical({**line, "signature": signature(line, b"a guess")})])


def anchor_of_another_desk(desk: Desk) -> None:
    """Put another desk's in its place."""
    foreign = Desk(desk.folder / "other", desk.older)
    work_on(foreign)
    shutil.copy(foreign.anchor, desk.anchor)


def rehashed(desk: Desk, run_id: str, edit: Callable[[dict[str, object]], object], signer: bytes) -> None:
    """Edit the details of a trail's entries, and compute its hashes and its head anew."""
    store = desk.open()
    entries = trail.entries(store, run_id)
    store.close()
    desk.run()
    with closing(sqlite3.connect(desk.folder / DATABASE)) as raw:
        before = verify_trail.FIRST
        for entry in entries:
            edit(entry["details"])
            entry["prev_hash"] = before
            before = entry_hash(entry)
            raw.execute(
                FORGED_LINK, (canonical(entry["details"]), entry["prev_hash"], before, run_id, entry["seq"])
            )
        head = {"run_id": run_id, "seq": len(entries), "hash": before, "key_id": key_id(KEY.encode())}
        head_row = (before, signature(head, signer), run_id)
        raw.execute("UPDATE trail_head SET hash = ?, signature = ? WHERE run_id = ?", head_row)
        raw.commit()


def seals_rewritten_without_the_key(desk: Desk) -> None:
    """Take flags out of the seals and out of the table; only the signature is wrong."""
    desk.run("DELETE FROM flag_event", "DELETE FROM flag")
    rehashed(desk, SEALS, _without_flags, b"a guess")


def _without_flags(details: dict[str, object]) -> None:
    rows = details.get("rows")
    assert isinstance(rows, dict)
    for name in ("flag", "flag_event"):
        rows.pop(name, None)


def trail_rewritten_without_the_key(desk: Desk) -> None:
    """Put another reason on a run's trail."""
    rehashed(desk, "r3", lambda details: details.update(reason="another"), b"a guess")


def seals_rewritten_with_the_key(desk: Desk) -> None:
    """Do the same with the key, but not the anchor."""
    desk.run("DELETE FROM flag_event", "DELETE FROM flag")
    rehashed(desk, SEALS, _without_flags, KEY.encode())


def seals_cut_back(desk: Desk) -> None:
    """Cut the seals and the run that they last saw back to where they once were signed."""
    with closing(sqlite3.connect(desk.older / DATABASE)) as raw:
        heads = raw.execute("SELECT seq, hash, signature, run_id FROM trail_head").fetchall()
    desk.run("DELETE FROM claim WHERE run_id = 'r9'", "DELETE FROM run WHERE run_id = 'r9'")
    desk.run(*((CUT, (head[3], head[0])) for head in heads))
    desk.run("DELETE FROM trail WHERE run_id = 'r9'", "DELETE FROM trail_head WHERE run_id = 'r9'")
    with closing(sqlite3.connect(desk.folder / DATABASE)) as raw:
        raw.executemany(HEAD, heads)
        raw.commit()


def run_trail_cut_by_one(desk: Desk) -> None:
    """Cut a live run's trail by its last entry, with the head that was signed before it."""
    store = desk.open()
    last = trail.entries(store, "r2")[-2]
    store.close()
    head = {"run_id": "r2", "seq": last["seq"], "hash": last["hash"], "key_id": key_id(KEY.encode())}
    seal = signature(head, KEY.encode())
    desk.run((CUT, ("r2", last["seq"])), (HEAD, (last["seq"], last["hash"], seal, "r2")))


ATTACKS: tuple[Callable[[Desk], None], ...] = (
    older_copy,
    older_copy_and_more,
    new_store,
    all_emptied,
    all_emptied_and_more,
    trail_emptied(DESK),
    trail_emptied(SEALS),
    trail_emptied("r1"),
    trails_emptied,
    trails_emptied_and_more,
    trails_emptied_and_version_set_back,
    flag_changed_and_version_set_back,
    flag_changed_and_written_again,
    flag_deleted_and_raised_again,
    table_dropped,
    column_dropped,
    no_number,
    no_date,
    no_time,
    no_json,
    blob,
    anchor_removed,
    anchor_removed_and_more,
    anchor_emptied,
    anchor_cut_short,
    anchor_cut_by_two,
    anchor_cut_at_the_front,
    anchor_line_left_out,
    anchor_lines_swapped,
    anchor_line_changed,
    anchor_line_forged,
    anchor_of_another_desk,
    seals_rewritten_without_the_key,
    trail_rewritten_without_the_key,
    seals_rewritten_with_the_key,
    seals_cut_back,
    run_trail_cut_by_one,
)


def test_a_desk_that_was_moved_verifies(desk: Desk) -> None:
    """Nothing is found in a folder that was copied with its anchor, nor after it worked on."""
    assert desk.problems() == []
    work_on(desk)
    assert desk.problems() == []


def test_every_attack_on_the_files_is_found(
    desk_template: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Replaced, emptied, cut back, rewritten, with or without more work after it: none is missed."""
    missed = []
    for attack in ATTACKS:
        folder = tmp_path / attack.__name__
        shutil.copytree(desk_template.folder, folder)
        desk = Desk(folder, desk_template.older)
        attack(desk)
        if not desk.problems():
            missed.append(attack.__name__)
    with capsys.disabled():
        summary = f"found {len(ATTACKS) - len(missed)} of {len(ATTACKS)} attacks on the files"
        print(f"\n{summary}")  # noqa: T201 - what a report says
    assert missed == []
