"""
Who may set policies, and which policies nobody may set (A5.3).

The auditor's duty, a reason, never one's own user. What the clauses demand stays on:
mandatory recordings, alarms of events that are alarms, and every rule for everybody.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.audit.events import Severity, declared_events
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import InputError

from .exceptions import PolicyRefused
from .models import Aspect, AuditPolicy
from .recordings import declaration_of, fits
from .rule_terms import terms_of

DUTY: Final = "audit"
REASON_LENGTH: Final = 200

NOT_YOURS: Final[Promise] = gettext_lazy("Only an auditor sets audit policies.")
OWN_USER: Final[Promise] = gettext_lazy("Nobody sets a policy for their own user.")
MANDATORY_RECORDING: Final[Promise] = gettext_lazy(
    "This recording is mandatory; no policy switches it off or on."
)
MANDATORY_ALARM: Final[Promise] = gettext_lazy(
    "These events always raise an alarm; no policy switches that off."
)
MANDATORY_RULE: Final[Promise] = gettext_lazy(
    "This rule is mandatory; no policy switches it off."
)
FOR_EVERYBODY: Final[Promise] = gettext_lazy(
    "A rule is switched off for some users, never for everybody."
)


def require_auditor(policy: AuditPolicy) -> Actor:
    """
    Return the actor, who must be an auditor, or a system actor.

    Raises:
        PolicyRefused: "actor-anonymous", "actor-duty" or "own-user".
    """
    actor = current().actor
    if actor.kind == "person":
        if actor.duty != DUTY:
            raise PolicyRefused("actor-duty", str(NOT_YOURS))
        # An auditor nobody watches would be above the rules.
        if policy.scope == "user" and policy.scope_value == actor.uid:
            raise PolicyRefused("own-user", str(OWN_USER))
    elif actor.kind != "system":
        raise PolicyRefused("actor-anonymous", str(NOT_YOURS))
    return actor


def required_reason(text: str) -> str:
    """
    Return why a policy is set, which must be said.

    Raises:
        InputError: it is empty, too long, or holds characters that nobody sees.
    """
    text = text.strip()
    if not text:
        raise InputError(_("Give a reason."), field="reason", code="required")
    if len(text) > REASON_LENGTH or not text.isprintable():
        raise InputError(_("The reason cannot be used."), field="reason")
    return text


def require_permitted(policy: AuditPolicy) -> None:
    """
    Return if a policy may be set by somebody who may set policies.

    Raises:
        PolicyRefused: it would switch off what is mandatory.
        InputError: there is nothing of the target's name.
    """
    match policy.aspect:
        case Aspect.RECORDING:
            if declaration_of(policy.target) is None:
                raise PolicyRefused("mandatory-recording", str(MANDATORY_RECORDING))
        case Aspect.EVENT:
            _require_event(policy)
        case Aspect.RULE:
            _require_rule(policy)
        case _:
            raise InputError(_("There is no such kind of policy."), field="aspect")


def _require_event(policy: AuditPolicy) -> None:
    found = [
        one.declaration.severity
        for code, one in declared_events().items()
        if fits(policy.target, code)
    ]
    if not found:
        raise InputError(_("There is no such event."), field="target")
    if not policy.is_on and max(found) >= Severity.ALARM:
        raise PolicyRefused("mandatory-alarm", str(MANDATORY_ALARM))


def _require_rule(policy: AuditPolicy) -> None:
    terms = terms_of(policy.target)
    if terms is None:
        raise InputError(_("There is no such rule."), field="target")
    policy.thresholds = terms.check(policy.thresholds)
    if policy.is_on:
        return
    if terms.is_mandatory:
        raise PolicyRefused("mandatory-rule", str(MANDATORY_RULE))
    if policy.scope == "everyone":
        raise PolicyRefused("rule-for-everybody", str(FOR_EVERYBODY))
