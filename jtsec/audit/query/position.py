"""Where a page begins: behind a row; carried by the address, checked on return."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord

from .exceptions import FilterError
from .moments import from_microseconds, to_microseconds

FORM: Final = re.compile(r"(\d{1,17})(?:-(\d{1,19}))?\Z", re.ASCII)
LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True)
class Position:
    """
    A place in the log's order, which is time and then number.

    Args:
        at: the time of a row, as the column has it.
        id: its number; None stands for all rows of that time.
    """

    at: datetime
    id: int | None = None

    @classmethod
    def of(cls, row: AuditRecord) -> Position:
        """Return where a row stands."""
        return cls(row.at, row.pk)

    @classmethod
    def parse(cls, field: str, text: str) -> Position:
        """
        Return the position of `as_text`; it says where to look and gives no right.

        Raises:
            FilterError: it is none; somebody wrote the address by hand.
        """
        found = FORM.match(text)
        number = int(found[2]) if found and found[2] else None
        if found is None or (number is not None and number > LARGEST_ID):
            raise FilterError(field, _("There is no such page."))
        return cls(from_microseconds(int(found[1])), number)

    def as_text(self) -> str:
        """Return the position as it stands in an address."""
        micros = to_microseconds(self.at)
        return str(micros) if self.id is None else f"{micros}-{self.id}"
