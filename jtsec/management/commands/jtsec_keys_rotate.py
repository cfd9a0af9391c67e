"""manage.py jtsec_keys_rotate: new keys, and stored data put under them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.crypto import sm2
from jtsec.keys.api import Purpose
from jtsec.rotation import api

LEFT: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3
SHOWN: Final = 20


class Command(BaseCommand):
    """Rotates: exit 0 done, 1 values were left, 2 cannot be done, 3 refused."""

    help = (
        "Make a new key for the purposes named, let every process take it up, put "
        "stored data under it while traffic goes on, and retire the old one when "
        "nothing is under it any more. Called again after it was stopped, it goes on. "
        "Exit codes: 0 done, 1 values were left, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what is rotated, how far, by whom and why."""
        parser.add_argument(
            "purposes", nargs="*", choices=[*(one.value for one in Purpose), []],
            metavar="purpose", help="Such as field or index; without one, only go on.",
        )  # fmt: skip
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="Only put the new keys into the ring, to be copied to other machines.",
        )
        parser.add_argument(
            "--error-key", type=Path, help="PEM of the new public key for error."
        )
        parser.add_argument("--actor", required=True, help="Who does it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and end with the code of what went wrong."""
        try:
            with acting_as(person_named(options["actor"])):
                if options["prepare"]:
                    self.prepare(options)
                else:
                    self.rotate(options)
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except (JtsecError, DatabaseError) as error:
            message = _("Stopped; call it again to go on: %(error)s")
            raise CommandError(
                message % {"error": error}, returncode=UNUSABLE
            ) from error

    def prepare(self, options: dict[str, Any]) -> None:
        """Add the coming keys and say which."""
        made = [
            api.prepare(
                one, reason=options["reason"], error_key=_error_key(one, options)
            )
            for one in map(Purpose, options["purposes"])
        ]
        said = _("Prepared: %(keys)s. Copy the key file to every machine, then go on.")
        self.stdout.write(
            json.dumps({"prepared": made})
            if options["json"]
            else said % {"keys": ", ".join(made) or "-"}
        )

    def rotate(self, options: dict[str, Any]) -> None:
        """Go the whole way, show how far it is, and say what came of it."""
        purposes = [Purpose(one) for one in dict.fromkeys(options["purposes"])]
        renewed: dict[str, int] = {}
        failed: list[str] = []
        outcome = api.Outcome([], [], 0)
        for step in api.rotate(
            purposes,
            reason=options["reason"],
            error_key=_error_key(Purpose.ERROR, options),
        ):
            if isinstance(step, api.Outcome):
                outcome = step
                continue
            renewed[step.use] = step.done
            failed += step.failed
            self.show(step)
        self.report(renewed, failed, outcome, as_json=options["json"])

    def show(self, step: api.Progress) -> None:
        """Show how far one place is, on a terminal."""
        if not self.stderr.isatty():
            return
        end = "\n" if step.done >= step.total else "\r"
        self.stderr.write(f"{step.use}: {step.done} / {step.total}", ending=end)

    def report(
        self,
        renewed: dict[str, int],
        failed: list[str],
        outcome: api.Outcome,
        *,
        as_json: bool,
    ) -> None:
        """Say what was done; end with 1 where values were left."""
        left = outcome.left
        if as_json:
            said: dict[str, Any] = {
                **outcome._asdict(),
                "renewed": renewed,
                "failed": failed,
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            values = sum(renewed.values())
            self.stdout.write(
                _("Active now: %(active)s. Values renewed: %(values)d, left: %(left)d. "
                  "Retired: %(retired)s.")
                % {
                    "active": ", ".join(outcome.activated) or "-",
                    "values": values,
                    "left": left,
                    "retired": ", ".join(outcome.retired) or "-",
                }
            )  # fmt: skip
            for line in failed[:SHOWN]:
                self.stderr.write(line)
        if left:
            raise CommandError(
                _("%(left)d values are not under the active keys.") % {"left": left},
                returncode=LEFT,
            )


def _error_key(purpose: Purpose, options: dict[str, Any]) -> sm2.PublicKey | None:
    path = options["error_key"]
    if path is None or purpose is not Purpose.ERROR:
        return None
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", field="error_key") from error
    return sm2.PublicKey.from_pem(pem)
