"""Pages: every row once, in order, whatever is asked and however slowly it is found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from django.http import QueryDict

from jtsec.audit.models import AuditRecord
from jtsec.audit.query import leads, walk
from jtsec.audit.query.api import Filter, Page, Position, page_of
from tests.audit.query.rows import add, minutes, row

pytestmark = pytest.mark.django_db

VALUES: dict[str, tuple[Any, ...]] = {
    "code": ("a:b:c", "a:b:d", "a:x:y", "b:b:b"),
    "outcome": ("done", "done", "done", "refused", "failed"),
    "severity": (10, 10, 20, 30, 40),
    "actor_kind": ("person", "person", "system"),
    "actor_uid": ("", "0198c1f0-0000-7000-8000-000000000001"),
    "actor_username": ("zhang", "li", "wang"),
    "actor_organisation": (
        "110000000000",
        "110100000000",
        "110101000000",
        "320000000000",
    ),
    "actor_duty": ("business", "audit"),
    "actor_is_police": (True, False, None),
    "source_address": ("10.1.1.1", "10.1.1.2", "10.2.1.1"),
    "source_terminal": ("", "T-1"),
    "resource": ("", "x.y:1", "x.y:2"),
    "subject": ("", "li"),
    "reason": ("", "wrong"),
    "request_id": ("r1", "r2"),
}
ASKED = (
    "",
    "code=a:b:c",
    "code=a:*",
    "outcome=refused",
    "outcome=done&severity=info",
    "severity=alarm",
    "least=warning",
    "least=notice",
    "uid=0198c1f0-0000-7000-8000-000000000001",
    "user=li",
    "username=wa*",
    "organisation=110000000000",
    "organisation=110101000000&outcome=done",
    "organisation=110100000000&code=a:*",
    "address=10.1.1.1",
    "address=10.1.*&resource=x.y:1",
    "terminal=T-1",
    "resource=x.y:2",
    "resource=x.y:*",
    "subject=li&duty=audit",
    "reason=wrong",
    "request=r2",
    "text=X.Y",
    "police=no",
    "kind=system",
    "kind=person",
    "duty=business",
    "duty=audit",
    "kind=person&police=yes&least=alarm",
)


@pytest.fixture
def many(db: None) -> list[AuditRecord]:
    """Return 240 rows of every kind, some at the same moment, the newest first."""
    chance = random.Random(7)
    return add(
        *(
            row(
                minutes(number // 3),
                **{name: chance.choice(values) for name, values in VALUES.items()},
            )
            for number in range(240)
        )
    )


def asked(text: str) -> Filter:
    """Return the filter of an address, over the whole time."""
    return Filter.from_query(QueryDict(f"period=all&{text}"))


def meets(one: AuditRecord, text: str) -> bool:
    """Say by plain Python whether a row meets the words of an address."""
    columns = {
        "uid": "actor_uid", "user": "actor_username", "username": "actor_username",
        "duty": "actor_duty", "address": "source_address",
        "terminal": "source_terminal", "request": "request_id", "kind": "actor_kind",
    }  # fmt: skip
    numbers = {"info": 10, "notice": 20, "warning": 30, "alarm": 40}
    for part in filter(None, text.split("&")):
        name, _, wanted = part.partition("=")
        found = getattr(one, columns.get(name, name), None)
        match name:
            case "severity":
                fits = one.severity == numbers[wanted]
            case "least":
                fits = one.severity >= numbers[wanted]
            case "organisation":
                fits = one.actor_organisation.startswith(wanted.rstrip("0"))
            case "police":
                fits = one.actor_is_police is (wanted == "yes")
            case "text":
                fits = wanted.lower() in one.resource
            case _ if wanted.endswith("*"):
                fits = str(found).startswith(wanted[:-1])
            case _:
                fits = found == wanted
        if not fits:
            return False
    return True


def older_pages(filter: Filter, size: int) -> Iterator[Page]:
    """Turn the pages from the newest to the oldest."""
    page = page_of(filter, size=size)
    yield page
    while page.older is not None:
        page = page_of(filter, after=page.older, size=size)
        yield page


def newer_pages(filter: Filter, begin: Position, size: int) -> Iterator[Page]:
    """Turn the pages back to the newest."""
    position: Position | None = begin
    while position is not None:
        page = page_of(filter, before=position, size=size)
        yield page
        position = page.newer


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("text", ASKED)
def test_all_pages_together_are_what_was_asked_for(
    many: list[AuditRecord], text: str
) -> None:
    """By every field and combinations: each row once, the newest first."""
    wanted = [one.pk for one in many if meets(one, text)]
    assert wanted, "the rows of the test have none of these"
    pages = list(older_pages(asked(text), 10))
    assert [one.pk for page in pages for one in page.rows] == wanted
    assert all(len(page.rows) == 10 for page in pages[:-1])


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("text", ["", "code=a:*", "text=x.y", "least=notice"])
def test_turning_back_shows_the_same_rows(many: list[AuditRecord], text: str) -> None:
    """From the oldest page to the newest, no row is lost or shown twice."""
    wanted = [one.pk for one in many if meets(one, text)]
    last = Position.of(many[-1])
    pages = list(newer_pages(asked(text), last, 7))
    oldest = [many[-1].pk] if meets(many[-1], text) else []
    found = [one.pk for page in reversed(pages) for one in page.rows]
    assert found + oldest == wanted


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("text", ASKED)
def test_a_search_without_time_goes_on_where_it_stopped(
    many: list[AuditRecord], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that stops early says to where it looked; nothing in between is lost."""
    monkeypatch.setattr(walk, "FIRST_SLICE", 5)
    monkeypatch.setattr(walk, "LARGEST_SLICE", 20)
    filter = asked(text)
    wanted = [one.pk for one in many if meets(one, text)]
    found: list[int] = []
    after, stopped, turns = None, 0, 0
    while turns < 200:
        page = page_of(filter, after=after, size=10, is_over=lambda: True)
        found += [one.pk for one in page.rows]
        stopped += page.looked_back_to is not None
        turns += 1
        after = page.older
        if after is None:
            break
    assert found == wanted
    if text in ("police=no", "text=X.Y"):
        assert stopped


def test_a_page_in_time_stays_within_its_times(many: list[AuditRecord]) -> None:
    """Both ends are kept, the first inclusive and the last day to its end."""
    text = "since=2024-03-01 08:10&until=2024-03-01 08:19"
    filter = Filter.from_query(QueryDict(text))
    found = [one for page in older_pages(filter, 9) for one in page.rows]
    wanted = [one for one in many if minutes(10) <= one.at < minutes(20)]
    assert found == wanted
    assert len(wanted) == 30


def test_an_organisation_nobody_knows_finds_nothing(many: list[AuditRecord]) -> None:
    """No lead at all is not the same as no condition."""
    page = page_of(asked("organisation=999999999999"))
    assert page.rows == ()
    assert page.older is None


def test_very_many_leads_fall_back_to_the_time(
    many: list[AuditRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module of more actions than leads are worth is found along the time."""
    monkeypatch.setattr(leads, "MANY", 1)
    wanted = [one.pk for one in many if one.code.startswith("a:")]
    pages = older_pages(asked("code=a:*"), 10)
    assert [one.pk for page in pages for one in page.rows] == wanted


def test_rows_that_are_written_meanwhile_move_nothing(
    many: list[AuditRecord],
) -> None:
    """The second page begins behind the first, whatever came before it since."""
    first = page_of(asked(""), size=10)
    add(row(minutes(1000)), row(minutes(1001)))
    second = page_of(asked(""), after=first.older, size=10)
    assert [one.pk for one in second.rows] == [one.pk for one in many[10:20]]
