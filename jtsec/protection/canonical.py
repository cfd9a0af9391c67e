"""
The canonical bytes of a row's values: what is under its seal.

JSON of the key and the values, in the order of the list of fields, in ASCII. Each kind
of value has one form, whatever database kept it: a moment is its microseconds since
1970 in UTC, a decimal its digits without trailing noughts, bytes are hexadecimal, an
encrypted record its parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import DataError, models
from django.utils import timezone

from jtsec.fields import EncryptedField, EncryptedRecordField
from jtsec.fields.record.parts import Record, StoredRecord

_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DIGITS_OF_SQLITE: Final = 15
"""Of a decimal, which it keeps as a floating number."""


def plain(value: Any) -> Any:
    """Return a value that JSON does not know as one that it does."""
    match value:
        case datetime():
            return (_aware(value) - _EPOCH) // _MICROSECOND
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize() if value else Decimal(0), "f")
        case UUID():
            return value.hex
        case timedelta():
            return value // _MICROSECOND
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case StoredRecord():
            return value.parts
        case Record():
            return value.stored and value.stored.parts
    return str(value)


def _encoder() -> Callable[[list[Any]], str]:
    """Return what writes JSON, made once: making it costs more than a short row."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(
            sort_keys=True, separators=(",", ":"), default=plain
        ).encode
    quoted = json.encoder.encode_basestring_ascii
    chunks = make(None, plain, quoted, None, ":", ",", True, False, True)
    return lambda values: "".join(chunks(values, 0))


encode: Final = _encoder()
"""Returns the JSON of a list of values."""


def same_numbers(value: Any) -> Any:
    """
    Return a document whose whole numbers are integers.

    PostgreSQL keeps the number and not how it was written: 1e22 comes back as digits.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: same_numbers(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [same_numbers(one) for one in value]
    return value


def as_read(field: Any, value: Any, vendor: str) -> Any:
    """
    Return a value that is being written as it will be read again.

    Args:
        field: the column.
        value: what an instance holds; no expression.
        vendor: of the database, as Django names it.

    Raises:
        ValidationError, DataError: the column cannot hold it.
    """
    prepared = field.get_prep_value(value)
    if prepared is None:
        return None
    if isinstance(field, models.JSONField | EncryptedRecordField):
        return _document_as_read(field, prepared, vendor)
    if isinstance(field, EncryptedField):
        return field.as_stored(prepared)
    read = field.to_python(prepared)
    if isinstance(field, models.DecimalField) and isinstance(read, Decimal):
        return _decimal_as_read(field, read, vendor)
    # No database keeps the sign of a nought.
    return 0.0 if isinstance(read, float) and not read else read


def _decimal_as_read(field: Any, value: Decimal, vendor: str) -> Decimal:
    # Rounded here: databases disagree how, and the seal is over what they keep.
    places = Decimal(1).scaleb(-int(field.decimal_places or 0))
    try:
        read = value.quantize(places, ROUND_HALF_EVEN)
    except InvalidOperation:
        raise DataError(f"{field}: no number with its digits") from None
    if vendor == "sqlite" and len(read.as_tuple().digits) > DIGITS_OF_SQLITE:
        # What it gives back is another number, and the row would look altered.
        raise DataError(f"{field}: SQLite keeps {DIGITS_OF_SQLITE} digits")
    return read


def _document_as_read(field: Any, value: Any, vendor: str) -> Any:
    """Return a document as JSON gives it back: keys are texts, and moments too."""
    if isinstance(field, EncryptedField):
        return field.from_data(field.to_data(value))
    read = json.loads(json.dumps(value, cls=field.encoder), cls=field.decoder)
    return _written_out(read) if vendor == "postgresql" else read


def _written_out(value: Any) -> Any:
    """Return a document whose great numbers have all digits, as `jsonb` keeps them."""
    if isinstance(value, float) and value.is_integer() and "e" in repr(value):
        return int(Decimal(repr(value)))
    if isinstance(value, dict):
        return {key: _written_out(one) for key, one in value.items()}
    return [_written_out(one) for one in value] if isinstance(value, list) else value


def _aware(value: datetime) -> datetime:
    if timezone.is_aware(value):
        return value
    zone = timezone.get_default_timezone() if settings.USE_TZ else UTC
    return timezone.make_aware(value, zone)
