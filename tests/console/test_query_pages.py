"""The audit's pages: what they show, what they refuse, and what they leave behind."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.audit.query import leads
from jtsec.audit.query.api import opened_detail_of
from jtsec.console import directory as people_of_the_console
from jtsec.core.clock import now
from jtsec.sessions.models import Session
from tests.audit.query.rows import add, row
from tests.authentication.persons import registered

pytestmark = pytest.mark.django_db

LISTS = (
    "/console/audit/records/",
    "/console/audit/logins/",
    "/console/audit/security/",
)
PAGES = (
    *LISTS,
    "/console/audit/",
    "/console/audit/statistics/",
    "/console/audit/integrity/",
    "/console/audit/records/export/",
)


def last(code: str) -> AuditRecord:
    """Return the newest event of a code."""
    found = AuditRecord.objects.filter(code=code).order_by("-id").first()
    assert found is not None, code
    return found


def count(code: str) -> int:
    """Return how many events of a code there are."""
    return AuditRecord.objects.filter(code=code).count()


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_without_anything_inline(auditor: Client, page: str) -> None:
    """Each page of the menu answers, and has nothing that a strict policy blocks."""
    response = auditor.get(page)
    assert response.status_code == 200
    text = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize(
    "page", [*LISTS, "/console/audit/statistics/", "/console/audit/"]
)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("resource=a%00b", "resource"),
        ("since=9999-99-99", "since"),
        ("severity=" + "9" * 4000, "severity"),
        ("text=" + "x" * 10_000_000, "text"),
        ("code__in=a", "code__in"),
        ("organisation=" + quote("'; DROP TABLE x; --"), "organisation"),
    ],
)
def test_nonsense_gets_a_400_that_names_the_field(
    auditor: Client, page: str, query: str, field: str
) -> None:
    """Never a 500, whatever stands in the address."""
    response = auditor.get(f"{page}?{query}")
    assert response.status_code == 400
    text = response.content.decode()
    assert field in text
    assert len(text) < 200_000


@pytest.mark.parametrize(
    "query",
    ["after=x", "before=1-99999999999999999999", "after=1&before=2", "column=zz"],
)
def test_a_place_or_column_that_is_none_gets_a_400(auditor: Client, query: str) -> None:
    """A cursor from the address is believed no more than a condition."""
    assert auditor.get(f"/console/audit/records/?{query}").status_code == 400


@pytest.mark.clause("A5.10")
def test_the_address_keeps_the_filter_and_pages_turn(auditor: Client) -> None:
    """Fifty rows, the next page by a link that carries all conditions."""
    add(*(row(now(), resource=f"x.y:{number}", subject="li") for number in range(120)))
    address = "/console/audit/records/?period=week&subject=li&column=at&column=resource"
    first = auditor.get(address).content.decode()
    assert first.count("<tr><td") == 50
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    link = older[1].replace("&amp;", "&")
    assert "subject=li" in link
    assert "column=resource" in link
    second = auditor.get(f"/console/audit/records/{link}").content.decode()
    assert second.count("<tr><td") == 50
    assert not set(re.findall(r"x\.y:\d+", first)) & set(
        re.findall(r"x\.y:\d+", second)
    )
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer is not None
    back = auditor.get(f"/console/audit/records/{newer[1].replace('&amp;', '&')}")
    assert re.findall(r"x\.y:\d+", back.content.decode()) == re.findall(
        r"x\.y:\d+", first
    )


def test_empty_fields_of_the_form_leave_the_address(auditor: Client) -> None:
    """What somebody keeps or sends on is short."""
    response = auditor.get("/console/audit/records/?period=month&user=&uid=&subject=li")
    assert response.status_code == 302
    assert response.headers["Location"].endswith("?period=month&subject=li")


@pytest.mark.clause("A5.1")
def test_a_search_is_recorded_once_and_not_for_each_page(auditor: Client) -> None:
    """Who searched what; turning the page is the same search."""
    add(*(row(now(), subject="li") for _ in range(60)))
    page = auditor.get("/console/audit/records/?subject=li").content.decode()
    event = last("audit:records:queried")
    assert event.actor_username == "auditor"
    assert b'"subject":"li"' in bytes(event.payload)
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link is not None
    before = count("audit:records:queried")
    auditor.get(f"/console/audit/records/{link[1].replace('&amp;', '&')}")
    assert count("audit:records:queried") == before


@pytest.mark.clause("A5.2")
def test_an_event_shows_all_its_elements(auditor: Client) -> None:
    """Who, of what office, police or not, from where, on what, before and after."""
    (one,) = add(
        row(
            now(),
            code="identity:person:changed",
            actor_uid="0198c1f0-0000-7000-8000-000000000009",
            actor_organisation="110000000000",
            source_address="10.7.7.7",
            source_terminal="T-77",
            resource="jtsec.identity:9",
            subject="wang",
            reason="moved",
            data={"before": {"office": "东城"}, "after": {"office": "西城"}},
        )
    )
    text = auditor.get(f"/console/audit/records/{one.event_id}/").content.decode()
    for part in (
        *("张三", "zhang", "0198c1f0-0000-7000-8000-000000000009", "110000000000"),
        *("10.7.7.7", "T-77", "jtsec.identity:9", "wang", "moved", "东城", "西城"),
        str(one.event_id),
    ):
        assert part in text, part
    viewed = last("audit:record:viewed")
    assert viewed.resource.endswith(str(one.event_id))


@pytest.mark.clause("A5.8")
def test_encrypted_details_are_read_on_demand_and_that_is_recorded(
    auditor: Client,
) -> None:
    """The page shows them only after the button, and the button leaves an event."""
    (one,) = add(row(now(), sealed={"conditions": "京A12345", "after": {"id": "7"}}))
    address = f"/console/audit/records/{one.event_id}/"
    assert "京A12345" not in auditor.get(address).content.decode()
    assert count("audit:details:opened") == 0
    assert auditor.get(f"{address}details/").status_code == 405
    assert "京A12345" in auditor.post(f"{address}details/").content.decode()
    event = last("audit:details:opened")
    assert event.actor_username == "auditor"
    assert event.resource.endswith(str(one.event_id))


@pytest.mark.clause("A5.8")
def test_a_form_without_its_token_opens_nothing(auditor: Client) -> None:
    """Another site's page cannot make an auditor's browser read details."""
    (one,) = add(row(now(), sealed={"conditions": "x"}))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = auditor.cookies
    address = f"/console/audit/records/{one.event_id}/details/"
    assert strict.post(address).status_code == 403
    assert count("audit:details:opened") == 0


@pytest.mark.clause("A5.8")
def test_a_search_in_encrypted_details_finds_and_is_recorded(auditor: Client) -> None:
    """What was looked for is encrypted in its own event; who and how much is not."""
    (one, *_others) = add(
        row(now(), sealed={"conditions": "粤B54321"}), row(now(), sealed={"a": "b"})
    )
    page = auditor.post("/console/audit/records/details/", {"details": "粤b54321"})
    text = page.content.decode()
    found = re.findall(r"records/([0-9a-f-]{36})/", text)
    assert found == [str(one.event_id)] or len(found) == 1
    event = last("audit:details:searched")
    assert "粤b54321".encode() not in bytes(event.payload)
    assert b'"found":1' in bytes(event.payload)


@pytest.mark.clause("A5.8")
def test_altered_details_cannot_be_opened_and_raise_an_alarm(auditor: Client) -> None:
    """A box that was moved into another event does not open."""
    from jtsec.audit.payload import canonical, parse

    made = dict(row(now(), sealed={"conditions": "x"}))
    other = parse(bytes(row(now(), sealed={"conditions": "y"})["payload"]))
    payload = parse(bytes(made["payload"])) | {"sealed": other["sealed"]}
    made["payload"] = canonical(payload)
    (one,) = add(made)
    page = auditor.post(f"/console/audit/records/{one.event_id}/details/")
    assert page.status_code == 200
    assert "jtsec-mark-bad" in page.content.decode()
    assert last("audit:details:unreadable").severity == 40


@pytest.mark.clause("A5.8")
def test_a_row_that_was_altered_is_marked_in_the_list_and_named(
    auditor: Client,
) -> None:
    """The check value is held against each row that is shown."""
    made = dict(row(now(), subject="li"))
    made["reason"] = "another"
    (one,) = add(made)
    listed = auditor.get("/console/audit/records/?subject=li").content.decode()
    assert "jtsec-mark-bad" in listed
    shown = auditor.get(f"/console/audit/records/{one.event_id}/").content.decode()
    assert "reason" in shown
    assert "jtsec-alert-bad" in shown


def test_an_event_that_does_not_exist_is_not_found(auditor: Client) -> None:
    """A number somebody made up is no error of the server."""
    event = "0198c1f0-0000-7000-8000-000000000001"
    assert auditor.get(f"/console/audit/records/{event}/").status_code == 404
    assert auditor.post(f"/console/audit/records/{event}/details/").status_code == 404
    assert auditor.get(f"/console/audit/records/{event}/proof/").status_code == 409
    assert auditor.get("/console/audit/records/7/").status_code == 404


@pytest.mark.clause("A5.10")
def test_statistics_are_drawn_listed_and_recorded(auditor: Client) -> None:
    """A chart, a table whose lines lead to their events, and who counted."""
    add(*(row(now(), source_address=f"10.9.9.{number}") for number in (1, 1, 2)))
    page = auditor.get("/console/audit/statistics/?by=source").content.decode()
    assert "<svg" in page
    assert "address=10.9.9.1" in page
    assert b'"by":"source"' in bytes(last("audit:records:counted").payload)


def test_an_overview_of_an_empty_period_says_what_to_do(auditor: Client) -> None:
    """Empty charts are sentences."""
    page: Any = auditor.get("/console/audit/?period=day").content.decode()
    assert "jtsec-empty" in page


@pytest.mark.clause("A5.8")
def test_words_for_encrypted_details_never_stand_in_an_address(auditor: Client) -> None:
    """Histories and logs keep addresses; the search is posted, its pages too."""
    refused = auditor.get("/console/audit/records/?details=110101199001011234")
    assert refused.status_code == 400
    assert count("audit:details:searched") == 0
    add(*(row(now(), sealed={"id": "110101199001011234"}) for _ in range(60)))
    address = "/console/audit/records/details/"
    words = {"details": "11010119900101", "period": "week", "column": "at"}
    first = auditor.post(address, words).content.decode()
    assert "110101199001011234" not in re.findall(r'href="([^"]+)"', first)
    assert not re.search(r'href="[^"]*11010119', first)
    place = re.search(r'name="after" value="([^"]+)"', first)
    assert place is not None
    second = auditor.post(address, {**words, "after": place[1]}).content.decode()
    assert second.count("<tr><td") == 10
    assert count("audit:details:searched") == 2


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({}, "details"),
        ({"details": "x", "colour": "red"}, "colour"),
        ({"details": "a\x00b"}, "details"),
        ({"details": "x", "after": "zz"}, "after"),
    ],
)
def test_a_posted_search_that_makes_no_sense_gets_a_400(
    auditor: Client, words: dict[str, str], field: str
) -> None:
    """The field is named there too."""
    response = auditor.post("/console/audit/records/details/", words)
    assert response.status_code == 400
    assert field in response.content.decode()


@pytest.mark.clause("A5.1")
def test_the_login_log_says_how_and_into_which_session(auditor: Client) -> None:
    """The session is the one that the security administrator's list ends."""
    page = auditor.get("/console/audit/logins/").content.decode()
    own = Session.objects.get(user__jtsec_identity__login_name="auditor")
    assert own.pk[:16] in page
    assert "密码" in page or "口令" in page or "Password" in page


@pytest.mark.clause("A5.10")
def test_statistics_of_all_time_lead_to_those_of_a_year(auditor: Client) -> None:
    """No link of a list leads to a refusal: statistics take a year at the most."""
    page = auditor.get("/console/audit/records/?period=all").content.decode()
    found = re.search(r'href="(/console/audit/statistics/\?[^"]*)"', page)
    assert found is not None and "period=year" in found[1]
    assert auditor.get(html.unescape(found[1])).status_code == 200


@pytest.mark.clause("A5.8")
@pytest.mark.parametrize(
    "payload",
    [
        b'{"v":1,"data":[1]}',
        b'{"v":1,"sealed":5,"id":5}',
        b'{"v":1,"sealed":{"a":1}}',
        b"[]",
        b"[" * 100_000,
    ],
    ids=["data", "box", "no text", "list", "depth"],
)
def test_no_altered_row_takes_a_page_with_it(auditor: Client, payload: bytes) -> None:
    """It is shown as altered; whoever wrote it by SQL must not hide the others."""
    (altered,) = add({**row(now(), sealed={"x": "y"}), "payload": payload})
    (whole,) = add(row(now(), sealed={"plate": "B12345"}))
    address = f"/console/audit/records/{altered.event_id}/"
    assert "不一致" in auditor.get(address).content.decode()
    assert auditor.post(f"{address}details/").status_code == 200
    listed = auditor.get("/console/audit/records/?column=method&column=session")
    assert listed.status_code == 200
    sought = {"details": "b12345", "period": "week"}
    found = auditor.post("/console/audit/records/details/", sought)
    assert str(whole.event_id) in found.content.decode()


@pytest.mark.parametrize(
    ("by", "columns"),
    [
        ("user", {"actor_name": "赵六", "actor_uid": "no-uid"}),
        ("user", {"actor_username": "a*b"}),
        ("organisation", {"actor_organisation": "3"}),
        ("source", {"source_address": "unix:"}),
        ("action", {"code": "X Y"}),
    ],
)
def test_what_no_filter_takes_is_counted_all_the_same(
    auditor: Client, by: str, columns: dict[str, str]
) -> None:
    """Without an address that leads to its events."""
    add(row(now(), **columns))
    page = auditor.get(f"/console/audit/statistics/?by={by}")
    assert page.status_code == 200
    assert next(iter(columns.values())) in page.content.decode()


def test_an_empty_way_to_count_leads_nowhere_round(auditor: Client) -> None:
    """The form's empty field is the usual way, not an address without end."""
    answer = auditor.get("/console/audit/statistics/?by=", follow=True)
    assert answer.status_code == 200


@pytest.mark.clause("A5.2")
def test_encrypted_fields_stand_beside_the_others_once_opened(auditor: Client) -> None:
    """Before and after of one field are one line, also where they were encrypted."""
    sealed = {"sensitive_before": {"phone": "138"}, "sensitive_after": {"phone": "139"}}
    data = {"before": {"rank": 1}, "after": {"rank": 2}}
    (changed,) = add(row(now(), data=data, sealed=sealed))
    found = opened_detail_of(changed.event_id)
    assert found is not None
    assert [(one.name, one.before, one.after) for one in found.changes] == [
        ("rank", "1", "2"),
        ("phone", "138", "139"),
    ]
    assert found.details == ()


def test_a_name_of_too_many_people_is_refused_and_not_cut(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of the events of some of them would look like one of all."""
    for number in (31, 32):
        registered(f"same{number}", number, name="张伟")
    address = "/console/audit/{}/?user=张伟"
    assert auditor.get(address.format("records")).status_code == 200
    for module in (leads, people_of_the_console):
        monkeypatch.setattr(module, "MOST_PEOPLE", 1)
    for page in ("records", "logins", "statistics"):
        answer = auditor.get(address.format(page))
        assert answer.status_code == 400
        assert "用户" in answer.content.decode()
