"""The backend of MySQL; Django looks for it under this name."""

from __future__ import annotations

from django.db.backends.mysql import base

from jtsec.secrets.taking_up import TakesUpAccount


class DatabaseWrapper(TakesUpAccount, base.DatabaseWrapper):
    """Is Django's, and takes up the account in force."""
