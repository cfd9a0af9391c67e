"""What somebody typed at a command of the audit: who they are, and from when on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from jtsec.authentication.console import operator, person_named
from jtsec.core.context import Actor, system_actor
from jtsec.core.exceptions import InputError


def person_or_command(options: dict[str, Any], command: str) -> Actor:
    """Return who acts: a person where one is named, else the command itself."""
    if options["actor"]:
        return person_named(options["actor"])
    return system_actor(f"{command} ({operator()})" if operator() else command)


def moment(text: str | None, field: str) -> datetime | None:
    """
    Return a day or a time somebody typed, aware.

    Raises:
        InputError: it is none.
    """
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        sentence = _("%(text)s is no day such as 2026-01-31 and no time.")
        raise InputError(sentence % {"text": text}, field=field)
    return timezone.make_aware(found) if timezone.is_naive(found) else found
