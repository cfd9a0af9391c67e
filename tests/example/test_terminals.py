"""An owner's full data: from the terminal that is bound, and from no other."""

from __future__ import annotations

import pytest

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
