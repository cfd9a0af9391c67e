"""The report of use: who did what, when, and what was refused (A5.10, P43)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jtsec.audit.events import Outcome, label_of

from . import figures
from .document import LINE, Cell, Chart, Facts, Section, Table
from .figures import LOGIN, LOGIN_REFUSED, Figures, Person
from .handling import alarm_facts, alarms_by_rule
from .integrity import integrity_section
from .period import Period

BUSIEST = 20
QUERIES = "audit:records:viewed"
CHANGES = ("audit:model:", "audit:relation:")


def usage_sections(period: Period) -> Iterator[Section]:
    """Yield the chapters of the report of use."""
    counted = figures.figures_of(period)
    yield _at_a_glance(counted)
    yield _in_time(counted)
    yield _actions(counted)
    yield _organisations(period)
    yield _people(period)
    yield Section(
        _("Alarms and violations"),
        [alarm_facts(period), alarms_by_rule(period), _violations(counted)],
    )
    yield integrity_section(_("Integrity of the log"), period)


def _at_a_glance(counted: Figures) -> Section:
    officers, others = figures.people_by_kind(counted.period)
    refused = counted.total(outcome=Outcome.REFUSED.value)
    failed = counted.total(outcome=Outcome.FAILED.value)
    return Section(
        _("At a glance"),
        [
            Facts(
                [
                    (_("Events"), counted.total()),
                    (_("Logins"), counted.total(LOGIN)),
                    (_("Logins refused"), counted.total(LOGIN_REFUSED)),
                    (_("Active police officers"), officers),
                    (_("Active others"), others),
                    (_("Important queries"), counted.total(QUERIES)),
                    (_("Changes of data"), counted.starting(CHANGES)),
                    (_("Refused"), refused),
                    (_("Failed"), failed),
                ]
            )
        ],
    )


def _in_time(counted: Figures) -> Section:
    hours = [f"{hour}" for hour in range(24)]
    parts = [
        Chart(
            _("Logins by hour of the day"),
            hours,
            {
                _("Logins"): counted.per_hour(LOGIN),
                _("Logins refused"): counted.per_hour(LOGIN_REFUSED),
            },
        )
    ]
    if len(counted.period.days) > 1:
        days = [f"{day:%m-%d}" for day in counted.period.days]
        parts.insert(
            0,
            Chart(
                _("Logins by day"),
                days,
                {
                    _("Logins"): counted.per_day(LOGIN),
                    _("Logins refused"): counted.per_day(LOGIN_REFUSED),
                },
                LINE,
            ),
        )
        all_events = {_("Events"): counted.per_day()}
        parts.insert(1, Chart(_("Events by day"), days, all_events, LINE))
    return Section(_("In the course of time"), parts)


def _actions(counted: Figures) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (label_of(code), counts.total(), *(counts[one.value] for one in Outcome))
        for code, counts in counted.by_outcome().items()
    ]
    head = [pgettext("jtsec audit", "Action"), pgettext("jtsec", "Count")]
    outcomes = [_("Done"), _("Refused"), _("Failed")]
    return Section(
        _("Actions"),
        [
            Table(
                _("Events by action"),
                [*head, *outcomes],
                rows,
                widths=[44, 14, 14, 14, 14],
                empty=_("Nothing was recorded in this period."),
            )
        ],
    )


def _organisations(period: Period) -> Section:
    return Section(
        _("Organisations"),
        [
            Table(
                _("Events by organisation"),
                [_("Organisation"), pgettext("jtsec", "Count"), _("Refused or failed")],
                list(figures.by_organisation(period)),
                widths=[50, 25, 25],
                empty=_("Nobody of an organisation acted in this period."),
            )
        ],
    )


def _people(period: Period) -> Section:
    return Section(
        _("Users"),
        [
            people_table(_("Busiest users"), figures.busiest(period, BUSIEST)),
            people_table(_("Administrators"), figures.administrators(period)),
        ],
    )


def people_table(caption: str, people: list[tuple[Person, int, int]]) -> Table:
    """Return a table of persons and how much they did."""
    rows: list[tuple[Cell, ...]] = [
        (
            person.username,
            person.name,
            person.organisation,
            _kind(person),
            count,
            refused,
        )
        for person, count, refused in people
    ]
    return Table(
        caption,
        [
            _("User name"),
            pgettext("jtsec", "Name"),
            _("Organisation"),
            _("Police or not"),
            pgettext("jtsec", "Count"),
            _("Refused or failed"),
        ],
        rows,
        widths=[18, 16, 24, 14, 14, 14],
        empty=_("Nobody acted in this period."),
    )


def _kind(person: Person) -> str:
    return _("Police officer") if person.is_police else _("Not police")


def _violations(counted: Figures) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for code, counts in counted.by_outcome().items():
        refused = counts[Outcome.REFUSED.value] + counts[Outcome.FAILED.value]
        if refused:
            rows.append((label_of(code), refused))
    return Table(
        _("What was refused or failed"),
        [pgettext("jtsec audit", "Action"), pgettext("jtsec", "Count")],
        sorted(rows, key=lambda row: -int(row[1])),
        widths=[75, 25],
        empty=_("Nothing was refused in this period."),
    )
