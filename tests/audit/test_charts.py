"""Charts: well-formed, without anything a strict policy blocks, with their numbers."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.audit.charts import Scale, bars, lines, ranks, shares

HOSTILE = ["<script>alert(1)</script>", '" onload="x', "a\x00\x1b\ud800b", "&amp;"]

Drawing = Callable[..., str]


def drawn(draw: Drawing, labels: list[str], values: list[int]) -> str:
    """Draw one series, in the form the kind of chart wants."""
    if draw in (bars, lines):
        return draw("标题", labels, {"次数": values})
    return draw("标题", labels, values)


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("draw", [bars, lines, ranks, shares])
def test_a_drawing_is_xml_without_scripts_or_styles(draw: Drawing) -> None:
    """Hostile labels stay text; nothing in it needs more than `default-src 'self'`."""
    root = ElementTree.fromstring(drawn(draw, HOSTILE, [3, 0, 1, 7]))
    assert {element.tag for element in root.iter()} <= {
        *("svg", "desc", "title", "text", "rect", "line", "circle", "polyline", "path")
    }
    for element in root.iter():
        assert "style" not in element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
    assert root.get("aria-label") == "标题"
    assert root.findtext("desc")


@pytest.mark.parametrize("draw", [bars, lines, ranks, shares])
@pytest.mark.parametrize("values", [[], [0, 0], [10**12, 1], [5]])
def test_nothing_and_very_much_are_drawn_too(draw: Drawing, values: list[int]) -> None:
    """An empty day is no error, and no mark leaves the drawing."""
    labels = [f"{number}日" for number in range(len(values))]
    root = ElementTree.fromstring(drawn(draw, labels, values))
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for rect in root.iter("rect"):
        x, w = float(rect.get("x", 0)), float(rect.get("width", 0))
        assert x >= -1
        assert x + w <= width + 1
        assert float(rect.get("y", 0)) >= 0
    assert height > 0


@given(st.integers(0, 10**15))
def test_a_scale_reaches_its_highest_value_in_few_steps(highest: int) -> None:
    """The lines across carry round numbers and the highest bar stays inside."""
    scale = Scale.reaching(highest)
    assert scale.top >= highest
    assert 2 <= len(scale.ticks) <= 6
    assert str(scale.step).strip("0") in ("1", "2", "5")


def test_each_mark_tells_its_number() -> None:
    """Colour is never the only difference."""
    drawing = bars("登录", ["周一", "周二"], {"成功": [1200, 3], "失败": [1, 0]})
    titles = [one.text for one in ElementTree.fromstring(drawing).iter("title")]
    assert titles == ["周一 · 成功 · 1,200", "周一 · 失败 · 1", "周二 · 成功 · 3"]
