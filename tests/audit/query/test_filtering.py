"""Filters: what an address may ask, and what is refused with its field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django.http import QueryDict
from django.utils import translation

from jtsec.audit.query.api import PARAMETERS, Filter, FilterError, Position
from jtsec.audit.query.moments import from_microseconds
from jtsec.core.clock import now

NONSENSE = {
    "no such field": ("colour=red", "colour"),
    "an operator": ("resource__regex=.*", "resource__regex"),
    "an sql operator": ("at__year=2026", "at__year"),
    "a private column": ("payload=x", "payload"),
    "twice": ("code=a:b:c&code=a:b:d", "code"),
    "NUL": ("resource=a%00b", "resource"),
    "NUL in a name": ("a%00b=1", "a�b"),
    "a line break": ("subject=a%0ab", "subject"),
    "half a pair": (f"text={quote(chr(0xD800), errors='surrogatepass')}", None),
    "ten megabytes": ("text=" + "x" * 10_000_000, "text"),
    "ten megabytes of time": ("since=" + "9" * 10_000_000, "since"),
    "no date": ("since=yesterday", "since"),
    "no such day": ("since=2026-02-30", "since"),
    "the year 9999": ("until=9999-12-31", "until"),
    "the year 0": ("since=0000-01-01", "since"),
    "digits of another script": ("since=２０２６-01-01", "since"),
    "the wrong way round": ("since=2026-02-01&until=2026-01-01", "until"),
    "no period": ("period=fortnight", "period"),
    "no address": ("address=999.1.1.1", "address"),
    "only a star": ("address=*", "address"),
    "a star in the middle": ("resource=a*b", "resource"),
    "no uid": ("uid=7", "uid"),
    "no event": ("event=zz", "event"),
    "no organisation": ("organisation=1%2527--", "organisation"),
    "a long organisation": ("organisation=" + "1" * 5000, "organisation"),
    "no result": ("outcome=perhaps", "outcome"),
    "no severity": ("severity=40", "severity"),
    "an enormous number": ("severity=" + "9" * 5000, "severity"),
    "no duty": ("duty=king", "duty"),
    "no kind": ("kind=robot", "kind"),
    "no kind of person": ("police=maybe", "police"),
    "no code": ("code=%27%3B DROP TABLE", "code"),
    "no request": ("request=a b", "request"),
}


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize(("query", "field"), NONSENSE.values(), ids=list(NONSENSE))
def test_nonsense_is_refused_with_its_field(query: str, field: str | None) -> None:
    """Whatever stands in the address, the field that is wrong is named."""
    if field is None:
        # Django's decoding leaves no half of a pair; then it is ordinary text.
        assert Filter.from_query(QueryDict(query)).value("text")
        return
    with pytest.raises(FilterError) as caught:
        Filter.from_query(QueryDict(query))
    assert caught.value.field == field
    assert caught.value.sentence


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_sentence_is_in_chinese(name: str) -> None:
    """A person reads it; the texts of errors go through the catalogue."""
    with translation.override("zh-hans"), pytest.raises(FilterError) as caught:
        Filter.from_query(QueryDict(f"{name}={'x' * 301}"))
    assert caught.value.field == name


@given(st.text(min_size=1, max_size=60), st.sampled_from(sorted(PARAMETERS)))
def test_any_text_is_a_condition_or_an_error(text: str, name: str) -> None:
    """Never anything else: no text makes the reading fail."""
    query = QueryDict(mutable=True)
    query[name] = text
    try:
        found = Filter.from_query(query)
    except FilterError as error:
        assert error.field == name
        return
    again = Filter.from_query(QueryDict(found.as_address()))
    assert again.conditions == found.conditions


def test_without_a_time_it_is_the_last_seven_days() -> None:
    """From midnight, so that the days are whole."""
    found = Filter.from_query(QueryDict(""))
    assert found.since is not None
    assert timedelta(days=6) <= now() - found.since <= timedelta(days=7)
    assert found.until is None
    assert found.as_texts() == {"period": "week"}


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2026-07-01", datetime(2026, 7, 1, 16, tzinfo=UTC)),
        ("2026-07-01 08:30", datetime(2026, 7, 1, 0, 31, tzinfo=UTC)),
        ("2026-07-01T08:30:15", datetime(2026, 7, 1, 0, 30, 16, tzinfo=UTC)),
    ],
)
def test_an_end_lies_within(until: str, end: datetime) -> None:
    """A day that ends a period belongs to it, in the project's zone."""
    found = Filter.from_query(QueryDict(urlencode({"until": until})))
    assert found.until == end


def test_two_times_win_over_a_period_that_a_form_sends_along() -> None:
    """A form sends all of its fields, the list of periods too."""
    found = Filter.from_query(QueryDict("period=week&since=2026-01-01&until="))
    assert found.times == {"since": "2026-01-01"}


def test_an_address_written_anyhow_is_one_address() -> None:
    """The address in the row was unwrapped when it was written; so is this one."""
    found = Filter.from_query(QueryDict("address=::ffff:10.1.1.1"))
    assert found.value("address") == "10.1.1.1"


@pytest.mark.parametrize(
    "text", ["", "x", "1-", "-1", "1" * 18, "1-" + "9" * 19, "1.5", "1-2-3", "１"]
)
def test_a_position_that_is_none_is_refused(text: str) -> None:
    """A cursor comes back from the browser; whoever changed it gets no page."""
    with pytest.raises(FilterError) as caught:
        Position.parse("after", text)
    assert caught.value.field == "after"


@given(st.integers(0, 7 * 10**15), st.integers(1, 2**63 - 1))
def test_a_position_comes_back_as_it_was(micros: int, number: int) -> None:
    """To the microsecond."""
    place = Position(from_microseconds(micros), number)
    assert Position.parse("after", place.as_text()) == place
