"""Events are declared once, completely, and by code."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from jtsec.audit.events import Event, Outcome, declared_events, event, label_of
from tests.audit.declared import PermitFailed, PermitGranted, PermitRefused


def test_an_event_knows_its_declaration():
    """Code, outcome and severity belong to the class, not to who records."""
    assert PermitGranted.declaration.code == "tests:permit:granted"
    assert PermitGranted.declaration.outcome is Outcome.DONE
    assert PermitFailed.declaration.core


def test_a_sensitive_field_is_recognised_in_every_form():
    """By annotation, inside a union, and by the field specifier."""
    assert PermitGranted.declaration.sensitive == {"owner", "after"}
    assert PermitFailed.declaration.sensitive == {"number"}
    assert PermitRefused.declaration.sensitive == frozenset()


def test_an_event_cannot_be_changed():
    """What was recorded and what was logged are the same."""
    made = PermitRefused(resource="x")
    with pytest.raises(FrozenInstanceError):
        made.resource = "y"  # type: ignore[misc]  # the point of the test


def test_fields_are_given_by_name_and_known():
    """A misspelt field is an error, not a lost detail."""
    with pytest.raises(TypeError):
        PermitRefused("x")  # type: ignore[call-arg]  # the point of the test
    with pytest.raises(TypeError):
        PermitRefused(resorce="x")  # type: ignore[call-arg]  # the point of the test


def test_two_classes_cannot_share_a_code():
    """A code names one meaning for ever."""
    with pytest.raises(TypeError, match="declared by"):

        @event("tests:permit:granted", Outcome.DONE)
        class Other(Event):
            """Another event."""


@pytest.mark.parametrize("code", ["granted", "a:b", "A:b:c", "a:b:c:d", "a: b:c"])
def test_a_malformed_code_is_refused(code):
    """A code has a control, a subject and what happened."""
    with pytest.raises(TypeError, match="control:subject:what"):
        event(code, Outcome.DONE)(type("Nameless", (Event,), {"__doc__": "x"}))


def test_an_event_without_words_is_refused():
    """The docstring is the reference; a base class's words do not count."""
    with pytest.raises(TypeError, match="docstring"):

        @event("tests:silent:event", Outcome.DONE)
        class Silent(PermitRefused):
            pass


def test_an_annotation_that_cannot_be_resolved_is_refused():
    """Nobody could tell whether such a field is sensitive."""
    with pytest.raises(TypeError, match="TYPE_CHECKING"):

        @event("tests:unresolved:event", Outcome.DONE)
        class Unresolved(Event):
            """An event."""

            owner: Nowhere  # type: ignore[name-defined]  # noqa: F821 - the point


def test_codes_are_listed_in_order():
    """The catalogue is a function of the declarations."""
    codes = list(declared_events())
    assert codes == sorted(codes)
    assert "tests:permit:granted" in codes


def test_events_are_declared_without_django_set_up():
    """A module of events may be imported from settings or a plain script."""
    code = (
        "from jtsec.audit.events import *; from jtsec.audit import events;"
        "print(len(events.declared_events()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"


def test_an_event_has_a_name_for_lists() -> None:
    """Its label, or else the first sentence about it; a stranger's code stays."""
    assert label_of("tests:permit:granted").startswith("A permit")
    assert label_of("gone:long:ago") == "gone:long:ago"
