"""
What can go wrong with an alarm.

    JtsecError
    ├── Refused
    │   └── AlarmRefused        who asks may not do this with this alarm
    └── CannotVerify
        └── NotDelivered        a message did not reach its receiver; it is kept
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, Refused


class AlarmRefused(Refused):
    """Says that somebody may not take this step with this alarm; it is recorded."""


class NotDelivered(CannotVerify):
    """Says that nobody knows the receiver has the message, so it is sent again."""
