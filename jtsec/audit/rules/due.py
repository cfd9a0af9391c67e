"""
Looks at the log after a response, when it is time: so a project needs no extra process.

At most once every few seconds in each process, with two short queries where there is
nothing new.
"""

from __future__ import annotations

import logging
from contextlib import suppress

from jtsec.core.after_responses import after_responses

from .conf import rule_settings
from .exceptions import WatcherBusy
from .watching import lag, watch


@after_responses(
    every=lambda: rule_settings().seconds,
    failure="the rules could not look at the log",
    logger=logging.getLogger("jtsec.audit"),
)
def watch_when_due() -> None:
    """Look at what is new."""
    # Where another process is looking, this one need not see the same.
    with suppress(WatcherBusy):
        if lag() > 0:
            watch(rule_settings().batch)
