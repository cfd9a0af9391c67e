"""Failed integrity: an event says that data, or the log, is not what was written."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .rule import Finding, Memory, Rule, World
from .sighting import Sighting

WORDS: Final = frozenset(
    {
        *("broken", "altered", "tampered", "mismatch", "orphan", "unverifiable"),
        *("missing", "cut", "forged", "replayed", "inconsistent", "findings"),
    }
)
"""Last words of codes that tell of it, alone or joined by a hyphen."""

CODES: Final = frozenset({"authentication:password:foreign"})


class FailedIntegrity(Rule):
    """
    Raises an alarm for each thing that is altered, and names it (A5.6).

    Whoever finds it records it, under a code that says so. The one object is one
    alarm, however often it is looked at.
    """

    name = "failed-integrity"
    title = _("Failed integrity")
    explains = _("Data or the log itself is not what was written.")
    sentences = {"": _("%(what)s: %(resource)s. %(reason)s")}
    titles = {"codes": _("Further event codes")}
    clause = "A5.6"
    severity = Severity.ALARM
    place = "fi"
    is_mandatory = True

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Tell of every such event; whose it is does not matter."""
        row = sighting.row
        if not tells_of_altered_data(row.code, limits.codes):
            return None
        about = row.resource or row.subject or row.event_id
        return self.found(
            sighting, f"{row.code} {about}", limits, what=row.code, reason=row.reason
        )


@lru_cache(maxsize=4096)
def tells_of_altered_data(code: str, further: tuple[str, ...] = ()) -> bool:
    """Answer whether events of a code tell of altered data."""
    last = code.rpartition(":")[2]
    return (
        code in CODES
        or not WORDS.isdisjoint(last.split("-"))
        or any(
            code.startswith(one[:-1]) if one.endswith("*") else code == one
            for one in further
        )
    )
