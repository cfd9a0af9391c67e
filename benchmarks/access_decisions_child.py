"""One project with somebody who may do two of four things, and is asked about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks import child
from benchmarks.access_decisions import CHECKS

HELD: Final = ("benchmarks.view_vehicle", "benchmarks.change_vehicle")
ASKED: Final = (*HELD, "benchmarks.add_vehicle", "benchmarks.delete_vehicle")
GROUP: Final = "clerks"

rows: list[Any] = []


def make() -> None:
    """Give the person their rights, in this project's way."""
    from django.conf import settings

    from benchmarks.models import Vehicle

    if "jtsec" in settings.INSTALLED_APPS:
        _make_role()
        return
    rows.extend(Vehicle._default_manager.order_by("pk")[:CHECKS])
    _make_group()
    if "guardian" in settings.INSTALLED_APPS:
        _make_object_permissions()
    if "rules" in settings.INSTALLED_APPS:
        _make_rules()


def count(question: str) -> int:
    """Return how many statements one page sends."""
    user = load()
    return sum(child.statements_of(lambda: ask(question, user)).values())


def run(question: str, pages: int) -> float:
    """Return the microseconds of one page, the loading of the user left out."""
    spent = 0.0
    for _ in range(pages):
        user = load()
        begin = time.perf_counter()
        ask(question, user)
        spent += time.perf_counter() - begin
    return spent / pages * 1_000_000


def ask(question: str, user: Any) -> list[bool]:
    """Ask what one page asks."""
    if question == "rights":
        return [user.has_perm(ASKED[number % 4]) for number in range(CHECKS)]
    return [user.has_perm(HELD[0], row) for row in rows]


def load() -> Any:
    """Return the user as a request of this project has loaded them."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    if "jtsec" in settings.INSTALLED_APPS:
        from tests.authentication.persons import loaded

        return loaded(child.USER)
    return get_user_model()._default_manager.get(username=child.USER)


def _make_role() -> None:
    from benchmarks.scoped_models import Case
    from jtsec.access.api import assign, create_role
    from jtsec.core.context import acting_as, system_actor
    from jtsec.identity.api import create_organisation

    identity = load().jtsec_identity
    with acting_as(system_actor("benchmarks")):
        role = create_role(
            GROUP, name=GROUP, duty="business", rights=HELD, reason="to compare"
        )
        assign(identity, role, reason="to compare")
        elsewhere = create_organisation(code="130000000000", name="elsewhere")
    places = (identity.organisation_id, elsewhere.pk)
    for number in range(CHECKS):
        rows.append(Case(pk=number + 1, organisation_id=places[number % 2], label=0))


def _make_group() -> None:
    from django.contrib.auth.models import Group, Permission

    group = Group.objects.create(name=GROUP)
    names = [right.split(".")[1] for right in HELD]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    load().groups.add(group)


def _make_object_permissions() -> None:
    from guardian.shortcuts import assign_perm

    for row in rows[::2]:
        assign_perm(HELD[0], load(), row)


def _make_rules() -> None:
    import rules

    is_clerk = rules.is_group_member(GROUP)
    is_shown: Callable[..., Any] = rules.predicate(
        lambda user, row: row is None or row.pk % 2 == 0
    )
    for right in HELD:
        rules.add_perm(right, is_clerk & is_shown)


def main() -> None:
    """Make the tables, and answer the parent."""
    import django
    from django.conf import settings

    django.setup()
    if "jtsec" in settings.INSTALLED_APPS:
        from benchmarks import scoped_models  # noqa: F401 - declares the table
    child.prepare()
    child.serve({"make": make, "count": count, "run": run})


if __name__ == "__main__":
    main()
