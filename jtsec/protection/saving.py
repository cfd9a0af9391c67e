"""
The save of one instance: its row is verified, changed and sealed, with one query more.

The statement that writes the root also tells what the row holds now. Where that is the
version which was loaded, the row is changed on condition that it still is. Else, and
on databases that tell nothing with an UPDATE, the row is locked and read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, models

from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from . import lanes
from .alarms import alarmed
from .asking import stored_row
from .canonical import as_read
from .declaration import SEAL, Plan
from .exceptions import SealedWriteRefused
from .passing import passing
from .rows import read
from .seal import Seal, make, new_nonces, parse, verify
from .tying import Tied

Values = list[tuple[Any, Any, Any]]
Proceed = Callable[[Any, Values], Any]
Stored = Mapping[str, Any]


@dataclass(frozen=True)
class Save:
    """
    One instance on its way to its row.

    Args:
        plan: of the table.
        row: the instance.
        rows: the queryset Django updates by.
        using: the alias of the database.
        key: the primary key.
        values: what Django would write: field, model, value.
        proceed: goes on as Django does, with a queryset and values.
    """

    plan: Plan
    row: Any
    rows: Any
    using: str
    key: Any
    values: Values
    proceed: Proceed

    @property
    def _vendor(self) -> str:
        return str(connections[self.using].vendor)

    def given(self) -> dict[str, Any]:
        """Return the sealed fields that are written, as they will be read again."""
        given = {}
        for column, _, value in self.values:
            if column.attname not in self.plan.fields:
                continue
            if hasattr(value, "resolve_expression"):
                why = f"{column.name} is sealed; save a value, or use update()"
                raise SealedWriteRefused("expression", self.plan.label, why)
            is_file = isinstance(column, models.FileField)
            given[column.attname] = (
                value if is_file else as_read(column, value, self._vendor)
            )
        return given

    def written(self, rows: Any, stored: Stored, nonce: bytes) -> Any:
        """Write the row and its new seal; return what Django tells of it."""
        given = self.given()
        seal = make(self.plan, self.key, {**stored, **given}, nonce)
        values = [
            (column, model, given.get(column.attname, value))
            for column, model, value in self.values
            if column.name != SEAL
        ]
        values.append((self.plan.model._meta.get_field(SEAL), None, seal))
        with passing():
            done = self.proceed(rows, values)
        if done:
            self.row.seal = seal
        return done


def update_row(save: Save) -> Any:
    """
    Save an instance whose row may be there (clauses A6.1, A6.2).

    Returns:
        What Django gets: whether there was a row.

    Raises:
        RowAltered, RowUnverifiable: the row is not what was sealed; it stays.
        SealedWriteRefused: a sealed field is given an expression.
    """
    with alarmed("save"), Tied(save.using):
        if not save.given():
            return _save_beside(save)
        (nonce,) = new_nonces(1)
        loaded = parse(save.row.__dict__.get(SEAL))
        if loaded is None:
            lanes.hold(save.plan, save.using)
            return _save_locked(save, nonce)
        return _save_as_loaded(save, loaded, nonce) or _save_locked(save, nonce)


def _save_as_loaded(save: Save, loaded: Seal, nonce: bytes) -> Any:
    """Save over the version that was loaded; something false where that is no more."""
    done = None
    with _root_as_it_was(save, loaded, nonce):
        stored = stored_row(save.plan, save.using, save.key, loaded.nonce, nonce)
        if stored and verify(save.plan, save.key, stored) == loaded:
            as_loaded = save.rows.filter(**{SEAL: stored[SEAL]})
            done = save.written(as_loaded, stored, nonce)
    if not done:
        # It is gone, or somebody saved it: the loaded version is not in the root.
        lanes.move(save.plan, save.using, gone=[nonce], come=[loaded.nonce])
    return done


@contextmanager
def _root_as_it_was(save: Save, loaded: Seal, nonce: bytes) -> Iterator[None]:
    """Take back what was written to the root when the row itself is refused."""
    try:
        yield
    except (VerifiedFalse, CannotVerify):
        lanes.move(save.plan, save.using, gone=[nonce], come=[loaded.nonce])
        raise


def _save_locked(save: Save, nonce: bytes) -> Any:
    stored = read(save.plan, [save.key], save.using, lock=True).get(save.key)
    if stored is None:
        # Django goes on with an INSERT, or says that there is no row.
        return False
    seal = verify(save.plan, save.key, stored)
    lanes.move(save.plan, save.using, gone=[seal.nonce], come=[nonce])
    return save.written(save.rows, stored, nonce)


def _save_beside(save: Save) -> Any:
    """Save what is not sealed, if what is sealed is sound."""
    found = read(save.plan, [save.key], save.using, lock=bool(save.values))
    for key, stored in found.items():
        verify(save.plan, key, stored)
    with passing():
        kept = [one for one in save.values if one[0].name != SEAL]
        return save.proceed(save.rows, kept)
