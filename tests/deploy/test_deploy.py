"""What `deploy/` ships is valid by its tools and schemas, and true to our commands and settings."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from desk.cli.app import PANELS
from desk.cli.startup import variables_of
from tools.core.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMMANDS = {name for _, names in PANELS for name in names}
VARIABLES = {name for field, info in Settings.model_fields.items() for name in variables_of(field, info)}
ENVIRONMENT = (DEPLOY / "tieout.env.example").read_text(encoding="utf-8")
NAMES = set(re.findall(r"^([A-Z_]+)=", ENVIRONMENT, re.MULTILINE))
OF_COMPOSE = {"POSTGRES_PASSWORD", "BOOKS"}


@pytest.fixture
def compose() -> object:
    """Give the compose file as it is read."""
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def test_the_compose_file_keeps_to_its_schema(compose: Any) -> None:  # noqa: ANN401 - YAML
    """The Compose Specification's own schema (Apache-2.0) takes it; a misspelt key it would not."""
    schema = json.loads((Path(__file__).parent / "compose_spec.json").read_text(encoding="utf-8"))
    schema["properties"].pop("version")
    schema["properties"]["name"] = {"type": "string"}  # younger than this copy of the schema
    jsonschema.validate(compose, schema, jsonschema.Draft201909Validator)
    compose["services"]["worker"]["comand"] = []
    with pytest.raises(jsonschema.ValidationError, match="comand"):
        jsonschema.validate(compose, schema, jsonschema.Draft201909Validator)


def test_compose_names_what_there_is(compose: Any) -> None:  # noqa: ANN401 - YAML
    """Files, commands, settings, volumes and secrets."""
    services = compose["services"]
    assert {services[name]["command"][0] for name in ("server", "worker")} <= COMMANDS
    assert set(services["server"]["environment"]) <= VARIABLES
    assert (
        COMPOSE.parent / services["server"]["build"]["context"] / services["server"]["build"]["dockerfile"]
    ).is_file()
    mounts = [mount for service in services.values() for mount in service.get("volumes", ())]
    places = {mount.partition(":")[0] for mount in mounts}
    files = {place for place in places if place.startswith(".")}
    assert [place for place in files if not (COMPOSE.parent / place).is_file()] == []
    assert {place for place in places - files if not place.startswith("$")} == set(compose["volumes"])
    assert files
    assert set(services["prometheus"]["secrets"]) == set(compose["secrets"])
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text(encoding="utf-8"))) <= NAMES


def test_the_environment_names_settings_that_there_are() -> None:
    """Each line sets one of ours, or what compose asks for; what compose needs is there."""
    assert NAMES - OF_COMPOSE <= VARIABLES
    assert OF_COMPOSE <= NAMES


def test_the_environment_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its secrets filled in it is a whole set of settings."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(
        re.sub(r"^(.*_(?:KEY|TOKEN))=$", r"\1=filled", ENVIRONMENT, flags=re.MULTILINE)
    )
    settings = Settings()
    assert settings.database_url == "sqlite:////var/lib/tieout/tieout.db"
    assert (settings.open_on_loopback, settings.notify, settings.users) == (
        False,
        {},
        Path("/etc/tieout/users.yaml"),
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_what_systemd_takes(tmp_path: Path, unit: Path) -> None:
    """`systemd-analyze verify` has nothing to say; what it starts is a command of ours."""
    text = unit.read_text(encoding="utf-8")
    for words in re.findall(r"^ExecStart=/opt/tieout/bin/tieout (.*)$", text, re.MULTILINE):
        assert words.split()[0] in COMMANDS
    for path in UNITS:  # a timer names its service
        stand_in = path.read_text(encoding="utf-8").replace("/opt/tieout/bin/tieout", "/usr/bin/env")
        (tmp_path / path.name).write_text(stand_in, encoding="utf-8")
    program = shutil.which("systemd-analyze")
    assert program, "apt-get install systemd"
    verify = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in verify.stderr.splitlines() if "tieout" in line]
    assert (verify.returncode, ours) == (0, [])


def test_the_image_is_built_of_what_there_is() -> None:
    """Everything that the wheel is made of is copied, the extras exist, and its command is ours."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    copied = {
        word for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for word in line.split()
    }
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied
    assert {project["project"]["readme"], *project["project"]["license-files"]} <= copied
    assert all((ROOT / name).exists() for name in copied)
    (extras,) = re.findall(r"'\.\[(.*)\]'", text)
    assert set(extras.split(",")) <= set(project["project"]["optional-dependencies"])
    (command,) = re.findall(r"^CMD (.*)$", text, re.MULTILINE)
    assert json.loads(command)[0] in COMMANDS


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*/prometheus.yml")), ids=lambda path: path.parent.name)
def test_prometheus_takes_its_configuration(tmp_path: Path, path: Path) -> None:
    """`promtool` finds nothing wrong with it or the rules beside it."""
    shutil.copy(path, tmp_path)
    shutil.copy(DEPLOY / "prometheus" / "alerts.yml", tmp_path)
    (tmp_path / "metrics-token").touch()
    text = path.read_text(encoding="utf-8").replace("/run/secrets/", f"{tmp_path}/")
    (tmp_path / "prometheus.yml").write_text(text, encoding="utf-8")
    program = shutil.which("promtool")
    assert program, "apt-get install prometheus"
    check = subprocess.run(
        [program, "check", "config", str(tmp_path / "prometheus.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr
