"""Each rule finds what it is there for, at its threshold, once, and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from django.db import connection

from jtsec.audit.alarms.models import Alarm
from jtsec.audit.coverage import registry
from jtsec.audit.policies import api as policies
from jtsec.audit.rules import api as rules
from jtsec.audit.rules import office_hours, sweeping
from jtsec.audit.rules.failed_integrity import tells_of_altered_data
from jtsec.audit.rules.models import RuleMemory
from jtsec.core.context import acting_as, system_actor
from tests.audit.coverage.models import Station
from tests.audit.rules.events import (
    CORE,
    LOGIN,
    MONDAY,
    ZHANG,
    alarms_of,
    happened,
    look,
    occurrences,
    person,
    row_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
NIGHT = MONDAY + timedelta(hours=13)
"""Eleven in the evening in Shanghai."""


def set_policy(rule, **wanted):
    """Set a policy for a rule, for Zhang where nobody else is named."""
    known = {"scope": "user", "scope_value": ZHANG.uid, "reason": "test"}
    with acting_as(system_actor("tests")):
        policies.add(aspect="rule", target=rule, **(known | wanted))


@pytest.mark.clause("A5.7")
def test_sixty_events_in_a_minute_are_usual_and_one_more_is_not():
    """The limit is exact, and a rush is told once."""
    look(row_of(60, 0.5))
    assert not alarms_of("high-frequency")
    look(row_of(40, 0.5, MONDAY + timedelta(seconds=31)))
    (alarm,) = alarms_of("high-frequency")
    assert alarm.occurrences == 1
    assert alarm.subject == "user1"
    assert alarm.params["limit"] == 60
    assert len(alarm.events) == 1


@pytest.mark.clause("A5.7")
def test_a_program_that_was_told_to_be_slow_is_found_by_the_hour():
    """Thirty a minute are allowed; three hundred in an hour are not."""
    look(row_of(300, 2))
    assert occurrences("high-frequency") == 1
    assert alarms_of("high-frequency")[0].params["seconds"] == 3600


@pytest.mark.clause("A5.7")
def test_two_rushes_are_told_twice():
    """In between it has to become calm."""
    look(row_of(80, 0.5), row_of(80, 0.5, MONDAY + 2 * DAY))
    assert occurrences("high-frequency") == 2


def test_each_user_is_counted_alone():
    """Two at a usual pace are not one in a rush; a command's events are nobody's."""
    others = [row_of(50, 1, who=person(number)) for number in range(4)]
    look(*others, row_of(200, 0.1, who=None))
    assert not alarms_of("high-frequency")


@pytest.mark.clause("A5.7")
def test_work_at_night_is_told_once_for_each_night():
    """The small hours belong to the evening before."""
    look(row_of(4, 60, NIGHT))
    assert not alarms_of("out-of-hours")
    look(row_of(20, 600, NIGHT + timedelta(minutes=10)))
    (alarm,) = alarms_of("out-of-hours")
    assert (alarm.occurrences, alarm.params["day"]) == (1, "2026-03-02")
    look(row_of(6, 60, NIGHT + DAY))
    assert len(alarms_of("out-of-hours")) == 2


@pytest.mark.clause("A5.7")
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (MONDAY, True),
        (MONDAY + timedelta(hours=11), False),  # 21:00
        (MONDAY - timedelta(hours=3), True),  # 07:00
        (MONDAY - timedelta(hours=3, minutes=1), False),
        (MONDAY + 5 * DAY, True),  # a Saturday
        (MONDAY + 6 * DAY, False),  # a Sunday
    ],
)
def test_office_hours_end_to_the_minute(at, is_open):
    """In the office's time zone, whatever the server's."""
    look(row_of(5, 1, at))
    assert bool(alarms_of("out-of-hours")) is not is_open


@pytest.mark.clause("A5.7")
def test_holidays_are_closed_and_worked_weekends_are_open(settings):
    """By setting, and by the calendar that is registered from above."""
    settings.JTSEC_AUDIT_RULES_HOLIDAYS = ["2026-03-02"]
    settings.JTSEC_AUDIT_RULES_WORKDAYS = ["2026-03-08"]
    look(row_of(5, 1), row_of(5, 1, MONDAY + 6 * DAY))
    assert [one.params["day"] for one in alarms_of("out-of-hours")] == ["2026-03-02"]
    rules.register_calendar(lambda day: day.isoformat() == "2026-03-15")
    look(row_of(5, 1, MONDAY + 7 * DAY), row_of(5, 1, MONDAY + 13 * DAY))
    days = [one.params["day"] for one in alarms_of("out-of-hours")]
    assert days == ["2026-03-02", "2026-03-09"]


@pytest.mark.clause("A5.3", "A5.7")
def test_who_works_in_shifts_gets_a_policy_and_the_others_stay_watched():
    """Hours over midnight; a policy holds for whom it is set."""
    set_policy(
        "out-of-hours",
        thresholds={"times": ["19:00-07:00"], "weekdays": [1, 2, 3, 4, 5, 6, 7]},
    )
    li = person(2)
    look(row_of(6, 60, NIGHT), row_of(6, 60, NIGHT, who=li), row_of(6, 60))
    assert {one.subject for one in alarms_of("out-of-hours")} == {"user1", "user2"}
    shown = {one.subject: one.params["time"] for one in alarms_of("out-of-hours")}
    assert shown["user1"].startswith("10:")
    assert shown["user2"].startswith("23:")


def test_a_calendar_that_cannot_be_believed_does_not_blind_the_rule(caplog):
    """Then weekdays count."""
    from jtsec.core.exceptions import VerifiedFalse

    def altered(day):
        raise VerifiedFalse("altered")

    office_hours.register_calendar(altered)
    look(row_of(5, 1, MONDAY + 6 * DAY), row_of(5, 1))
    assert len(alarms_of("out-of-hours")) == 1


@pytest.mark.clause("A5.7")
@pytest.mark.parametrize(("days", "fires"), [(364, False), (365, True), (500, True)])
def test_an_account_that_wakes_after_a_year_is_told(days, fires):
    """Not a day earlier, and once."""
    look(happened(MONDAY - days * DAY, LOGIN))
    look(happened(code=LOGIN), happened(MONDAY + DAY))
    assert occurrences("dormant-account") == fires


@pytest.mark.clause("A5.7")
def test_an_account_nobody_uses_is_told_once(monkeypatch):
    """No event tells of it: the daily sweep does; a closed account is no matter."""
    closed, never, used = person(2), person(3), person(4)
    registered = "identity:person:registered"
    past = MONDAY - 400 * DAY
    look(
        happened(past, LOGIN),
        happened(past, LOGIN, closed),
        happened(past, registered, None, resource=f"identity:{never.uid}"),
        happened(past, "identity:person:deactivated", None,
                 resource=f"identity:{closed.uid}"),
        happened(MONDAY - DAY, LOGIN, used),
    )  # fmt: skip
    assert {alarm.key for alarm in alarms_of("dormant-account-unused")} == {
        f"{ZHANG.uid} unused", f"{never.uid} unused",
    }  # fmt: skip
    for turn in range(1, 4):
        monkeypatch.setattr(sweeping, "now", lambda turn=turn: MONDAY + turn * DAY * 2)
        assert rules.watch().findings == 0
    assert occurrences("dormant-account-unused") == 2


@pytest.mark.clause("A5.7")
def test_three_addresses_within_half_an_hour_are_many_places():
    """Each further place is told; going between two of them is not."""
    minute = timedelta(minutes=1)
    look(*(happened(MONDAY + turn * minute, address=f"10.1.0.{turn % 2}")
           for turn in range(20)))  # fmt: skip
    assert not alarms_of("many-places")
    look(happened(MONDAY + 21 * minute, address="10.9.0.1"))
    look(happened(MONDAY + 22 * minute, address="10.1.0.1"))
    assert occurrences("many-places") == 1
    look(happened(MONDAY + 23 * minute, address="10.9.0.2"))
    (alarm,) = alarms_of("many-places")
    assert alarm.occurrences == 2
    assert "10.9.0.2" in alarm.params["addresses"]


def test_places_far_apart_in_time_are_no_many_places():
    """Home, office and branch in one day are three addresses in ten hours."""
    look(*(happened(MONDAY + timedelta(hours=turn), address=f"10.1.0.{turn}")
           for turn in range(8)))  # fmt: skip
    assert not alarms_of("many-places")


@pytest.mark.clause("A5.6")
@pytest.mark.parametrize(
    ("code", "tells"),
    [
        ("identity:seal:broken", True),
        ("identity:seal:unverifiable", True),
        ("authentication:account:broken", True),
        ("authentication:password:foreign", True),
        ("anything:row:approval-mismatch", True),
        ("audit:records:viewed", False),
        ("authentication:login:refused", False),
        ("fines:case:unbroken", False),
    ],
)
def test_codes_tell_of_altered_data_by_their_last_words(code, tells):
    """So an adopter's own event is found without a line of configuration."""
    assert tells_of_altered_data(code) is tells
    assert tells_of_altered_data("fines:case:odd", ("fines:case:*",))


@pytest.mark.clause("A5.6")
def test_each_altered_row_is_one_alarm_that_names_it():
    """However often it is looked at."""
    broken = "identity:seal:broken"
    look(*(happened(MONDAY + timedelta(minutes=turn), broken, None,
                    resource=f"identity:{turn % 2}") for turn in range(6)))  # fmt: skip
    found = {one.resource: one.occurrences for one in alarms_of("failed-integrity")}
    assert found == {"identity:0": 3, "identity:1": 3}
    assert all(one.level == 40 for one in alarms_of("failed-integrity"))


@pytest.mark.clause("A5.5")
def test_the_first_use_of_a_core_function_is_told_when_somebody_is_known():
    """A newcomer learns; who did without for two weeks does not."""
    look(happened(MONDAY, CORE, resource="permits.approve:1"))
    assert not alarms_of("core-function-new")
    look(happened(MONDAY + 20 * DAY, CORE, resource="permits.approve:2"))
    assert not alarms_of("core-function-new")
    look(happened(MONDAY + 21 * DAY, CORE, resource="keys.export:1"))
    (alarm,) = alarms_of("core-function-new")
    assert alarm.params["function"] == f"{CORE} keys.export"


@pytest.mark.clause("A5.5")
def test_a_core_function_at_night_or_too_often_is_told_once_a_day():
    """Fifty times a day are many."""
    look(happened(NIGHT, CORE), happened(NIGHT + timedelta(minutes=5), CORE))
    assert occurrences("core-function-closed") == 1
    look(row_of(60, 100, MONDAY + DAY, code=CORE))
    assert occurrences("core-function-often") == 1


@pytest.mark.clause("A5.5", "A5.3")
def test_each_use_is_told_where_a_policy_wants_it():
    """Per user, as any threshold; logging in is everyday."""
    set_policy("core-function", thresholds={"each": True}, severity=40)
    look(happened(code=CORE), happened(code=CORE, who=person(2)), happened(code=LOGIN))
    assert [one.subject for one in alarms_of("core-function")] == ["user1"]
    assert alarms_of("core-function")[0].level == 40


@pytest.mark.clause("A5.5")
def test_a_change_of_a_core_model_is_a_use_of_a_core_function(monkeypatch):
    """Its code is that of any model; whether it is core, the registration says."""
    monkeypatch.setattr(registry, "_wishes", {Station: registry.Wish(core=True)})
    registry.forget()
    each = {"thresholds": {"each": True}}
    set_policy("core-function", scope="everyone", scope_value="", **each)
    code = "audit:model:changed"
    look(
        happened(code=code, resource="plainapp.station:7"),
        happened(code=code, resource="plainapp.skill:7"),
        happened(code=code, resource="gone.model:7"),
        happened(code=code, resource="7"),
    )
    (alarm,) = alarms_of("core-function")
    assert alarm.resource == "plainapp.station:7"
    monkeypatch.undo()
    registry.forget()


@pytest.mark.clause("A5.3")
def test_an_event_is_alarmed_where_a_policy_wants_it():
    """Which events, for whom, at which severity."""
    with acting_as(system_actor("tests")):
        policies.add(
            scope="organisation", scope_value="320200000000", aspect="event",
            target="audit:model:*", severity=30, reason="test",
        )  # fmt: skip
    outside = person(2, organisation="330100000000")
    deleted = "audit:model:deleted"
    look(happened(code=deleted), happened(code=deleted, who=outside), happened())
    (alarm,) = alarms_of("event-policy")
    assert (alarm.subject, alarm.level) == ("user1", 30)
    assert alarm.params["event"] == deleted


@pytest.mark.clause("A5.3")
def test_a_rule_is_switched_off_for_whom_a_policy_says():
    """And for nobody else."""
    set_policy("high-frequency", is_on=False)
    look(row_of(80, 0.1), row_of(80, 0.1, who=person(2)))
    assert [one.subject for one in alarms_of("high-frequency")] == ["user2"]


@pytest.mark.clause("A5.3")
def test_no_policy_switches_a_rule_off_for_the_auditors():
    """Who sets policies would be above the rules by one for their own duty."""
    set_policy("high-frequency", scope="duty", scope_value="audit", is_on=False)
    look(row_of(80, 0.1, who=person(2, duty="audit")))
    assert [one.subject for one in alarms_of("high-frequency")] == ["user2"]


@pytest.mark.clause("A5.6")
def test_further_codes_of_altered_data_come_by_policies_and_by_trials():
    """What an auditor set is in force, and what they try is what is tried."""
    code = "audit:model:deleted"
    assert look(happened(code=code)).findings == 0
    tried = {"codes": ["audit:model:*"]}
    assert rules.dry_run("failed-integrity", 366, tried).hits == 1
    set_policy("failed-integrity", thresholds=tried)
    look(happened(code=code), happened(code=code, who=person(2)))
    assert [one.subject for one in alarms_of("failed-integrity")] == ["user1"]


@pytest.mark.clause("A5.3", "A5.6")
@pytest.mark.parametrize("thresholds", ["[1]", '{"days": "x"}', "null", '{"a": 1e999}'])
def test_a_policy_that_sql_made_nonsense_of_stops_nothing(thresholds, monkeypatch):
    """It is told by its number, and the accounts that sleep are told all the same."""
    set_policy("dormant-account", thresholds={"days": 100})
    (policy,) = policies.listed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jtsec_auditpolicy SET thresholds = %s", [thresholds])
    policies.forget()
    look(happened(MONDAY - 400 * DAY, LOGIN))
    assert [one.key for one in alarms_of("failed-integrity")] == [
        f"audit policy {policy.pk}"
    ]
    assert alarms_of("dormant-account-unused")


def busy(days, number, who=ZHANG, start=MONDAY - 21 * DAY, **changed):
    """Return so many events on each of so many working days, from a Monday on."""
    worked = [day for day in range(days * 7 // 6 + 1) if day % 7 != 6][:days]
    return [
        one
        for day in worked
        for one in row_of(number, 300, start + day * DAY, who=who, **changed)
    ]


def office(days=15, number=10, people=7, **changed):
    """Return an ordinary time of an office."""
    return [
        one
        for who in range(people)
        for one in busy(days, number, person(who), **changed)
    ]


@pytest.mark.clause("A5.7")
def test_far_more_than_oneself_and_the_colleagues_is_unusual():
    """Told while it goes on, with both limits."""
    look(office())
    look(row_of(80, 200))
    (alarm,) = alarms_of("unusual-business")
    assert alarm.subject == "user1"
    assert alarm.occurrences == 2, "once when it was too much, once at twice as much"
    assert alarm.params["own"] == 38
    assert alarm.params["peers"] == 38


@pytest.mark.clause("A5.7")
def test_who_always_did_most_is_not_unusual():
    """The own history speaks for somebody whom the peers do not."""
    look(office(people=6), busy(15, 80, person(9)))
    look(row_of(90, 200, who=person(9)))
    assert not alarms_of("unusual-business")


@pytest.mark.clause("A5.7")
def test_new_tasks_that_the_colleagues_have_too_are_not_unusual():
    """The peers speak for somebody who changes the desk."""
    look(office(number=60, people=6, resource="fines.fine:1"), busy(15, 10, person(9)))
    look(row_of(60, 300, who=person(9), resource="fines.fine:1"))
    assert not alarms_of("unusual-business")


@pytest.mark.clause("A5.7")
def test_a_campaign_of_the_whole_office_is_not_unusual():
    """The same day of the peers is looked at last."""
    look(office())
    look(*(row_of(60, 250, who=person(number)) for number in range(7)))
    assert not alarms_of("unusual-business")


@pytest.mark.clause("A5.7")
def test_without_the_peers_it_would_be(monkeypatch):
    """The protection removed: each of them is told alone."""
    from jtsec.audit.rules.engine import Engine

    monkeypatch.setattr(Engine, "peers_of", lambda self, actor: {})
    look(office())
    look(*(row_of(60, 250, who=person(number)) for number in range(7)))
    assert len(alarms_of("unusual-business")) == 7


@pytest.mark.clause("A5.7")
def test_without_any_history_nothing_is_unusual():
    """A new installation does not begin with a hundred alarms."""
    look(row_of(200, 60))
    assert not alarms_of("unusual-business")


@pytest.mark.clause("A5.7")
def test_what_was_never_done_is_unusual_in_numbers():
    """Forty deletions by somebody who never deletes."""
    look(office())
    look(row_of(40, 60, code="audit:model:deleted"))
    (alarm,) = alarms_of("unusual-business")
    assert "deleted" in alarm.params["activity"]


def test_a_clock_set_far_ahead_and_back_blinds_no_rule():
    """What was remembered of the false future does not stand in the way."""
    look(office(), row_of(3, 60, MONDAY + 3000 * DAY))
    look(row_of(80, 0.5, MONDAY), row_of(5, 1, NIGHT))
    assert occurrences("high-frequency") == 1
    assert occurrences("out-of-hours") == 1
    assert alarms_of("unusual-business")


def test_what_is_long_past_is_shortened(monkeypatch):
    """Who has not been seen for months leaves only when that was."""
    look(office(people=2))
    monkeypatch.setattr(sweeping, "now", lambda: MONDAY + 130 * DAY)
    rules.watch()
    rows = list(RuleMemory.objects.all())
    assert {row.peers for row in rows} == {""}
    assert all(set(json.loads(row.state)) == {"w", "t", "da"} for row in rows)
    assert not Alarm.objects.exists()
