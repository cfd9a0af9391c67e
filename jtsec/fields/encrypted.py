"""A text column that is SM4-encrypted in the database (A6.3)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import DataError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import IsNull, Lookup

from . import declaration, sealing
from .index_field import BlindIndexField
from .lookups import SealedCol, SealedExact, SealedIn
from .writing import require_own_values, write_index_too

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

    _CharField = models.CharField[Any, Any]
else:
    _CharField = models.CharField  # takes no parameters at run time

LOOKUPS: dict[str, type[Lookup[Any]]] = {
    "exact": SealedExact,
    "in": SealedIn,
    "isnull": IsNull,
}
# Around the text: head of the envelope with the longest key id, nonce and tag.
OVERHEAD = 3 + 64 + 12 + 16
# What a row of InnoDB takes beside other columns.
LARGEST_VARBINARY = 3000


class EncryptedCharField(_CharField):
    """
    A CharField whose column holds SM4-GCM ciphertext, bound to its model and name.

        phone = EncryptedCharField(max_length=20, searchable=True)

    Code and forms see text. Reading fails with `FieldAltered` where the column was
    altered or its content moved there from elsewhere. `dumpdata` writes plain text.

    Args:
        max_length: characters of the plain text.
        searchable: adds the column `<name>_index` with an HMAC-SM3 of the text, which
            carries the lookups `exact` and `in`. Equal texts can then be seen to be
            equal by who reads the table.
        unique: refuses two equal texts; needs `searchable`.
        normalise: the dotted path of a function text -> text whose results are what
            is compared, beyond NFC.
        context: what the ciphertext is bound to instead of "app.model.field"; give
            the old one after renaming app, model or field.
    """

    def __init__(
        self,
        *args: Any,
        searchable: bool = False,
        normalise: str = "",
        context: str = "",
        **kwargs: Any,
    ) -> None:
        self.searchable = searchable
        self.normalise = normalise
        self.context = context
        self.label = context
        super().__init__(*args, **kwargs)
        self.has_unique_texts: bool = vars(self)["_unique"]

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        path = path.replace("jtsec.fields.encrypted.", "jtsec.fields.", 1)
        given = {
            "searchable": self.searchable,
            "normalise": self.normalise,
            "context": self.context,
        }
        return name, path, args, kwargs | {k: v for k, v in given.items() if v}

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Join the model under its label, with the companion if searchable."""
        super().contribute_to_class(cls, name, private_only)
        own = f"{cls._meta.app_label}.{cls._meta.model_name}.{name}".lower()
        self.label = self.context or own
        # A migration lists the companion itself, as it was at that time.
        if self.searchable and not declaration.is_historical(cls):
            index = BlindIndexField(
                of=name, unique=self.has_unique_texts, verbose_name=self.verbose_name
            )
            cls.add_to_class(self.index_name, index)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Return what is wrong with the declaration."""
        return [*super().check(**kwargs), *declaration.check_field(self)]

    @property
    def index_name(self) -> str:
        """Return the name of the companion."""
        return f"{self.name}_index"

    @property
    def index_field(self) -> BlindIndexField:
        """Return the companion."""
        field: Any = self.model._meta.get_field(self.index_name)
        return field  # type: ignore[no-any-return]  # made in contribute_to_class

    @property
    def unique(self) -> bool:
        """Answer for forms; in a migration the constraint is the companion's alone."""
        return self.has_unique_texts and not declaration.is_historical(
            getattr(self, "model", None)
        )

    def get_internal_type(self) -> str:
        """Return the kind of column."""
        return "BinaryField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the type of the column: bytes."""
        if connection.vendor == "mysql" and self.max_length is not None:
            size = OVERHEAD + 4 * self.max_length
            if size <= LARGEST_VARBINARY:
                return f"varbinary({size})"
        return super().db_type(connection)

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        """Return what decrypts a column of one query."""
        return [sealing.converter(self.label)]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """Return the text of a stored value; the only place that decrypts."""
        return None if value is None else sealing.open_sealed(self.label, value)

    def get_prep_value(self, value: Any) -> str | None:
        """Return the text, or None; bytes would be a ciphertext somebody passes on."""
        if isinstance(value, bytes | bytearray | memoryview):
            if len(value):
                raise TypeError(f"{self.label} takes text, not bytes")
            value = ""  # what a schema editor takes for the empty default
        if hasattr(value, "resolve_expression"):
            raise FieldError(f"{self.label} takes a text, not an expression.")
        text: str | None = super().get_prep_value(value)
        return text

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the ciphertext for the driver."""
        if type(value) is str:
            text = value  # as nearly always; the rest costs as much as a cipher
        elif hasattr(value, "resolve_expression"):
            require_own_values(self, value)
            return value
        elif (prepared := self.get_prep_value(value)) is None:
            return None
        else:
            text = prepared
        if self.max_length is not None and len(text) > self.max_length:
            # The column has room for more; the database would not refuse it.
            raise DataError(f"{self.label}: longer than {self.max_length} characters")
        database: Any = connection  # the driver's module is on it
        return database.Database.Binary(sealing.seal(self.label, text))

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Refuse every way a text would reach the database outside of a write."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        raise FieldError(f"{self.label} is encrypted and cannot be computed with.")

    def get_placeholder(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> str:
        """Return the placeholder, and see that the companion is written too."""
        if self.searchable:
            write_index_too(self, compiler.query)
        if connection.vendor == "mysql" and not (
            value is None or hasattr(value, "as_sql")
        ):
            return "_binary %s"  # else the server looks for characters in it
        return "%s"

    def get_placeholder_sql(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        """Do the same for Django 6.1 and later."""
        placeholder = self.get_placeholder(value, compiler, connection)
        if hasattr(value, "as_sql"):
            sql, params = compiler.compile(value)
            return placeholder % sql, params
        return placeholder, [value]

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        """Return the column in a query."""
        if alias == self.model._meta.db_table and output_field in (None, self):
            return self.cached_col
        return SealedCol(alias, self, output_field)

    @cached_property
    def cached_col(self) -> SealedCol:
        """Return the column under its table's own name."""
        return SealedCol(self.model._meta.db_table, self)

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        """Return exact, in and isnull; refuse what ciphertext cannot answer."""
        found = LOOKUPS.get(lookup_name)
        if found is None and super().get_lookup(lookup_name) is not None:
            raise FieldError(
                f"{self.label} is encrypted; it is found by exact, in and isnull, "
                f"not by {lookup_name}."
            )
        return found

    def get_transform(self, lookup_name: str) -> None:
        """Return None: nothing can be computed from ciphertext."""
        return
