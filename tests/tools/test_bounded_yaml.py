"""YAML is read within bounds, and what is wrong with it is said without repeating it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.checks.rules_file import load_rules
from tools.core.bounded_yaml import Bounds, Loader, Texts, YamlError, load, read
from tools.core.errors import TieoutError
from tools.core.libyaml_loader import libyaml_loader
from tools.identity import users_file
from tools.ledger import sources

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{new}: &{new} {{<<: [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]}}\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
BEYOND = {
    "aliases": (LAUGHS, "TIEOUT_YAML_VALUES"),
    "merged aliases": (MERGES, "TIEOUT_YAML_VALUES"),
    "many values": ("[" + "1, " * 100_001 + "]", "TIEOUT_YAML_VALUES"),
    "brackets": ("a: " + "[" * 400_000, "TIEOUT_YAML_DEPTH"),
    "indents": ("".join(f"{' ' * deep}a:\n" for deep in range(400)), "TIEOUT_YAML_DEPTH"),
    "bytes": ("#" * 1_000_001, "TIEOUT_YAML_BYTES"),
    "an alias of itself": ("a: &a [*a]\n", "what it is part of"),
}
READERS: dict[str, Callable[[Path], object]] = {
    "rules": load_rules,
    "sources": sources.load,
    "users": users_file.read,
}


@pytest.mark.parametrize(
    "reader",
    [
        pytest.param(reader, id=name, marks=[] if name == "rules" else pytest.mark.exhaustive)
        for name, reader in READERS.items()
    ],
)
@pytest.mark.parametrize(("text", "message"), BEYOND.values(), ids=BEYOND)
def test_a_file_beyond_its_bounds_is_refused(
    tmp_path: Path, reader: Callable[[Path], object], text: str, message: str
) -> None:
    """Every kind of file is refused at once, by its name, the limit and the setting that raises it."""
    path = tmp_path / "given.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TieoutError) as caught:
        reader(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_settings_raise_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused by default is read once the setting allows it."""
    path = tmp_path / "long.yaml"
    path.write_text(f"{{}}{' ' * 1_000_001}", encoding="utf-8")
    with pytest.raises(TieoutError, match="TIEOUT_YAML_BYTES"):
        load_rules(path)
    monkeypatch.setenv("TIEOUT_YAML_BYTES", "2000000")
    assert load_rules(path).look_back_days == 7


def test_aliases_that_stand_for_little_are_read() -> None:
    """An anchor used twice is ordinary YAML."""
    assert load("a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}\n") == {
        "a": {"x": 1},
        "b": {"x": 1},
        "c": {"x": 1, "y": 2},
    }


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """Nobody waits for what never comes."""
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(YamlError, match="is no file"):
        read(tmp_path / "pipe.yaml")


SECRET = "S3CRETVALUE"
HOSTILE = (
    "{0}",
    "'{0}",
    '"\\q{0}"',
    "- {0}\n- *{0}",
    "a: &{0} 1\nb: &{0} 2\nc: *x",
    "!{0} x",
    "!{0}!y x",
    "%{0}\n",
    "a: {0}: b",
    "? {{{0}: 1}}\n: 2",
    "{0}\n---\n{0}",
    "\t{0}",
    "entity: {{name: {0}, timezone: {0}, currency: {0}, as_of: {0}}}",
    "entity: {{name: X}}\nsources: {{{0}: {{kind: {0}, path: {0}}}}}",
    "gate: {{completeness: {0}}}\napproval: {{quorum: {{{0}: 1}}}}",
    "tests: {{duplicate_payment: {{score: [{0}]}}}}",
    "users: {{a: {{name: {0}, roles: {0}, token_sha256: {0}}}}}",
    "2025-13-45: {0}",
    "!!int {0}",
    "!!timestamp {0}",
    "!!binary {0}",
    "look_back_days: {0}",
)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("form", HOSTILE)
def test_no_error_repeats_a_value(tmp_path: Path, reader: Callable[[Path], object], form: str) -> None:
    """Whatever is wrong with a file, the error says where, and nothing of what stands there."""
    value = f"{SECRET}/+="  # as keys and passwords are written: no name of anything
    path = tmp_path / "named.yaml"
    path.write_text(form.format(value), encoding="utf-8")
    with pytest.raises(TieoutError) as caught:
        reader(path)
    assert SECRET not in str(caught.value)


@given(st.text(st.sampled_from("aA1:-[]{}&*!%@`'\"\\ \n\t#|>?,<=~.\0\x1b\ud800é"), max_size=60))
@example("!!int ''")
@example("!!timestamp x")
@example("? [a]\n: b")
def test_any_text_is_read_or_refused_plainly(text: str) -> None:
    """No text leads to anything but a value, or an error that repeats none of it."""
    marked = text.replace("A", SECRET)
    refusal = ""
    try:
        load(marked, Bounds(), Texts)
    except YamlError as error:
        refusal = f"{error.reason} {error.at('x.yaml')} {error.remedy}"
    assert SECRET not in refusal


@pytest.mark.parametrize(
    "bounds",
    [Bounds(), Bounds(size=1_000), Bounds(depth=1), Bounds(values=1_000)],
    ids=["within", "size", "depth", "values"],
)
def test_libyaml_reads_within_the_same_bounds(bounds: Bounds) -> None:
    """The words of the guesser are the same through libyaml and through PyYAML, and so is a refusal."""
    text = resources.files("tools.ledger.guess").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    assert _outcome(text, bounds, Loader) == _outcome(text, bounds, libyaml_loader())


def test_words_are_read_when_they_are_first_needed() -> None:
    """Opening the readers, the checks and the guesser reads no vocabulary: most commands guess nothing."""
    script = (
        "import tools.ledger.reading, tools.ledger.guess.propose, tools.checks.runner\n"
        "from tools.ledger.guess import vocabulary as v\n"
        "before = v.vocabulary.cache_info().currsize\n"
        "v.words('Betrag')\n"
        "print(before, v.vocabulary.cache_info().currsize)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0 1"


def _outcome(text: str, bounds: Bounds, loader: type[Loader]) -> object:
    try:
        return load(text, bounds, loader)
    except YamlError as error:
        return str(error), error.remedy
