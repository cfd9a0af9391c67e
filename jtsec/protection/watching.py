"""
A look at sealed rows after a response, when it is time.

So nobody has to load a broken row for it to be found, and a project needs no extra
process.
"""

from __future__ import annotations

import logging
from typing import Final

from jtsec.audit.api import boundary
from jtsec.core.after_responses import after_responses
from jtsec.core.context import acting_as, system_actor

from .conf import protection_settings
from .rounds import Rounds

ACTOR: Final = system_actor("jtsec.protection.watching")

ROUNDS: Final = Rounds()
"""Where this process is."""


@after_responses(
    every=lambda: protection_settings().watch_seconds,
    failure="sealed rows could not be looked at",
    logger=logging.getLogger("jtsec.protection"),
)
def look_when_due() -> None:
    """Verify the next rows."""
    with acting_as(ACTOR), boundary():
        ROUNDS.look(protection_settings().watch_rows)
