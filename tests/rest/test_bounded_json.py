"""JSON beyond its limits is refused before it costs anything (clause A8.1)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.core.clock import elapsed
from jtsec.rest.bounded_json import MalformedJson, parse_json

pytestmark = pytest.mark.clause("A8.1")

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=9)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
    ),
    max_leaves=12,
)


def parsed(text: str | bytes, *, depth: int = 5, items: int = 20) -> Any:
    """Return what a text says, within small limits."""
    body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return parse_json(body, depth=depth, items=items)


@given(VALUES)
def test_what_is_plain_comes_through_as_it_is(value: Any) -> None:
    """Brackets and commas inside of a text are no structure."""
    assert parsed(json.dumps(value), depth=50, items=500) == value


@pytest.mark.parametrize(
    "text",
    [
        "[" * 6 + "]" * 6,
        '{"a":' * 6 + "1" + "}" * 6,
        "[" + "1," * 21 + "1]",
        '{"a": 1, "a": 2}',
        "[NaN]",
        "[Infinity]",
        "[1e999]",
        "[9223372036854775808]",
        "[-9223372036854775809]",
        "[" + "9" * 5000 + "]",
        '["\\u0000"]',
        '["\\ud800"]',
        '{"\\u0000": 1}',
        "[1",
        "",
        '"\\',
        "\ufeff[]",
        "\ud800",
        b"\xff\xfe[\x00]\x00",
        "[1] [2]",
    ],
)
def test_what_is_beyond_a_limit_is_refused(text: str | bytes) -> None:
    """One error for all of it."""
    with pytest.raises(MalformedJson):
        parsed(text)


def test_at_the_limit_it_is_read() -> None:
    """The limit itself is allowed."""
    assert parsed("[" * 5 + "]" * 5) == [[[[[]]]]]
    assert len(parsed("[" + "1," * 19 + "1]")) == 20


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        '"' + '\\"' * 500_000,
        '"' + '\\"' * 500_000 + "\\",
        '"' * 1_000_001,
        "[" + '"a",' * 200_000 + "1]",
    ],
)
def test_a_hostile_megabyte_is_refused_in_a_moment(text: str) -> None:
    """Nothing is tried twice, and nothing calls itself a million times."""
    began = elapsed()
    with pytest.raises(MalformedJson):
        parsed(text)
    assert elapsed() - began < 5


def test_the_parsers_have_a_size(settings: Any) -> None:
    """Longer is not read to its end; a form has a number of fields."""
    exceptions = pytest.importorskip("rest_framework.exceptions")
    from jtsec.rest.parsers import BoundedFormParser, BoundedJSONParser, TooLarge

    settings.JTSEC_REST_BODY_BYTES = 1024
    settings.JTSEC_REST_ITEMS = 10
    parser, form = BoundedJSONParser(), BoundedFormParser()
    assert parser.parse(BytesIO(b"[1]")) == [1]
    assert form.parse(BytesIO("名=张".encode())).dict() == {"名": "张"}
    for one in (parser, form):
        with pytest.raises(TooLarge):
            one.parse(BytesIO(b"1" * 1025))
    with pytest.raises(exceptions.ParseError):
        parser.parse(BytesIO(b"{"))
    with pytest.raises(exceptions.ParseError):
        form.parse(BytesIO(b"a=1&" * 11))
