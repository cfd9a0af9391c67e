"""
What a row says of itself, and whether somebody's grants reach it (A4.1, A4.6, A4.14).

    class Permit(ScopedModel):
        SCOPE = RowScope(organisation="organisation", label="label")

A grant reaches the organisations it was made for, with those below where it says so;
a clearance reaches the labels up to itself. A row without an organisation, or without
a label, is reached by nobody who is held to one: what was forgotten stays closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP

from jtsec.core.clock import now

from .unscoped import in_the_know

if TYPE_CHECKING:
    from .grants import Grants
    from .organisation_tree import Tree

OTHER_ORGANISATION: Final = "other-organisation"
ABOVE_CLEARANCE: Final = "label"
ORGANISATION: Final = "jtsec.organization"


@dataclass(frozen=True)
class RowScope:
    """
    Where a model says to whom a row belongs, and how sensitive it is.

    Args:
        organisation: the name of a foreign key to `jtsec.Organization`, or of a field
            that holds the 12-digit code; through a relation with two underscores
            ("permit__organisation"), and then the row is seen by who sees the one it
            leads to. "" where rows belong to no organisation.
        label: the name of a field with the sensitivity, a number; "" for none.

    Raises:
        ValueError: neither is named.
    """

    organisation: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if not self.organisation and not self.label:
            raise ValueError("a scope names the field of an organisation or a label")


@dataclass(frozen=True, slots=True)
class Reach:
    """
    How far somebody sees with one right, now.

    Args:
        right: the right.
        uid: of the person, "" for nobody.
        organisations: primary keys; None for all, empty for nothing.
        clearance: the highest sensitivity.
    """

    right: str
    uid: str = ""
    organisations: frozenset[int] | None = frozenset()
    clearance: int = 0

    @property
    def is_nothing(self) -> bool:
        """Answer whether no row is reached, whatever it says."""
        return self.organisations is not None and not self.organisations


def reach_of(
    grants: Grants, right: str, *, uid: str = "", moment: datetime | None = None
) -> Reach:
    """
    Return how far a right reaches by what somebody was given.

    Args:
        grants: what the person may do.
        right: the right.
        uid: of the person.
        moment: when; None for now.
    """
    parts = _parts(grants, right, moment)
    known = [one for one in parts if one is not None]
    reached: frozenset[int] | None = frozenset()
    if len(known) < len(parts):
        reached = None
    elif known:
        # One set is kept as it is: what is worked out from it is remembered.
        reached = known[0] if len(known) == 1 else known[0].union(*known[1:])
    return Reach(right, uid, reached, grants.clearance)


def _parts(
    grants: Grants, right: str, moment: datetime | None = None
) -> list[frozenset[int] | None]:
    """Return what each grant in force reaches; asks the clock where one has bounds."""
    scopes = grants.rights.get(right, ())
    if any(one.since or one.until for one in scopes):
        scopes = grants.scopes(right, moment or now())
    return [one.organisations for one in scopes]


def covers(grants: Grants, right: str, obj: Any) -> str:
    """
    Say why a right does not reach an object, "" where it does.

    Args:
        grants: what the person may do.
        right: the right, which is held; whether it is, is not asked here.
        obj: a row of a model with a `SCOPE`; of any other object there is nothing to
            say.

    Returns:
        "", "other-organisation" or "label".
    """
    scope = scope_of(type(obj))
    if scope is None:
        return ""
    return _refusal(scope, _parts(grants, right), grants.clearance, obj)


def refusal_of(scope: RowScope, reach: Reach, obj: Any) -> str:
    """Say why a row is out of reach, "" where it is not."""
    return _refusal(scope, [reach.organisations], reach.clearance, obj)


def _refusal(
    scope: RowScope,
    parts: Sequence[frozenset[int] | None],
    clearance: int,
    obj: Any,
) -> str:
    with in_the_know():
        if not any(part is None or part for part in parts):
            return OTHER_ORGANISATION
        if scope.organisation and None not in parts:
            key = _organisation_of(obj, scope.organisation)
            if not any(key in part for part in parts if part is not None):
                return OTHER_ORGANISATION
        if scope.label:
            label = _value(obj, scope.label)
            if label is None or label > clearance:
                return ABOVE_CLEARANCE
        for path, there in scopes_on_the_way(obj._meta.concrete_model, scope):
            further = _followed(obj, path.split(LOOKUP_SEP))
            if further is None:
                return OTHER_ORGANISATION
            if reason := _refusal(there, parts, clearance, further):
                return reason
    return ""


def scopes_on_the_way(
    model: type[models.Model], scope: RowScope
) -> tuple[tuple[str, RowScope], ...]:
    """Return the relations a scope leads through to rows that are scoped themselves."""
    return _on_the_way(model, scope)


@cache
def _on_the_way(
    model: type[models.Model], scope: RowScope
) -> tuple[tuple[str, RowScope], ...]:
    found: dict[str, RowScope] = {}
    for path in filter(None, (scope.organisation, scope.label)):
        steps = path.split(LOOKUP_SEP)
        for length in range(1, len(steps)):
            through = LOOKUP_SEP.join(steps[:length])
            there = scope_of(field_at(model, through).related_model)
            if there is not None:
                found[through] = there
    return tuple(found.items())


def hangs_on(model: type[models.Model], name: str, owner: type[models.Model]) -> bool:
    """
    Answer whether who sees an owner sees all rows that point to it.

    Args:
        model: of the rows.
        name: their relation to the owner.
        owner: the model they point to.
    """
    scope, above = scope_of(model), scope_of(owner)
    if scope is None or above is None:
        return False
    pairs = ((scope.organisation, above.organisation), (scope.label, above.label))
    return all(not own or own == f"{name}{LOOKUP_SEP}{its}" for own, its in pairs)


def scope_of(model: type) -> RowScope | None:
    """Return what a model says, None where it says nothing."""
    found = getattr(model, "SCOPE", None)
    return found if isinstance(found, RowScope) else None


def wanted_values(
    model: type[models.Model], scope: RowScope, reach: Reach
) -> frozenset[Any]:
    """Return the values of the organisation's column that a reach includes."""
    organisations = reach.organisations or frozenset()
    if holds_keys(model, scope.organisation):
        return organisations
    return _tree().codes_of(organisations)


def field_at(model: type[models.Model], path: str) -> Any:
    """
    Return the field at the end of a path.

    Raises:
        FieldDoesNotExist: there is none.
    """
    meta: Any = model._meta
    field: Any = None
    for name in path.split(LOOKUP_SEP):
        field = meta.get_field(name)
        meta = field.related_model._meta if field.is_relation else None
    return field


@cache
def holds_keys(model: type[models.Model], path: str) -> bool:
    """Answer whether a column holds keys of organisations, and not their codes."""
    field = field_at(model, path)
    if not field.is_relation or field.related_model._meta.label_lower != ORGANISATION:
        return False
    return bool(field.target_field.primary_key)


def _organisation_of(obj: Any, path: str) -> int | None:
    """Return the primary key of a row's organisation, None where there is none."""
    value, model = _value(obj, path), obj._meta.concrete_model
    return value if holds_keys(model, path) else _tree().keys.get(value)


def _tree() -> Tree:
    from .policy import current  # noqa: PLC0415 - models are declared before it loads

    return current().tree


def _value(obj: Any, path: str) -> Any:
    """Return what a row's column holds; None where a relation on the way is empty."""
    *through, last = _steps(obj._meta.concrete_model, path)
    found = _followed(obj, through)
    return None if found is None else getattr(found, last)


def _followed(obj: Any, names: Sequence[str]) -> Any:
    """Return the row at the end of relations, None where there is none."""
    try:
        for name in names:
            obj = None if obj is None else getattr(obj, name)
    except ObjectDoesNotExist:
        return None
    return obj


@cache
def _steps(model: type[models.Model], path: str) -> tuple[str, ...]:
    """Return the attributes that lead to a column."""
    return (*path.split(LOOKUP_SEP)[:-1], field_at(model, path).attname)
