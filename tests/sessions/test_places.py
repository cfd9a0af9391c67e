"""A user in two places at once (clause A3.2.11)."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.audit.models import AuditRecord

from .conftest import Clock, browser, log_in, who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A3.2.11")]

CODE = "sessions:session:second-place"


def alarms() -> int:
    """Return how many second places were recorded."""
    return AuditRecord.objects.filter(code=CODE).count()


def places(client: Any) -> str:
    """Ask where else this user is."""
    told: str = client.get("/places/").content.decode()
    return told


def test_both_are_told_when_both_may_stay(ann: Any, settings: Any) -> None:
    """Each of the two sessions learns of the other, once."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    office, elsewhere = browser("10.1.1.1"), browser("10.9.9.9")
    log_in(office, "ann")
    log_in(elsewhere, "ann")
    assert places(elsewhere) == "10.1.1.1:False:False"
    assert places(office) == "10.9.9.9:True:False"
    assert (places(elsewhere), places(office)) == ("", "")
    assert alarms() == 1


def test_the_older_one_is_ended_and_told(ann: Any) -> None:
    """With one session permitted the first place ends, and says why."""
    office, elsewhere = browser("10.1.1.1"), browser("10.9.9.9")
    log_in(office, "ann")
    log_in(elsewhere, "ann")
    assert places(elsewhere) == "10.1.1.1:False:True"
    assert who(office) == ""
    assert office.get("/reason/").content == b"replaced"
    assert alarms() == 1


def test_the_same_terminal_is_no_second_place(ann: Any, settings: Any) -> None:
    """A second browser on one machine is nothing to be alarmed about."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    for _ in range(2):
        log_in(browser("10.1.1.1"), "ann")
    assert alarms() == 0


def test_the_alarm_names_both_places(ann: Any, settings: Any) -> None:
    """Who reads the audit sees from where and from where else."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    log_in(browser("10.1.1.1"), "ann")
    log_in(browser("10.9.9.9"), "ann")
    payload = bytes(AuditRecord.objects.get(code=CODE).payload).decode()
    assert "10.1.1.1" in payload and "10.9.9.9" in payload


def test_any_page_tells_the_older_session_once(ann: Any, settings: Any) -> None:
    """The tag shows the newer place on the next page, and on no page after it."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    office, elsewhere = browser("10.1.1.1"), browser("10.9.9.9")
    log_in(office, "ann")
    log_in(elsewhere, "ann")
    assert "10.9.9.9" in office.get("/page/").content.decode()
    assert "10.9.9.9" not in office.get("/page/").content.decode()
    assert "10.1.1.1" not in elsewhere.get("/page/").content.decode()


@pytest.mark.clause("A9.1")
def test_a_page_knows_how_long_the_session_lasts(
    ann: Any, clock: Clock, settings: Any
) -> None:
    """The earlier of the two ends; a stranger has none."""
    settings.JTSEC_SESSIONS_ABSOLUTE_HOURS = 1
    client = browser()
    assert client.get("/page/").content.decode().strip() == "None"
    log_in(client, "ann")
    left = int(client.get("/page/").content)
    assert 1790 <= left <= 1800
    clock.advance(minutes=25)
    client.get("/page/")
    clock.advance(minutes=25)
    left = int(client.get("/page/").content)
    assert 590 <= left <= 600


def test_nobody_is_told_of_what_cannot_be_read(ann: Any) -> None:
    """A notice somebody wrote into the table by hand breaks no page."""
    from jtsec.sessions.places import read

    assert read("[{]") == ()
    assert read('[{"address": 1}]') == ()
    assert read('{"a": 1}') == ()
