"""
Keeps the blind index right on every way the ORM writes.

An UPDATE names its columns one by one: `save(update_fields=["phone"])`,
`update(phone=...)` and `bulk_update(..., ["phone"])` know nothing of a companion. When
such a statement is put into SQL, Django asks the field for its placeholder; there the
companion's assignment is added, computed from the very values of that statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db.models.constants import OnConflict
from django.db.models.expressions import Case, Expression, Value, When
from django.db.models.functions import Cast
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.query import Query

    from .columns import EncryptedColumn, IndexColumn

MISSING = object()


def require_own_values(field: EncryptedColumn, expression: Any) -> None:
    """
    Return if an expression only chooses between values for this field.

    That is what `bulk_update` makes. Anything else the database would compute itself:
    plain text in the column, or a ciphertext of another column that never opens.

    Raises:
        FieldError: it does more.
    """
    match expression:
        case Value(value=None):
            return
        case Value() if getattr(expression, "_output_field_or_none", None) is field:
            return
        case Case() | Cast():
            for part in expression.get_source_expressions():
                require_own_values(field, part)
        case When():
            require_own_values(field, expression.result)
        case _:
            raise FieldError(
                f"{field.label} is encrypted before it reaches the database; "
                "give it a value, not an expression."
            )


def write_index_too(field: EncryptedColumn, query: Query) -> None:
    """Add the companions' assignments to a statement that writes the field."""
    parts: Any = query  # what an UPDATE and an INSERT hold is not in Django's types
    if isinstance(query, UpdateQuery):
        model = next(model for one, model, _ in parts.values if one is field)
        for index in field.companions:
            if _value_in(query, index) is MISSING:
                parts.values.append((index, model, IndexFromUpdate(index)))
    elif isinstance(query, InsertQuery) and parts.on_conflict is OnConflict.UPDATE:
        if field in parts.update_fields:
            parts.update_fields += [
                one for one in field.companions if one not in parts.update_fields
            ]
        if field.searchable:
            parts.unique_fields[:] = [
                field.index_field if one is field else one
                for one in parts.unique_fields
            ]


def _value_in(query: Any, field: EncryptedColumn | IndexColumn) -> Any:
    """Return what an UPDATE assigns to a field, or MISSING."""
    return next((value for one, _, value in query.values if one is field), MISSING)


class IndexFromUpdate(Expression):
    """
    Stands for the blind index in an UPDATE, and is worked out with the statement.

    Args:
        index: the companion.
    """

    def __init__(self, index: IndexColumn) -> None:
        column: Any = index
        super().__init__(output_field=column)
        self.index = index

    def as_sql(  # type: ignore[override]  # narrower: nobody else compiles it
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any] | tuple[Any, ...]]:
        """Return the index of what this statement writes, or the column itself."""
        query = compiler.query
        if not isinstance(query, UpdateQuery):
            raise FieldError(f"{self.index.column} is worked out in an UPDATE only.")
        value = _value_in(query, self.index.encrypted)
        if value is MISSING:
            return connection.ops.quote_name(str(self.index.column)), []
        if hasattr(value, "resolve_expression"):
            chosen = _indexed(self.index, value)
            resolved = chosen.resolve_expression(
                query, allow_joins=False, for_save=True
            )
            return compiler.compile(resolved)
        prepared = self.index.encrypted.get_prep_value(value)
        return compiler.compile(_value(self.index, prepared))


def _indexed(index: Any, expression: Any) -> Any:
    """Return the expression of `require_own_values` with indexes for values."""
    if isinstance(expression, Value):
        prepared = index.encrypted.get_prep_value(expression.value)
        return _value(index, prepared)
    if isinstance(expression, Cast):
        (inner,) = expression.get_source_expressions()
        return Cast(_indexed(index, inner), output_field=index)
    copied = expression.copy()
    if isinstance(expression, When):
        copied.result = _indexed(index, expression.result)
        return copied
    parts = [_indexed(index, one) for one in expression.get_source_expressions()]
    copied.set_source_expressions(parts)
    copied.output_field = index
    return copied


def _value(index: Any, prepared: Any) -> Value:
    value = Value(index.index_of(prepared), output_field=index)
    value.for_save = True
    return value
