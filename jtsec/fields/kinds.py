"""
The encrypted kinds of field: what stands in the envelope, and what equality means.

    kind       data in the envelope             equal where
    text       UTF-8                            NFC and `normalise` make them equal
    integer    digits, "-" before them          the number is
    decimal    digits, ".", decimal_places      the number is: 1.50 is 1.5
    date       YYYY-MM-DD                       the day is
    moment     YYYY-MM-DDThh:mm:ss.ffffffZ      the moment is, whatever its time zone
    JSON       JSON, no spaces                  (not searchable)
    bytes      the bytes                        they are

The data is stable: a value written once is read by every later version.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import DataError, models
from django.db.backends.utils import format_number
from django.utils import timezone
from django.utils.functional import cached_property

from jtsec.core.exceptions import InputError

from . import declaration
from .encrypted import EncryptedField
from .end_index import EndIndexField, SealedEnd, SealedStart
from .end_names import name_of
from .sealing import to_bytes

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
    _TextField = models.TextField[Any, Any]
    _IntegerField = models.BigIntegerField[Any, Any]
    _DecimalField = models.DecimalField[Any, Any]
    _DateField = models.DateField[Any, Any]
    _DateTimeField = models.DateTimeField[Any, Any]
    _JSONField = models.JSONField[Any, Any]
    _BinaryField = models.BinaryField[Any, Any]
else:  # they take no parameters at run time
    _CharField = models.CharField
    _TextField = models.TextField
    _IntegerField = models.BigIntegerField
    _DecimalField = models.DecimalField
    _DateField = models.DateField
    _DateTimeField = models.DateTimeField
    _JSONField = models.JSONField
    _BinaryField = models.BinaryField

LARGEST_INTEGER: Final = 2**63 - 1
_INTEGER: Final = re.compile(rb"-?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_BYTES_OF_A_CHARACTER: Final = 4
MOST_DIGITS: Final = 1000
"""Before and behind the point; what PostgreSQL has, and more than other databases."""


class EncryptedText(EncryptedField):
    """
    What the kinds that hold text have in common.

    Args:
        max_length: characters of the plain text.
        normalise: the dotted path of a function text -> text whose results are what
            is compared, beyond NFC.
        prefixes: by how many of its first characters a text is found with
            `startswith`. For each, the column `<name>_first<n>` shows who reads the
            table which rows begin alike: give what is needed, and no more.
        suffixes: the same of its last characters, with `endswith`.
    """

    native = str

    def __init__(
        self,
        *args: Any,
        normalise: str = "",
        prefixes: Sequence[int] = (),
        suffixes: Sequence[int] = (),
        **kwargs: Any,
    ) -> None:
        self.normalise = normalise
        self.prefixes, self.suffixes = tuple(prefixes), tuple(suffixes)
        self.ends = (*self.prefixes, *(-one for one in self.suffixes))
        super().__init__(*args, **kwargs)

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Join the model, with a companion for each end that is searched."""
        super().contribute_to_class(cls, name, private_only)
        if declaration.is_historical(cls) or declaration.wrong_lengths(self):
            return
        for take in self.ends:
            end = EndIndexField(of=name, take=take, verbose_name=self.verbose_name)
            cls.add_to_class(name_of(name, take), end)

    def get_lookup(self, lookup_name: str) -> Any:
        """Return also what finds by an end, where one was asked for."""
        ends = {"startswith": self.prefixes, "endswith": self.suffixes}
        if ends.get(lookup_name):
            return SealedStart if lookup_name == "startswith" else SealedEnd
        return super().get_lookup(lookup_name)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        for option in ("normalise", "prefixes", "suffixes"):
            if value := getattr(self, option):
                kwargs[option] = value
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> str | None:
        """Return the text, or None."""
        if isinstance(value, bytes) and not value:
            value = ""  # what a schema editor takes for the empty default
        text: str | None = super().get_prep_value(value)
        return text

    def as_stored(self, value: str) -> str:
        """Return the text if it is not too long."""
        if self.max_length is not None and len(value) > self.max_length:
            raise DataError(f"{self.label}: longer than {self.max_length} characters")
        return value

    def to_data(self, value: str) -> bytes:
        """Return the text in UTF-8."""
        return to_bytes(self.label, value)

    def from_data(self, data: bytes) -> str:
        """Return the text."""
        return data.decode()

    def index_data(self, value: str) -> bytes:
        """Return the text in its normal form."""
        return to_bytes(self.label, self.compared(value))

    def compared(self, value: str) -> str:
        """Return what of a text is compared."""
        text = unicodedata.normalize("NFC", value)
        if self.normalise:
            text = _imported(self.normalise)(text)
        return text

    def largest_data(self) -> int | None:
        """Return how many bytes the longest text has."""
        if self.max_length is None:
            return None
        return _BYTES_OF_A_CHARACTER * self.max_length


class EncryptedCharField(EncryptedText, _CharField):
    """A CharField whose column is encrypted."""


class EncryptedTextField(EncryptedText, _TextField):
    """A TextField whose column is encrypted."""


class EncryptedIntegerField(EncryptedField, _IntegerField):
    """A BigIntegerField whose column is encrypted; numbers of 64 bits."""

    native = int

    @cached_property
    def validators(self) -> list[Any]:
        """Return those of the field, with our own bounds."""
        return [
            # Not those of IntegerField, which asks the database for a column's bounds.
            *super(models.IntegerField, self).validators,
            MinValueValidator(-LARGEST_INTEGER - 1),
            MaxValueValidator(LARGEST_INTEGER),
        ]

    def as_stored(self, value: int) -> int:
        """Return the number if it has 64 bits."""
        if not -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER:
            raise DataError(f"{self.label}: not a number of 64 bits")
        return value

    def to_data(self, value: int) -> bytes:
        """Return the digits."""
        return b"%d" % value

    def from_data(self, data: bytes) -> int:
        """Return the number."""
        if not _INTEGER.fullmatch(data):
            raise ValueError("no integer")
        return int(data)

    def largest_data(self) -> int:
        """Return how many digits there are."""
        return len(str(-LARGEST_INTEGER))


class EncryptedDecimalField(EncryptedField, _DecimalField):
    """A DecimalField whose column is encrypted; rounded to its places when written."""

    def as_stored(self, value: Decimal) -> Decimal:
        """Return the number with the column's places."""
        if not value.is_finite():
            raise DataError(f"{self.label}: not a finite number")
        try:
            # As Django does it for the databases that keep decimals as text.
            text = format_number(value, self.max_digits, self.decimal_places)
        except InvalidOperation:
            digits = self.max_digits
            raise DataError(f"{self.label}: longer than {digits} digits") from None
        return Decimal(text or "0")

    def to_data(self, value: Decimal) -> bytes:
        """Return the digits; minus nought is nought."""
        return format(value if value else abs(value), "f").encode("ascii")

    def from_data(self, data: bytes) -> Decimal:
        """Return the number."""
        text = data.decode()
        if not _NUMBER.fullmatch(text):
            raise ValueError("no decimal")
        return Decimal(text)

    def index_data(self, value: Decimal) -> bytes:
        """Return the digits without noughts at the end, so that places may change."""
        if value and (not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS):
            # No column holds it. Written out, 1E+999999999 fills the memory.
            return str(value).encode("ascii")
        data = self.to_data(value)
        return data.rstrip(b"0").rstrip(b".") if b"." in data else data

    def largest_data(self) -> int | None:
        """Return how long a number is with sign, point and a nought before it."""
        digits: Any = self.max_digits  # which some databases can do without
        return None if digits is None else digits + 3


class EncryptedDateField(EncryptedField, _DateField):  # type: ignore[misc]  # Django's contribute_to_class takes less
    """A DateField whose column is encrypted."""

    native = date

    def to_data(self, value: date) -> bytes:
        """Return the day."""
        return value.isoformat().encode("ascii")

    def from_data(self, data: bytes) -> date:
        """Return the day."""
        value = date.fromisoformat(data.decode())
        if self.to_data(value) != data:
            raise ValueError("no date as it is written here")
        return value

    def largest_data(self) -> int:
        """Return how long a day is."""
        return len("YYYY-MM-DD")


class EncryptedDateTimeField(EncryptedField, _DateTimeField):  # type: ignore[misc]  # as above
    """A DateTimeField whose column is encrypted."""

    def as_stored(self, value: datetime) -> datetime:
        """Return the moment in UTC; a wall clock's time where USE_TZ is off."""
        return value if timezone.is_naive(value) else self._utc(value)

    def to_data(self, value: datetime) -> bytes:
        """Return the moment; a `Z` ends it if it is one and no wall clock's time."""
        text = value.replace(tzinfo=None).isoformat(timespec="microseconds")
        return (text if timezone.is_naive(value) else f"{text}Z").encode("ascii")

    def from_data(self, data: bytes) -> datetime:
        """Return the moment, as Django's setting USE_TZ wants it."""
        value = datetime.fromisoformat(data.decode())
        if self.to_data(value) != data:
            raise ValueError("no moment as it is written here")
        if settings.USE_TZ and timezone.is_naive(value):
            return timezone.make_aware(value, timezone.get_default_timezone())
        if not settings.USE_TZ and timezone.is_aware(value):
            return timezone.make_naive(value, timezone.get_default_timezone())
        return value

    def index_data(self, value: datetime) -> bytes:
        """Return the moment in UTC, so that USE_TZ may change."""
        if timezone.is_naive(value):
            value = timezone.make_aware(value, timezone.get_default_timezone())
        return self.to_data(self._utc(value))

    def largest_data(self) -> int:
        """Return how long a moment is."""
        return len("YYYY-MM-DDThh:mm:ss.ffffffZ")

    def _utc(self, value: datetime) -> datetime:
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise DataError(f"{self.label}: no such moment in UTC") from None


class EncryptedJSONField(EncryptedField, _JSONField):  # type: ignore[misc]  # there are no transforms here
    """
    A JSONField whose column is encrypted.

    None is NULL. Nothing inside it can be asked for, and it has no index.
    """

    has_equality = False

    def to_data(self, value: Any) -> bytes:
        """Return the JSON; NaN and the infinities are none."""
        try:
            text = json.dumps(
                value,
                cls=self.encoder,
                allow_nan=False,
                ensure_ascii=False,
                separators=(",", ":"),
            )
        except (TypeError, ValueError, RecursionError):
            # From None: the cause may quote the value.
            raise InputError(
                f"{self.label}: the value has no JSON", field=self.name
            ) from None
        return to_bytes(self.label, text)

    def from_data(self, data: bytes) -> Any:
        """Return the value."""
        return json.loads(data, cls=self.decoder)


class EncryptedBinaryField(EncryptedField, _BinaryField):
    """A BinaryField whose column is encrypted; it gives bytes on every database."""

    native = bytes
    takes_bytes = True

    def get_prep_value(self, value: Any) -> bytes | None:
        """Return the bytes, or None."""
        prepared = super().get_prep_value(value)
        if prepared is None:
            return None
        if not isinstance(prepared, bytes | bytearray | memoryview):
            raise TypeError(f"{self.label} takes bytes")
        return bytes(prepared)

    def as_stored(self, value: bytes) -> bytes:
        """Return the bytes if there are not too many."""
        if self.max_length is not None and len(value) > self.max_length:
            raise DataError(f"{self.label}: longer than {self.max_length} bytes")
        return value

    def to_data(self, value: bytes) -> bytes:
        """Return the bytes."""
        return value

    def from_data(self, data: bytes) -> bytes:
        """Return the bytes."""
        return data

    def largest_data(self) -> int | None:
        """Return how many there are at most."""
        return self.max_length


def _imported(path: str) -> Callable[[str], str]:
    module, _, name = path.rpartition(".")
    verb: Callable[[str], str] = getattr(import_module(module), name)
    return verb
