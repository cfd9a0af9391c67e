"""manage.py jtsec_audit_seal: seal what was recorded, once or in a loop."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import CheckpointAltered, lag, seal_now
from jtsec.audit.sealing.conf import sealing_settings
from jtsec.audit.sealing.models import AuditCheckpoint

ALTERED: Final = 1
UNUSABLE: Final = 2


class Command(BaseCommand):
    """Seals: exit 0 done, 1 the newest checkpoint was altered, 2 cannot be done."""

    help = (
        "Seal the audit records that are due: a signed checkpoint over their Merkle "
        "tree, and the anchors brought up to date. With --loop it goes on until it is "
        "stopped, and outlives failures of the database and of the keys. "
        "Exit codes: 0 done, 1 the newest checkpoint was altered, 2 cannot be done."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how long and how it is said."""
        parser.add_argument(
            "--loop", action="store_true", help="Seal again and again until stopped."
        )
        parser.add_argument(
            "--seconds",
            type=float,
            help="Between two rounds of the loop (default: JTSEC_AUDIT_SEAL_SECONDS).",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal once, or until a signal comes."""
        if options["loop"]:
            self.seal_until_stopped(options["seconds"], as_json=options["json"])
            return
        try:
            self.report(seal_now(), as_json=options["json"])
        except CheckpointAltered as error:
            raise CommandError(str(error), returncode=ALTERED) from error
        # Python ends with 1 whatever went wrong, which here would accuse somebody.
        except Exception as error:
            raise CommandError(_not_sealed(error), returncode=UNUSABLE) from error

    def seal_until_stopped(self, seconds: float | None, *, as_json: bool) -> None:
        """Seal again and again; a failure is said and the next round tries again."""
        pause = seconds if seconds is not None else sealing_settings().seconds
        with _stopped_by_signal() as stopped:
            while not stopped.is_set():
                close_old_connections()
                try:
                    made = seal_now()
                    if made:
                        self.report(made, as_json=as_json)
                except Exception as error:
                    self.stderr.write(_not_sealed(error))
                stopped.wait(pause)

    def report(self, made: list[AuditCheckpoint], *, as_json: bool) -> None:
        """Print what was sealed, and what waits."""
        rows, seconds = lag()
        records = sum(one.count for one in made)
        if as_json:
            said = {
                "checkpoints": [one.number for one in made],
                "records": records,
                "lag": {"rows": rows, "seconds": round(seconds, 3)},
            }
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(
            _(
                "%(records)d records sealed by %(checkpoints)d checkpoints; "
                "%(rows)d wait."
            )
            % {"records": records, "checkpoints": len(made), "rows": rows}
        )


def _not_sealed(error: Exception) -> str:
    return _("Not sealed, nothing is lost: %(error)s") % {"error": error}


@contextmanager
def _stopped_by_signal() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set, so that a round is finished first."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {
        one: signal.signal(one, lambda *_args: stopped.set())
        for one in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
