"""The canonical bytes are one form, and text from outside cannot break it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from django.utils.translation import gettext_lazy

from jtsec.audit.payload import (
    TEXT_LIMIT,
    canonical,
    columns_of,
    moment,
    parse,
    plain,
)

PAYLOAD = {
    "v": 1,
    "id": "01a20101-7674-78ba-9452-426d59f9205c",
    "at": "2026-11-22T02:06:42.804222Z",
    "code": "tests:permit:granted",
    "outcome": "done",
    "severity": 10,
    "core": False,
    "actor": {
        "kind": "person",
        "uid": "0198c1f0-0000-7000-8000-000000000001",
        "username": "zhang",
        "name": "张三",
        "is_police": True,
        "organisation": "320200000000",
        "duty": "business",
    },
    "source": {"address": "10.1.2.3", "terminal": "T-1", "mac": ""},
    "request": "11066a75110c8caa",
    "resource": "permits.permit:7",
    "subject": "",
    "reason": "",
    "data": {"count": 2},
}


class Word(StrEnum):
    """An enumeration of text."""

    YES = "yes"


def test_equal_payloads_have_equal_bytes():
    """The order in which somebody filled a mapping does not show."""
    turned = dict(reversed(list(PAYLOAD.items())))
    assert canonical(turned) == canonical(PAYLOAD)
    assert parse(canonical(PAYLOAD)) == PAYLOAD


def test_text_stays_readable_utf8():
    """A Chinese name is found by looking at the bytes."""
    assert "张三".encode() in canonical(PAYLOAD)
    assert b" " not in canonical(PAYLOAD)


def test_half_a_surrogate_pair_does_not_stop_a_record():
    """JSON from a client may hold one; it must not be a way to act unrecorded."""
    stored = canonical({"v": 1, "reason": 'a\\"\ud800b'})
    assert json.loads(stored.decode("utf-8"))["reason"] == 'a\\"\ud800b'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("x", "x"),
        (Word.YES, "yes"),
        (0.1, "0.1"),
        (Decimal("1.50"), "1.50"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ((1, ("a", None)), [1, ["a", None]]),
        ({"b", "a"}, ["a", "b"]),
        ({"k": datetime(2026, 1, 1, tzinfo=UTC)}, {"k": "2026-01-01T00:00:00.000000Z"}),
        (gettext_lazy("reason"), None),
    ],
)
def test_each_kind_of_value_has_one_form(value, expected):
    """No floats: their text differs between programs."""
    found = plain(value)
    assert found == expected if expected is not None or value is None else found
    assert json.loads(canonical({"x": found})) == {"x": found}


@pytest.mark.parametrize("value", [b"x", object(), {1: "x"}, print])
def test_a_value_without_a_form_is_refused(value):
    """Better no record than one that nobody can verify; the caller sees it at once."""
    with pytest.raises(TypeError):
        plain(value)


def test_nesting_without_end_is_refused():
    """A structure that contains itself is an error and not a hang."""
    turning: list[object] = []
    turning.append(turning)
    with pytest.raises(TypeError):
        plain(turning)


def test_a_text_of_megabytes_is_cut():
    """The log keeps how long it was."""
    kept = plain("x" * 10_000_000)
    assert len(kept) < TEXT_LIMIT + 20
    assert kept.endswith("…[10000000]")


def test_times_are_utc_text():
    """A change of time zone or of column precision alters no byte."""
    china = datetime(2026, 11, 22, 10, 6, 42, 5, tzinfo=timezone(timedelta(hours=8)))
    assert moment(china) == "2026-11-22T02:06:42.000005Z"


def test_naive_times_mean_the_projects_zone(settings):
    """USE_TZ = False is no other moment."""
    settings.USE_TZ = False
    assert moment(datetime(2026, 11, 22, 10, 6)) == "2026-11-22T02:06:00.000000Z"  # noqa: DTZ001 - the point
    assert columns_of(PAYLOAD)["at"].tzinfo is None


def test_columns_are_copies_cut_to_their_length():
    """A long reason is whole in the payload."""
    columns = columns_of(PAYLOAD | {"reason": "理" * 300})
    assert columns["reason"] == "理" * 255
    assert columns["actor_name"] == "张三"
    assert columns["actor_is_police"] is True


def test_columns_take_what_postgresql_refuses():
    """NUL and half pairs are spelled out in the copy."""
    assert (
        columns_of(PAYLOAD | {"reason": "a\x00b\ud800"})["reason"] == "a\\x00b\\ud800"
    )


def test_an_unknown_version_is_not_guessed():
    """A newer format is read by newer code."""
    with pytest.raises(ValueError, match="version 1"):
        parse(b'{"v":2}')
