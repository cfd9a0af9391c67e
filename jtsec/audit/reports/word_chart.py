"""
A chart in a Word file, as DrawingML (ECMA-376 part 1, 21.2).

Word, WPS and LibreOffice draw it themselves from the figures in the file: it stays
sharp in print, needs no picture library, and its numbers can be read out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from .document import LINE, Chart, printable

HEIGHT_MM: Final = 75
EMU_PER_MM: Final = 36_000
COLOURS: Final = ("2F5C9E", "C2562D", "4B8B5A", "8A5FA8", "B08A2E", "5A6B7D")

_NS = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_CONTENT = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


def add_chart(paragraph: Any, chart: Chart, *, width_mm: float) -> None:
    """
    Put a chart into a paragraph.

    Args:
        paragraph: of python-docx.
        chart: what to draw.
        width_mm: how wide, in millimetres.
    """
    package = paragraph.part.package
    number = sum("/charts/" in str(part.partname) for part in package.iter_parts()) + 1
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, _CONTENT, chart_xml(chart).encode(), package)
    relation = paragraph.part.relate_to(part, _RELATION)
    drawing = _inline(relation, number, chart.caption, width_mm)
    paragraph.add_run()._r.append(parse_xml(drawing))


def chart_xml(chart: Chart) -> str:
    """Return the chart's own file."""
    kind = "lineChart" if chart.kind == LINE else "barChart"
    series = "".join(
        _series(place, name, chart.labels, values, is_line=chart.kind == LINE)
        for place, (name, values) in enumerate(chart.series.items())
    )
    direction = "" if chart.kind == LINE else '<c:barDir val="col"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace {_NS}><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:{kind}>{direction}<c:grouping val="{_grouping(kind)}"/>'
        f'<c:varyColors val="0"/>{series}{_gap(kind)}'
        '<c:axId val="1"/><c:axId val="2"/>'
        f"</c:{kind}>{_AXES}</c:plotArea>{_legend(chart)}"
        '<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )


def _series(
    place: int,
    name: str,
    labels: Sequence[str],
    values: Sequence[int],
    *,
    is_line: bool,
) -> str:
    colour = COLOURS[place % len(COLOURS)]
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    shape = f'<a:ln w="22225">{fill}</a:ln>' if is_line else fill
    marker = '<c:marker><c:symbol val="none"/></c:marker>' if is_line else ""
    texts = "".join(
        f'<c:pt idx="{number}"><c:v>{_text(label)}</c:v></c:pt>'
        for number, label in enumerate(labels)
    )
    numbers = "".join(
        f'<c:pt idx="{number}"><c:v>{value}</c:v></c:pt>'
        for number, value in enumerate(values)
    )
    # Left out, it means a curve, which rises above its own figures.
    smooth = '<c:smooth val="0"/>' if is_line else ""
    count = f'<c:ptCount val="{len(labels)}"/>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:v>{_text(name)}</c:v></c:tx><c:spPr>{shape}</c:spPr>{marker}"
        f"<c:cat><c:strLit>{count}{texts}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{numbers}"
        f"</c:numLit></c:val>{smooth}</c:ser>"
    )


def _grouping(kind: str) -> str:
    return "standard" if kind == "lineChart" else "clustered"


def _gap(kind: str) -> str:
    return '<c:marker val="1"/>' if kind == "lineChart" else '<c:gapWidth val="60"/>'


def _legend(chart: Chart) -> str:
    if len(chart.series) < 2:
        return ""
    return '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'


_LABELS: Final = (
    "<c:txPr><a:bodyPr/><a:p><a:pPr>"
    '<a:defRPr sz="800"><a:latin typeface="Times New Roman"/>'
    '<a:ea typeface="宋体"/></a:defRPr></a:pPr></a:p></c:txPr>'
)
_AXES: Final = (
    '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
    '<c:delete val="0"/><c:axPos val="b"/><c:majorTickMark val="none"/>'
    f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_LABELS}'
    '<c:crossAx val="2"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>'
    '<c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
    '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D5DBE3"/>'
    "</a:solidFill></a:ln></c:spPr></c:majorGridlines>"
    '<c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/>'
    f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_LABELS}'
    '<c:crossAx val="1"/></c:valAx>'
)


def _inline(relation: str, number: int, caption: str, width_mm: float) -> str:
    width, height = int(width_mm * EMU_PER_MM), HEIGHT_MM * EMU_PER_MM
    described = quoteattr(printable(caption))
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/'
        'main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="chart{number}" descr={described}/>'
        f'<a:graphic><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/relationships" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _text(text: str) -> str:
    return escape(printable(text))
