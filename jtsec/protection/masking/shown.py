"""
A row as it is shown: the same names, but personal fields masked and others withheld.

    permit = shown(permit, request.user)
    permit.owner_phone              139****5678
    permit.get_state_display()      methods and properties see what is shown, too

Templates, serializers and exports are given this instead of the row, so that a field
somebody adds to a page next year comes out masked without anybody's thinking of it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import functional

from jtsec.core.masking import MaskedText, mask
from jtsec.fields.record.parts import Record, RecordPart

from .declaration import masking_of

WITHHELD: Final = MaskedText("—")
PLAIN: Final = (bool, int, float, Decimal, date, timedelta, UUID)
KEPT: Final = (functools.cached_property, functional.cached_property)
COMPUTED: Final = (property, classmethod, staticmethod, functools.partialmethod)
_OPEN: Final = frozenset({"pk", "_meta"})


def withheld(name: str) -> Any:
    """Return what stands for a field that is not shown to somebody."""
    return WITHHELD


class Shown:
    """
    Stands for a row wherever it is shown; nothing can be written through it.

    Args:
        row: the row.
        user: who looks; None sees what a stranger sees.
        withhold: what is returned for, or done about, a name that is withheld.
    """

    __slots__ = ("_jtsec_limited", "_jtsec_row", "_jtsec_user", "_jtsec_withhold")

    def __init__(
        self, row: Model, user: Any, withhold: Callable[[str], Any] = withheld
    ) -> None:
        put = object.__setattr__
        put(self, "_jtsec_row", row)
        put(self, "_jtsec_user", user)
        put(self, "_jtsec_withhold", withhold)
        put(self, "_jtsec_limited", masking_of(type(row)).is_limited(user, row))

    @property  # type: ignore[misc]  # it is what `isinstance` and `super` ask
    def __class__(self) -> Any:
        """Return the row's, or `super()` in the row's own methods would not work."""
        return type(self._jtsec_row)

    def __getattr__(self, name: str) -> Any:
        row = self._jtsec_row
        if name.startswith("_") and name not in _OPEN:
            raise AttributeError(name)
        masking = masking_of(type(row))
        if self._jtsec_limited and name not in _OPEN and _is_data(row, name):
            seen = {name, name.removesuffix("_id")}.intersection(masking.core or ())
            if not seen:
                return self._jtsec_withhold(name)
        declared = name if name in masking.fields else _record_of(row, name)
        if declared in masking.fields:
            value = getattr(row, name)
            return None if value is None else masking.masked(declared, value)
        return self._jtsec_wrapped(row, name)

    def _jtsec_wrapped(self, row: Model, name: str) -> Any:
        """Return what is neither masked nor withheld."""
        static = inspect.getattr_static(type(row), name, None)
        if static is None:
            return _of_the_query(getattr(row, name), self)
        if isinstance(static, RecordPart):
            return getattr(row, name)
        if isinstance(static, KEPT):
            return static.func(self)
        if inspect.isfunction(static) or isinstance(static, COMPUTED):
            # Run on what is shown: it must not tell what a field does not.
            bound = static.__get__(self, type(row))
            if getattr(bound, "alters_data", False):
                raise AttributeError(f"{name}: a row that is shown is not written")
            return bound
        value = getattr(row, name)
        if isinstance(value, Model):
            return Shown(value, self._jtsec_user, self._jtsec_withhold)
        if isinstance(value, Record):
            raise AttributeError(f"{name}: its parts are shown by their names")
        if hasattr(value, "get_queryset"):
            raise AttributeError(f"{name}: pass the rows through shown_rows()")
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name}: a row that is shown is not written")

    def __str__(self) -> str:
        row: Any = type(self._jtsec_row)
        return str(row.__str__(self))

    def __repr__(self) -> str:
        return f"<shown {type(self._jtsec_row).__name__}: {self}>"

    def __eq__(self, other: object) -> bool:
        return bool(self._jtsec_row == row_of(other))

    def __hash__(self) -> int:
        return hash(self._jtsec_row)


def shown(row: Any, user: Any, withhold: Callable[[str], Any] = withheld) -> Any:
    """
    Return a row as it is shown to somebody (clause T7.2).

    Args:
        row: a row of a model, with MASKING declared or without; anything else is
            returned as it is.
        user: who looks; None for nobody in particular.
        withhold: what to return for a name the user does not see; "—" by default.
    """
    is_row = isinstance(row, Model) and not is_shown(row)
    return Shown(row, user, withhold) if is_row else row


def shown_rows(rows: Iterable[Any], user: Any) -> Iterator[Any]:
    """Yield each of some rows as it is shown to somebody."""
    for row in rows:
        yield shown(row, user)


def is_shown(row: object) -> bool:
    """Answer whether this is a row as it is shown, and not the row."""
    return type(row) is Shown


def row_of(thing: Any) -> Any:
    """Return the row behind what is shown; anything else as it is."""
    return thing._jtsec_row if is_shown(thing) else thing


def _is_data(row: Model, name: str) -> bool:
    """Answer whether a name is of a column, a part, a relation or of the query."""
    try:
        row._meta.get_field(name)
    except FieldDoesNotExist:
        return name in vars(row) or bool(_record_of(row, name))
    return True


def _record_of(row: Model, name: str) -> str:
    """Return the name of the record that a name is a part of, "" where it is none."""
    static = inspect.getattr_static(type(row), name, None)
    return static.record if isinstance(static, RecordPart) else ""


def _of_the_query(value: Any, shown_row: Shown) -> Any:
    """Return what an annotation or a `Prefetch` left on a row: text is masked whole."""
    if value is None or isinstance(value, PLAIN):
        return value
    if isinstance(value, str):
        return mask("whole", value)
    if isinstance(value, list) and all(isinstance(one, Model) for one in value):
        return [Shown(one, shown_row._jtsec_user) for one in value]
    raise AttributeError("what a query added to a row is not shown")
