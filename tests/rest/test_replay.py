"""A signed request that is sent a hundred times at once is accepted once."""

from __future__ import annotations

import threading
from collections import Counter
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from django.db import connection

pytest.importorskip("rest_framework")

from jtsec.audit.models import AuditRecord
from jtsec.rest.models import UsedNonce
from tests.authentication.persons import registered
from tests.rest.signers import PLACE, signed, terminal
from tests.services.fixtures import StartGunicorn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.concurrency,
    pytest.mark.clause("A4.13"),
    pytest.mark.django_db(transaction=True),
]
APPLICATION = "tests.rest.signed_wsgi:application"
AT_ONCE = 100


def answers(url: str, header: str, times: int = AT_ONCE) -> Counter[int]:
    """Return what a request got that was sent so often in the same instant."""
    gate = threading.Barrier(times)
    found: Counter[int] = Counter()

    def run() -> None:
        asked = Request(url + PLACE, headers={"Authorization": header})
        gate.wait()
        try:
            with urlopen(asked, timeout=120) as response:
                found[response.status] += 1
        except HTTPError as error:
            with error:
                found[error.code] += 1

    threads = [threading.Thread(target=run) for _one in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_a_hundred_at_once_over_four_processes_one_is_accepted(
    gunicorn_server: StartGunicorn,
) -> None:
    """And never again; each of two requests that differ in the nonce is."""
    registered("officer", 1)
    client = terminal()
    server = gunicorn_server(
        APPLICATION, workers=4, threads=8, database=connection.settings_dict
    )
    header = signed(client)
    assert answers(server.url, header) == {200: 1, 401: AT_ONCE - 1}
    assert answers(server.url, header, 4) == {401: 4}
    assert answers(server.url, signed(client), 1) == {200: 1}
    assert UsedNonce.objects.count() == 2
    assert AuditRecord.objects.filter(code="rest:signature:replayed").exists()
    assert AuditRecord.objects.filter(code="audit:attack:interface").exists()


def test_looking_before_writing_lets_more_than_one_in(
    gunicorn_server: StartGunicorn,
) -> None:
    """The protection taken away: what the unique key is there for."""
    registered("officer", 1)
    client = terminal()
    server = gunicorn_server(
        APPLICATION,
        workers=4,
        threads=8,
        database=connection.settings_dict,
        environment={"JTSEC_TEST_LOOK_THEN_WRITE": "1"},
    )
    accepted = 0
    for _again in range(5):
        accepted = max(accepted, answers(server.url, signed(client))[200])
    assert accepted > 1
