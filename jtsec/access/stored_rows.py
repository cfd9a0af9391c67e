"""What the stored policy holds that a check, or the evidence, has to tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from jtsec.core.tables import are_readable
from jtsec.identity.models import Identity

from .functions import function_of
from .holdings import unexpired
from .models import Propagation, RightGrant, TerminalBinding
from .policy_token import database

NAMED: Final = 10


def idle_propagations() -> list[str]:
    """Return the rights passed on, in any hand, that are not propagatable."""
    rights: set[str] = set()
    for model in (Propagation, RightGrant):
        rows = model._default_manager.filter(unexpired())
        rights.update(rows.values_list("right", flat=True).distinct())
    return sorted(right for right in rights if not _is_propagatable(right))


def address_bindings() -> QuerySet[TerminalBinding]:
    """Return the bindings in force that ask for an address and nothing else."""
    rows = TerminalBinding.objects.filter(unexpired())
    return rows.filter(terminal="", certificate="")


def is_readable(databases: Sequence[str] | None, model: Any) -> bool:
    """Answer whether the database is to be checked and has been migrated."""
    return are_readable(databases, database(), model, Identity)


def listed(names: Iterable[str]) -> str:
    """Return the first of some names, in one line."""
    found = [name if name.isprintable() else ascii(name) for name in names]
    return ", ".join(found[:NAMED]) + (", …" if len(found) > NAMED else "")


def _is_propagatable(right: str) -> bool:
    function = function_of(right)
    return function is not None and function.propagatable
