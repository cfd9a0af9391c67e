"""What authentication can prove: the limits in force and what is in the database."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hashers
from django.db.models import Q

from jtsec.core.evidence import Fact

from . import lockout_checks as checks
from . import login_evidence
from .binding import ALGORITHM
from .blocks import list_blocks
from .conf import authentication_settings
from .hashers import JtsecArgon2Hasher
from .models import Dimension


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    yield from _password_facts()
    yield from _lockout_facts()
    yield from login_evidence.facts()


def _password_facts() -> Iterator[Fact]:
    chosen = authentication_settings()
    yield Fact(
        "A3.2.3",
        "Passwords need a length, a letter, a digit and a symbol, on every path.",
        not checks.check_validators(None) and chosen.password_min_length >= 8,
        {"length": chosen.password_min_length, "history": chosen.password_history},
    )
    first = get_hashers()[0]
    yield Fact(
        "A3.2.5",
        "New passwords are stored bound to UID and name.",
        isinstance(first, JtsecArgon2Hasher),
        {"hasher": first.algorithm, "profile": chosen.argon2_profile},
    )
    registered = get_user_model()._base_manager.filter(jtsec_identity__isnull=False)
    usable = registered.exclude(Q(**{"password__startswith": "!"}) | Q(password=""))
    ours = usable.filter(password__startswith=f"{ALGORITHM}$1$")
    left = usable.count() - ours.exclude(**{"password__contains": "$-$"}).count()
    yield Fact(
        "A3.2.5",
        "Every stored password is bound; others wait for their first good login.",
        left == 0,
        {"stored": usable.count(), "not yet bound": left},
    )
    yield Fact(
        "P37",
        "Ten characters, three of four classes, and no return to a former password.",
        chosen.password_min_length >= 10 and chosen.password_history > 0,
        {"length": chosen.password_min_length, "history": chosen.password_history},
    )


def _lockout_facts() -> Iterator[Fact]:
    chosen = authentication_settings()
    yield Fact(
        "A3.2.6",
        "An attempt is charged before the password is looked at.",
        not checks.check_backends(None),
        {"limit": chosen.user_limit, "window minutes": chosen.user_window_minutes},
    )
    in_force = list_blocks()
    for dimension in Dimension:
        rows = in_force.filter(dimension=dimension.value)
        yield Fact(
            "A3.2.7",
            f"Failures are limited by {dimension.value}; what is blocked is listed.",
            True,
            {"in force": rows.count()},
        )
    every = list_blocks(with_history=True)
    unexplained = every.exclude(lifted_at=None).filter(lift_reason="").count()
    yield Fact(
        "P44.4",
        "Every lock and blacklisting is kept with its history; lifts have a reason.",
        unexplained == 0,
        {"kept": every.count(), "lifted": every.exclude(lifted_at=None).count()},
    )
