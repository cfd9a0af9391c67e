"""The tables of the alarms that the database itself refuses to change (P61)."""

from __future__ import annotations

from typing import Final

from jtsec.audit.triggers import Protected

STEPS: Final = Protected("jtsec_alarmstep")
TABLES: Final = (STEPS,)
