"""Some rows on their way from the database to the checkpoint that names them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Final

from jtsec.audit.sealing.leaf import PREFIX

from .finding import Kind

LEAF: Final = b"\x00" + PREFIX
"""What is hashed before a record: the byte of a leaf (RFC 6962), then the format's."""

NO_LEAF: Final = b""
"""Stands for a row of which no leaf can be made; no hash equals it."""


@dataclass(slots=True)
class Fault:
    """What is wrong with one row by itself, whatever the checkpoints say."""

    kind: Kind
    sentence: str


@dataclass(slots=True)
class Piece:
    """
    Some rows, ascending by id.

    Args:
        ids: their ids.
        leaves: the hash of each one's leaf, or `NO_LEAF`.
        faults: what is wrong with rows by themselves, by id; filled where rows are
            read with all their columns.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    leaves: list[bytes] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
