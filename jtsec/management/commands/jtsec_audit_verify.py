"""manage.py jtsec_audit_verify: prove that the audit log is what was written."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from jtsec.audit.api import AuditUnavailable
from jtsec.audit.sealing.api import Anchor, anchor_of, last_checkpoint
from jtsec.audit.verifying.api import (
    Exit,
    Report,
    first_public_key,
    prove,
    record_report,
    verify,
)
from jtsec.audit.verifying.progress import Meter
from jtsec.core.exceptions import (
    CannotVerify,
    ConfigurationError,
    InputError,
    VerifiedFalse,
)


class Command(BaseCommand):
    """Verifies: exit 0 whole, 1 verified false, 2 cannot verify, 3 it failed."""

    help = (
        "Hold the audit log against its checkpoints, keys and anchors, and name every "
        "place where it is not what was written. With --public-key neither key ring "
        "nor MAC key is touched. With --proof it writes the proof of one event, which "
        "`python -m jtsec.audit.proof` verifies anywhere. "
        "Exit codes: 0 whole, 1 verified false, 2 cannot verify, 3 the command failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to verify, with what, and how it is said."""
        self.add_scope(parser)
        self.add_proof(parser)
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def add_scope(self, parser: CommandParser) -> None:
        """Add what of the log is verified, and against what."""
        parts = parser.add_mutually_exclusive_group()
        parts.add_argument("--since", help="Only what was sealed from this date on.")
        parts.add_argument(
            "--range",
            nargs=2,
            type=int,
            metavar=("A", "B"),
            help="Only the checkpoints that cover these records.",
        )
        parser.add_argument(
            "--fast",
            action="store_true",
            help="Seals only; leave out check values and columns.",
        )
        parser.add_argument(
            "--processes", type=int, default=1, help="How many share the work."
        )
        parser.add_argument(
            "--public-key", metavar="PEM", help="Believe this key; use no key ring."
        )
        parser.add_argument(
            "--anchor",
            action="append",
            metavar="FILE",
            help="Compare with this anchor file instead of those of the settings.",
        )

    def add_proof(self, parser: CommandParser) -> None:
        """Add what is made for others."""
        parser.add_argument(
            "--proof",
            metavar="EVENT",
            help="Write the proof of this event: its number, or the id of its record.",
        )
        parser.add_argument(
            "-o", "--output", metavar="FILE", help="Where to; standard output if none."
        )
        parser.add_argument(
            "--print-public-key",
            action="store_true",
            help="Print the public key that others need, and nothing else.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, or write a proof, and end with the exit code."""
        try:
            if options["print_public_key"]:
                self.stdout.write(first_public_key().strip())
            elif options["proof"]:
                self.write_proof(options["proof"], options["output"])
            else:
                self.verify(options)
        except VerifiedFalse as error:
            raise CommandError(str(error), returncode=Exit.FALSE) from error
        except (CannotVerify, ConfigurationError) as error:
            if options["json"]:
                said = {"verdict": "unknown", "error": str(error)}
                self.stdout.write(json.dumps(said, ensure_ascii=False))
            text = _("Cannot verify: %(error)s") % {"error": error}
            raise CommandError(text, returncode=Exit.UNKNOWN) from error
        except CommandError:
            raise
        except InputError as error:
            raise CommandError(str(error), returncode=Exit.FAILED) from error
        # Python ends with 1 whatever went wrong, which here would accuse somebody.
        except Exception as error:
            values = {"error": f"{type(error).__name__}: {error}"}
            text = _("The verification failed: %(error)s") % values
            raise CommandError(text, returncode=Exit.FAILED) from error

    def verify(self, options: dict[str, Any]) -> None:
        """Verify, say what was found, and have the audit know of it."""
        first, last = options["range"] or (None, None)
        newest = last_checkpoint()
        with Meter(self.stderr, newest.last_id if newest else 0) as meter:
            report = verify(
                since=_moment(options["since"]) if options["since"] else None,
                first=first,
                last=last,
                processes=max(1, options["processes"]),
                progress=meter.add if _is_watched(options) else None,
                deep=not options["fast"],
                anchors=_anchors(options["anchor"]),
                public_key=_pem(options["public_key"]),
            )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.say(report)
        # With a public key alone it is somebody else who verifies, from outside.
        if not options["public_key"]:
            self.record(report)
        if report.exit_code is not Exit.WHOLE:
            raise SystemExit(int(report.exit_code))

    def say(self, report: Report) -> None:
        """Print the findings, then one line over all."""
        for one in report.findings:
            self.stdout.write(f"{one.kind.value}: {one.sentence}")
            if one.place:
                self.stdout.write(f"    {one.place}")
        more = sum(report.counts.values()) - len(report.findings)
        if more:
            self.stdout.write(_("%(count)d more findings.") % {"count": more})
        words = {
            Exit.WHOLE: _("The log is whole"),
            Exit.FALSE: _("The log is NOT what was written"),
            Exit.UNKNOWN: _("The log could not be verified in full"),
        }
        text = _(
            "%(verdict)s: %(rows)d records under %(checkpoints)d checkpoints, "
            "%(unsealed)d wait for their seal; %(anchors)d anchors; "
            "%(seconds).1f s, %(rate)d records a second."
        )
        self.stdout.write(
            text
            % {
                "verdict": words[report.exit_code],
                "rows": report.rows,
                "checkpoints": report.checkpoints,
                "unsealed": report.unsealed,
                "anchors": len(report.anchors),
                "seconds": report.seconds,
                "rate": round(report.rate),
            }
        )

    def record(self, report: Report) -> None:
        """Record it; that it cannot be recorded changes nothing of what was found."""
        try:
            record_report(report)
        except AuditUnavailable as error:
            text = _("Not recorded: %(error)s") % {"error": error}
            self.stderr.write(text)

    def write_proof(self, event: str, output: str | None) -> None:
        """Write the proof of one event."""
        text = json.dumps(prove(event), ensure_ascii=True, indent=1)
        if output:
            Path(output).write_text(f"{text}\n", "ascii")
        else:
            self.stdout.write(text)


def _is_watched(options: dict[str, Any]) -> bool:
    return sys.stderr.isatty() and not options["json"]


def _moment(text: str) -> datetime:
    """Return a date or a time as an aware moment."""
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = datetime.combine(day, datetime.min.time())
    except ValueError:
        moment = None
    if moment is None:
        message = _("%(text)s is no date; write 2026-11-22 or 2026-11-22T08:00.")
        raise CommandError(message % {"text": text}, returncode=Exit.FAILED)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _anchors(files: list[str] | None) -> bool | list[Anchor]:
    return [anchor_of(f"file:{Path(one)}") for one in files] if files else True


def _pem(name: str | None) -> bytes | None:
    if name is None:
        return None
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CannotVerify(f"{name}: {error.strerror}") from error
