"""Five wrong passwords against the example, and the way back."""

from __future__ import annotations

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor

UNLOCK = ("jtsec_unlock", "li", "--actor", "secadmin", "--reason", "本人申请")


@pytest.mark.clause("A3.2.6", "A3.2.7")
def test_five_wrong_passwords_lock_until_the_security_administrator_lifts_it(
    served: tuple[Demonstration, str],
) -> None:
    """The right password is refused too; who lifted it and why is in the audit."""
    demonstration, address = served
    visitor = Visitor(address)
    statuses = [visitor.log_in("li", f"Wrong@Guess{n}").status for n in range(5)]
    assert statuses[:4] == [200] * 4
    locked = visitor.log_in("li")
    assert locked.status == 429
    assert "Traceback" not in locked.text
    assert Visitor(address).log_in("zhang").status == 302

    lifted = demonstration.manage(*UNLOCK)
    assert lifted.returncode == 0, lifted.stderr
    assert Visitor(address).log_in("li").status == 302
    told = demonstration.manage("demo_audit", "--last", "50").stdout
    assert "本人申请" in told


@pytest.mark.clause("A3.2.7")
def test_a_business_user_lifts_no_lock(served: tuple[Demonstration, str]) -> None:
    """The command demands the duty of whoever it is run for."""
    demonstration, address = served
    visitor = Visitor(address)
    for number in range(5):
        visitor.log_in("wang", f"Wrong@Guess{number}")
    command = list(UNLOCK)
    command[command.index("li")] = "wang"
    command[command.index("secadmin")] = "zhang"
    assert "wang" in demonstration.manage("jtsec_blocks").stdout
    refused = demonstration.manage(*command)
    assert refused.returncode == 3
    assert "Traceback" not in refused.stderr
    assert Visitor(address).log_in("wang").status == 429
