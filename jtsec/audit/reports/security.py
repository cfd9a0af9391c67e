"""The report of security: attacks by class, where from, and what was done (P47)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jtsec.audit.events import Outcome, Severity, label_of

from . import figures
from .attacks import AttackClass, by_class
from .document import LINE, Cell, Chart, Facts, Section, Table
from .figures import Figures
from .handling import alarm_facts, alarms_by_rule, incidents
from .integrity import integrity_section
from .period import Period

SOURCES = 20
Classed = Mapping[AttackClass, list[str]]


def security_sections(period: Period) -> Iterator[Section]:
    """Yield the chapters of the report of security."""
    counted = figures.figures_of(period)
    hostile = Figures(period, [one for one in counted.groups if _is_hostile(one)])
    classed = by_class(hostile.by_outcome())
    yield _at_a_glance(hostile, classed)
    yield _classes(hostile, classed)
    yield _sources(period, classed)
    yield Section(
        _("Alarms and their handling"),
        [alarm_facts(period), alarms_by_rule(period), incidents(period)],
    )
    yield integrity_section(_("Integrity of the log"), period)


def _is_hostile(group: figures.Group) -> bool:
    """Leave out what the controls report of their own good work."""
    return (
        group.outcome != Outcome.DONE.value or group.severity >= Severity.WARNING.value
    )


def _at_a_glance(hostile: Figures, classed: Classed) -> Section:
    codes = [code for one in classed.values() for code in one]
    sources, users = figures.spread_of(hostile.period, codes)
    locked = hostile.total("authentication:user:locked")
    blocked = hostile.total("authentication:terminal:blocked")
    facts = Facts(
        [
            (_("Attacks and attempts"), hostile.total(*codes) if codes else 0),
            (_("Source addresses"), sources),
            (_("Users concerned"), users),
            (_("Users locked"), locked),
            (_("Terminals blocked"), blocked),
            (_("Events that are alarms by themselves"), hostile.alarming()),
        ]
    )
    days = [f"{day:%m-%d}" for day in hostile.period.days]
    series = {
        str(one.name): hostile.per_day(*members)
        for one, members in classed.items()
        if members
    }
    if len(days) < 2 or not series:
        return Section(_("At a glance"), [facts])
    chart = Chart(_("Attacks by day and class"), days, series, LINE)
    return Section(_("At a glance"), [facts, chart])


def _classes(hostile: Figures, classed: Classed) -> Section:
    rows = [_class_row(hostile, one, codes) for one, codes in classed.items()]
    count_name = pgettext("jtsec", "Count")
    head = [
        _("Class"),
        count_name,
        _("Source addresses"),
        _("Users concerned"),
        _("What the system did"),
    ]
    return Section(
        _("Attacks by class"),
        [
            Table(
                _("Classes of attacks and what the system did"),
                head,
                rows,
                widths=[24, 11, 13, 13, 39],
            ),
            Chart(
                _("Attacks by class"),
                [str(row[0]) for row in rows],
                {count_name: [int(row[1]) for row in rows]},
            ),
            _details(hostile, classed),
        ],
    )


def _class_row(
    hostile: Figures, one: AttackClass, codes: list[str]
) -> tuple[Cell, ...]:
    if not codes:
        return (str(one.name), 0, 0, 0, str(one.answer))
    sources, users = figures.spread_of(hostile.period, codes)
    count = hostile.total(*codes)
    return (str(one.name), count, sources, users, str(one.answer))


def _details(hostile: Figures, classed: Classed) -> Table:
    outcomes = hostile.by_outcome()
    return Table(
        _("In detail"),
        [_("Class"), pgettext("jtsec audit", "Action"), pgettext("jtsec", "Count")],
        [
            (str(one.name), label_of(code), outcomes[code].total())
            for one, codes in classed.items()
            for code in codes
        ],
        widths=[30, 50, 20],
        empty=_("No attack was recorded in this period."),
    )


def _sources(period: Period, classed: Classed) -> Section:
    codes = [code for one in classed.values() for code in one]
    rows = figures.sources_of(period, codes, SOURCES) if codes else []
    return Section(
        _("Where attacks came from"),
        [
            Table(
                _("Sources with most attempts"),
                [
                    _("Source address"),
                    pgettext("jtsec", "Count"),
                    _("Users concerned"),
                ],
                rows,
                widths=[50, 25, 25],
                empty=_("No attack was recorded in this period."),
            )
        ],
    )
