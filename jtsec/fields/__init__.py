"""Encrypted model fields; `jtsec.fields.EncryptedCharField` is their path for ever."""

from __future__ import annotations

from .encrypted import EncryptedCharField
from .index_field import BlindIndexField

__all__ = ["BlindIndexField", "EncryptedCharField"]
