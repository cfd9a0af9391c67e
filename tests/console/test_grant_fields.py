"""The fields of what is given: what a browser may send, and what nobody means."""

from __future__ import annotations

import pytest

from django.core.exceptions import ValidationError
from django.utils import timezone

from jtsec.console.grant_fields import MomentField

ZONES = ("Asia/Shanghai", "America/New_York")


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_that_no_column_holds_is_refused(zone: str) -> None:
    """The first day of time has no UTC in the east, the last one none in the west."""
    edge = {"Asia/Shanghai": "0001-01-01T00:00", "America/New_York": "9999-12-31T23:59"}
    with timezone.override(zone):
        with pytest.raises(ValidationError):
            MomentField().clean(edge[zone])
        assert MomentField().clean("2026-12-31T08:30") is not None
        assert MomentField().clean("") is None
