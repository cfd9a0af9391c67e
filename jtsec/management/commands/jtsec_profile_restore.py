"""manage.py jtsec_profile_restore: make an altered access profile anew."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.access.api import restore_profile
from jtsec.audit.api import boundary
from jtsec.authentication.console import nobody_but, person_named
from jtsec.core.context import Context, acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.identity.api import identity_of, user_by_login_name
from jtsec.identity.models import Identity

NOTHING_TO_DO: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Makes one anew: exit 0 done, 1 nothing altered, 2 cannot be done, 3 refused."""

    help = (
        "Make the access profile of somebody anew that was altered past the "
        "application; until then they have no right at all. Clearance and posts are "
        "given again afterwards. Needs a security administrator and a reason; nobody "
        "restores their own. If none can: --console-emergency. "
        "Exit codes: 0 done, 1 nothing was altered, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add whose, who and why."""
        parser.add_argument("username", help="Whose profile.")
        parser.add_argument("--actor", required=True, help="Who does it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument(
            "--console-emergency",
            action="store_true",
            help="No security administrator can: do it without the duty.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the person, make the profile anew, say so."""
        try:
            with _acting(options), boundary():
                restore_profile(_person(options["username"]), reason=options["reason"])
        except Refused as error:
            text = f"{error} ({error.reason})"
            raise CommandError(text, returncode=REFUSED) from error
        except InputError as error:
            code = NOTHING_TO_DO if error.code == "no-change" else UNUSABLE
            raise CommandError(str(error), returncode=code) from error
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps({"restored": options["username"]}))
        else:
            text = _("Made anew, with nothing in it: the profile of %(name)s.")
            self.stdout.write(text % {"name": options["username"]})


def _acting(options: dict[str, Any]) -> AbstractContextManager[Context]:
    name = options["actor"]
    is_emergency = options["console_emergency"]
    return acting_as(nobody_but(name) if is_emergency else person_named(name))


def _person(username: str) -> Identity:
    identity = identity_of(user_by_login_name(username))
    if identity is None:
        text = _("Nobody is called %(name)s.") % {"name": username}
        raise InputError(text, code="unknown")
    return identity
