"""manage.py jtsec_audit_export: the log in the police form, as files or sent."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.audit.export.api import (
    ExportFailed,
    Kind,
    Sent,
    refused_batches,
    retry,
    send,
    spool,
    standing,
    write_files,
)
from jtsec.audit.export.conf import export_settings
from jtsec.core.context import acting_as
from jtsec.core.exceptions import JtsecError, Refused
from jtsec.management.typed import moment, person_or_command

NAME: Final = "jtsec_audit_export"
KEPT: Final = 1
UNUSABLE: Final = 2
FAILED: Final = 3


class Command(BaseCommand):
    """Exports: exit 0 all done, 1 something is kept, 2 cannot be done, 3 failed."""

    help = (
        "Export the audit in the police application-log form: as files "
        "(--directory), or through the spool to the audit platform (--spool, --send, "
        "--loop). Exit codes: 0 done, 1 batches wait or were refused, 2 cannot be "
        "done, 3 a file could not be written."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to export and how."""
        parser.add_argument("--directory", type=Path, help="Write files here.")
        parser.add_argument("--since", help="From this day or time on.")
        parser.add_argument("--until", help="Before this day or time.")
        parser.add_argument("--format", choices=("v1", "v2"), help="v1 XML, v2 JSON.")
        parser.add_argument("--type", choices=[str(kind) for kind in Kind])
        parser.add_argument("--actor", help="Who exports or retries.")
        parser.add_argument("--reason", default="", help="Why.")
        parser.add_argument("--spool", action="store_true", help="Pack what is sealed.")
        parser.add_argument("--send", action="store_true", help="Send what waits.")
        parser.add_argument("--loop", action="store_true", help="Pack and send on.")
        parser.add_argument(
            "--interval", type=float, default=5.0, help="Seconds between two rounds."
        )
        parser.add_argument("--retry", metavar="BATCH", help="Send a refused one.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; without anything asked, say how the export stands."""
        self.as_json: bool = options["json"]
        try:
            with acting_as(person_or_command(options, NAME)), boundary():
                self.dispatch(options)
        except ExportFailed as error:
            raise CommandError(str(error), returncode=FAILED) from error
        except (JtsecError, DatabaseError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error

    def dispatch(self, options: dict[str, Any]) -> None:
        """Choose one of the ways."""
        if options["directory"]:
            self.write(options)
        elif options["retry"]:
            _require_actor(options)
            retry(options["retry"], reason=options["reason"])
            self.say({"retried": options["retry"]})
        elif options["loop"]:
            self.loop(options["interval"])
        elif options["spool"] or options["send"]:
            self.once(options)
        else:
            self.show()

    def write(self, options: dict[str, Any]) -> None:
        """Write files."""
        kind = options["type"]
        written = write_files(
            options["directory"],
            form=options["format"] or export_settings().format,
            since=moment(options["since"], "since"),
            until=moment(options["until"], "until"),
            kind=Kind(kind) if kind else None,
            reason=options["reason"],
        )
        self.say(
            {
                "rows": written.rows,
                "files": [str(path) for path in written.files],
                "left_out": list(written.left_out),
            }
        )
        if written.left_out:
            text = _("Altered records were left out; run jtsec_audit_verify.")
            raise CommandError(text, returncode=KEPT)

    def once(self, options: dict[str, Any]) -> None:
        """Pack, or send, or both, once."""
        said: dict[str, Any] = {}
        if options["spool"]:
            said["packed"] = spool()
        sent = Sent()
        if options["send"]:
            sent = send()
            said |= vars(sent)
        self.say(said)
        if sent.is_down or sent.refused:
            text = _("Not everything was taken; what was not is kept.")
            raise CommandError(text, returncode=KEPT)

    def loop(self, interval: float) -> None:
        """Pack and send until interrupted; a fault is told and the next round made."""
        with suppress(KeyboardInterrupt):
            while True:
                close_old_connections()
                try:
                    with boundary():
                        said = {"packed": spool(), **vars(send())}
                    if any(said.values()):
                        self.say(said)
                except (JtsecError, DatabaseError) as error:
                    self.stderr.write(str(error))
                time.sleep(interval)

    def show(self) -> None:
        """Print how the export stands, and what was refused."""
        found = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in vars(standing()).items()
        }
        refused = [
            {"batch": one.send_id, "rows": one.rows, "answer": one.answer}
            for one in refused_batches()
        ]
        self.say({**found, "refused_batches": refused})

    def say(self, found: dict[str, Any]) -> None:
        """Print names and values, or JSON."""
        if self.as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")


def _require_actor(options: dict[str, Any]) -> None:
    if not options["actor"] or not options["reason"]:
        raise Refused("unknown-actor", _("Name --actor and --reason."))
