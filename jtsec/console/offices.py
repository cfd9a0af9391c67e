"""The organisations that a form about a person suggests."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from jtsec.identity.models import Identity, Organization

MOST: Final = 200


def offices_near(person: Identity) -> list[tuple[str, str]]:
    """
    Return the organisations a form suggests: the person's, those above, those below.

    A suggestion only: any code can be typed, and the verb says whether it may be.
    """
    found = [person.organisation]
    with suppress(Organization.DoesNotExist):
        above = person.organisation.parent
        while above is not None and above not in found:
            found.append(above)
            above = above.parent
    below = Organization.objects.filter(parent=person.organisation, is_active=True)
    found.extend(below.order_by("code")[:MOST])
    return [(one.code, one.name) for one in found]
