"""
INSERT into sealed tables: each row gets its seal before it is written.

The seal is over the row's key, which the database gives out. PostgreSQL and SQLite are
asked for it together with the writing of the root; elsewhere the row is written first
and its seal then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from . import lanes
from .canonical import as_read
from .declaration import SEAL, Plan
from .drawn_keys import draw
from .exceptions import SealedWriteRefused
from .passing import passing
from .rows import put_seals
from .seal import make, new_nonces
from .tying import Tied


def execute(plan: Plan, compiler: Any, run: Callable[[Any], Any]) -> Any:
    """
    Seal and write new rows (clause A6.1).

    Args:
        plan: of the table.
        compiler: of the statement.
        run: carries out a compiler's statement as Django does.

    Returns:
        What Django gets: the returned rows.

    Raises:
        SealedWriteRefused: the database would decide what is written.
        RootMissing, TableAltered, CannotVerify: see `lanes.move`.
    """
    query = compiler.query
    if query.on_conflict is not None:
        why = "which rows a statement with conflicts writes cannot be known"
        raise SealedWriteRefused("conflicts", plan.label, why)
    with Tied(compiler.using):
        _settle(plan, query, compiler.connection.vendor)
        nonces = new_nonces(len(query.objs))
        keys = [one._get_pk_val(plan.model._meta) for one in query.objs]
        if None not in keys:
            lanes.move(plan, compiler.using, come=nonces)
        else:
            keys = draw(plan, compiler.using, nonces)
            if not keys:
                return _execute_unsealed(plan, compiler, run, nonces)
            _give(plan, query, keys)
        for row, key, nonce in zip(query.objs, keys, nonces, strict=True):
            _seal(plan, row, key, nonce)
        with passing():
            return run(compiler)


def _settle(plan: Plan, query: Any, vendor: str) -> None:
    """Let instances hold what will be read again, worked out once and for all."""
    for row in query.objs:
        for column in query.fields:
            if column.name == SEAL:
                continue
            if query.raw:
                value = getattr(row, column.attname)
            else:
                value = column.pre_save(row, add=True)
            if column.attname in plan.fields or column.primary_key:
                value = _settled(plan, column, value, vendor)
            setattr(row, column.attname, value)
    # `pre_save` has run; a second time, a clock would show another moment.
    query.raw = True


def _settled(plan: Plan, column: Any, value: Any, vendor: str) -> Any:
    if hasattr(value, "resolve_expression"):
        why = f"{column.name} is sealed; give it a value, not an expression"
        raise SealedWriteRefused("expression", plan.label, why)
    if isinstance(column, models.FileField):
        return value
    return as_read(column, value, vendor)


def _give(plan: Plan, query: Any, keys: list[Any]) -> None:
    """Write the keys that were drawn with the rows."""
    for row, key in zip(query.objs, keys, strict=True):
        setattr(row, plan.key.attname, key)
    if plan.key not in query.fields:
        query.fields = [plan.key, *query.fields]


def _seal(plan: Plan, row: Any, key: Any, nonce: bytes) -> bytes:
    values = {name: getattr(row, name) for name in plan.newest.names}
    row.seal = make(plan, plan.key.to_python(key), values, nonce)
    return bytes(row.seal)


def _execute_unsealed(
    plan: Plan, compiler: Any, run: Callable[[Any], Any], nonces: list[bytes]
) -> Any:
    """Write the rows, learn their keys, and seal them, in the one transaction."""
    query = compiler.query
    for row in query.objs:
        row.seal = b""
    lanes.move(plan, compiler.using, come=nonces)
    with passing():
        answer = run(compiler)
    if len(answer or ()) != len(query.objs):
        why = "the database does not tell the keys of many new rows; save one by one"
        raise SealedWriteRefused("unknown-keys", plan.label, why)
    place = [one.attname for one in plan.model._meta.db_returning_fields].index(
        plan.key.attname
    )
    seals = [
        (told[place], _seal(plan, row, told[place], nonce))
        for row, told, nonce in zip(query.objs, answer, nonces, strict=True)
    ]
    put_seals(plan, seals, compiler.using)
    return answer
