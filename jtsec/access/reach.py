"""
Up to which organisations an administrator's word goes (clause P39).

Nothing across and nothing above: grants go to one's own organisation and below it, or,
where the rules of the platform are stricter, to one's own and to the same duty of the
next level.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.core.exceptions import InputError
from jtsec.identity.api import descendants
from jtsec.identity.models import Identity, Organization

from .conf import access_settings
from .gate import Authority, PolicyRefused

NEXT: Final = "next"
OUT_OF_REACH: Final[Promise] = gettext_lazy(
    "This organisation is not yours to grant for."
)


def known_organisation(given: Organization | str) -> Organization:
    """
    Return an organisation as the database holds it, by its code.

    Raises:
        InputError: there is none in use with this code; a form may hold any text.
    """
    code = given.code if isinstance(given, Organization) else given
    found = Organization.objects.filter(is_active=True, code=str(code)).first()
    if found is None:
        raise InputError(
            _("There is no active organisation with this code."),
            field="organisation",
            code="unknown-organisation",
        )
    return found


def require_person_in_reach(by: Authority, person: Identity) -> None:
    """
    Return if an administrator may grant to, or take from, a person.

    Raises:
        PolicyRefused: the person belongs across or above, or, two levels down, to
            somebody else's care.
    """
    if by.identity is None or by.identity.organisation_id == person.organisation_id:
        return
    is_next = person.organisation.parent_id == by.identity.organisation_id
    if access_settings().grant_levels == NEXT:
        is_within = is_next and person.duty == by.identity.duty
    else:
        is_within = person.organisation_id in below(by.identity)
    if not is_within:
        raise _refused(person.organisation)


def require_organisation_in_reach(by: Authority, organisation: Organization) -> None:
    """
    Return if an administrator may grant for the data of an organisation.

    Raises:
        PolicyRefused: it lies across or above, or too far below.
    """
    if by.identity is None or by.identity.organisation_id == organisation.pk:
        return
    if access_settings().grant_levels == NEXT:
        is_within = organisation.parent_id == by.identity.organisation_id
    else:
        is_within = organisation.pk in below(by.identity)
    if not is_within:
        raise _refused(organisation)


def require_holders_in_reach(by: Authority, people: Iterable[Identity]) -> None:
    """
    Return if a role that some people hold is an administrator's to change.

    Raises:
        PolicyRefused: somebody across or above holds it.
    """
    if by.identity is None:
        return
    reached = below(by.identity)
    for person in people:
        if person.organisation_id not in reached:
            raise _refused(person.organisation)


def below(identity: Identity) -> frozenset[int]:
    """Return the primary keys of a person's organisation and all under it."""
    keys = descendants(identity.organisation).values_list("pk", flat=True)
    return frozenset(keys)


def _refused(organisation: Organization) -> PolicyRefused:
    return PolicyRefused("other-organisation", str(OUT_OF_REACH), organisation.code)
