"""What an event or an alarm is about, in words: `permits.permit:7` is a pass."""

from __future__ import annotations

import re
from typing import Final

from django.apps import apps

ROW: Final = re.compile(r"(?P<model>[a-z]\w*\.[a-z]\w*)(?::(?P<key>.+))?", re.S)


def resource_text(resource: str) -> str:
    """Return the name of the model with the key, or the resource where it has none."""
    found = ROW.fullmatch(resource)
    if found is None:
        return resource
    try:
        name = str(apps.get_model(found["model"])._meta.verbose_name)
    except (LookupError, ValueError):
        return resource
    return f"{name} {found['key']}" if found["key"] else name
