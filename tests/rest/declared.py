"""Functions and kinds that the tests of the interfaces use, declared once a process."""

from __future__ import annotations

from jtsec.access.api import function
from jtsec.approvals.api import Application, Kind, Step, register_kind

READ = "resttest.read_thing"
WRITE = "resttest.write_thing"
POLICE = "resttest.read_secret"
APPLY = "resttest.apply_thing"
APPROVE = "resttest.approve_thing"

function(READ, by_duty=True)
function(WRITE, duty="security", by_duty=True)
function(POLICE, by_duty=True, police_only=True)
function(APPLY, by_duty=True)
function(APPROVE, duty="security", by_duty=True)

done: list[str] = []
"""What was carried out."""


def carry_out(application: Application) -> None:
    """Note it, or fail where the application says so."""
    done.append(str(application.payload["thing"]))
    if application.payload["thing"] == "broken":
        raise RuntimeError("SELECT secret FROM things")


register_kind(
    Kind(
        code="resttest.thing",
        name="A thing",
        submit_rights=(APPLY,),
        steps=(Step(APPROVE, "Approved"),),
        executor=carry_out,
    )
)
