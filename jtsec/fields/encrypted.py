"""What every column that is SM4-encrypted in the database does (A6.3)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import IsNull, Lookup

from . import declaration, sealing
from .columns import place_of_bytes
from .end_names import name_of
from .index_field import BlindIndexField
from .lookups import SealedExact, SealedIn
from .sealed_col import SealedCol
from .writing import require_own_values, write_index_too

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

    _Field = models.Field[Any, Any]
else:
    _Field = models.Field  # takes no parameters at run time

LOOKUPS: dict[str, type[Lookup[Any]]] = {
    "exact": SealedExact,
    "in": SealedIn,
    "isnull": IsNull,
}
# Around the data: head of the envelope with the longest key id, nonce and tag.
OVERHEAD = 3 + 64 + 12 + 16
# What a row of InnoDB takes beside other columns.
LARGEST_VARBINARY = 3000


class EncryptedField(_Field):
    """
    A field whose column holds SM4-GCM ciphertext, bound to its model and name.

        phone = EncryptedCharField(max_length=20, searchable=True)
        born = EncryptedDateField(searchable=True)

    Joined to a field of Django it makes an encrypted kind of it, see `kinds`: code,
    forms and serializers see the values of that kind. Reading fails with
    `FieldAltered` where the column was altered or its content moved there from
    elsewhere. `dumpdata` writes plain values.

    Args:
        searchable: adds the column `<name>_index` with an HMAC-SM3 of the value, which
            carries the lookups `exact` and `in`. Equal values can then be seen to be
            equal by who reads the table.
        unique: refuses two equal values; needs `searchable`.
        context: what the ciphertext is bound to instead of "app.model.field"; give
            the old one after renaming app, model or field.
    """

    native: ClassVar[type] = object
    """The type whose values need no preparation; nearly all are of it."""
    has_equality: bool = True
    ends: tuple[int, ...] = ()
    """Of how many characters at its ends a text has companions; see `EndIndexField`."""
    takes_bytes: ClassVar[bool] = False

    def __init__(
        self,
        *args: Any,
        searchable: bool = False,
        context: str = "",
        **kwargs: Any,
    ) -> None:
        self.searchable = searchable
        self.bound_to = context  # `context` is taken by Django's DecimalField
        self.label = context
        super().__init__(*args, **kwargs)
        self.has_unique_values: bool = vars(self)["_unique"]

    def as_stored(self, value: Any) -> Any:
        """
        Return a prepared value as the column keeps it.

        Raises:
            DataError: it does not fit; the column has room for more, and the
                database would not refuse it.
        """
        return value

    def to_data(self, value: Any) -> bytes:
        """Return the bytes of a value as the column keeps it."""
        raise TypeError(f"{type(self).__name__} is no kind of encrypted field")

    def from_data(self, data: bytes) -> Any:
        """
        Return the value of bytes.

        Raises:
            ValueError: they are no value of this kind.
        """
        raise TypeError(f"{type(self).__name__} is no kind of encrypted field")

    def index_data(self, value: Any) -> bytes:
        """Return what equal prepared values have in common, and unequal ones not."""
        return self.to_data(value)

    def largest_data(self) -> int | None:
        """Return how many bytes a value has at most, None where there is no limit."""
        return None

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        path = path.replace("jtsec.fields.kinds.", "jtsec.fields.", 1)
        given = {"searchable": self.searchable, "context": self.bound_to}
        return name, path, args, kwargs | {k: v for k, v in given.items() if v}

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Join the model under its label, with the companion if searchable."""
        # Not every field of Django knows the last one.
        options = {"private_only": True} if private_only else {}
        super().contribute_to_class(cls, name, **options)
        own = f"{cls._meta.app_label}.{cls._meta.model_name}.{name}".lower()
        self.label = self.bound_to or own
        # A migration lists the companion itself, as it was at that time.
        if self.searchable and self.has_equality and not declaration.is_historical(cls):
            index = BlindIndexField(
                of=name, unique=self.has_unique_values, verbose_name=self.verbose_name
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
        return self.has_unique_values and not declaration.is_historical(
            getattr(self, "model", None)
        )

    @property
    def companions(self) -> list[Any]:
        """Return every companion: the index of the value, and those of its ends."""
        names = [self.index_name] if self.searchable and self.has_equality else []
        names += [name_of(self.name, take) for take in self.ends]
        return [self.model._meta.get_field(name) for name in names]

    def get_internal_type(self) -> str:
        """Return the kind of column."""
        return "BinaryField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the type of the column: bytes."""
        if connection.vendor == "mysql" and (largest := self.largest_data()):
            size = OVERHEAD + largest
            if size <= LARGEST_VARBINARY:
                return f"varbinary({size})"
        return super().db_type(connection)

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        """Return what decrypts a column of one query."""
        return [sealing.converter(self.label, self.from_data)]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the value in a stored one; the only place that decrypts."""
        if value is None:
            return None
        return sealing.open_sealed(self.label, value, self.from_data)

    def get_prep_value(self, value: Any) -> Any:
        """Return the value as its kind means it, or None."""
        if hasattr(value, "resolve_expression"):
            raise FieldError(f"{self.label} takes a value, not an expression.")
        if isinstance(value, bytes | bytearray | memoryview) and not self.takes_bytes:
            # It would be a ciphertext that somebody passes on.
            raise TypeError(f"{self.label} takes no bytes")
        return super().get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the ciphertext for the driver."""
        if type(value) is self.native:
            prepared = value  # as nearly always; the rest costs as much as a cipher
        elif hasattr(value, "resolve_expression"):
            require_own_values(self, value)
            return value
        elif (prepared := self.get_prep_value(value)) is None:
            return None
        data = self.to_data(self.as_stored(prepared))
        database: Any = connection  # the driver's module is on it
        return database.Database.Binary(sealing.seal(self.label, data))

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Refuse every way a value would reach the database outside of a write."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        raise FieldError(f"{self.label} is encrypted and cannot be computed with.")

    def get_placeholder(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> str:
        """Return the placeholder, and see that the query may write this column."""
        self.admit_write(compiler.query)
        if value is None or hasattr(value, "as_sql"):
            return "%s"
        return place_of_bytes(connection.vendor)

    def get_placeholder_sql(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        """Do the same for Django 6.1 and later."""
        placeholder = self.get_placeholder(value, compiler, connection)
        if hasattr(value, "as_sql"):
            sql, params = compiler.compile(value)
            return placeholder % sql, params
        return placeholder, [value]

    def admit_write(self, query: Any) -> None:
        """See that the companion is written too; a kind of field may refuse more."""
        if self.searchable or self.ends:
            write_index_too(self, query)

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
