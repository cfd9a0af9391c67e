"""Encrypted model fields; `jtsec.fields.EncryptedCharField` is their path for ever."""

from __future__ import annotations

from .encrypted import EncryptedField
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

__all__ = [
    "BlindIndexField",
    "EncryptedBinaryField",
    "EncryptedCharField",
    "EncryptedDateField",
    "EncryptedDateTimeField",
    "EncryptedDecimalField",
    "EncryptedField",
    "EncryptedIntegerField",
    "EncryptedJSONField",
    "EncryptedTextField",
]
