"""Identifiers that sort by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jtsec.core.identifiers import uuid7

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def test_the_layout_is_that_of_the_standard() -> None:
    """Version, variant, and milliseconds since 1970 in the first 48 bits."""
    made = uuid7(AT)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(AT.timestamp() * 1000)


def test_they_sort_by_time_and_differ_within_a_millisecond() -> None:
    """An index grows at its end; nobody guesses the next one."""
    later = uuid7(AT + timedelta(milliseconds=1))
    made = {uuid7(AT) for _ in range(1000)}
    assert len(made) == 1000
    assert max(made) < later
