"""
Words in what is encrypted: the details are opened row by row, so it is bounded.

An index over encrypted text would be a second, readable copy of it. Somebody who may
read the details has a limited number of rows opened and held against the words; that
they did, and what they looked for, is recorded each time.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jtsec.audit.details import open_details
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import parse
from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.exceptions import CryptoError


@dataclass
class Reader:
    """
    Holds rows against some words, in whatever case.

    Args:
        text: the words.
        most: rows to look into.
        looked: rows looked into.
        unreadable: rows whose details could not be opened.
    """

    text: str
    most: int
    looked: int = 0
    unreadable: int = 0

    def accepts(self, row: AuditRecord) -> bool:
        """Answer whether a row's own words or its opened details hold the text."""
        self.looked += 1
        wanted = self.text.casefold()
        return any(wanted in word.casefold() for word in self._words(row))

    @property
    def is_tired(self) -> bool:
        """Answer whether it has looked into as many rows as it may."""
        return self.looked >= self.most

    def _words(self, row: AuditRecord) -> Iterator[str]:
        yield from (row.resource, row.subject, row.reason)
        try:
            payload = parse(bytes(row.payload))
            yield from words_in(payload.get("data"))
            yield from words_in(open_details(payload))
        except (ValueError, KeyError, Base64Error, CryptoError, ConfigurationError):
            # Altered, or without its key: the page of the event says which.
            self.unreadable += 1


def words_in(value: Any) -> Iterator[str]:
    """Yield every text in a value of a payload, names of fields not among them."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from words_in(one)
    elif value is not None:
        yield str(value)
