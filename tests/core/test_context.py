"""Who is acting: known to whoever asks, lost for nobody."""

from __future__ import annotations

from django.test import RequestFactory

from jtsec.core.context import (
    ANONYMOUS,
    Actor,
    Context,
    acting_as,
    current,
    enter,
    leave,
    system_actor,
)


def test_outside_of_everything_nobody_acts() -> None:
    """An event is then nobody's, and says so."""
    assert current().actor == ANONYMOUS


def test_a_command_acts_under_its_own_name() -> None:
    """Background work is never anonymous."""
    with acting_as(system_actor("jtsec_unlock")):
        assert current().actor.kind == "system"
        assert current().actor.username == "jtsec_unlock"
    assert current().actor == ANONYMOUS


def test_an_actor_inside_another_keeps_the_source() -> None:
    """The terminal does not change because a job acts on its behalf."""
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    token = enter(Context(request))
    try:
        with acting_as(Actor(kind="person", username="zhang")):
            assert current().source.address == "192.0.2.7"
    finally:
        leave(token)


def test_a_request_has_one_id_from_first_to_last() -> None:
    """Events, response and error code are tied together by it."""
    context = Context()
    assert context.request_id == context.request_id
    assert Context().request_id != context.request_id
