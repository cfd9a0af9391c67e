"""People of each duty who call interfaces."""

from __future__ import annotations

from django.test import Client

from tests.authentication.persons import PASSWORD, registered

DUTIES = ("business", "system", "security", "audit")


def caller(duty: str = "business", *, is_police: bool = True, which: int = 0) -> Client:
    """Return the client of somebody who is logged in."""
    number = 1 + DUTIES.index(duty) + len(DUTIES) * (2 * which + is_police)
    name = f"{duty}{number}"
    registered(name, number, duty=duty, is_police=is_police)
    client = Client(raise_request_exception=False)
    form = {"username": name, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client
