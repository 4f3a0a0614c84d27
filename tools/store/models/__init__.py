"""The tables of the store. Money is integer minor units; times are aware, in UTC.

A table's class is made when it is first named: all of them take half a second of processor time, and
most commands read few. What needs all, says so: metadata(). The names are in `__init__.pyi`, once, for type
checkers and for here (lazy loading from a stub, as in SPEC 1 of Scientific Python).
"""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module, resources

from sqlalchemy import MetaData

from tools.store.columns import Base


@cache
def _parts() -> dict[str, str]:
    """Give the module of each name, as the stub imports it."""
    stub = ast.parse(resources.files(__name__).joinpath("__init__.pyi").read_text(encoding="utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    modules = [(node.module or "", node.names) for node in imports]
    return {
        name.name: module for module, names in modules if module.startswith(f"{__name__}.") for name in names
    }


@cache
def metadata() -> MetaData:
    """Give the description of every table, once the classes of all are made."""
    for module in sorted(set(_parts().values())):
        import_module(module)
    return Base.metadata


def __getattr__(name: str) -> object:
    """Give a name of one of the parts, which is imported for it."""
    if name not in _parts():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_parts()[name]), name)
