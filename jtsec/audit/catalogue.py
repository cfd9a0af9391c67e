"""The reference of the events, made from their declarations."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from .events import Declaration, Event, declared_events

HEAD = """\
# Events

Every event that jtsec can record, made from the declarations in the packages'
`events.py`. How a row is built and verified: [formats](formats.md).

*Result*: `done` commits with the change it tells of; `refused` and `failed` stay when
the transaction is rolled back. *Severity*: `info`, `notice`, `warning`, `alarm`; an
alarm is logged as an error too. Fields in *italics* are encrypted in the row and left
out of the log.
"""


def as_markdown(package: str = "jtsec") -> str:
    """
    Return the reference page of the events declared in a package.

    Args:
        package: the name of the package; an adopter passes its own.
    """
    _import_declarations(package)
    lines = [HEAD]
    control = ""
    for code, cls in declared_events().items():
        if cls.__module__.split(".")[0] != package:
            continue
        if code.split(":")[0] != control:
            control = code.split(":")[0]
            lines.append(f"\n## {control}\n")
        lines.extend(_entry(code, cls))
    return "\n".join(lines).rstrip() + "\n"


def _import_declarations(package: str) -> None:
    """Import every `events` module, so that none is missing for being unused yet."""
    root = import_module(package)
    for found in iter_modules(root.__path__):
        name = f"{package}.{found.name}"
        if not found.ispkg:
            continue
        if find_spec(f"{name}.events") is not None:
            import_module(f"{name}.events")
        _import_declarations(name)


def _entry(code: str, cls: type[Event]) -> Iterator[str]:
    declaration = cls.declaration
    yield f"### `{code}`\n"
    yield inspect.cleandoc(cls.__doc__ or "") + "\n"
    yield f"- Class: `{cls.__module__}.{cls.__qualname__}`"
    yield f"- Result: {declaration.outcome.value}"
    yield f"- Severity: {declaration.severity.name.lower()}"
    if declaration.core:
        yield "- Core function"
    if declaration.clause:
        yield f"- Clause: {declaration.clause}"
    yield f"- Fields: {_fields(declaration)}\n"


def _fields(declaration: Declaration) -> str:
    return (
        ", ".join(
            f"*{name}*" if name in declaration.sensitive else f"`{name}`"
            for name in declaration.names
        )
        or "none"
    )
