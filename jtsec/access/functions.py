"""
The registry of functions: which rights there are, and what each one demands.

    # permits/functions.py, found by itself when Django starts
    from jtsec.access.api import function

    function("permits.approve", "审批", conflicts_with=("permits.file_permit",))
    function("permits.show_owner", "查看所有人", police_only=True, critical=True)

A right is a Django permission name, `app.operation_thing` (clause A4.3). What stands
here is code and not data: nobody makes a function open to non-police by SQL.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass, replace
from functools import lru_cache
from typing import Any, Final

from django.contrib.auth.models import Permission
from django.utils.functional import Promise

from jtsec.core.exposure import RIGHT
from jtsec.identity.models import Duty

StrOrPromise = str | Promise


@dataclass(frozen=True)
class Function:
    """
    One function and operation, and what it demands of who uses it.

    Args:
        right: its permission name, `app.operation_thing`.
        title: what people call it; may be lazy.
        duty: whose it is: "business", "system", "security" or "audit" (A4.4).
        police_only: no police officer, no use, whatever the roles say (A4.7).
        critical: used from a terminal bound to the person alone (A4.11).
        core: each use is an event, without which nothing is answered (A5.5).
        sensitivity: the clearance it takes, 0 for none (A4.14).
        propagatable: whether its holder may receive it by propagation (A4.9).
        conflicts_with: rights that nobody may hold together with it (A4.4).
        by_duty: everybody of the duty has it, without a role.
        set_up: open to the administrator made at installation (A4.5, P38).
        interfaces: names of interfaces of other systems that it calls.
    """

    right: str
    title: StrOrPromise = ""
    _: KW_ONLY
    duty: str = Duty.BUSINESS.value
    police_only: bool = False
    critical: bool = False
    core: bool = False
    sensitivity: int = 0
    propagatable: bool = False
    conflicts_with: Collection[str] = ()
    by_duty: bool = False
    set_up: bool = False
    interfaces: Collection[str] = ()

    def __post_init__(self) -> None:
        if not RIGHT.fullmatch(self.right):
            raise ValueError(f"{self.right!r} is not a right: app.operation_thing")
        if self.duty not in Duty.values:
            raise ValueError(f"{self.right}: {self.duty!r} is no duty")
        for name in ("conflicts_with", "interfaces"):
            given: Any = getattr(self, name)
            if isinstance(given, str):
                raise ValueError(f"{self.right}: {name} takes several names")
            object.__setattr__(self, name, frozenset(given))
        if self.right in self.conflicts_with:
            raise ValueError(f"{self.right} conflicts with itself")


UNTITLED: Final = ""

_declared: dict[str, Function] = {}
_completed: dict[str, Function] = {}


def declare(function: Function) -> Function:
    """
    Enter a function into the registry.

    Raises:
        ValueError: the right is declared already, and differently; one of the two
            would be open where the other is closed.
    """
    known = _declared.get(function.right)
    if known is not None and not _is_same(known, function):
        raise ValueError(
            f"{function.right} belongs to the duty {known.duty} and is declared "
            "already, differently"
        )
    _declared[function.right] = function
    _completed.clear()
    return function


def function(right: str, title: StrOrPromise = "", **attributes: Any) -> Function:
    """Enter a function; takes the attributes of `Function`."""
    return declare(Function(right, title, **attributes))


def bind_right(
    right: str, duty: str, title: StrOrPromise = "", *, set_up: bool = False
) -> None:
    """
    Say that everybody of a duty, and nobody else, has a right (clauses A4.4, A4.5).

    Called from the wiring of who offers it. The duty stands in the sealed identity
    and is one column, so nobody has two; a permission row that somebody writes into
    Django's tables neither gives such a right nor takes it.

    Args:
        right: a Django permission name, `app.operation_thing`.
        duty: "business", "system", "security" or "audit".
        title: what people call it.
        set_up: whether the administrator made at installation may use it (P38).

    Raises:
        ValueError: it belongs to another duty already.
    """
    declare(Function(right, title, duty=duty, by_duty=True, set_up=set_up))


def function_of(right: str) -> Function | None:
    """Return a declared function, conflicts named by either side included."""
    found = _completed.get(right)
    if found is not None:
        return found
    plain = _declared.get(right)
    if plain is None:
        return None
    others = {one.right for one in _declared.values() if right in one.conflicts_with}
    whole = replace(plain, conflicts_with=frozenset(plain.conflicts_with) | others)
    _completed[right] = whole
    return whole


def functions() -> tuple[Function, ...]:
    """Return all declared functions, by right."""
    found = (function_of(right) for right in sorted(_declared))
    return tuple(one for one in found if one is not None)


@lru_cache(maxsize=1024)
def stand_in(right: str) -> Function:
    """
    Return what holds for a permission of Django's that nobody declared.

    Business, and nothing out of the ordinary: it needs a role like any other.
    """
    return Function(right, UNTITLED)


def permission_names() -> frozenset[str]:
    """Return the names of all permission rows of the project; one query."""
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    return frozenset(f"{label}.{codename}" for label, codename in rows)


def _is_same(known: Function, again: Function) -> bool:
    """Answer whether a declaration only says again what is known; titles are words."""
    return replace(known, title="") == replace(again, title="")
