"""The preset as plain settings, for a project that prefers to see them."""

from __future__ import annotations

from pprint import pformat
from typing import Any

from django.conf import settings

from .application import touched_names
from .demands import SQLITE_OPTIONS


def as_plain_settings() -> str:
    """
    Return what the preset has set, as lines to paste in place of `apply(globals())`.

    DATABASES is told as single options, never printed whole: it may hold a password.
    """
    lines = [
        f"{name} = {pformat(getattr(settings, name), width=84, sort_dicts=False)}"
        for name in sorted(touched_names())
        if settings.is_overridden(name)  # type: ignore[misc]  # Django has it, its stubs lack it
    ]
    return "\n".join(lines + _database_lines()) + "\n"


def _database_lines() -> list[str]:
    lines: list[str] = []
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] != "django.db.backends.sqlite3":
            continue
        options: dict[str, Any] = database.get("OPTIONS", {})
        kept = {name: options[name] for name in SQLITE_OPTIONS if name in options}
        lines.append(
            f"DATABASES[{alias!r}].setdefault('OPTIONS', {{}}).update({kept!r})"
        )
    return lines
