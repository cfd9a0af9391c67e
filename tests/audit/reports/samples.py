"""A report with everything a report can hold, and what attackers type into logs."""

from __future__ import annotations

from jtsec.audit.reports.document import (
    LINE,
    Chart,
    Document,
    Facts,
    Paragraph,
    Section,
    Table,
)

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    '<script>alert("1")</script>&amp;',
    "bell\x07 and \x00 and \u202e turned",
    "https://example.test/",
    "000123",
    "long " * 1000,
)

REPORT = Document(
    title="2026年11月安全情况月报",
    facts=[("统计时段", "2026-11-01 至 2026-11-30"), ("事件", 12345)],
    sections=[
        Section(
            "一、总体情况",
            [
                Paragraph("本月情况如下。"),
                Facts([("登录", 7)]),
                Chart("每日登录", ["1", "2", "3"], {"成功": [1, 2, 3]}, LINE),
                Chart("分类", ["口令猜测", "越权"], {"次数": [3, 4], "来源": [1, 1]}),
                Chart("空", ["甲"], {"次数": [0]}),
            ],
        ),
        Section(
            "二、[攻击]: 分类/处置?",
            [
                Table(
                    "攻击", ["内容", "次数"], [[one, 1] for one in HOSTILE], [80, 20]
                ),
                Table("没有", ["内容"], [], empty="本期无。"),
            ],
        ),
        Section("二、[攻击]: 分类/处置?", [Paragraph("同名的一章。")]),
    ],
    signatures=["编制", "审核"],
)
