"""
Sealing after responses: so a log is sealed wherever requests are answered.

Whoever wants a bound also for the last record before a quiet hour runs
`jtsec_audit_seal --loop`.
"""

from __future__ import annotations

import logging
from typing import Final

from jtsec.core.after_responses import after_responses

from .conf import sealing_settings
from .passes import seal_now

MOST: Final = 2
"""Checkpoints after one response; the thread is wanted for the next request."""


@after_responses(
    every=lambda: sealing_settings().seconds,
    failure="sealing after a response failed; the records wait",
    logger=logging.getLogger("jtsec.audit"),
)
def seal_when_due() -> None:
    """Seal, if this process has not for `JTSEC_AUDIT_SEAL_SECONDS`."""
    seal_now(MOST)
