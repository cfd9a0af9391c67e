"""
Charts as SVG, drawn on the server: no script, no style, nothing from elsewhere.

    bars("每日登录", ["7月1日", "7月2日"], {"成功": [5, 7], "失败": [1, 0]})

They pass `default-src 'self'`, print, and say what they show to who cannot see them: a
name, a description, and a title on each mark. Colours are classes with a plain colour
as a fallback, so that one drawing serves the console, light and dark, and a report that
is a file of its own. No two series differ by colour alone: every mark carries the name
of its series, and lines are dashed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import cos, log10, pi, sin
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

COLOURS: Final = ("#2f6fd0", "#d97706", "#2e8b57", "#8e5bb5", "#a68a00", "#64748b")
DASHES: Final = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 3")
INK: Final = "#4d5b70"
WIDTH: Final = 640
HEIGHT: Final = 240
LEFT: Final = 56
RIGHT: Final = 12
TOP: Final = 34
BOTTOM: Final = 28
FONT: Final = 14
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Values = Mapping[str, Sequence[int]]
"""Series by name, one number a label."""


@dataclass(frozen=True)
class Scale:
    """From a value to its height in the drawing."""

    top: int
    """The value at the upper edge; at least 1."""

    step: int

    @classmethod
    def reaching(cls, highest: int) -> Scale:
        """Return a scale with at most five steps of 1, 2 or 5 and zeros."""
        rough = max(highest, 1) / 4
        power = 10 ** max(int(log10(rough)) if rough >= 1 else 0, 0)
        step = next(
            power * factor for factor in (1, 2, 5, 10) if power * factor >= rough
        )
        return cls(-(-max(highest, 1) // step) * step, step)

    def y(self, value: float) -> float:
        """Return the height of a value, from the upper edge."""
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - BOTTOM - TOP)

    @property
    def ticks(self) -> range:
        """Return the values that get a line."""
        return range(0, self.top + 1, self.step)


def bars(
    title: str, labels: Sequence[str], series: Values, *, description: str = ""
) -> SafeString:
    """
    Return upright bars, those of one label stacked.

    Args:
        title: what the chart shows.
        labels: the categories, from left to right.
        series: by name, one number a label, none below zero.
        description: a sentence for who cannot see it.
    """
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    scale = Scale.reaching(max(totals, default=0))
    wide = _plot_width() / max(len(labels), 1)
    gap = min(wide * 0.25, 8)
    parts = [*_frame(scale), *_labels(labels, wide), *_legend(series)]
    for column, label in enumerate(labels):
        below = 0
        for number, (name, values) in enumerate(series.items()):
            value = values[column]
            high, low = scale.y(below + value), scale.y(below)
            below += value
            if value:
                x, width = LEFT + column * wide + gap / 2, wide - gap
                parts.append(
                    f'<rect {_fill(number)} x="{x:.1f}" y="{high:.1f}" '
                    f'width="{width:.1f}" height="{low - high:.1f}">'
                    f"{_told(label, name, value, series)}</rect>"
                )
    return _svg(title, description or _summary(labels, series), parts)


def lines(
    title: str, labels: Sequence[str], series: Values, *, description: str = ""
) -> SafeString:
    """Return lines over what runs on in time; arguments as for `bars`."""
    scale = Scale.reaching(max((max(v, default=0) for v in series.values()), default=0))
    wide = _plot_width() / max(len(labels), 1)
    parts = [*_frame(scale), *_labels(labels, wide), *_legend(series)]
    for number, (name, values) in enumerate(series.items()):
        spots = [
            (LEFT + (column + 0.5) * wide, scale.y(value))
            for column, value in enumerate(values)
        ]
        parts.append(
            f'<polyline {_stroke(number)} fill="none" points="'
            + " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
            + '"/>'
        )
        parts += [
            f'<circle {_fill(number)} cx="{x:.1f}" cy="{y:.1f}" r="3">'
            f"{_told(label, name, value, series)}</circle>"
            for (x, y), label, value in zip(spots, labels, values, strict=True)
        ]
    return _svg(title, description or _summary(labels, series), parts)


def ranks(
    title: str, labels: Sequence[str], values: Sequence[int], *, description: str = ""
) -> SafeString:
    """Return lying bars, one a label, in the order given; arguments as for `bars`."""
    series = {title: values}
    line, name_width = 27, 190
    room = WIDTH - name_width - 84
    top = max(values, default=0) or 1
    parts = []
    for row, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = 6 + row * line
        width = max(value / top * room, 1 if value else 0)
        parts += [
            _text(name_width - 8, y + 17, _cut(label, name_width - 12), "end"),
            f'<rect {_fill(0)} x="{name_width}" y="{y + 3}" width="{width:.1f}" '
            f'height="{line - 8}" rx="2">{_told(label, "", value, series)}</rect>',
            _text(name_width + width + 6, y + 17, f"{value:,}", "start"),
        ]
    height = 12 + max(len(labels), 1) * line
    return _svg(title, description or _summary(labels, series), parts, height=height)


def shares(
    title: str, labels: Sequence[str], values: Sequence[int], *, description: str = ""
) -> SafeString:
    """Return a ring of parts with their names and numbers; arguments as for `bars`."""
    total = sum(values)
    series = {title: values}
    parts = []
    begins = [0, *accumulate(values)]
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        share = value / total if total else 0
        if value:
            ring = _ring(begins[number] / total, share)
            told = _told(label, f"{share:.1%}", value, series)
            parts.append(f"<path {_fill(number)} d={ring!r}>{told}</path>")
        y = 28 + number * 24
        parts += [
            f'<rect {_fill(number)} x="268" y="{y - 10}" width="11" height="11"/>',
            _text(288, y, _cut(label, 190), "start"),
            _text(WIDTH - 12, y, f"{value:,} · {share:.1%}", "end"),
        ]
    parts.append(_text(120, HEIGHT / 2 + 5, f"{total:,}", "middle", size=20))
    height = max(HEIGHT, 30 + len(labels) * 24)
    return _svg(title, description or _summary(labels, series), parts, height=height)


def _svg(
    title: str, description: str, parts: Sequence[str], *, height: int = HEIGHT
) -> SafeString:
    """Put the marks into a drawing; every text in them is escaped where it is made."""
    drawing = (
        f'<svg class="jtsec-chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{_escaped(title)}" '
        f'font-size="{FONT}">'
        f"<desc>{_escaped(description)}</desc>{''.join(parts)}</svg>"
    )
    return mark_safe(drawing)  # noqa: S308 - made of numbers and of escaped text


def _frame(scale: Scale) -> Iterator[str]:
    """Yield the lines across, with their numbers."""
    for tick in scale.ticks:
        y = scale.y(tick)
        yield (
            f'<line class="jtsec-chart-line" x1="{LEFT}" x2="{WIDTH - RIGHT}" '
            f'y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dde8"/>'
        )
        yield _text(LEFT - 6, y + 4, f"{tick:,}", "end")


def _labels(labels: Sequence[str], wide: float) -> Iterator[str]:
    """Yield the names below the columns, as many as have room."""
    widest = max(map(_width, labels), default=0) + 10
    every = max(-(-int(widest) // max(int(wide), 1)), 1)
    for column in range(0, len(labels), every):
        x = LEFT + (column + 0.5) * wide
        yield _text(x, HEIGHT - 8, labels[column], "middle")


def _legend(series: Values) -> Iterator[str]:
    """Yield the names of the series, where there is more than one."""
    x = float(LEFT)
    for number, name in enumerate(series if len(series) > 1 else ()):
        yield f'<rect {_fill(number)} x="{x:.1f}" y="8" width="11" height="11"/>'
        yield _text(x + 16, 18, name, "start")
        x += 36 + _width(name)


def _ring(begin: float, share: float) -> str:
    """Return the path of a part of a ring; a whole one is drawn as nearly whole."""
    middle_x, middle_y, outer, inner = 120, HEIGHT / 2, 96, 60
    # An arc from a point to itself draws nothing.
    first, last = begin * 2 * pi, (begin + min(share, 0.9999)) * 2 * pi
    large = int(share > 0.5)

    def spot(angle: float, radius: int) -> str:
        x = middle_x + radius * sin(angle)
        return f"{x:.2f} {middle_y - radius * cos(angle):.2f}"

    return (
        f"M{spot(first, outer)} A{outer} {outer} 0 {large} 1 {spot(last, outer)} "
        f"L{spot(last, inner)} A{inner} {inner} 0 {large} 0 {spot(first, inner)}Z"
    )


def _text(x: float, y: float, text: str, anchor: str, *, size: int = FONT) -> str:
    return (
        f'<text class="jtsec-chart-text" x="{x:.1f}" y="{y:.1f}" fill="{INK}" '
        f'font-size="{size}" text-anchor="{anchor}">{_escaped(text)}</text>'
    )


def _told(label: str, name: str, value: int, series: Values) -> str:
    """Return what a mark says of itself."""
    named = name if len(series) > 1 or (name and name not in series) else ""
    words = " · ".join(filter(None, (label, named, f"{value:,}")))
    return f"<title>{_escaped(words)}</title>"


def _summary(labels: Sequence[str], series: Values) -> str:
    """Return the numbers in words, for who cannot see the drawing."""
    return "; ".join(
        f"{name}: "
        + ", ".join(
            f"{label} {value:,}" for label, value in zip(labels, values, strict=True)
        )
        for name, values in series.items()
    )


def _fill(number: int) -> str:
    which = number % len(COLOURS)
    return f'class="jtsec-chart-{which + 1}" fill="{COLOURS[which]}"'


def _stroke(number: int) -> str:
    which = number % len(COLOURS)
    dash = f' stroke-dasharray="{DASHES[which]}"' if DASHES[which] else ""
    return (
        f'class="jtsec-chart-stroke-{which + 1}" stroke="{COLOURS[which]}" '
        f'stroke-width="2"{dash}'
    )


def _plot_width() -> int:
    return WIDTH - LEFT - RIGHT


def _width(text: str) -> float:
    """Return about how wide a text is drawn; Chinese is twice as wide as Latin."""
    return sum(FONT if ord(sign) > 0x2E7F else FONT * 0.56 for sign in str(text))


def _cut(text: str, room: float) -> str:
    """Return a text that fits, with an ellipsis where it does not."""
    shown = str(text)
    while shown and _width(shown) > room:
        shown = shown[:-2] + "…" if len(shown) > 2 else ""
    return shown


def _escaped(text: object) -> str:
    """Return a text of whatever origin as it may stand in XML."""
    return escape(CONTROL.sub("�", str(text)))
