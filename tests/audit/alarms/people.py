"""Who acts in the tests of the alarms, and an alarm to act upon."""

from __future__ import annotations

from typing import Any

from jtsec.audit.alarms.api import Alarm, raise_alarm
from jtsec.audit.events import Severity
from jtsec.core.context import Actor

AUDITOR = Actor(
    kind="person", uid="uid-auditor", username="auditor", name="审计甲", duty="audit"
)
COLLEAGUE = Actor(
    kind="person", uid="uid-colleague", username="shen", name="审计乙", duty="audit"
)
GUARD = Actor(
    kind="person", uid="uid-guard", username="secadmin", name="安全员", duty="security"
)
CLERK = Actor(
    kind="person", uid="uid-zhang", username="zhang", name="张三", duty="business"
)

RULE = "tests:rule:often"


def raised(key: str = "zhang", **other: Any) -> Alarm:
    """Raise an alarm of a rule of the tests."""
    values: dict[str, Any] = {"severity": Severity.ALARM, "subject": "zhang"}
    return raise_alarm(RULE, key=key, **(values | other))
