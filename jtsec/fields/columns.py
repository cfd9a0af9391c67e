"""How an encrypted column and its companion see each other."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from .blind_index import BlindIndex


def place_of_bytes(vendor: str) -> str:
    """Return the placeholder of a binary value in a statement for this database."""
    # Else MySQL looks for characters in it. Each release of Django says it otherwise.
    return "_binary %s" if vendor == "mysql" else "%s"


class EncryptedColumn(Protocol):
    """The encrypted column; `encrypted.EncryptedField` is one."""

    searchable: bool
    bound_to: str
    label: str
    has_unique_values: bool
    has_equality: bool

    @property
    def name(self) -> Any:
        """Return its name in the model."""

    @property
    def attname(self) -> Any:
        """Return its name on an instance."""

    @property
    def model(self) -> type[models.Model]:
        """Return the model whose table it lies in."""

    @property
    def index_name(self) -> str:
        """Return the name of the companion."""

    @property
    def index_field(self) -> IndexColumn:
        """Return the companion."""

    @property
    def companions(self) -> list[IndexColumn]:
        """Return all of them: the index of the value, and those of its ends."""

    def get_prep_value(self, value: Any) -> Any:
        """Return the value as its kind means it, or None."""

    def as_stored(self, value: Any) -> Any:
        """Return a prepared value as the column keeps it."""

    def index_data(self, value: Any) -> bytes:
        """Return what equal prepared values have in common."""


class IndexColumn(Protocol):
    """The companion; `index_field.BlindIndexField` is one."""

    @property
    def column(self) -> Any:
        """Return its name in the table."""

    @property
    def encrypted(self) -> EncryptedColumn:
        """Return the column it is the index of."""

    def index_of(self, value: Any) -> BlindIndex | None:
        """Return the index of a prepared value under the active key."""

    def get_col(self, alias: str) -> Any:
        """Return it in a query."""
