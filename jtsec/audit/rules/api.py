"""
The verbs of the rules (A5.5 to A5.7).

    watch()                                 looks at what is new, and raises alarms
    dry_run("high-frequency", days=30)      how often it would have
"""

from __future__ import annotations

from .catalogue import RULES
from .due import watch_when_due
from .exceptions import WatcherBusy
from .office_hours import register_calendar
from .rule import Rule
from .thresholds import defaults_of, options_of
from .trial import Estimate, Example, dry_run
from .watching import Look, lag, watch

__all__ = [
    "RULES",
    "Estimate",
    "Example",
    "Look",
    "Rule",
    "WatcherBusy",
    "defaults_of",
    "dry_run",
    "lag",
    "options_of",
    "register_calendar",
    "watch",
    "watch_when_due",
]
