"""
An encrypted column in a query: read whole, asked for absence, and nothing else.

The database has ciphertext. A sum of it, a comparison of it with another column or a
count of its groups is a number as any other, only wrong; SQLite gives it without a
word. So a statement is looked through before such a column stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db.models import Count
from django.db.models.expressions import (
    Case,
    Col,
    ExpressionWrapper,
    Ref,
    Value,
    When,
)
from django.db.models.lookups import IsNull
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

# What hands a column on as it is, or only asks whether there is something in it.
HARMLESS = (Case, When, ExpressionWrapper, Ref, IsNull, Count)


class SealedCol(Col):
    """An encrypted column in a query: read anywhere, never copied by the database."""

    target: Any  # a EncryptedColumn, which its base class calls a field

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return itself; refuse to be the source of another column's new value."""
        if for_save:
            # It would never open there: the ciphertext is bound to its column.
            raise FieldError(
                f"{self.target.label} is encrypted for its own column and cannot be "
                "copied by F(); read it and write the value."
            )
        return super().resolve_expression(
            query, allow_joins, reuse, summarize, for_save
        )

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the column; refuse a statement that computes with one."""
        looked_through: Any = compiler  # it is made for one statement
        if not getattr(looked_through, "has_whole_columns", False):
            require_whole_columns(compiler.query)
            looked_through.has_whole_columns = True
        return super().as_sql(compiler, connection)


def require_whole_columns(query: Query) -> None:
    """
    Return if a statement computes nothing from encrypted columns.

    Raises:
        FieldError: it does; the sentence names the field.
    """
    for part in (*query.annotations.values(), query.where):
        for col in _computed_with(part):
            raise FieldError(
                f"{col.target.label} is encrypted and cannot be computed with, nor "
                "compared with a column; read it and compute in Python."
            )
    groups = query.group_by
    if isinstance(groups, tuple):
        keys = {one.alias for one in groups if _is_key(one)}
        for one in groups:
            if isinstance(one, SealedCol) and one.alias not in keys:
                raise FieldError(
                    f"{one.target.label} is encrypted; equal values would fall into "
                    "groups of their own. Group by its index or by the primary key."
                )


def _computed_with(node: Any) -> Iterator[SealedCol]:
    """Yield the encrypted columns below a node that it would compute with."""
    if isinstance(node, WhereNode):
        parts = node.children
    elif isinstance(node, Query) or not hasattr(node, "get_source_expressions"):
        return  # a subquery is looked through when it is put into SQL
    else:
        parts = node.get_source_expressions()
    hands_on = isinstance(node, HARMLESS) and not getattr(node, "distinct", False)
    if isinstance(node, Case):
        yield from _mixed(node)
    for part in parts:
        if not isinstance(part, SealedCol):
            yield from _computed_with(part)
        elif not hands_on:
            yield part


def _mixed(case: Case) -> Iterator[SealedCol]:
    """Yield an encrypted column that is one of several things a choice may give."""
    results = [one for one in _results(case) if not _is_nothing(one)]
    for one in results:
        # What comes out is opened as a value of one column, whichever it was.
        if isinstance(one, SealedCol) and any(other != one for other in results):
            yield one


def _results(node: Any) -> Iterator[Any]:
    if isinstance(node, Case):
        for one in (*(when.result for when in node.cases), node.default):
            yield from _results(one)
    elif isinstance(node, ExpressionWrapper):
        yield from _results(node.expression)
    else:
        yield node


def _is_nothing(expression: Any) -> bool:
    return isinstance(expression, Value) and expression.value is None


def _is_key(expression: Any) -> bool:
    return isinstance(expression, Col) and bool(
        getattr(expression.target, "primary_key", False)
    )
