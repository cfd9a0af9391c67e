"""Personal values are taken out of text nobody wrote for readers."""

from __future__ import annotations

import pytest

from jtsec.core import scrubbing
from jtsec.core.context import Context, acting_as, enter, leave, system_actor
from jtsec.core.masking import mask
from jtsec.core.scrubbing import remember, scrub

pytestmark = pytest.mark.clause("T7.2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id=11010519491231002X.", "id=110***********002X."),
        ("'13912345678'", "'139****5678'"),
        ("call +86 139-1234-5678 now", "call 139****5678 now"),
        ("card 6222021234567890128", "card ***************0128"),
        ("card 4111 1111 1111 1111", "card ************1111"),
        ("车辆苏A12345已到", "车辆苏A***45已到"),
        ("苏AD12345", "苏A****45"),
        ("沪A1234挂", "沪A***4挂"),
    ],
)
def test_numbers_are_known_by_their_form(text: str, expected: str) -> None:
    """Also those that nobody loaded, such as one typed into a form."""
    assert scrub(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "019a1f3c-7c1e-7000-8139-123456789012",
        "order 6222021234567890127",
        "took 1700000000000 ns",
        "sm3 66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "2026-11-22 12:00:00,139 request 4f2a13912345678b",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """A log without its identifiers would be of no use."""
    assert scrub(text) == text


def test_what_a_request_loaded_is_known_word_for_word() -> None:
    """A name has no form to be known by; the longest is replaced first."""
    token = enter(Context())
    try:
        for name in ("张三", "张三丰"):
            remember(name, mask("name", name))
        assert scrub("张三丰 and 张三") == "张** and 张*"
        with acting_as(system_actor("a-job")):
            assert scrub("张三") == "张*"
    finally:
        leave(token)
    assert scrub("张三") == "张三"


def test_only_so_much_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that reads a million rows keeps the last of them."""
    monkeypatch.setattr(scrubbing, "MOST", 2)
    context = Context()
    token = enter(context)
    try:
        for name in ("甲甲", "乙乙", "丙丙"):
            remember(name, mask("name", name))
    finally:
        leave(token)
    assert list(context.known_values) == ["乙乙", "丙丙"]


def test_a_single_letter_is_not_remembered() -> None:
    """It would turn every line of the log into stars."""
    context = Context()
    token = enter(context)
    remember("a", mask("whole", "a"))
    leave(token)
    assert context.known_values == {}
