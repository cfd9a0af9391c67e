"""Wang is no police officer: no role changes that, however it got into the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor

RESEALED = """
from jtsec.access.models import Assignment, Role
from jtsec.core.clock import now
from jtsec.core.guarding import writing
from jtsec.fields.api import apply_seal
from jtsec.identity.models import Identity
wang = Identity.objects.get(user__username="wang")
for role in Role.objects.exclude(assignments__identity=wang):
    row = Assignment(identity=wang, role=role, organisation=wang.organisation,
                     with_below=True, made_at=now(), made_by="forged")
    apply_seal(row)
    with writing("access"):
        row.save(force_insert=True)
    print(role.code)
"""


def force_every_role(demonstration: Demonstration) -> None:
    """Give wang every role by SQL; the seals are those of the rows copied from."""
    with closing(sqlite3.connect(demonstration.database)) as database:
        (wang,) = database.execute(
            "SELECT i.id FROM jtsec_identity i JOIN auth_user u ON u.id = i.user_id"
            " WHERE u.username = 'wang'"
        ).fetchone()
        columns = [
            row[1] for row in database.execute("PRAGMA table_info(jtsec_assignment)")
        ]
        changed = {"id": "lower(hex(randomblob(16)))", "identity_id": str(wang)}
        values = ", ".join(changed.get(name, name) for name in columns)
        forced = database.execute(
            f"INSERT INTO jtsec_assignment ({', '.join(columns)})"
            f" SELECT {values} FROM jtsec_assignment WHERE identity_id <> {wang}"
        )
        assert forced.rowcount >= 4
        database.commit()


def force_every_role_under_its_seal(demonstration: Demonstration) -> None:
    """Give wang every role as somebody does who has the keys too."""
    done = demonstration.manage("shell", "-v0", "-c", RESEALED)
    assert len(done.stdout.split()) >= 4, done.stderr


def own_number(wang: Visitor) -> str:
    """Return the number of an application within wang's reach."""
    number: str = wang.call("/api/permits/").text.split('"number":"')[1][:18]
    return number


@pytest.mark.slow
@pytest.mark.clause("A4.7")
@pytest.mark.parametrize("force", [force_every_role, force_every_role_under_its_seal])
def test_wang_with_every_role_forced_in_gets_nothing_for_police(
    demonstration: Demonstration, force: object
) -> None:
    """Pages and interfaces refuse; the inconsistency is alarmed."""
    force(demonstration)  # type: ignore[operator]  # one of the two above
    with demonstration.served() as address:
        wang = Visitor(address)
        assert wang.log_in("wang").status == 302
        number = own_number(wang)
        assert wang.get(f"/permits/{number}/owner/").status == 403
        assert wang.call(f"/api/permits/{number}/owner/").status == 403
        assert wang.get(f"/permits/{number}/correct/").status == 403
        assert wang.call("/api/approvals/waiting/").text == "[]"
    told = demonstration.manage("demo_audit", "--last", "60").stdout
    refused = [line for line in told.splitlines() if "police-only" in line]
    assert len(refused) >= 3
    log = (demonstration.database.parent / "audit.log").read_text("utf-8")
    alarms = [line for line in log.splitlines() if " ERROR " in line]
    assert alarms
    wanted = "access:" if force is force_every_role else "police-only"
    assert any(wanted in line for line in alarms), alarms
