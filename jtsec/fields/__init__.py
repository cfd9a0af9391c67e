"""Encrypted model fields; `jtsec.fields.EncryptedCharField` is their path for ever."""

from __future__ import annotations

from .encrypted import EncryptedField
from .end_index import EndIndexField
from .files.field import EncryptedFileField
from .files.storage import EncryptedStorage
from .index_field import BlindIndexField
from .kinds import (
    EncryptedBinaryField,
    EncryptedCharField,
    EncryptedDateField,
    EncryptedDateTimeField,
    EncryptedDecimalField,
    EncryptedIntegerField,
    EncryptedJSONField,
    EncryptedTextField,
)
from .record.field import EncryptedRecordField

__all__ = [
    "BlindIndexField",
    "EncryptedBinaryField",
    "EncryptedCharField",
    "EncryptedDateField",
    "EncryptedDateTimeField",
    "EncryptedDecimalField",
    "EncryptedField",
    "EncryptedFileField",
    "EncryptedIntegerField",
    "EncryptedJSONField",
    "EncryptedRecordField",
    "EncryptedStorage",
    "EncryptedTextField",
    "EndIndexField",
]
