"""Cases, versions of the rules, and aliases."""

from __future__ import annotations

import pytest

from tests.store.conftest import start
from tools.core.errors import RunError
from tools.store import Store, aliases, cases, rule_versions, trail


def test_cases_take_the_newest_figures(store: Store) -> None:
    """Saving again updates; what a case carries beyond its columns is kept under details."""
    start(store)
    base = {"title": "Acme twice", "currency": "USD", "flags": 2}
    cases.save(store, "r1", [{"case_id": "c1", "exposure_minor": 5, "family": "duplicate", **base}])
    cases.save(store, "r1", [{"case_id": "c1", "exposure_minor": 7, "family": "duplicate", **base}])
    cases.save(store, "r1", [{"case_id": "c2", "exposure_minor": 9, **base}])
    rows = cases.of_run(store, "r1")
    assert [(case.case_id, case.exposure_minor) for case in rows] == [("c2", 9), ("c1", 7)]
    assert cases.get(store, "c1").details == {"family": "duplicate"}
    with pytest.raises(RunError, match="no case 'c3'"):
        cases.get(store, "c3")


def test_a_version_of_the_rules_is_kept_once(store: Store) -> None:
    """It carries what changed since the one before, and is on the desk's trail."""
    rule_versions.save(store, "d1", "a: 1\nb: 2\n", author="dana", reason="first")
    second = rule_versions.save(store, "d2", "a: 1\nb: 3\n", author="lee", reason="tighter")
    again = rule_versions.save(store, "d2", "anything", author="kim")
    newest = rule_versions.newest(store)
    assert "-b: 2\n+b: 3" in second.diff
    assert (again.author, newest and newest.digest) == ("lee", "d2")
    assert [version.digest for version in rule_versions.list_versions(store)] == ["d2", "d1"]
    assert rule_versions.get(store, "d3") is None
    assert [entry["outputs"] for entry in trail.entries(store, trail.DESK)] == ["d1", "d2"]


def test_aliases_are_learned_once_a_run(store: Store) -> None:
    """The surest vendor stands for an alias; a replay does not make it surer."""
    for name in ("r1", "r2"):
        start(store, name)
    amazon = {"alias_key": "AMZN", "vendor_key": "AMAZON", "confidence": 0.9}
    amazing = {"alias_key": "AMZN", "vendor_key": "AMAZING", "confidence": 0.7}
    for run_id in ("r1", "r1", "r2"):
        aliases.learn(store, run_id, "E", [amazon, amazing])
    assert aliases.names_of(store, "E") == {"AMZN": "AMAZON"}
    assert aliases.names_of(store, "F") == {}
