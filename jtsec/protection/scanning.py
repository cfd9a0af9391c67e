"""
A part of a table, row by row: each seal, and what the rows add up to.

Read in pages by the key, so that no statement is long and nothing is held in memory.
Seals of one list and key differ in nonce and MAC alone; what they have in common is
worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from jtsec.core.exceptions import CannotVerify
from jtsec.fields.api import FieldAltered
from jtsec.keys import api as keys

from .declaration import SEAL, FieldList, Plan
from .exceptions import RowAltered, RowUnverifiable
from .rows import naming
from .seal import CONTEXT, MAC, NONCE, Seal, parse, verify

PAGE: Final = 2_000
MOST: Final = 1_000
"""Rows of a part that are named."""

Line = tuple[Any, ...]
"""The key of a row, its seal, and what is under it."""


class Unopened(NamedTuple):
    """A row of which an encrypted field does not open."""

    key: Any
    seal: Any
    error: FieldAltered | CannotVerify


Page = list[Line | Unopened]


class Usual(NamedTuple):
    """What the seals of one list and key have in common."""

    told: FieldList
    mac: Callable[[bytes], bytes]
    places: tuple[int, ...]

    @classmethod
    def of(cls, plan: Plan, seal: Seal) -> Usual:
        """Return it for a seal that was whole."""
        told = plan.lists[seal.number]
        names = list(plan.fields)
        places = tuple(2 + names.index(name) for name in told.names)
        return cls(told, keys.keyed_mac(seal.key_id).mac, places)


@dataclass(frozen=True)
class Fault:
    """
    One row that is not what was sealed, or of which nothing can be said.

    Args:
        resource: the row, "app.model:pk".
        why: what is missing; "" where it is altered.
    """

    resource: str
    why: str = ""


@dataclass
class Scanned:
    """
    What a part of a table was found to be.

    Args:
        rows: how many there are.
        total: what they add up to, under the root's key.
        faults: the rows that are not sound, the first of them.
        altered: how many are altered.
        unknown: of how many nothing can be said.
    """

    rows: int = 0
    total: int = 0
    altered: int = 0
    unknown: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Count a row that is not sound, and name it among the first."""
        if fault.why:
            self.unknown += 1
        else:
            self.altered += 1
        if len(self.faults) < MOST:
            self.faults.append(fault)


def pages(
    plan: Plan,
    using: str,
    *,
    low: Any = None,
    high: Any = None,
    after: Any = None,
    size: int = 0,
) -> Iterator[Page]:
    """
    Yield pages of rows from a key, or behind one, up to and without another.

    Where an encrypted field of a page does not open, its rows come one by one.
    """
    size = size or PAGE
    names = ("pk", SEAL, *plan.fields)
    rows: Any = QuerySet(model=plan.model, using=using).order_by("pk")
    if high is not None:
        rows = rows.filter(pk__lt=high)
    following = rows if low is None else rows.filter(pk__gte=low)
    if after is not None:
        following = rows.filter(pk__gt=after)
    while True:
        try:
            page: Page = list(following.values_list(*names)[:size])
        except (FieldAltered, CannotVerify):
            page = list(_one_by_one(following, names, size))
        if page:
            yield page
        if len(page) < size:
            return
        following = rows.filter(pk__gt=page[-1][0])


def _one_by_one(
    rows: Any, names: tuple[str, ...], size: int
) -> Iterator[Line | Unopened]:
    for key, blob in list(rows.values_list("pk", SEAL)[:size]):
        try:
            yield from rows.filter(pk=key).values_list(*names)
        except (FieldAltered, CannotVerify) as error:
            yield Unopened(key, blob, error)


def scan_page(plan: Plan, page: Page, found: Scanned) -> list[bytes]:
    """Verify the rows of a page; return their nonces, as far as they have any."""
    usual: dict[bytes, Usual] = {}
    nonces = []
    for line in page:
        blob = bytes(line[1] or b"")
        nonces.append(blob[3 : 3 + NONCE])
        known = usual.get(blob[:3] + blob[3 + NONCE : -MAC])
        if known is None or isinstance(line, Unopened):
            if (fault := _fault(plan, line)) is not None:
                found.add(fault)
            elif (seal := parse(blob)) is not None:
                usual[blob[:3] + blob[3 + NONCE : -MAC]] = Usual.of(plan, seal)
            continue
        text = known.told.text(line[0], [line[place] for place in known.places])
        data = CONTEXT + nonces[-1] + known.told.head + text.encode("ascii")
        if not compare_digest(known.mac(data), blob[-MAC:]):
            found.add(Fault(plan.resource(line[0])))
    found.rows += len(page)
    return [one for one in nonces if len(one) == NONCE]


def _fault(plan: Plan, line: Line | Unopened) -> Fault | None:
    """Verify a row by the long way; return what is wrong with it."""
    try:
        if isinstance(line, Unopened):
            with naming(plan, line.key):
                raise line.error
        names = (SEAL, *plan.fields)
        verify(plan, line[0], dict(zip(names, line[1:], strict=True)))
    except RowAltered as error:
        return Fault(error.resource)
    except RowUnverifiable as error:
        return Fault(error.resource, error.why)
    return None
