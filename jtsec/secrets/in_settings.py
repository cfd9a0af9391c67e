"""
Secrets among the settings in force: where did each come from.

A value that is in the store came from there. One that stands in a file of the project
is found there. What is left are passwords of connections from elsewhere: an
environment, or a file outside, where they stand in clear all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from .finding import Finding, Kind
from .shape import CREDENTIALS_IN_URL, may_be_a_secret
from .taking_up import ACCOUNTS

DEPTH = 6


def connections_in_clear(kept: frozenset[str]) -> Iterator[Finding]:
    """
    Yield the connection settings whose password did not come from the store.

    Args:
        kept: every value of the store.
    """
    for name in ("DATABASES", "CACHES", "STORAGES"):
        yield from _below(name, getattr(settings, name, {}), kept, DEPTH)
    for name in dir(settings):
        if not name.isupper() or name in ("DATABASES", "CACHES", "STORAGES"):
            continue
        value = getattr(settings, name, None)
        if name.endswith("_PASSWORD") and isinstance(value, str):
            if may_be_a_secret(value) and value not in kept:
                yield Finding(Kind.SETTINGS, "settings", 0, name)
        elif name.endswith(("_URL", "_DSN")) and isinstance(value, str):
            yield from _in_url(name, value, kept)


def _below(
    name: str, value: Any, kept: frozenset[str], depth: int
) -> Iterator[Finding]:
    if isinstance(value, Mapping) and depth:
        if value.get(ACCOUNTS):
            return  # the store is asked for both; what stands here is of the start
        for key, one in value.items():
            yield from _below(f"{name}.{key}", one, kept, depth - 1)
    elif isinstance(value, list | tuple) and depth:
        for one in value:
            yield from _below(name, one, kept, depth - 1)
    elif isinstance(value, str) and "TEST" not in name.split("."):
        key = name.rsplit(".", 1)[-1].lower()
        if key in ("password", "passwd", "secret_key", "access_key"):
            # Whatever it looks like: nothing else is written there.
            if value and value not in kept:
                yield Finding(Kind.SETTINGS, "settings", 0, name)
        else:
            yield from _in_url(name, value, kept)


def _in_url(name: str, value: str, kept: frozenset[str]) -> Iterator[Finding]:
    found = CREDENTIALS_IN_URL.search(value)
    if found and found[1] not in kept and value not in kept:
        yield Finding(Kind.SETTINGS, "settings", 0, name)
