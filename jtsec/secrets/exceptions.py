"""
What can be wrong with the store of secrets.

    ConfigurationError
    ├── SecretsUnavailable   store or key cannot be read or written
    │   └── UnknownSecret    the store was opened and has no secret of this name
    ├── SecretsExposed       others than the process's user could read or replace it
    ├── SecretsCorrupt       cut, altered, of another key, or of an unknown form
    └── AccountUnusable      an account of the database cannot be used, or not alike

Messages name files and secrets; never a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jtsec.core.exceptions import ConfigurationError
from jtsec.keys.api import (
    KeyFileCorrupt,
    KeyFileExists,
    KeyFileExposed,
    KeysUnavailable,
)


class SecretsUnavailable(ConfigurationError):
    """Says that the store or its key cannot be read or written."""


class UnknownSecret(SecretsUnavailable):
    """Says that the store holds no secret of this name."""


class SecretsExposed(ConfigurationError):
    """Says that somebody else could read or replace the store or its key."""


class SecretsCorrupt(ConfigurationError):
    """Says that the store or its key is not whole, or they do not belong together."""


class AccountUnusable(ConfigurationError):
    """Says that the database does not take an account, or grants it less."""


@contextmanager
def as_secrets_errors() -> Iterator[None]:
    """Say of a file of secrets what the keys say of theirs."""
    try:
        yield
    except KeyFileExposed as error:
        raise SecretsExposed(str(error)) from None
    except KeyFileCorrupt as error:
        raise SecretsCorrupt(str(error)) from None
    except (KeysUnavailable, KeyFileExists) as error:
        raise SecretsUnavailable(str(error)) from None
