"""`tieout settings`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from desk.cli.columns import SETTINGS
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import Row, form_of, write

if TYPE_CHECKING:
    from tools.core.settings import Settings


def settings(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Print every setting: what is in force, where it comes from and what it does.

    Set them in the environment or in a file `.env`. Secrets are masked.

    For example:

        tieout settings

        TIEOUT_ENGINE_MEMORY_LIMIT=4GB tieout settings --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin

    write(SETTINGS, _rows(begin()), form, limit=0)


def _rows(values: Settings) -> Iterator[Row]:
    import os

    from dotenv import dotenv_values

    from desk.cli.startup import variables_of

    environment = {name.upper() for name in os.environ}
    env_file = {name.upper() for name in dotenv_values(".env")}
    for field, info in type(values).model_fields.items():
        names = variables_of(field, info)
        yield {
            "name": names[0],
            "value": _cell_text(getattr(values, field)),
            "source": _source(names, environment, env_file),
            "description": info.description,
        }


def _source(names: list[str], environment: set[str], env_file: set[str]) -> str:
    if environment.intersection(names):
        return "environment"
    return ".env" if env_file.intersection(names) else "default"


def _cell_text(value: object) -> str:
    from desk.logs import struck

    return "" if value is None else struck(str(value))
