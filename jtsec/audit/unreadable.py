"""Columns that hold what their type does not, put there past Django."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import DataError

UNREADABLE: Final = (DataError, ValueError, TypeError, AttributeError)
"""
What reading such a row raises.

PostgreSQL has times without end, MySQL the day 0000-00-00, SQLite any text at all;
none of them is a time to Python. Whoever owns the database puts one into a column and
nobody could read the rows beside it any more.
"""

NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that cannot be read; no event is as old."""
