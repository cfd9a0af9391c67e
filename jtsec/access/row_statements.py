"""
The place that cannot be forgotten: where the ORM writes its statements.

A view may use a manager of its own, a related manager, a subquery, a join from another
model, `update()` or `delete()`: all of them become SQL in the same few methods of
Django. These are led through here, once a process and only where a model is scoped.
The list of tables of a SELECT is looked at in the moment it is written, when every join
that will be made is known; a statement that writes is looked at before it runs.

SQL that the project writes itself passes by, but for `raw()`, which names its model.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignKey, Model
from django.db.models.constants import OnConflict
from django.db.models.lookups import Exact, In
from django.db.models.query import RawQuerySet
from django.db.models.sql import compiler as compilers
from django.db.models.sql.where import AND

from .scope import hangs_on
from .scope_condition import bound_aliases
from .unscoped import NotScoped, in_the_know, is_demanded, is_held

_tables: Final[dict[str, type[Model]]] = {}
_led: Final[dict[tuple[Any, str], Callable[..., Any]]] = {}


def guard(model: type[Model]) -> None:
    """Let no statement of a request touch a model's rows but in somebody's name."""
    _tables[model._meta.db_table] = model
    lead()


def lead() -> None:
    """Lead Django's methods through here, before anybody else's; again if need be."""
    _front(compilers.SQLCompiler, "get_from_clause", _select)
    for writer in (compilers.SQLUpdateCompiler, compilers.SQLDeleteCompiler):
        _front(writer, "execute_sql", _change)
    _front(compilers.SQLInsertCompiler, "execute_sql", _insert)
    # From Django 6.0 a save that wants computed values back goes this way.
    if hasattr(compilers.SQLUpdateCompiler, "execute_returning_sql"):
        _front(compilers.SQLUpdateCompiler, "execute_returning_sql", _change)
    _front(RawQuerySet, "iterator", _raw)
    _front(ForeignKey, "validate", _validate)


def stay_first(**kwargs: Any) -> None:
    """
    Take the place before everybody else who stands there, where anything is guarded.

    A receiver of `setting_changed` too, which may have let the audit begin to watch.

    Models are declared before the audit begins to watch; what the audit reads for the
    events of an allowed change would else be refused.
    """
    if _tables:
        lead()


def is_leading(owner: Any, name: str) -> bool:
    """Answer whether a method passes through here before anything else."""
    return (owner, name) in _led and getattr(owner, name) is _led[owner, name]


def passes_through(compiler_class: type) -> bool:
    """Answer whether the SELECTs of a database's backend come through here."""
    led = _led.get((compilers.SQLCompiler, "get_from_clause"))
    return getattr(compiler_class, "get_from_clause", None) is led


def _front(owner: Any, name: str, front: Callable[..., Any]) -> None:
    # The audit stands there too; what it reads for its events is looked at last.
    if is_leading(owner, name):
        return
    plain = owner.__dict__.get(name) or getattr(owner, name)

    @wraps(plain)
    def led(self: Any, *args: Any, **kwargs: Any) -> Any:
        return front(plain, self, *args, **kwargs)

    setattr(owner, name, led)
    _led[owner, name] = led


def _select(plain: Callable[..., Any], compiler: Any) -> Any:
    query = compiler.query
    if _touches(query) and is_demanded():
        _require_bound(query)
    return plain(compiler)


def _touches(query: Any) -> bool:
    """Answer whether a query names the table of a guarded model at all."""
    return any(one.table_name in _tables for one in query.alias_map.values()) or any(
        table in _tables for table in query.extra_tables
    )


def _require_bound(query: Any) -> None:
    """Refuse unless each guarded table of a SELECT is bound by a condition."""
    bound: Any = bound_aliases(query.where)
    for alias, table in query.alias_map.items():
        model = _tables.get(table.table_name)
        if model is None or not query.alias_refcount[alias]:
            continue
        if _comes_with_bound(table, model, bound, query):
            bound = bound | {alias}
        elif alias not in bound and not _names_held(query, model, alias):
            raise NotScoped(model._meta.label)
    for name in query.extra_tables:
        if name in _tables and name not in bound:
            raise NotScoped(_tables[name]._meta.label)


def _comes_with_bound(table: Any, model: Any, bound: Any, query: Any) -> bool:
    """
    Answer whether a table is joined to rows that are bound, and bound by that.

    The other part of the same row, where a model has parents; and rows that belong
    where the row does that they point to.
    """
    field = getattr(table, "join_field", None)
    if field is None or table.parent_alias not in bound:
        return False
    if getattr(field.remote_field, "parent_link", False):
        return True
    owner = _tables.get(query.alias_map[table.parent_alias].table_name)
    pointing = getattr(field, "field", None)
    return (
        owner is not None
        and pointing is not None
        and pointing.model._meta.concrete_model is model
        and hangs_on(model, pointing.name, owner)
    )


def _change(plain: Callable[..., Any], compiler: Any, *args: Any, **kwargs: Any) -> Any:
    """Look at an UPDATE or DELETE, and let it do its work where it may."""
    query = compiler.query
    model = _tables.get(query.get_meta().db_table)
    if model is None or not is_demanded():
        return plain(compiler, *args, **kwargs)
    query.get_initial_alias()
    alias = query.base_table
    if alias not in bound_aliases(query.where) and not _names_held(query, model, alias):
        raise NotScoped(model._meta.label)
    _require_bound_within(compiler)
    # What the audit reads for its events, and Django for a model with parents.
    with in_the_know():
        return plain(compiler, *args, **kwargs)


def _require_bound_within(compiler: Any) -> None:
    """Refuse a statement that takes its values from rows nobody may see."""
    query = compiler.query.clone()
    try:
        query.get_compiler(compiler.using).as_sql()
    # No row is matched; nothing can come out.
    except EmptyResultSet:
        return


def _insert(plain: Callable[..., Any], compiler: Any, *args: Any, **kwargs: Any) -> Any:
    query = compiler.query
    model = _tables.get(query.get_meta().db_table)
    if model is None or not is_demanded():
        return plain(compiler, *args, **kwargs)
    # It would overwrite whatever row has the same key, whoever owns it.
    if query.on_conflict == OnConflict.UPDATE:
        raise NotScoped(model._meta.label)
    with in_the_know():
        return plain(compiler, *args, **kwargs)


def _raw(plain: Callable[..., Any], rows: Any) -> Any:
    model = _tables.get(rows.model._meta.db_table)
    if model is not None and is_demanded():
        raise NotScoped(model._meta.label)
    return plain(rows)


def _validate(plain: Callable[..., Any], field: Any, value: Any, instance: Any) -> None:
    """
    Let a form see whether the row exists that its field has let through already.

    The choices of the field are a queryset, and looked at as such.
    """
    if field.remote_field.model._meta.db_table not in _tables:
        plain(field, value, instance)
        return
    with in_the_know():
        plain(field, value, instance)


def _names_held(query: Any, model: type[Model], alias: str) -> bool:
    """Answer whether a statement names, by their keys, rows that the page holds."""
    where = query.where
    if where.negated or where.connector != AND:
        return False
    for lookup in where.children:
        target = getattr(getattr(lookup, "lhs", None), "target", None)
        if target is None or not target.primary_key or lookup.lhs.alias != alias:
            continue
        value = lookup.rhs
        if isinstance(lookup, In) and isinstance(value, list | tuple | set | frozenset):
            return is_held(model._meta.label, value)
        if isinstance(lookup, Exact):
            return is_held(model._meta.label, [value])
    return False
