"""Functions and a kind of applications that the tests of the interfaces use."""

from __future__ import annotations

from jtsec.access.api import Function
from jtsec.approvals.api import Application, Kind, Step

READ = "resttest.read_thing"
WRITE = "resttest.write_thing"
POLICE = "resttest.read_secret"
APPLY = "resttest.apply_thing"
APPROVE = "resttest.approve_thing"

FUNCTIONS = (
    Function(READ, by_duty=True),
    Function(WRITE, duty="security", by_duty=True),
    Function(POLICE, by_duty=True, police_only=True),
    Function(APPLY, by_duty=True),
    Function(APPROVE, duty="security", by_duty=True),
)

done: list[str] = []
"""What was carried out."""


def carry_out(application: Application) -> None:
    """Note it, or fail where the application says so."""
    done.append(str(application.payload["thing"]))
    if application.payload["thing"] == "broken":
        raise RuntimeError("SELECT secret FROM things")


KIND = Kind(
    code="resttest.thing",
    name="A thing",
    submit_rights=(APPLY,),
    steps=(Step(APPROVE, "Approved"),),
    executor=carry_out,
)
