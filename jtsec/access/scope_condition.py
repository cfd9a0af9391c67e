"""
The conditions that make a query one that was asked in somebody's name.

They are parts of the query's WHERE and not a mark beside it. So whatever is done with a
queryset, sliced, joined with another by `|`, turned into a subquery, an UPDATE or a
DELETE, the question is answered from what the database is about to be asked: does this
condition really bind every row that will come out?
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models import BooleanField, Expression, F, Model
from django.db.models.constants import LOOKUP_SEP
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, OR, NothingNode, WhereNode

from .scope import Reach, RowScope, field_at, scopes_on_the_way, wanted_values


class Everything(frozenset[str]):
    """Stands for all aliases of a query."""

    def __or__(self, other: Any) -> Any:
        return self

    def __and__(self, other: Any) -> Any:
        return other

    __ror__ = __or__
    __rand__ = __and__

    def __contains__(self, alias: object) -> bool:
        return True


ALL: Final = Everything()
NONE: Final[frozenset[str]] = frozenset()


class InReach(Expression):
    """
    Is true of the rows that a reach includes.

    Args:
        subject: a column of the table whose rows it lets out; never written.
        organisation: the column of the organisation, or None.
        label: the column of the label, or None.
        absent: the column that is empty where there is no such row at all, or None.
        reach: whose.
        values: of the organisation's column that are within it.
    """

    output_field = BooleanField()

    def __init__(
        self,
        subject: Any,
        organisation: Any,
        label: Any,
        absent: Any,
        reach: Reach,
        values: Any,
    ) -> None:
        super().__init__()
        self.sources = [subject, organisation, label, absent]
        self.reach = reach
        self.values = values

    @property
    def aliases(self) -> frozenset[str]:
        """Return the table of the query whose rows it binds."""
        return frozenset((self.sources[0].alias,))

    def get_source_expressions(self) -> list[Any]:
        """Return the columns, for Django to rename with their tables."""
        return self.sources

    def set_source_expressions(self, exprs: Any) -> None:
        """Take the columns, renamed."""
        self.sources = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """
        Write the condition.

        Raises:
            EmptyResultSet: no row is within reach.
            FullResultSet: every row is.
        """
        absent = self.sources[3]
        if absent is None:
            return self._reached(compiler, connection)
        column, given = compiler.compile(absent)
        try:
            reached, params = self._reached(compiler, connection)
        except EmptyResultSet:
            return f"{column} IS NULL", tuple(given)
        return f"({column} IS NULL OR {reached})", (*given, *params)

    def _reached(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if self.reach.is_nothing:
            raise EmptyResultSet
        _, organisation, label, _ = self.sources
        parts, params = [], []
        if organisation is not None and self.reach.organisations is not None:
            column, given = compiler.compile(organisation)
            among, listed = _among(self.values, connection.vendor)
            parts.append(f"{column} {among}")
            params += [*given, *listed]
        if label is not None:
            column, given = compiler.compile(label)
            parts.append(f"{column} <= %s")
            params += [*given, self.reach.clearance]
        if not parts:
            raise FullResultSet
        return f"({' AND '.join(parts)})", tuple(params)


class AskedForAll(Expression):
    """
    Says that a page needs all rows, for a reason that was recorded.

    Args:
        reason: why.
    """

    output_field = BooleanField()
    aliases = ALL

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Let every row out."""
        raise FullResultSet


def in_reach(model: type[Model], scope: RowScope, reach: Reach) -> Iterator[InReach]:
    """
    Yield the conditions for the rows of a model.

    Args:
        model: whose `scope` it is.
        scope: where the model says to whom a row belongs.
        reach: whose.
    """
    yield _condition(model, scope, reach)
    for path, there in scopes_on_the_way(model, scope):
        target = field_at(model, path).related_model
        yield _condition(target, there, reach, path)


def in_reach_through(
    path: str, model: type[Model], scope: RowScope, reach: Reach
) -> Iterator[InReach]:
    """
    Yield the conditions for the rows that a relation leads to, where there is one.

    Args:
        path: the relation.
        model: what it leads to, whose `scope` it is.
        scope: where that model says to whom a row belongs.
        reach: whose.
    """
    yield _condition(model, scope, reach, path, absent=path)
    for further, there in scopes_on_the_way(model, scope):
        target = field_at(model, further).related_model
        whole = f"{path}{LOOKUP_SEP}{further}"
        yield _condition(target, there, reach, whole, absent=path)


def _condition(
    model: Any, scope: RowScope, reach: Reach, through: str = "", absent: str = ""
) -> InReach:
    prefix = through + LOOKUP_SEP if through else ""
    columns = [one for one in model._meta.local_concrete_fields if one.column]
    # Through a relation, its key is read from the column that points to it.
    inner = [one for one in columns if not one.primary_key]
    subject = (inner or columns)[0] if through else columns[0]
    values: frozenset[Any] = frozenset()
    if scope.organisation and reach.organisations:
        values = wanted_values(model, scope, reach)
    return InReach(
        F(prefix + subject.name),
        F(prefix + scope.organisation) if scope.organisation else None,
        F(prefix + scope.label) if scope.label else None,
        F(absent) if absent else None,
        reach,
        values,
    )


def bound_aliases(node: Any) -> frozenset[str]:
    """
    Return the tables of a query all of whose rows must satisfy a condition of ours.

    Args:
        node: the WHERE, or a part of it.
    """
    if isinstance(node, NothingNode):
        return ALL
    if isinstance(node, Exact):
        is_ours = isinstance(node.lhs, InReach | AskedForAll) and node.rhs is True
        return node.lhs.aliases if is_ours else NONE
    if not isinstance(node, WhereNode) or node.negated or not node.children:
        return NONE
    found: Any = NONE
    if node.connector == AND:
        for child in node.children:
            found = found | bound_aliases(child)
    elif node.connector == OR:
        found = ALL
        for child in node.children:
            found = found & bound_aliases(child)
    return found  # type: ignore[no-any-return]  # a set of names in each case


def _among(values: frozenset[Any], vendor: str) -> tuple[str, list[Any]]:
    """
    Return how "is one of these" is written, and its parameters.

    A province has thousands of organisations. Written one by one as parameters they
    take longer to prepare than to look up, and SQLite has a limit to their number.
    Our own numbers and codes of digits need no quoting; in SQLite they stand in the
    statement, where its planner counts them.
    """
    if not values:
        raise EmptyResultSet
    listed = _listed(values)
    if not listed or vendor not in ("postgresql", "sqlite"):
        ordered = sorted(values)
        return f"IN ({', '.join(['%s'] * len(ordered))})", ordered
    is_number = isinstance(next(iter(values)), int)
    if vendor == "postgresql":
        kind = "bigint[]" if is_number else "text[]"
        return f"= ANY(%s::{kind})", [f"{{{listed}}}"]
    if not is_number:
        listed = "'" + listed.replace(",", "','") + "'"
    return f"IN ({listed})", []


@lru_cache(maxsize=64)
def _listed(values: frozenset[Any]) -> str:
    """Return values with commas between them, "" where one is no plain number."""
    texts = sorted(map(str, values))
    if all(text.isascii() and text.isdigit() for text in texts):
        return ",".join(texts)
    return ""
