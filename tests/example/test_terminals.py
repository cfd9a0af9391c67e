"""An owner's full data: from the terminal that is bound, and from no other."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from jtsec.crypto import sm2
from jtsec.rest.api import authorization
from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor

ELSEWHERE = "127.0.0.2"


@pytest.mark.clause("A4.11")
def test_a_critical_function_from_another_address_is_refused_and_recorded(
    served: tuple[Demonstration, str],
) -> None:
    """Everything else works there; from the bound terminal the function works."""
    demonstration, address = served
    away = Visitor(address, source=ELSEWHERE)
    assert away.log_in("zhang").status == 302
    number = away.call("/api/permits/").text.split('"number":"')[1][:18]
    assert away.get(f"/permits/{number}/").status == 200
    assert away.get(f"/permits/{number}/owner/").status == 403
    assert away.call(f"/api/permits/{number}/owner/").status == 403
    told = demonstration.manage("demo_audit", "--last", "20").stdout
    refused = [line for line in told.splitlines() if "terminal-not-bound" in line]
    assert refused and all(ELSEWHERE in line for line in refused)

    at_desk = Visitor(address)
    assert at_desk.log_in("zhang").status == 302
    assert at_desk.get(f"/permits/{number}/owner/").status == 200
    assert at_desk.call(f"/api/permits/{number}/owner/").status == 200


@pytest.mark.clause("A4.13")
def test_a_terminal_without_anybody_signs_its_requests(
    served: tuple[Demonstration, str], tmp_path: Path
) -> None:
    """As the how-to page has it: registered by a command, accepted once, ended."""
    demonstration, address = served
    key, file = sm2.generate(), tmp_path / "gate-3.pub"
    file.write_text(key.public.to_pem())
    by = ("--actor", "secadmin", "--reason", "自助机上线")
    done = demonstration.manage(
        *("jtsec_clients_register", "gate-3", "--name", "自助机"),
        *("--kind", "terminal", "--account", "zhang", "--public-key", str(file)),
        *("--right", "permits.query_permit", "--network", "127.0.0.1", "--json", *by),
    )
    assert done.returncode == 0, done.stderr
    number = json.loads(done.stdout)["id"]
    url = f"{address}/api/permits/?page=1"

    def call(header: str, place: str = url) -> int:
        try:
            asked = Request(place, headers={"Authorization": header})
            with urlopen(asked, timeout=60) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code

    header = authorization(key, number, "GET", url)
    assert [call(header), call(header)] == [200, 401]
    listed = json.loads(demonstration.manage("jtsec_clients", "--json").stdout)
    assert [one["code"] for one in listed] == ["gate-3"]
    # Zhang may see an owner's data from here; the terminal was not registered for it.
    owner = f"{address}/api/permits/TX2026010100000000/owner/"
    assert call(authorization(key, number, "GET", owner), owner) == 403
    assert demonstration.manage("jtsec_clients_end", "gate-3", *by).returncode == 0
    assert call(authorization(key, number, "GET", url)) == 401
