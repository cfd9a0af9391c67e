"""
What can be wrong with the keys.

    ConfigurationError
    ├── KeysUnavailable     no ring can be read: none configured, none there, no rights
    │   └── UnknownKey      the ring was read and does not hold this id or purpose
    ├── KeyFileExposed      others than the process's user could read or replace it
    ├── KeyFileCorrupt      it was read and is not a whole ring
    ├── KeyFileExists       a file stands where a new one was to be written
    └── ShareUnreadable     no share of a key file, not opened by this, or too few

Messages name files, ids and purposes; never a byte of a key.
"""

from __future__ import annotations

from jtsec.core.exceptions import ConfigurationError


class KeysUnavailable(ConfigurationError):
    """Says that no key ring can be read."""


class UnknownKey(KeysUnavailable):
    """Says that the ring holds no key of this id or purpose."""


class KeyFileExposed(ConfigurationError):
    """Says that somebody else could read or replace the key file."""


class KeyFileCorrupt(ConfigurationError):
    """Says that the key file is cut, altered, or of a form that is not known here."""


class KeyFileExists(ConfigurationError):
    """Says that a file is already there; keys are never overwritten."""


class ShareUnreadable(ConfigurationError):
    """Says that shares of a key file do not open, or do not make one together."""
